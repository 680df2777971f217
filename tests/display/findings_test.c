/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/findings.h"
#include "sample.h"

static struct sample sample;

/* On lines that wrap nowhere, so that the tests can look for whole sentences. */
static char *print(void) {
  struct sample_output output;
  assert_int_equal(findings_print(sample_open(&output), sample.rows, sample.count, 5000, false), 0);
  return sample_written(&output);
}

static int clear(void **state) {
  (void)state;
  sample_clear(&sample);
  return 0;
}

static void expect(const char *sentence) {
  char *text = print();
  if (strstr(text, sentence) == NULL) {
    fail_msg("expected: %s\ngot: %s", sentence, text);
  }
  free(text);
}

static void expect_nothing(void) {
  char *text = print();
  assert_string_equal(text, "Nothing stands out.\n");
  free(text);
}

static void ordinary_rows_give_no_finding(void **state) {
  (void)state;
  expect_nothing();
  sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  sample_add(&sample, 1, "boehm", "rings", 2, 9e6);
  expect_nothing();
}

static void failed_runs_are_named_and_counted_once(void **state) {
  (void)state;
  sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  sample_add_failed(&sample, 2, "rc", "rings", "crash", "signal 11");
  sample_add_failed(&sample, 3, "rc", "rings", "crash", "signal 11");
  sample_add_failed(&sample, 3, "none", "rings", "wrong", "answer 3\n\033[2J");
  sample_add_failed(&sample, 0, "boehm", "nothing", "missing", NULL);
  expect("rc on rings, 2 of 3 runs: ended by a signal that the driver did not send (signal 11). "
         "Run it by itself under a debugger.\n");
  expect("none on rings, 1 of 1 run: the answer is not the known one (answer 3??[2J). ");
  expect("boehm on nothing, 1 of 1 run: the runner, or the library to preload, was not found. ");
}

static void leave(struct gcm_row *row, uint64_t objects, uint64_t bytes) {
  gcm_row_set_uint(row, GCM_COLUMN_left_after_collect_objects, objects);
  gcm_row_set_uint(row, GCM_COLUMN_left_after_collect_bytes, bytes);
}

static void a_leak_is_counted_per_unit_of_size(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_allocated_objects, 4200002);
  gcm_row_set_uint(row, GCM_COLUMN_size_n, 2000);
  leave(row, 4200000, 134400000);
  expect("rc left 4,200,000 objects (134 MB, 2,100 per unit of size) that it cannot reclaim on "
         "rings. Likely garbage cycles");
  gcm_row_set_uint(&sample.rows[0], GCM_COLUMN_size_n, 1999);
  expect("rc left 4,200,000 objects (134 MB) that it cannot reclaim on rings. ");
  gcm_row_set_uint(&sample.rows[0], GCM_COLUMN_allocated_objects, 4200000);
  expect("cannot reclaim on rings (all it had allocated). ");
}

static void the_leaks_of_a_collector_share_a_finding(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "rc", "lru", 1, 9e6), 2001, 1000000);
  leave(sample_add(&sample, 1, "rc", "rings", 1, 9e6), 210000, 5040000);
  expect("- rc left 2,001 objects (1.00 MB) that it cannot reclaim on lru, 210,000 objects "
         "(5.04 MB) on rings. Likely");
}

static void a_few_strays_are_no_leak(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "boehm", "rings", 1, 9e6), 3, 96);
  leave(sample_add(&sample, 1, "boehm", "splay", 1, 9e6), 12, 400);
  sample_add(&sample, 1, "boehm", "gcbench", 1, 9e6);
  expect("boehm kept a few stray objects, up to 12 (400 B), on rings, splay. ");
}

static void a_manager_that_frees_nothing_is_told_once(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "none", "rings", 1, 9e6), 1000000, 32000000);
  leave(sample_add(&sample, 1, "none", "splay", 1, 9e6), 1000000, 32000000);
  expect("What stands out\n- none reclaimed nothing before teardown: up to 1,000,000 objects "
         "(32.0 MB) left on rings, splay. ");
}

static void resources_left_behind_are_named(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "boehm", "resources", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_finalizers_registered, 1000);
  gcm_row_set_uint(row, GCM_COLUMN_finalizers_never, 120);
  gcm_row_set_uint(row, GCM_COLUMN_handles_at_exit, 20);
  gcm_row_set_uint(row, GCM_COLUMN_external_bytes_at_exit, 5000000);
  gcm_row_set_uint(row, GCM_COLUMN_unflushed_bytes, 40960);
  expect("boehm on resources: 120 of 1,000 finalizers never ran. ");
  expect("boehm on resources: 20 file descriptors were still open when the process ended. ");
  expect("boehm on resources: 5.00 MB outside the heap were still held when the process ended. ");
  expect("boehm on resources: 41.0 kB that a buffered writer had accepted never reached the file. "
         "Data was lost");
}

