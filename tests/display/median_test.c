/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/driver/median.h"

static void median_of_nothing_is_nan(void **state) {
  (void)state;
  assert_true(isnan(median(NULL, 0)));
}

static void median_of_an_odd_count_is_the_middle_value(void **state) {
  (void)state;
  double one[] = {7};
  double five[] = {5, -1, 3, 100, 4};
  assert_true(median(one, 1) == 7);
  assert_true(median(five, 5) == 4);
}

static void median_of_an_even_count_is_between_the_middle_two(void **state) {
  (void)state;
  double four[] = {4, 1, 3, 2};
  double two[] = {10, 10};
  assert_true(median(four, 4) == 2.5);
  assert_true(median(two, 2) == 10);
}

static void median_of_the_largest_values_does_not_overflow(void **state) {
  (void)state;
  double two[] = {DBL_MAX, DBL_MAX};
  assert_true(median(two, 2) == DBL_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(median_of_nothing_is_nan),
      cmocka_unit_test(median_of_an_odd_count_is_the_middle_value),
      cmocka_unit_test(median_of_an_even_count_is_between_the_middle_two),
      cmocka_unit_test(median_of_the_largest_values_does_not_overflow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
