/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/table.h"
#include "sample.h"

static struct sample sample;

static char *print(unsigned width, bool color) {
  struct sample_output output;
  assert_int_equal(table_print(sample_open(&output), sample.rows, sample.count, width, color), 0);
  return sample_written(&output);
}

static int clear(void **state) {
  (void)state;
  sample_clear(&sample);
  return 0;
}

static void a_campaign_prints_as_the_golden_text(void **state) {
  (void)state;
  sample_add_campaign(&sample);
  char *text = print(100, false);
  char *golden = calloc(1, 65536);
  assert_non_null(golden);
  FILE *file = fopen(GOLDEN_FOLDER "/table.txt", "r");
  assert_non_null(file);
  assert_true(fread(golden, 1, 65535, file) > 0);
  fclose(file);
  if (strcmp(text, golden) != 0) {
    fputs(text, stderr); /* cmocka cuts long strings */
  }
  assert_string_equal(text, golden);
  free(golden);
  free(text);
}

static void no_line_is_wider_than_asked(void **state) {
  (void)state;
  static const char *const collectors[] = {"a",
                                           "an-uncommonly-long-name-of-a-collector-indeed",
                                           "boehm:markers=2,incremental=on",
                                           "none:source=malloc",
                                           "rc",
                                           "rc-atomic",
                                           "rc-cycle",
                                           "rc-lazy",
                                           "zeta"};
  static const char *const workloads[] = {
      "w", "a-workload-whose-name-goes-on-and-on-and-on-and-never-ends"};
  for (size_t i = 0; i < 18; i++) {
    struct gcm_row *row =
        sample_add(&sample, 1, collectors[i % 9], workloads[i / 9], 1e6 * (double)i, 1e14);
    gcm_row_set_uint(row, GCM_COLUMN_left_at_end_objects, UINT64_C(1) << 52);
    gcm_row_set_uint(row, GCM_COLUMN_heap_limit_bytes, UINT64_C(12345678901234));
  }
  sample_add_failed(&sample, 1, "unknown", "w", "an-unheard-of-status-that-is-very-long-as-well",
                    NULL);
  sample_add_failed(&sample, 1, "other", "w", "memory-limit", NULL);
  static const unsigned widths[] = {1, 48, 60, 80, 100, 200};
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    for (int color = 0; color < 2; color++) {
      char *text = print(widths[i], color != 0);
      size_t limit = widths[i] < TABLE_LEAST_WIDTH ? TABLE_LEAST_WIDTH : widths[i];
      assert_in_range(sample_widest_line(text), 30, limit);
      free(text);
    }
  }
}

static void every_collector_appears_when_blocks_continue(void **state) {
  (void)state;
  char name[32];
  for (int i = 0; i < 30; i++) {
    snprintf(name, sizeof name, "collector-%02d", i);
    sample_add(&sample, 1, name, "rings", 1, 1e6);
  }
  char *text = print(100, false);
  for (int i = 0; i < 30; i++) {
    snprintf(name, sizeof name, "collector-%02d", i);
    assert_non_null(strstr(text, name));
  }
  free(text);
}

static void only_ok_runs_after_round_0_enter_the_median(void **state) {
  (void)state;
  sample_add(&sample, 0, "rc", "rings", 9, 1e6);
  sample_add(&sample, 1, "rc", "rings", 1, 1e6);
  sample_add(&sample, 2, "rc", "rings", 3, 1e6);
  sample_add(&sample, 3, "rc", "rings", 2, 1e6);
  gcm_row_set_real(sample_add_failed(&sample, 4, "rc", "rings", "wrong", NULL),
                   GCM_COLUMN_run_wall_s, 100);
  char *text = print(100, false);
  assert_non_null(strstr(text, "median of 3 rounds"));
  assert_non_null(strstr(text, "rings  s        2.00\n"));
  free(text);
}

static void cells_with_fewer_runs_say_so(void **state) {
  (void)state;
  sample_add(&sample, 1, "rc", "rings", 1, 1e6);
  sample_add(&sample, 2, "rc", "rings", 1, 1e6);
  sample_add(&sample, 1, "boehm", "rings", 2, 1e6);
  sample_add_failed(&sample, 2, "boehm", "rings", "timeout", NULL);
  char *text = print(100, false);
  assert_non_null(strstr(text, "2.00 (n=1)  1.00\n"));
  free(text);
}

static void cells_without_a_result_show_the_status_and_explain_it(void **state) {
  (void)state;
  sample_add_failed(&sample, 1, "rc", "rings", "out-of-heap", NULL);
  sample_add_failed(&sample, 1, "rc", "splay", "strange", NULL);
  sample_add(&sample, 1, "boehm", "rings", 2, 1e6);
  char *text = print(100, false);
  assert_non_null(strstr(text, "2.00      OOH\n"));
  assert_non_null(strstr(text, "\nOOH: out of heap"));
  assert_non_null(strstr(text, "-  strange\n"));
  assert_non_null(strstr(text, "\n-: not run\n"));
  free(text);
}

