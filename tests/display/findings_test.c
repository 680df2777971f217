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

static void failures_told_in_the_same_words_share_a_finding(void **state) {
  (void)state;
  sample_add_failed(&sample, 1, "rc", "rings", "timeout", "after 1.1 s");
  sample_add_failed(&sample, 1, "boehm", "splay", "timeout", "after 1.2 s");
  expect("- rc on rings, boehm on splay, 1 of 1 run: longer than --timeout, ended by the driver. ");
}

static void a_leak_is_counted_per_unit_of_size(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_allocated_objects, 4200002);
  gcm_row_set_uint(row, GCM_COLUMN_size_n, 2000);
  leave(row, 4200000, 134400000);
  expect("Collector rc could not reclaim 4,200,000 objects (134 MB, 2,100 per unit of size) on "
         "rings. Likely garbage that counting cannot find, or, under a conservative collector, a "
         "stale word taken for a pointer. ");
  gcm_row_set_uint(&sample.rows[0], GCM_COLUMN_size_n, 1999);
  expect("Collector rc could not reclaim 4,200,000 objects (134 MB) on rings. ");
}

static void all_left_on_one_workload_leaves_the_cause_open(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "none", "family", 1, 9e6), 1000000, 32000000);
  leave(sample_add(&sample, 1, "rc", "family", 1, 9e6), 1000000, 40000000);
  sample_add(&sample, 1, "boehm", "family", 1, 9e6);
  expect("- Collectors none, rc left all of the objects allocated on family (1,000,000): either "
         "nothing is freed before exit, or garbage of this kind is not found. ");
}

static void the_leaks_of_a_collector_share_a_finding(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "rc", "lru", 1, 9e6), 2001, 1000000);
  leave(sample_add(&sample, 1, "rc", "rings", 1, 9e6), 210000, 5040000);
  expect("- Collector rc could not reclaim 2,001 objects (1.00 MB) on lru, 210,000 objects "
         "(5.04 MB) on rings. Likely");
}

static void a_few_strays_are_no_leak(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "boehm", "lru", 1, 9e6), 1, 8000000);
  expect("Collector boehm kept 1 stray object (8.00 MB) on lru. ");
  leave(sample_add(&sample, 1, "boehm", "rings", 1, 9e6), 3, 96);
  leave(sample_add(&sample, 1, "boehm", "splay", 1, 9e6), 12, 400);
  sample_add(&sample, 1, "boehm", "gcbench", 1, 9e6);
  expect("Collector boehm kept a few stray objects, up to 12 (400 B) on lru, rings, splay. ");
}

static void a_manager_that_frees_nothing_is_told_once(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "none", "rings", 1, 9e6), 1000000, 32000000);
  struct gcm_row *row = sample_add(&sample, 1, "none", "splay", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_allocated_objects, 500000);
  leave(row, 500000, 64000000);
  expect("What stands out\n- Collector none freed nothing before teardown on rings, splay; most: "
         "1,000,000 objects (32.0 MB) on rings. ");
}

static void resources_left_behind_share_a_finding(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "boehm", "resources", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_finalizers_registered, 1000);
  gcm_row_set_uint(row, GCM_COLUMN_finalizers_never, 120);
  gcm_row_set_uint(row, GCM_COLUMN_handles_peak, 30);
  gcm_row_set_uint(row, GCM_COLUMN_handles_at_exit, 20);
  gcm_row_set_uint(row, GCM_COLUMN_external_bytes_at_exit, 5000000);
  gcm_row_set_uint(row, GCM_COLUMN_unflushed_bytes, 40960);
  expect("- Collector boehm on resources: 120 of 1,000 finalizers never run, 20 file descriptors "
         "still open at exit, 5.00 MB outside the heap still held at exit, 41.0 kB accepted by a "
         "buffered writer but never in its file. Likely");
}

static void finalizers_that_had_nothing_left_to_release_are_not_missed(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "boehm", "resources-scoped", 1, 9e6);
  gcm_row_set_uint(row, GCM_COLUMN_finalizers_registered, 1000);
  gcm_row_set_uint(row, GCM_COLUMN_finalizers_never, 120);
  expect("Collector boehm on resources-scoped: 120 of 1,000 finalizers never run. ");
  gcm_row_set_uint(&sample.rows[0], GCM_COLUMN_handles_peak, 30);
  gcm_row_set_uint(&sample.rows[0], GCM_COLUMN_handles_at_exit, 0);
  expect_nothing();
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
  expect_nothing();
  row = sample_add(&sample, 2, "rc", "splay", 0.01, 9e6);
  gcm_row_set_real(row, GCM_COLUMN_run_cpu_s, 0.005);
  expect("1 of 3 runs was disturbed: wall time up to 2.0 times the CPU time (rc on splay, round "
         "2). Likely");
  gcm_row_set_real(&sample.rows[0], GCM_COLUMN_steal_s, 0.02);
  expect("2 of 3 runs were disturbed: wall time up to 2.0 times the CPU time (rc on splay, round "
         "2); the hypervisor took over 1 % of the time of 1 run. Likely");
}

static void processors_shared_by_threads_are_no_disturbance(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "boehm", "rings", 1, 9e6);
  gcm_row_set_real(row, GCM_COLUMN_run_cpu_s, 1.9);
  expect_nothing();
}

