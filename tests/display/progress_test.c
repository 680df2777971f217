/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/progress.h"
#include "sample.h"

static struct sample sample;
static struct progress progress;
static struct sample_output output;
static double now_s;

static double fake_clock_s(void) {
  return now_s;
}

static int set_up(void **state) {
  (void)state;
  now_s = 1000;
  unsetenv("NO_COLOR");
  return setenv("TERM", "xterm", 1);
}

static int tear_down(void **state) {
  (void)state;
  sample_clear(&sample);
  return 0;
}

static void begin(bool is_terminal, unsigned width, size_t total, size_t done) {
  progress_begin(&progress, sample_open(&output), is_terminal, total, done);
  progress.clock_s = fake_clock_s;
  progress.width = width;
}

static char *end(void) {
  progress_end(&progress);
  return sample_written(&output);
}

/* Runs the cell for so long on the fake clock. */
static void run(unsigned round, const char *collector, double seconds) {
  progress_start_run(&progress, collector);
  struct gcm_row *row = sample_add(&sample, round, collector, "rings", seconds, 34.1e6);
  gcm_row_set_real(row, GCM_COLUMN_process_wall_s, seconds);
  now_s += seconds;
  progress_finish_run(&progress, row);
}

static void piped_runs_take_a_plain_line_each(void **state) {
  (void)state;
  begin(false, 0, 160, 11);
  run(2, "rc-cycle", 0.812);
  struct gcm_row *row = sample_add_failed(&sample, 2, "none", "splay", "memory-limit", NULL);
  gcm_row_set_uint(row, GCM_COLUMN_heap_limit_bytes, 64000000);
  assert_int_equal(gcm_row_set_text(row, GCM_COLUMN_allocator, "jemalloc"), 0);
  progress_finish_run(&progress, row);
  char *text = end();
  assert_string_equal(text, "[ 12/160] round 2 rc-cycle rings ok 0.812 s 34.1 MB\n"
                            "[ 13/160] round 2 none splay heap 64.0 MB jemalloc memory-limit "
                            "3.20 s\n");
  free(text);
}

static void a_dumb_terminal_gets_plain_lines(void **state) {
  (void)state;
  setenv("TERM", "dumb", 1);
  begin(true, 80, 2, 0);
  run(1, "rc", 1);
  char *text = end();
  assert_string_equal(text, "[1/2] round 1 rc rings ok 1.00 s 34.1 MB\n");
  free(text);
}

static void a_terminal_sees_bar_clock_estimate_and_cell(void **state) {
  (void)state;
  begin(true, 60, 4, 0);
  run(1, "rc", 60);
  progress_start_run(&progress, "boehm rings");
  char *text = end();
  assert_non_null(strstr(text, "\r[...............] 0/4  0:00, ? left  rc\033[K"));
  assert_non_null(strstr(text, "\r[###............] 1/4  1:00, 3:00 left  boehm rings\033[K"));
  assert_string_equal(text + strlen(text) - 4, "\r\033[K");
  assert_null(strchr(text, '\n'));
  free(text);
}

static void the_line_never_reaches_the_last_column(void **state) {
  (void)state;
  for (unsigned width = 2; width < 200; width += 7) {
    begin(true, width, 100000, 99000);
    run(1, "rc", 1e5);
    progress_start_run(&progress, "a cell with a name that is longer than any terminal is wide, "
                                  "or at least longer than most of them are");
    char *text = end();
    assert_in_range(sample_widest_line(text), 1, width - 1);
    free(text);
  }
}

static void failures_stay_above_the_line(void **state) {
  (void)state;
  begin(true, 80, 2, 0);
  progress_finish_run(&progress,
                      sample_add_failed(&sample, 1, "rc", "rings", "timeout", "too long"));
  char *text = end();
  assert_non_null(strstr(text, "round 1 rc rings \033[31mtimeout\033[0m 3.20 s\n"));
  free(text);

  setenv("NO_COLOR", "1", 1);
  begin(true, 80, 2, 0);
  progress_finish_run(&progress,
                      sample_add_failed(&sample, 1, "rc", "rings", "timeout", "too long"));
  text = end();
  assert_non_null(strstr(text, "round 1 rc rings timeout 3.20 s\n"));
  free(text);
}

static void the_estimate_uses_each_cells_own_mean(void **state) {
  (void)state;
  begin(false, 0, 9, 0);
  assert_true(isnan(progress_remaining_s(&progress)));
  run(0, "rc", 0.5);
  assert_true(progress_remaining_s(&progress) == 8 * 0.5);
  /* The first round: the mean over what is known, the floor forgotten. */
  run(1, "rc", 10);
  assert_true(progress_remaining_s(&progress) == 7 * 10);
  run(1, "boehm", 2);
  run(1, "none", 3);
  assert_true(progress_remaining_s(&progress) == 5 * 5);
  /* Round 2 owes boehm and none; the last two runs take the mean over all. */
  run(2, "rc", 10);
  assert_true(progress_remaining_s(&progress) == 2 + 3 + 2 * 5);
  free(end());
}

static void the_estimate_of_the_last_runs_does_not_exceed_them(void **state) {
  (void)state;
  begin(false, 0, 3, 0);
  run(1, "rc", 10);
  run(1, "boehm", 2);
  run(2, "none", 1);
  assert_true(progress_remaining_s(&progress) == 0);
  free(end());
}

static void a_tick_redraws_only_an_old_line(void **state) {
  (void)state;
  begin(true, 60, 4, 0);
  progress_start_run(&progress, "rc rings");
  fflush(output.stream);
  size_t first = output.size;
  now_s += 0.1;
  progress_tick(&progress);
  fflush(output.stream);
  assert_int_equal(output.size, first);
  now_s += 1;
  progress_tick(&progress);
  fflush(output.stream);
  assert_non_null(strstr(output.text, "0:01, ? left"));
  free(end());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(piped_runs_take_a_plain_line_each, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_dumb_terminal_gets_plain_lines, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_terminal_sees_bar_clock_estimate_and_cell, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(the_line_never_reaches_the_last_column, set_up, tear_down),
      cmocka_unit_test_setup_teardown(failures_stay_above_the_line, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_estimate_uses_each_cells_own_mean, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_estimate_of_the_last_runs_does_not_exceed_them, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_tick_redraws_only_an_old_line, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
