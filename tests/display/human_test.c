/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/driver/human.h"

static void bytes_carry_a_decimal_unit(void **state) {
  (void)state;
  char text[HUMAN_SIZE];
  assert_string_equal(human_bytes(text, 0), "0 B");
  assert_string_equal(human_bytes(text, 1), "1 B");
  assert_string_equal(human_bytes(text, 999), "999 B");
  assert_string_equal(human_bytes(text, 1000), "1.00 kB");
  assert_string_equal(human_bytes(text, 34100000), "34.1 MB");
  assert_string_equal(human_bytes(text, 999600), "1.00 MB");
  assert_string_equal(human_bytes(text, 134217728), "134 MB");
  assert_string_equal(human_bytes(text, 2e12), "2,000 GB");
}

static void seconds_carry_the_unit_that_shows_them_best(void **state) {
  (void)state;
  char text[HUMAN_SIZE];
  assert_string_equal(human_seconds(text, 0), "0 s");
  assert_string_equal(human_seconds(text, 0.812), "0.812 s");
  assert_string_equal(human_seconds(text, 0.0812), "81.2 ms");
  assert_string_equal(human_seconds(text, 0.09999), "0.100 s");
  assert_string_equal(human_seconds(text, 12.34), "12.3 s");
  assert_string_equal(human_seconds(text, 754.2), "754 s");
  assert_string_equal(human_seconds(text, 4.5e-6), "4.50 us");
  assert_string_equal(human_seconds(text, 3e-9), "3.00 ns");
}

static void counts_are_exact_and_separated(void **state) {
  (void)state;
  char text[HUMAN_SIZE];
  assert_string_equal(human_count(text, 0), "0");
  assert_string_equal(human_count(text, 999), "999");
  assert_string_equal(human_count(text, 1000), "1,000");
  assert_string_equal(human_count(text, 4200000), "4,200,000");
  assert_string_equal(human_count(text, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void numbers_have_three_digits_and_no_exponent(void **state) {
  (void)state;
  char text[HUMAN_SIZE];
  assert_string_equal(human_number(text, 0), "0");
  assert_string_equal(human_number(text, 9.996), "10.0");
  assert_string_equal(human_number(text, 99.96), "100");
  assert_string_equal(human_number(text, 0.0123), "0.0123");
  assert_string_equal(human_number(text, 1), "1.00");
  assert_string_equal(human_number(text, 1234.4), "1,234");
  assert_string_equal(human_number(text, 1e300), "> 1e15");
}

static void clocks_show_hours_only_when_there_are_some(void **state) {
  (void)state;
  char text[HUMAN_SIZE];
  assert_string_equal(human_clock(text, 7.9), "0:07");
  assert_string_equal(human_clock(text, 754), "12:34");
  assert_string_equal(human_clock(text, 3723), "1:02:03");
  assert_string_equal(human_clock(text, -1), "0:00");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_carry_a_decimal_unit),
      cmocka_unit_test(seconds_carry_the_unit_that_shows_them_best),
      cmocka_unit_test(counts_are_exact_and_separated),
      cmocka_unit_test(numbers_have_three_digits_and_no_exponent),
      cmocka_unit_test(clocks_show_hours_only_when_there_are_some),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
