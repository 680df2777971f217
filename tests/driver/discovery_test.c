/* SPDX-License-Identifier: MIT
 *
 * Runners are found in the folders of GCMARK_PATH, the first of a name winning; one that cannot
 * describe itself is named and left out. Their conformance tests run through gcmark selftest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/columns.h"
#include "tests/driver/support.h"

/* Where Debian has it; the test is content without. */
#define MIMALLOC "/usr/lib/" GCMARK_LIBRARY_ARCHITECTURE "/libmimalloc.so.2"

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) {
    fail_msg("no '%s' in: %s", part, text);
  }
}

static void link_as(const char *folder, const char *name) {
  char path[256];
  snprintf(path, sizeof path, "%s/gcmark-%s", folder, name);
  assert_int_equal(symlink(RUNNERS "/gcmark-fake", path), 0);
}

static void test_list(void **state) {
  (void)state;
  struct finished finished;
  RUN(&finished, "list");
  assert_int_equal(finished.exit_code, 0);
  assert_string_equal(finished.err, "");
  assert_has(finished.out, "  fake  ");
  assert_has(finished.out, "checking; heap-limit malloc weak\n");
  assert_has(finished.out, "depth=1..64  a number [1]");
  assert_has(finished.out, "mode=slow|fast  a word [slow]");
  assert_has(finished.out, "sizes: quick=1 default=7 large=9 (1..10); needs cycles");
  support_clear(&finished);
}

static void test_columns(void **state) {
  (void)state;
  struct finished finished;
  RUN(&finished, "list", "--columns");
  assert_int_equal(finished.exit_code, 0);
  const char *at = finished.out;
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    char cell[80];
    snprintf(cell, sizeof cell, "\n| `%s` | ", gcm_columns[i].name);
    at = strstr(at, cell);
    assert_non_null(at);
  }
  support_clear(&finished);
}

static void test_broken_runners_are_left_out(void **state) {
  (void)state;
  struct finished finished;
  assert_int_equal(system("mkdir broken && printf 'text' > broken/gcmark-text && "
                          "printf 'no program' > broken/gcmark-bad && chmod +x broken/gcmark-bad"),
                   0);
  link_as("broken", "mute");
  link_as("broken", "dying");
  link_as("broken", "mistyped");
  link_as("broken", "liar");
  link_as("broken", "sound");
  assert_int_equal(setenv("GCMARK_PATH", "nowhere::broken", 1), 0);
  RUN(&finished, "list");
  setenv("GCMARK_PATH", RUNNERS, 1);
  assert_int_equal(finished.exit_code, 0);
  assert_has(finished.err, "broken/gcmark-bad: cannot be run: Exec format error\n");
  assert_has(finished.err, "broken/gcmark-mute: --describe: line ");
  assert_has(finished.err, "broken/gcmark-dying: --describe was ended by signal 6");
  assert_has(finished.err, "gcmark-mistyped: --describe: 'collector' must be a string, is an int");
  assert_has(finished.err, "'collector' must be 'liar', as the file is named");
  assert_null(strstr(finished.err, "gcmark-text"));
  assert_has(finished.out, "  sound  ");
  assert_null(strstr(finished.out, "liar"));
  support_clear(&finished);
}

/* It hangs at --describe and has left a process in another session: neither stays. */
static void test_stuck_runner(void **state) {
  (void)state;
  struct finished finished;
  assert_int_equal(system("mkdir stuck"), 0);
  link_as("stuck", "stuck");
  assert_int_equal(setenv("GCMARK_PATH", "stuck:" RUNNERS, 1), 0);
  RUN(&finished, "list");
  setenv("GCMARK_PATH", RUNNERS, 1);
  assert_int_equal(finished.exit_code, 0);
  support_assert_line(finished.err, "gcmark-stuck: --describe took longer than 5 s");
  assert_has(finished.out, "  fake  ");
  support_clear(&finished);
}

static void test_first_of_a_name_wins(void **state) {
  (void)state;
  struct finished finished;
  assert_int_equal(system("mkdir first second"), 0);
  link_as("first", "twin");
  link_as("second", "twin");
  assert_int_equal(setenv("GCMARK_PATH", "first:second", 1), 0);
  RUN(&finished, "run", "-c", "twin", "-w", "ok", "-r", "1", "-q", "-o", "twins");
  setenv("GCMARK_PATH", RUNNERS, 1);
  assert_int_equal(finished.exit_code, 0);
  assert_int_equal(system("grep -q '/first/gcmark-twin\"' twins/campaign.json"), 0);
  support_clear(&finished);
}

static void test_selftest(void **state) {
  (void)state;
  struct finished finished;
  RUN(&finished, "selftest", "plain");
  assert_int_equal(finished.exit_code, 0);
  assert_has(finished.out, "1 ok, 0 failed, 1 unsupported\n");
  support_clear(&finished);
  RUN(&finished, "selftest", "fake", "plain", "--timeout", "300ms");
  assert_int_equal(finished.exit_code, 1);
  assert_has(finished.out, "FAIL         fake         failed: exit code 1 (failed): the reason\n");
  assert_has(finished.out, "FAIL         fake         deaf: took longer than 0.3 s\n");
  assert_has(finished.out, "2 ok, 2 failed, 2 unsupported\n");
  support_clear(&finished);
  RUN(&finished, "selftest", "plain", "--workloads");
  assert_int_equal(finished.exit_code, 0);
  assert_has(finished.out, "3 ok, 0 failed, 1 unsupported\n");
  support_clear(&finished);
}

/* LD_PRELOAD of the run is its allocator, and nothing else. */
static void test_preload(void **state) {
  (void)state;
  struct finished finished;
  struct rows rows;
  int answers = 0;
  RUN(&finished, "run", "-c", "fake,plain", "-w", "preload", "-r", "1", "-q", "-o", "preload", "-a",
      "system,mimalloc");
  support_read_rows("preload", &rows);
  for (size_t i = 0; i < rows.count; i++) {
    const struct gcm_value *values = rows.list[i].values;
    const char *answer =
        values[GCM_COLUMN_answer].present ? values[GCM_COLUMN_answer].text : "absent";
    if (strcmp(values[GCM_COLUMN_workload].text, "preload") != 0 ||
        strcmp(values[GCM_COLUMN_status].text, "ok") != 0) {
      continue;
    }
    answers++;
    if (strcmp(values[GCM_COLUMN_allocator].text, "system") == 0) {
      assert_string_equal(answer, "none");
    } else {
      assert_has(answer, "/libmimalloc.so.2");
    }
  }
  assert_int_equal(answers, 1 + (access(MIMALLOC, R_OK) == 0));
  rows_clear(&rows);
  support_clear(&finished);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_list),
      cmocka_unit_test(test_columns),
      cmocka_unit_test(test_broken_runners_are_left_out),
      cmocka_unit_test(test_stuck_runner),
      cmocka_unit_test(test_first_of_a_name_wins),
      cmocka_unit_test(test_selftest),
      cmocka_unit_test(test_preload),
  };
  return cmocka_run_group_tests(tests, support_begin, support_end);
}
