/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/nearest.h"

static void test_distance(void **state) {
  (void)state;
  assert_int_equal(nearest_distance("", ""), 0);
  assert_int_equal(nearest_distance("", "abc"), 3);
  assert_int_equal(nearest_distance("abc", ""), 3);
  assert_int_equal(nearest_distance("kitten", "sitting"), 3);
  assert_int_equal(nearest_distance("sitting", "kitten"), 3);
  assert_int_equal(nearest_distance("rnigs", "rings"), 1);
  assert_int_equal(nearest_distance("ca", "abc"), 3); /* restricted: no edit inside a swap */
}

static void test_nearest(void **state) {
  (void)state;
  static const char *const words[] = {"rings", "splay", "lru", "nothing"};
  assert_string_equal(nearest("ring", words, 4), "rings");
  assert_string_equal(nearest("slpay", words, 4), "splay");
  assert_string_equal(nearest("lru", words, 4), "lru");
  assert_null(nearest("ring", words, 0));
}

static void test_long_words(void **state) {
  (void)state;
  char word[1000];
  memset(word, 'x', sizeof word - 1);
  word[sizeof word - 1] = '\0';
  assert_int_equal(nearest_distance(word, "y"), 63);
  assert_int_equal(nearest_distance(word, word), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_distance),
      cmocka_unit_test(test_nearest),
      cmocka_unit_test(test_long_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