static void peaks_in_doubt_are_named(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_peak_disagrees, 1);
  gcm_row_set_uint(row, GCM_COLUMN_maxrss_bytes, 12000000);
  expect("The peak memory of 1 run is in doubt, first of rc on rings: the process read 9.00 MB, "
         "the kernel told its parent 12.0 MB. ");
}

static void disturbed_runs_are_counted_and_the_worst_named(void **state) {
  (void)state;
  sample_add(&sample, 1, "boehm", "rings", 1, 9e6);
  struct gcm_row *row = sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_run_involuntary_switches, 250);
  row = sample_add(&sample, 2, "rc", "splay", 1, 9e6);
  gcm_row_set_real(row, GCM_COLUMN_run_cpu_s, 0.5);
  gcm_row_set_real(row, GCM_COLUMN_steal_s, 0.0303);
  expect(
      "2 of 3 runs were disturbed, most of all rc on splay in round 2 (wall time 2.0 times the "
      "CPU time, 0 involuntary switches a second, 3.0 % of the time stolen by the hypervisor). ");
}

static void processors_shared_by_threads_are_no_disturbance(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "boehm", "rings", 1, 9e6);
  gcm_row_set_real(row, GCM_COLUMN_run_cpu_s, 1.9);
  expect_nothing();
}

static void extremes_name_the_worst_workload_and_the_best_collector(void **state) {
  (void)state;
  sample_add(&sample, 1, "none", "rings", 1, 1.2e9);
  sample_add(&sample, 1, "rc", "rings", 1, 12e6);
  sample_add(&sample, 1, "none", "splay", 4, 60e6);
  sample_add(&sample, 1, "rc", "splay", 1, 12e6);
  expect("- none peaked at 3 times the least or more on rings, splay; most on rings: 1.20 GB, 100 "
         "times the 12.0 MB of rc. ");
  expect("- none took 3 times the least or more on splay: 4.00 s, 4.00 times the 1.00 s of rc. ");
}

static void small_differences_are_not_extreme(void **state) {
  (void)state;
  sample_add(&sample, 1, "none", "nothing", 0.004, 6.5e6);
  sample_add(&sample, 1, "rc", "nothing", 0.001, 2e6);
  expect_nothing();
}

static void lines_fit_the_width(void **state) {
  (void)state;
  sample_add_campaign(&sample);
  sample_add_failed(
      &sample, 3, "rc", "rings", "crash",
      "a-message-without-a-blank-in-it-that-is-longer-than-the-line-it-goes-on-and-on-"
      "until-it-has-to-be-broken-somewhere");
  static const unsigned widths[] = {1, 40, 80, 100};
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    struct sample_output output;
    assert_int_equal(
        findings_print(sample_open(&output), sample.rows, sample.count, widths[i], true), 0);
    char *text = sample_written(&output);
    assert_in_range(sample_widest_line(text), 20, widths[i] < 40 ? 40 : widths[i]);
    free(text);
  }
}

static void a_full_disk_is_an_error(void **state) {
  (void)state;
  FILE *full = fopen("/dev/full", "w");
  assert_non_null(full);
  setvbuf(full, NULL, _IONBF, 0);
  assert_int_equal(findings_print(full, NULL, 0, 100, false), -1);
  fclose(full);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(ordinary_rows_give_no_finding, clear),
      cmocka_unit_test_teardown(failed_runs_are_named_and_counted_once, clear),
      cmocka_unit_test_teardown(a_leak_is_counted_per_unit_of_size, clear),
      cmocka_unit_test_teardown(the_leaks_of_a_collector_share_a_finding, clear),
      cmocka_unit_test_teardown(a_few_strays_are_no_leak, clear),
      cmocka_unit_test_teardown(a_manager_that_frees_nothing_is_told_once, clear),
      cmocka_unit_test_teardown(resources_left_behind_are_named, clear),
      cmocka_unit_test_teardown(peaks_in_doubt_are_named, clear),
      cmocka_unit_test_teardown(disturbed_runs_are_counted_and_the_worst_named, clear),
      cmocka_unit_test_teardown(processors_shared_by_threads_are_no_disturbance, clear),
      cmocka_unit_test_teardown(extremes_name_the_worst_workload_and_the_best_collector, clear),
      cmocka_unit_test_teardown(small_differences_are_not_extreme, clear),
      cmocka_unit_test_teardown(lines_fit_the_width, clear),
      cmocka_unit_test_teardown(a_full_disk_is_an_error, clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