static void a_campaign_of_failures_still_has_a_table(void **state) {
  (void)state;
  sample_add_failed(&sample, 1, "rc", "rings", "crash", "signal 11");
  char *text = print(100, false);
  assert_non_null(strstr(text, "Time: wall clock of the timed part; no run has a value\n"));
  assert_non_null(strstr(text, "crash\n"));
  assert_null(strstr(text, "Peak"));
  free(text);
}

static void what_varies_stands_in_the_header(void **state) {
  (void)state;
  struct gcm_row *row = sample_add(&sample, 1, "none:source=malloc", "rings", 1, 1e6);
  gcm_row_set_uint(row, GCM_COLUMN_heap_limit_bytes, 64 << 20);
  assert_int_equal(gcm_row_set_text(row, GCM_COLUMN_allocator, "jemalloc"), 0);
  row = sample_add(&sample, 1, "none:source=malloc", "rings", 1, 1e6);
  assert_int_equal(gcm_row_set_text(row, GCM_COLUMN_size, "large"), 0);
  char *text = print(100, false);
  assert_non_null(strstr(text, "source=malloc  source=malloc\n"));
  assert_non_null(strstr(text, "no limit       heap 64M\n"));
  assert_non_null(strstr(text, "system       jemalloc\n"));
  assert_non_null(strstr(text, "rings (default)"));
  assert_non_null(strstr(text, "rings (large)"));
  free(text);
}

static void the_floor_needs_no_run_that_is_ok(void **state) {
  (void)state;
  sample_add(&sample, 1, "boehm", "rings", 1, 4e6);
  gcm_row_set_uint(sample_add_failed(&sample, 1, "none", "rings", "memory-limit", NULL),
                   GCM_COLUMN_floor_rss_bytes, 1800000);
  sample_add_failed(&sample, 1, "rc", "rings", "missing", NULL);
  char *text = print(100, false);
  assert_non_null(strstr(text, "; median of 1 round (floor: one idle run); lower is better\n"));
  assert_non_null(strstr(text, "floor  MB        2.10    1.80      n/a\n"));
  free(text);
}

static void a_line_of_zeros_has_the_common_unit(void **state) {
  (void)state;
  gcm_row_set_real(sample_add(&sample, 1, "rc", "rings", 1, 4e6), GCM_COLUMN_pause_max_s, 0);
  char *text = print(100, false);
  assert_non_null(strstr(text, "rings  ms        0\n"));
  assert_non_null(strstr(text, "       MB        0\n"));
  free(text);
}

static void a_tiny_value_does_not_decide_the_unit(void **state) {
  (void)state;
  gcm_row_set_real(sample_add(&sample, 1, "boehm", "rings", 1, 4e6), GCM_COLUMN_pause_max_s, 4e-5);
  gcm_row_set_real(sample_add(&sample, 1, "rc", "rings", 1, 4e6), GCM_COLUMN_pause_max_s, 0.00442);
  char *text = print(100, false);
  assert_non_null(strstr(text, "rings  ms       0.0400  4.42\n"));
  free(text);
}

static void only_color_marks_the_best_value(void **state) {
  (void)state;
  sample_add(&sample, 1, "rc", "rings", 1, 1e6);
  sample_add(&sample, 1, "boehm", "rings", 2, 1e6);
  char *plain = print(100, false);
  char *colored = print(100, true);
  assert_null(strchr(plain, '\033'));
  assert_non_null(strstr(colored, "2.00  \033[1m1.00\033[0m\n"));
  /* Equal peaks: nothing to mark. */
  assert_non_null(strstr(colored, "1.00  1.00\n"));
  free(plain);
  free(colored);
}

static void no_rows_print_a_line_that_says_so(void **state) {
  (void)state;
  char *text = print(100, false);
  assert_string_equal(text, "No run to show.\n");
  free(text);
}

static void a_full_disk_is_an_error(void **state) {
  (void)state;
  sample_add_campaign(&sample);
  FILE *full = fopen("/dev/full", "w");
  assert_non_null(full);
  setvbuf(full, NULL, _IONBF, 0);
  assert_int_equal(table_print(full, sample.rows, sample.count, 100, false), -1);
  fclose(full);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_campaign_prints_as_the_golden_text, clear),
      cmocka_unit_test_teardown(no_line_is_wider_than_asked, clear),
      cmocka_unit_test_teardown(every_collector_appears_when_blocks_continue, clear),
      cmocka_unit_test_teardown(only_ok_runs_after_round_0_enter_the_median, clear),
      cmocka_unit_test_teardown(cells_with_fewer_runs_say_so, clear),
      cmocka_unit_test_teardown(cells_without_a_result_show_the_status_and_explain_it, clear),
      cmocka_unit_test_teardown(a_campaign_of_failures_still_has_a_table, clear),
      cmocka_unit_test_teardown(what_varies_stands_in_the_header, clear),
      cmocka_unit_test_teardown(the_floor_needs_no_run_that_is_ok, clear),
      cmocka_unit_test_teardown(a_line_of_zeros_has_the_common_unit, clear),
      cmocka_unit_test_teardown(a_tiny_value_does_not_decide_the_unit, clear),
      cmocka_unit_test_teardown(only_color_marks_the_best_value, clear),
      cmocka_unit_test_teardown(no_rows_print_a_line_that_says_so, clear),
      cmocka_unit_test_teardown(a_full_disk_is_an_error, clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
