/* SPDX-License-Identifier: MIT */
#include "summarise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/driver/findings.h"
#include "harness/driver/table.h"
#include "harness/message.h"

enum { WIDTH_WITHOUT_TERMINAL = 100 };

static unsigned terminal_width(void) {
  struct winsize size;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                         : WIDTH_WITHOUT_TERMINAL;
}

/* https://no-color.org: set and not empty means none. */
static bool wants_color(void) {
  const char *no_color = getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == NULL || *no_color == '\0');
}

static size_t count_failed(const struct rows *rows) {
  size_t failed = 0;
  for (size_t i = 0; i < rows->count; i++) {
    const struct gcm_value *status = &rows->list[i].values[GCM_COLUMN_status];
    failed += !status->present ||
              (strcmp(status->text, "ok") != 0 && strcmp(status->text, "unsupported") != 0);
  }
  return failed;
}

enum command_exit summarise(const char *folder, const struct rows *rows, bool quiet) {
  size_t failed = count_failed(rows);
  int printed = 0;
  if (!quiet) {
    unsigned width = terminal_width();
    bool color = wants_color();
    if (table_print(stdout, rows->list, rows->count, width, color) != 0 ||
        findings_print(stdout, rows->list, rows->count, width, color) != 0) {
      printed = -1;
    }
    printf("\nAll %zu runs: %s/runs.csv\n", rows->count, folder);
  }
  if (printed != 0 || fflush(stdout) != 0 || ferror(stdout)) {
    message_say("cannot print the tables; all rows are in %s/runs.csv", folder);
    return COMMAND_EXIT_FAILED;
  }
  if (failed > 0) {
    message_say("%zu of %zu runs have no result (column status of %s/runs.csv)", failed,
                rows->count, folder);
  }
  return failed == 0 ? COMMAND_EXIT_OK : COMMAND_EXIT_FAILED;
}
