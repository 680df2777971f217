/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/columns.h"
#include "harness/driver/commands.h"
#include "harness/driver/options.h"
#include "harness/driver/runners.h"
#include "harness/message.h"

static void print_option(const struct description_option *option) {
  printf("    %s=", option->name);
  if (option->type == DESCRIPTION_INTEGER) {
    printf("%" PRIu64 "..%" PRIu64, option->minimum, option->maximum);
  }
  for (size_t i = 0; i < json_array_size(option->choices); i++) {
    printf("%s%s", i == 0 ? "" : "|", json_string_value(json_array_get(option->choices, i)));
  }
  printf("  %s [%s]\n", option->help, option->default_text);
}

static void print_collector(const struct description *description) {
  printf("  %-18s %s\n", description->collector, description->description);
  printf("    %s;", description->family);
  for (size_t i = 0; i < json_array_size(description->capabilities); i++) {
    printf(" %s", json_string_value(json_array_get(description->capabilities, i)));
  }
  putchar('\n');
  for (size_t i = 0; i < description->option_count; i++) {
    print_option(&description->options[i]);
  }
}

static void print_workload(const struct description_workload *workload) {
  const char *name = NULL;
  json_t *value = NULL;
  printf("  %-18s %s\n    sizes:", workload->name, workload->description);
  json_object_foreach(workload->sizes, name, value) {
    printf(" %s=%" JSON_INTEGER_FORMAT, name, json_integer_value(value));
  }
  printf(" (%" PRIu64 "..%" PRIu64 ")", workload->minimum, workload->maximum);
  for (size_t i = 0; i < json_array_size(workload->needs); i++) {
    printf("%s%s", i == 0 ? "; needs " : ", ",
           json_string_value(json_array_get(workload->needs, i)));
  }
  putchar('\n');
}

/* Whether a collector before this one has a workload of that name. */
static bool is_shown(const struct runners *runners, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++) {
    const struct description *description = &runners->list[i].description;
    if (description_find(description->workloads, description->workload_count, name) != NULL) {
      return true;
    }
  }
  return false;
}

static void print_runners(const struct runners *runners) {
  printf("collectors (options as in --collectors boehm:markers=2):\n");
  for (size_t i = 0; i < runners->count; i++) {
    print_collector(&runners->list[i].description);
  }
  printf("\nworkloads:\n");
  for (size_t i = 0; i < runners->count; i++) {
    const struct description *description = &runners->list[i].description;
    for (size_t j = 0; j < description->workload_count; j++) {
      if (!is_shown(runners, i, description->workloads[j].name)) {
        print_workload(&description->workloads[j]);
      }
    }
  }
}

static void print_columns(void) {
  static const char *const types[] = {
      [GCM_COLUMN_TEXT] = "text", [GCM_COLUMN_UINT] = "integer", [GCM_COLUMN_REAL] = "real"};
  static const char *const sources[] = {
      [GCM_COLUMN_PLAN] = "plan", [GCM_COLUMN_PARENT] = "driver", [GCM_COLUMN_RUNNER] = "runner"};
  printf("| column | type | unit | from | meaning |\n|---|---|---|---|---|\n");
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    const struct gcm_column_description *column = &gcm_columns[i];
    printf("| `%s` | %s | %s | %s | %s |\n", column->name, types[column->type], column->unit,
           sources[column->source], column->meaning);
  }
}

static enum command_exit finish(void) {
  if (fflush(stdout) != 0 || ferror(stdout)) {
    message_say("cannot write to standard output");
    return COMMAND_EXIT_FAILED;
  }
  return COMMAND_EXIT_OK;
}

enum command_exit command_list(const struct options *options, struct spawner *spawner) {
  (void)spawner;
  struct message error;
  struct runners runners;
  if (options_given(options, OPTION_columns)) {
    print_columns();
    return finish();
  }
  int found = runners_find(&runners, &error);
  if (found != 0) {
    if (found < 0) {
      message_print(&error);
    }
    return found < 0 ? COMMAND_EXIT_FAILED : COMMAND_EXIT_INTERRUPTED;
  }
  if (runners.count == 0) {
    message_say("no runners found: build them, or name their folder in GCMARK_PATH");
    return COMMAND_EXIT_FAILED;
  }
  print_runners(&runners);
  runners_clear(&runners);
  return finish();
}
