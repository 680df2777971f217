/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/random.h"
#include "harness/number.h"
#include "harness/quantity.h"

static void test_whole(void **state) {
  (void)state;
  struct message error;
  uint64_t value = 7;
  static const char *const bad[] = {"",    "-1",  "+1",  " 1", "1 ",
                                    "1.0", "0x1", "1e2", "11", "18446744073709551616"};
  assert_int_equal(quantity_whole("--n", "10", 1, 10, &value, &error), 0);
  assert_int_equal(value, 10);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(quantity_whole("--n", bad[i], 1, 10, &value, &error), -1);
    assert_non_null(strstr(error.text, "--n"));
    assert_non_null(strstr(error.text, "from 1 to 10"));
  }
  assert_int_equal(value, 10);
  assert_int_equal(quantity_whole("", "18446744073709551615", 0, UINT64_MAX, &value, &error), 0);
  assert_true(value == UINT64_MAX);
}

static void test_bytes(void **state) {
  (void)state;
  struct message error;
  uint64_t value = 0;
  static const struct {
    const char *text;
    uint64_t bytes;
  } good[] = {{"4096", 4096}, {"64M", UINT64_C(64) << 20}, {"64m", UINT64_C(64) << 20},
              {"1k", 1024},   {"3G", UINT64_C(3) << 30},   {"2T", UINT64_C(2) << 40},
              {"0", 0}};
  static const char *const bad[] = {"",     "M",    "64MB", "64 M", "-1",
                                    "1.5G", "0x10", "64Q",  "65T",  "99999999T"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_int_equal(quantity_bytes("--b", good[i].text, 0, UINT64_C(64) << 40, &value, &error), 0);
    assert_true(value == good[i].bytes);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(quantity_bytes("--b", bad[i], 1, UINT64_C(64) << 40, &value, &error), -1);
    assert_non_null(strstr(error.text, "from 1 to 64T"));
  }
}

static void test_seconds(void **state) {
  (void)state;
  struct message error;
  double value = 0;
  static const struct {
    const char *text;
    double seconds;
  } good[] = {{"90", 90}, {"1.5s", 1.5}, {"500ms", 0.5}, {"2m", 120}, {"1h", 3600}};
  static const char *const bad[] = {"", "s", "1d", "1 s", "-1", "1e3", "nan", "inf", "0", "2h"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_int_equal(quantity_seconds("--t", good[i].text, 0.001, 3600, &value, &error), 0);
    assert_true(value == good[i].seconds);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(quantity_seconds("--t", bad[i], 0.001, 3600, &value, &error), -1);
  }
}

static void assert_shortest(double value, const char *expected) {
  char text[NUMBER_TEXT_SIZE];
  number_format_real(text, value);
  assert_string_equal(text, expected);
}

static void test_real_texts(void **state) {
  (void)state;
  assert_shortest(0, "0");
  assert_shortest(0.1, "0.1");
  assert_shortest(1.0 / 3, "0.3333333333333333");
  assert_shortest(0.1 + 0.2, "0.30000000000000004");
  assert_shortest(1e300, "1e+300");
}

/* Any finite double reads back as itself, whatever the bits. */
static void test_reals_come_back(void **state) {
  (void)state;
  struct random random;
  random_seed(&random, 1, 0);
  for (int i = 0; i < 100000; i++) {
    uint64_t bits = random_next(&random);
    double value = 0;
    double back = 0;
    char text[NUMBER_TEXT_SIZE];
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value)) {
      number_format_real(text, value);
      assert_int_equal(number_parse_real(text, &back), 0);
      assert_true(value == back && signbit(value) == signbit(back));
    }
  }
}

static void test_reals_refused(void **state) {
  (void)state;
  static const char *const bad[] = {"",   "nan", "inf",   "-inf", "0x1p3", " 1", "1 ",
                                    "+1", "1,5", "1e999", "--1",  ".",     "e5"};
  double value = 0;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(number_parse_real(bad[i], &value), -1);
  }
}

/* Where a comma is the decimal point, a file still has points. */
static void test_locale_does_not_matter(void **state) {
  (void)state;
  double value = 0;
  if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "fr_FR.UTF-8") == NULL) {
    skip();
  }
  assert_shortest(1.5, "1.5");
  assert_int_equal(number_parse_real("1.5", &value), 0);
  assert_true(value == 1.5);
  setlocale(LC_ALL, "C");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_whole),
      cmocka_unit_test(test_bytes),
      cmocka_unit_test(test_seconds),
      cmocka_unit_test(test_real_texts),
      cmocka_unit_test(test_reals_come_back),
      cmocka_unit_test(test_reals_refused),
      cmocka_unit_test(test_locale_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
