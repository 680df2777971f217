/* SPDX-License-Identifier: MIT
 *
 * Whatever a runner does, it becomes one row with the right status, the campaign goes on, the
 * summary names it, and nothing of the run is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/driver/support.h"

static const struct {
  const char *workload;
  const char *status;
} cases[] = {
    {"ok", "ok"},
    {"crash", "crash"},
    {"late-crash", "crash"},
    {"partial-record", "crash"},
    {"hang", "timeout"},
    {"deaf", "timeout"},
    {"orphan-hang", "timeout"},
    {"orphan", "ok"},
    {"no-record", "no-record"},
    {"half-record", "bad-record"},
    {"wrong-type", "bad-record"},
    {"negative", "bad-record"},
    {"contradiction", "bad-record"},
    {"other-clock", "bad-record"},
    {"flood", "ok"},
    {"wrong", "wrong"},
    {"out-of-heap", "out-of-heap"},
    {"memory-hog", "memory-limit"},
    {"failed", "failed"},
    {"odd-exit", "failed"},
    {"usage", "usage"},
    {"unsupported", "unsupported"},
    {"cyclic", "unsupported"},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static char all_workloads[1024];
static struct finished finished;
static struct rows rows;

static const struct gcm_row *row_of(const char *workload) {
  size_t found = 0;
  for (size_t i = 0; i < rows.count; i++) {
    const struct gcm_value *values = rows.list[i].values;
    if (values[GCM_COLUMN_round].uint == 1 &&
        strcmp(values[GCM_COLUMN_workload].text, workload) == 0) {
      found = i;
    }
  }
  assert_int_not_equal(found, 0); /* run 0 is the floor */
  return &rows.list[found];
}

static const char *message_of(const char *workload) {
  const struct gcm_value *value = &row_of(workload)->values[GCM_COLUMN_message];
  return value->present ? value->text : "";
}

/* One campaign with them all; the tests below look at what it left. */
static int run_all(void **state) {
  if (support_begin(state) != 0) {
    return -1;
  }
  for (int i = 0; i < CASES; i++) {
    snprintf(all_workloads + strlen(all_workloads), sizeof all_workloads - strlen(all_workloads),
             "%s%s", i == 0 ? "" : ",", cases[i].workload);
  }
  RUN(&finished, "run", "--collectors", "fake", "--workloads", all_workloads, "--rounds", "1",
      "--timeout", "2s", "--memory-limit", "64M", "--out", "all");
  support_read_rows("all", &rows);
  return 0;
}

static int end_all(void **state) {
  rows_clear(&rows);
  support_clear(&finished);
  return support_end(state);
}

static void test_each_has_its_row(void **state) {
  (void)state;
  support_assert_complete(&rows, CASES + 1);
  for (int i = 0; i < CASES; i++) {
    if (strcmp(support_status(&rows, cases[i].workload), cases[i].status) != 0) {
      fail_msg("%s: '%s' instead of '%s'", cases[i].workload,
               support_status(&rows, cases[i].workload), cases[i].status);
    }
  }
}

static void test_the_campaign_says_that_runs_failed(void **state) {
  (void)state;
  assert_int_equal(finished.exit_code, 1);
  assert_non_null(strstr(finished.err, "runs have no result"));
}

/* Lines are broken to fit: one blank for each run of white space. */
static char *on_one_line(const char *text) {
  char *line = strdup(text);
  assert_non_null(line);
  char *to = line;
  for (const char *from = line; *from != '\0'; from++) {
    bool blank = *from == ' ' || *from == '\n';
    if (!blank || to == line || to[-1] != ' ') {
      *to++ = blank ? ' ' : *from;
    }
  }
  *to = '\0';
  return line;
}

static void test_the_summary_names_each_failure(void **state) {
  (void)state;
  char *summary = on_one_line(finished.out);
  for (int i = 0; i < CASES; i++) {
    char named[64];
    snprintf(named, sizeof named, "fake on %s,", cases[i].workload);
    bool failed = strcmp(cases[i].status, "ok") != 0;
    if (failed && strstr(summary, named) == NULL) {
      fail_msg("%s (%s): %s", cases[i].workload, cases[i].status, finished.out);
    }
  }
  free(summary);
}

static void test_nothing_is_left_in_the_folder(void **state) {
  (void)state;
  support_assert_tidy("all");
}

static void test_messages_say_why(void **state) {
  (void)state;
  assert_non_null(strstr(message_of("crash"), "signal 11"));
  assert_non_null(strstr(message_of("crash"), "about to crash"));
  assert_non_null(strstr(message_of("hang"), "timeout of 2 s"));
  assert_non_null(strstr(message_of("memory-hog"), "67108864"));
  assert_non_null(strstr(message_of("wrong-type"), "collections"));
  assert_non_null(strstr(message_of("other-clock"), "finished_monotonic_s"));
  assert_non_null(strstr(message_of("cyclic"), "cycles"));
  assert_string_equal(message_of("failed"), "the reason");
  assert_string_equal(message_of("wrong"), "41 is not 42");
  assert_string_equal(message_of("ok"), "");
}

