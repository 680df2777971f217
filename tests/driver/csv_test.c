/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/csv.h"
#include "harness/driver/rows.h"

static enum csv_result read_first(const char *text, struct csv_reader *reader) {
  assert_int_equal(csv_reader_begin(reader, text, strlen(text)), 0);
  return csv_reader_next(reader);
}

static void test_fields(void **state) {
  (void)state;
  struct csv_reader reader;
  assert_int_equal(read_first("a,,\"\",\"b,\"\"c\"\"\n d\"\r\nnext\n", &reader), CSV_RECORD);
  assert_int_equal(reader.field_count, 4);
  assert_string_equal(reader.fields[0].text, "a");
  assert_int_equal(reader.fields[1].length, 0);
  assert_false(reader.fields[1].quoted);
  assert_int_equal(reader.fields[2].length, 0);
  assert_true(reader.fields[2].quoted);
  assert_string_equal(reader.fields[3].text, "b,\"c\"\n d");
  assert_int_equal(csv_reader_next(&reader), CSV_RECORD);
  assert_string_equal(reader.fields[0].text, "next");
  assert_int_equal(csv_reader_next(&reader), CSV_END);
  csv_reader_end(&reader);
}

static void test_ends_and_errors(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum csv_result result;
  } cases[] = {
      {"", CSV_END},
      {"a", CSV_PARTIAL},
      {"a,", CSV_PARTIAL},
      {"a,\"b", CSV_PARTIAL},
      {"a,\"b\"", CSV_PARTIAL},
      {"a,\"b\"\"", CSV_PARTIAL},
      {"a\r", CSV_PARTIAL},
      {"a\"b\n", CSV_MALFORMED},
      {"\"a\"b\n", CSV_MALFORMED},
      {"a\rb\n", CSV_MALFORMED},
      {"\n", CSV_RECORD},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct csv_reader reader;
    assert_int_equal(read_first(cases[i].text, &reader), cases[i].result);
    if (cases[i].result != CSV_RECORD) {
      assert_int_equal(reader.offset, 0);
    }
    csv_reader_end(&reader);
  }
}

static void fill(struct gcm_row *row, uint64_t run) {
  gcm_row_set_uint(row, GCM_COLUMN_run, run);
  gcm_row_set_uint(row, GCM_COLUMN_allocated_bytes, UINT64_MAX);
  gcm_row_set_real(row, GCM_COLUMN_run_wall_s, 0.1 + 0.2);
  gcm_row_set_text(row, GCM_COLUMN_collector, "none:source=malloc");
  gcm_row_set_text(row, GCM_COLUMN_message, "said \"no\",\nand went");
  gcm_row_set_text(row, GCM_COLUMN_answer, "");
}

static void write_sample(struct csv_writer *writer) {
  struct gcm_row row = {0};
  rows_write_header(writer);
  for (uint64_t run = 0; run < 2; run++) {
    fill(&row, run);
    rows_write(writer, &row);
    gcm_row_clear(&row);
  }
}

static void test_rows_come_back(void **state) {
  (void)state;
  struct csv_writer writer = {0};
  struct rows rows;
  struct message error;
  size_t complete = 0;
  write_sample(&writer);
  assert_int_equal(rows_read("it", writer.text, writer.length, &rows, &complete, &error), 0);
  assert_int_equal(complete, writer.length);
  assert_int_equal(rows.count, 2);
  const struct gcm_value *values = rows.list[1].values;
  assert_int_equal(values[GCM_COLUMN_run].uint, 1);
  assert_true(values[GCM_COLUMN_allocated_bytes].uint == UINT64_MAX);
  assert_true(values[GCM_COLUMN_run_wall_s].real == 0.1 + 0.2);
  assert_string_equal(values[GCM_COLUMN_message].text, "said \"no\",\nand went");
  assert_true(values[GCM_COLUMN_answer].present); /* an empty text is not a missing one */
  assert_string_equal(values[GCM_COLUMN_answer].text, "");
  assert_false(values[GCM_COLUMN_workload].present);
  assert_false(values[GCM_COLUMN_collections].present);
  rows_clear(&rows);
  csv_writer_clear(&writer);
}

/* However a file is cut, the complete rows before the cut are read, and no half one. */
static void test_every_cut(void **state) {
  (void)state;
  struct csv_writer writer = {0};
  struct message error;
  write_sample(&writer);
  size_t header = (size_t)((char *)memchr(writer.text, '\n', writer.length) - writer.text) + 1;
  size_t row = (writer.length - header) / 2;
  for (size_t length = 0; length <= writer.length; length++) {
    struct rows rows;
    size_t complete = 0;
    assert_int_equal(rows_read("it", writer.text, length, &rows, &complete, &error), 0);
    size_t expected = length < header ? 0 : (length - header) / row;
    assert_int_equal(rows.count, expected);
    assert_int_equal(complete, length < header ? 0 : header + expected * row);
    rows_clear(&rows);
  }
  csv_writer_clear(&writer);
}

static void assert_refused(const char *header, const char *row, const char *part) {
  char text[8192];
  struct rows rows;
  struct message error;
  size_t complete = 0;
  snprintf(text, sizeof text, "%s%s", header, row);
  assert_int_equal(rows_read("runs.csv", text, strlen(text), &rows, &complete, &error), -1);
  assert_non_null(strstr(error.text, "runs.csv"));
  if (strstr(error.text, part) == NULL) {
    fail_msg("no '%s' in: %s", part, error.text);
  }
}

static void test_refusals(void **state) {
  (void)state;
  struct csv_writer writer = {0};
  rows_write_header(&writer);
  csv_write_byte(&writer, '\0');
  assert_refused("", "schema,run,raund\n", "column 3 must be 'round', is 'raund'");
  assert_refused("", "schema,run\n", "has 2 columns");
  assert_refused(writer.text, "1,2\n", "record 2 has 2 fields");
  char row[GCM_COLUMN_COUNT + 16];
  memset(row, ',', sizeof row);
  snprintf(row, sizeof row, "x");
  memset(row + 1, ',', GCM_COLUMN_COUNT - 1);
  snprintf(row + GCM_COLUMN_COUNT, 2, "\n");
  assert_refused(writer.text, row, "record 2: 'schema' must be a whole number, is 'x'");
  row[0] = '"';
  assert_refused(writer.text, "a\"b\n", "record 2 is not CSV");
  csv_writer_clear(&writer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields),         cmocka_unit_test(test_ends_and_errors),
      cmocka_unit_test(test_rows_come_back), cmocka_unit_test(test_every_cut),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
