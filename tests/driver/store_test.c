/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/driver/store.h"
#include "tests/driver/sample.h"

static struct campaign campaign;
static struct plan plan;
static char folder[] = "/tmp/gcmark-store-XXXXXX";
static char path[64];

static int begin(void **state) {
  (void)state;
  struct message error;
  if (mkdtemp(folder) == NULL) {
    return -1;
  }
  snprintf(path, sizeof path, "%s/runs.csv", folder);
  return campaign_from_text("it", sample_campaign, strlen(sample_campaign), &campaign, &error) == 0
             ? plan_make(&campaign, &plan, &error)
             : -1;
}

static int end(void **state) {
  (void)state;
  plan_clear(&plan);
  campaign_clear(&campaign);
  remove(path);
  return remove(folder);
}

static void append(struct store *store, size_t index, const char *status) {
  struct gcm_row row = {0};
  struct message error;
  assert_int_equal(plan_fill_row(&campaign, &plan, index, &row), 0);
  assert_int_equal(gcm_row_set_text(&row, GCM_COLUMN_status, status), 0);
  assert_int_equal(store_append(store, &row, &error), 0);
}

/* A new file with the first rows of the plan. */
static void write_rows(size_t count) {
  struct store store;
  struct message error;
  remove(path);
  assert_int_equal(store_open(folder, &campaign, &plan, &store, &error), 0);
  for (size_t i = 0; i < count; i++) {
    append(&store, i, "ok");
  }
  assert_int_equal(store_close(&store, &error), 0);
}

/* Adds bytes to the file's end. */
static void spoil(const char *text, size_t length) {
  FILE *file = fopen(path, "ae");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

static long file_length(void) {
  FILE *file = fopen(path, "re");
  assert_non_null(file);
  fseek(file, 0, SEEK_END);
  long length = ftell(file);
  fclose(file);
  return length;
}

static void test_open_again(void **state) {
  (void)state;
  struct store store;
  struct message error;
  write_rows(3);
  assert_int_equal(store_open(folder, &campaign, &plan, &store, &error), 0);
  assert_int_equal(store.rows.count, 3);
  for (size_t i = 0; i < plan.count; i++) {
    assert_int_equal(store.done[i], i < 3);
  }
  append(&store, 7, "ok");
  assert_true(store.done[7]);
  assert_int_equal(store.rows.count, 4);
  assert_int_equal(store_close(&store, &error), 0);
}

static void test_partial_row_is_cut_off(void **state) {
  (void)state;
  static const char *const beginnings[] = {"1", "1,3,1,\"rc", "1,3,1,rc,\"trees\""};
  for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
    struct store store;
    struct message error;
    write_rows(3);
    long whole = file_length();
    spoil(beginnings[i], strlen(beginnings[i]));
    assert_int_equal(store_open(folder, &campaign, &plan, &store, &error), 0);
    assert_int_equal(store.rows.count, 3);
    assert_int_equal(file_length(), whole);
    assert_int_equal(store_close(&store, &error), 0);
  }
}

/* Cut anywhere in its header, the file is begun anew; another header is not ours to touch. */
static void test_partial_header(void **state) {
  (void)state;
  struct store store;
  struct message error;
  write_rows(0);
  long whole = file_length();
  for (long length = 0; length < whole; length += 97) {
    FILE *file = fopen(path, "r+e");
    assert_int_equal(ftruncate(fileno(file), length), 0);
    fclose(file);
    assert_int_equal(store_open(folder, &campaign, &plan, &store, &error), 0);
    assert_int_equal(store_close(&store, &error), 0);
    assert_int_equal(file_length(), whole);
  }
  remove(path);
  spoil("name,age", 8);
  assert_int_equal(store_open(folder, &campaign, &plan, &store, &error), -1);
  assert_int_equal(file_length(), 8);
}

static void assert_not_opened(const char *part) {
  struct store store;
  struct message error = {""};
  long before = file_length();
  assert_int_equal(store_open(folder, &campaign, &plan, &store, &error), -1);
  assert_non_null(strstr(error.text, path));
  if (strstr(error.text, part) == NULL) {
    fail_msg("no '%s' in: %s", part, error.text);
  }
  assert_int_equal(file_length(), before);
}

static void spoil_with_row(size_t index, enum gcm_column column, uint64_t value) {
  struct csv_writer writer = {0};
  struct gcm_row row = {0};
  assert_int_equal(plan_fill_row(&campaign, &plan, index, &row), 0);
  gcm_row_set_uint(&row, column, value);
  rows_write(&writer, &row);
  spoil(writer.text, writer.length);
  csv_writer_clear(&writer);
  gcm_row_clear(&row);
}

static void test_rows_that_do_not_belong(void **state) {
  (void)state;
  write_rows(3);
  spoil_with_row(1, GCM_COLUMN_threads, 1);
  assert_not_opened("run 1 is there twice");
  write_rows(3);
  spoil_with_row(5, GCM_COLUMN_threads, 9);
  assert_not_opened("run 5: 'threads' is not what campaign.json plans");
  write_rows(3);
  spoil_with_row(5, GCM_COLUMN_run, plan.count);
  assert_not_opened("not in the plan");
}

static void test_lock(void **state) {
  (void)state;
  struct message error = {""};
  int first = store_lock(folder, &error);
  assert_true(first >= 0);
  assert_int_equal(store_lock(folder, &error), -1);
  assert_non_null(strstr(error.text, "another gcmark"));
  close(first);
  first = store_lock(folder, &error);
  assert_true(first >= 0);
  close(first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_open_again),     cmocka_unit_test(test_partial_row_is_cut_off),
      cmocka_unit_test(test_partial_header), cmocka_unit_test(test_rows_that_do_not_belong),
      cmocka_unit_test(test_lock),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