static void extremes_name_the_worst_workload_and_the_best_collector(void **state) {
  (void)state;
  sample_add(&sample, 1, "boehm", "rings", 1, 1.2e9);
  sample_add(&sample, 1, "rc", "rings", 1, 12e6);
  sample_add(&sample, 1, "boehm", "splay", 4, 60e6);
  sample_add(&sample, 1, "rc", "splay", 1, 12e6);
  expect("- Collector boehm peaked at 3 times the least memory or more on rings, splay; most on "
         "rings: 1.20 GB, 100 times the 12.0 MB of rc. Likely it frees late, or keeps a reserve: "
         "if memory is scarce, give it --heap or choose another.\n");
  expect("- Collector boehm took 3 times the least CPU time or more on splay: 4.00 s, 4.00 times "
         "the 1.00 s of rc. ");
  for (size_t i = 0; i < sample.count; i++) {
    gcm_row_set_uint(&sample.rows[i], GCM_COLUMN_heap_limit_bytes, UINT64_C(2) << 30);
  }
  expect("if memory is scarce, choose another.\n");
}

static void memory_that_is_leaked_is_told_once(void **state) {
  (void)state;
  sample_add(&sample, 1, "rc-cycle", "rings", 1, 2e6);
  leave(sample_add(&sample, 1, "rc", "rings", 1, 100e6), 900000, 60000000);
  char *text = print();
  assert_non_null(strstr(text, "Collector rc could not reclaim"));
  assert_null(strstr(text, "peaked"));
  free(text);
}

static void wall_time_alone_is_not_extreme(void **state) {
  (void)state;
  sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  gcm_row_set_real(sample_add(&sample, 1, "boehm", "rings", 9, 9e6), GCM_COLUMN_run_cpu_s, 1);
  char *text = print();
  assert_null(strstr(text, "least CPU time"));
  free(text);
}

static void who_reclaims_nothing_is_no_measure_of_time(void **state) {
  (void)state;
  leave(sample_add(&sample, 1, "none", "rings", 0.1, 9e6), 1000000, 32000000);
  sample_add(&sample, 1, "rc", "rings", 1, 9e6);
  sample_add(&sample, 1, "boehm", "rings", 2, 9e6);
  gcm_row_set_uint(sample_add(&sample, 1, "zeta", "rings", 0.1, 9e6), GCM_COLUMN_finalizers_never,
                   1);
  char *text = print();
  assert_null(strstr(text, "least CPU time"));
  free(text);
  sample_add(&sample, 1, "rc-cycle", "rings", 4, 9e6);
  expect("- Collector rc-cycle took 3 times the least CPU time or more on rings: 4.00 s, 4.00 "
         "times the 1.00 s of rc. ");
}

static void small_differences_are_not_extreme(void **state) {
  (void)state;
  sample_add(&sample, 1, "none", "nothing", 0.04, 6.5e6);
  sample_add(&sample, 1, "rc", "nothing", 0.009, 2e6);
  expect_nothing();
}

static void every_failure_is_printed(void **state) {
  (void)state;
  for (int i = 0; i < 12; i++) {
    char message[32];
    snprintf(message, sizeof message, "signal %d", i);
    sample_add_failed(&sample, 1, "rc", i % 2 == 0 ? "rings" : "splay", "crash", NULL);
    sample_add_failed(&sample, (unsigned)i, message, "rings", "crash", message);
  }
  char *text = print();
  size_t bullets = 0;
  for (const char *at = strstr(text, "\n- "); at != NULL; at = strstr(at + 1, "\n- ")) {
    bullets++;
  }
  assert_int_equal(bullets, 13);
  assert_null(strstr(text, "less important"));
  free(text);
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
      cmocka_unit_test_teardown(failures_told_in_the_same_words_share_a_finding, clear),
      cmocka_unit_test_teardown(all_left_on_one_workload_leaves_the_cause_open, clear),
      cmocka_unit_test_teardown(a_leak_is_counted_per_unit_of_size, clear),
      cmocka_unit_test_teardown(the_leaks_of_a_collector_share_a_finding, clear),
      cmocka_unit_test_teardown(a_few_strays_are_no_leak, clear),
      cmocka_unit_test_teardown(a_manager_that_frees_nothing_is_told_once, clear),
      cmocka_unit_test_teardown(resources_left_behind_share_a_finding, clear),
      cmocka_unit_test_teardown(finalizers_that_had_nothing_left_to_release_are_not_missed, clear),
      cmocka_unit_test_teardown(peaks_in_doubt_are_named, clear),
      cmocka_unit_test_teardown(disturbed_runs_are_counted_and_the_worst_named, clear),
      cmocka_unit_test_teardown(processors_shared_by_threads_are_no_disturbance, clear),
      cmocka_unit_test_teardown(extremes_name_the_worst_workload_and_the_best_collector, clear),
      cmocka_unit_test_teardown(memory_that_is_leaked_is_told_once, clear),
      cmocka_unit_test_teardown(wall_time_alone_is_not_extreme, clear),
      cmocka_unit_test_teardown(who_reclaims_nothing_is_no_measure_of_time, clear),
      cmocka_unit_test_teardown(every_failure_is_printed, clear),
      cmocka_unit_test_teardown(small_differences_are_not_extreme, clear),
      cmocka_unit_test_teardown(lines_fit_the_width, clear),
      cmocka_unit_test_teardown(a_full_disk_is_an_error, clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