/* An unbelievable record gives no figures; what the driver saw itself stays. */
static void test_bad_records_give_no_figures(void **state) {
  (void)state;
  static const char *const bad[] = {"wrong-type", "negative", "contradiction", "late-crash"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    const struct gcm_row *row = row_of(bad[i]);
    assert_false(row->values[GCM_COLUMN_run_wall_s].present);
    assert_false(row->values[GCM_COLUMN_peak_rss_bytes].present);
    assert_false(row->values[GCM_COLUMN_exit_s].present);
    assert_true(row->values[GCM_COLUMN_process_wall_s].present);
    assert_true(row->values[GCM_COLUMN_maxrss_bytes].present);
  }
}

static void test_exit_code_or_signal(void **state) {
  (void)state;
  assert_int_equal(row_of("crash")->values[GCM_COLUMN_signal].uint, 11);
  assert_false(row_of("crash")->values[GCM_COLUMN_exit_code].present);
  assert_int_equal(row_of("odd-exit")->values[GCM_COLUMN_exit_code].uint, 77);
  assert_false(row_of("odd-exit")->values[GCM_COLUMN_signal].present);
  assert_false(row_of("cyclic")->values[GCM_COLUMN_process_wall_s].present);
}

static void test_figures_of_a_good_run(void **state) {
  (void)state;
  const struct gcm_value *values = row_of("ok")->values;
  assert_true(values[GCM_COLUMN_run_wall_s].real == 0.25);
  assert_int_equal(values[GCM_COLUMN_left_at_end_objects].uint, 3);
  assert_false(values[GCM_COLUMN_collections].present);
  assert_true(values[GCM_COLUMN_exit_s].present && values[GCM_COLUMN_exit_s].real >= 0);
  assert_true(values[GCM_COLUMN_exit_s].real <= values[GCM_COLUMN_process_wall_s].real);
  assert_int_equal(values[GCM_COLUMN_floor_rss_bytes].uint,
                   rows.list[0].values[GCM_COLUMN_peak_rss_bytes].uint);
  assert_false(rows.list[0].values[GCM_COLUMN_floor_rss_bytes].present);
}

/* The driver is grown before, yet the peak of a small run is that of a small run. */
static void test_peak_is_the_runs_own(void **state) {
  (void)state;
  const struct gcm_value *values = row_of("ok")->values;
  assert_true(values[GCM_COLUMN_maxrss_bytes].uint < 16U << 20);
  assert_true(row_of("memory-hog")->values[GCM_COLUMN_maxrss_bytes].uint > 60U << 20);
}

/* What a run left behind is gone before the next one starts, and cannot disturb it. */
static void test_runs_are_alone(void **state) {
  (void)state;
  struct finished made;
  RUN(&made, "run", "-c", "fake", "-w", "orphan,alone", "-r", "10", "-o", "alone", "-q");
  assert_string_equal(made.err, "");
  assert_int_equal(made.exit_code, 0);
  support_clear(&made);
}

static void test_missing_allocator(void **state) {
  (void)state;
  struct finished made;
  struct rows found;
  RUN(&made, "run", "-c", "fake,plain", "-w", "preload,ok", "-r", "1", "-o", "allocators", "-q",
      "--allocators", "system");
  support_clear(&made);
  /* As if jemalloc had been asked for where it is not installed. */
  assert_int_equal(system("sed -i 's/\"name\": \"system\"/\"name\": \"jemalloc\"/' "
                          "allocators/campaign.json && rm allocators/runs.csv"),
                   0);
  RUN(&made, "resume", "allocators", "-q");
  assert_int_equal(made.exit_code, 1);
  support_read_rows("allocators", &found);
  /* plain takes nothing from malloc: its runs do not depend on the library. */
  for (size_t i = 0; i < found.count; i++) {
    const struct gcm_value *values = found.list[i].values;
    bool plain = strcmp(values[GCM_COLUMN_collector].text, "plain") == 0;
    assert_string_equal(values[GCM_COLUMN_allocator].text, plain ? "system" : "jemalloc");
    if (!plain) {
      assert_string_equal(values[GCM_COLUMN_status].text, "missing");
      assert_non_null(strstr(values[GCM_COLUMN_message].text, "apt-get install libjemalloc2"));
    }
  }
  rows_clear(&found);
  support_clear(&made);
}

/* The runner was there when the campaign began and is gone when its turn comes. */
static void test_runner_that_goes_away(void **state) {
  (void)state;
  struct finished made;
  assert_int_equal(system("mkdir own && cp -L " RUNNERS "/gcmark-fake own/gcmark-gone && "
                          "GCMARK_PATH=own " GCMARK " run -q -c gone -w ok -r 1 -o gone"),
                   0);
  assert_int_equal(system("rm own/gcmark-gone gone/runs.csv"), 0);
  RUN(&made, "resume", "gone", "-q");
  assert_int_equal(made.exit_code, 2);
  support_assert_line(made.err, "gcmark-gone");
  support_clear(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_has_its_row),
      cmocka_unit_test(test_the_campaign_says_that_runs_failed),
      cmocka_unit_test(test_the_summary_names_each_failure),
      cmocka_unit_test(test_nothing_is_left_in_the_folder),
      cmocka_unit_test(test_messages_say_why),
      cmocka_unit_test(test_bad_records_give_no_figures),
      cmocka_unit_test(test_exit_code_or_signal),
      cmocka_unit_test(test_figures_of_a_good_run),
      cmocka_unit_test(test_peak_is_the_runs_own),
      cmocka_unit_test(test_runs_are_alone),
      cmocka_unit_test(test_missing_allocator),
      cmocka_unit_test(test_runner_that_goes_away),
  };
  return cmocka_run_group_tests(tests, run_all, end_all);
}
