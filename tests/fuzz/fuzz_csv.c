/* SPDX-License-Identifier: MIT
 *
 * Whatever stands in runs.csv: what can be read is written and read again as the same rows, and
 * written a third time as the same bytes. The header is put in front, since no fuzzer finds it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(const struct rows *rows, struct csv_writer *writer) {
  rows_write_header(writer);
  for (size_t i = 0; i < rows->count; i++) {
    rows_write(writer, &rows->list[i]);
  }
}

static void check_again(const struct rows *rows) {
  struct csv_writer first = {0};
  struct csv_writer second = {0};
  struct rows again;
  struct message error;
  size_t complete = 0;
  write_all(rows, &first);
  if (rows_read("again", first.text, first.length, &again, &complete, &error) != 0 ||
      complete != first.length || again.count != rows->count) {
    abort();
  }
  write_all(&again, &second);
  if (first.length != second.length || memcmp(first.text, second.text, first.length) != 0) {
    abort();
  }
  rows_clear(&again);
  csv_writer_clear(&first);
  csv_writer_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct csv_writer text = {0};
  struct rows rows;
  struct message error;
  size_t complete = 0;
  rows_write_header(&text);
  for (size_t i = 0; i < size; i++) {
    csv_write_byte(&text, (char)data[i]);
  }
  if (rows_read("input", text.text, text.length, &rows, &complete, &error) == 0) {
    if (complete > text.length) {
      abort();
    }
    check_again(&rows);
    rows_clear(&rows);
  }
  csv_writer_clear(&text);
  /* And without the header's help. */
  if (rows_read("input", (const char *)data, size, &rows, &complete, &error) == 0) {
    rows_clear(&rows);
  }
  return 0;
}
