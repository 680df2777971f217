/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/record.h"

static int read_record(const char *text, int exit_code, struct gcm_row *row,
                       struct message *error) {
  return record_read(text, strlen(text), exit_code, row, error);
}

static void test_good_record(void **state) {
  (void)state;
  struct gcm_row row = {0};
  struct message error;
  assert_int_equal(read_record("{\"protocol\": 1, \"status\": \"ok\", \"run_wall_s\": 2,"
                               " \"run_cpu_s\": 0.5, \"collections\": 0, \"answer\": \"42\","
                               " \"collector\": 9, \"exit_code\": \"x\", \"new\": {\"a\": []}}",
                               0, &row, &error),
                   0);
  assert_string_equal(row.values[GCM_COLUMN_status].text, "ok");
  assert_true(row.values[GCM_COLUMN_run_wall_s].real == 2.0);
  assert_true(row.values[GCM_COLUMN_run_cpu_s].real == 0.5);
  assert_true(row.values[GCM_COLUMN_collections].present);
  assert_int_equal(row.values[GCM_COLUMN_collections].uint, 0);
  assert_string_equal(row.values[GCM_COLUMN_answer].text, "42");
  /* Columns that are not the runner's to fill are not taken from it. */
  assert_false(row.values[GCM_COLUMN_collector].present);
  assert_false(row.values[GCM_COLUMN_exit_code].present);
  assert_false(row.values[GCM_COLUMN_pauses].present);
  gcm_row_clear(&row);
}

static void test_status_goes_with_the_exit_code(void **state) {
  (void)state;
  static const char *const words[] = {"ok",    "failed",      "usage", "out-of-heap",
                                      "wrong", "unsupported", "odd"};
  for (int code = 0; code < 8; code++) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
      char text[128];
      struct gcm_row row = {0};
      struct message error;
      snprintf(text, sizeof text, "{\"protocol\": 1, \"status\": \"%s\"}", words[i]);
      bool agrees = code != 2 && strcmp(words[i], record_status_word(code)) == 0;
      assert_int_equal(read_record(text, code, &row, &error), agrees ? 0 : -1);
      gcm_row_clear(&row);
    }
  }
}

static void test_messages_are_one_line(void **state) {
  (void)state;
  struct gcm_row row = {0};
  struct message error;
  assert_int_equal(read_record("{\"protocol\": 1, \"status\": \"wrong\", \"message\": \"a\\nb\"}",
                               4, &row, &error),
                   0);
  assert_string_equal(row.values[GCM_COLUMN_message].text, "a b");
  gcm_row_clear(&row);
}

static void test_bad_records(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *part;
  } cases[] = {
      {"", "line"},
      {"{", "line"},
      {"[]", "must be an object, is an array"},
      {"{\"protocol\": 1, \"status\": \"ok\"} x", "line"},
      {"{\"status\": \"ok\"}", "'protocol'"},
      {"{\"protocol\": 2, \"status\": \"ok\"}", "'protocol' must be from 1 to 1, is 2"},
      {"{\"protocol\": 1}", "'status' must be a string, is missing"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"status\": \"ok\"}", "duplicate"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"message\": 1}", "'message'"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"answer\": 42}", "'answer' must be a string"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"answer\": \"\\u0007\"}", "control characters"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"pauses\": 1.5}", "'pauses' must be a whole"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"pauses\": -1}", "'pauses' must be from 0"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"pauses\": null}", "'pauses'"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"pauses\": 9223372036854775808}", "big integer"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"run_wall_s\": \"1\"}",
       "'run_wall_s' must be a num"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"run_wall_s\": -0.5}",
       "'run_wall_s' must be from 0"},
      {"{\"protocol\": 1, \"status\": \"ok\", \"run_wall_s\": 1e999}", "real number overflow"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct gcm_row row = {0};
    struct message error = {""};
    assert_int_equal(read_record(cases[i].text, 0, &row, &error), -1);
    if (strstr(error.text, cases[i].part) == NULL) {
      fail_msg("no '%s' in: %s", cases[i].part, error.text);
    }
    for (int column = 0; column < GCM_COLUMN_COUNT; column++) {
      assert_false(row.values[column].present);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_good_record),
      cmocka_unit_test(test_status_goes_with_the_exit_code),
      cmocka_unit_test(test_messages_are_one_line),
      cmocka_unit_test(test_bad_records),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
