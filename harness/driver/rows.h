/* SPDX-License-Identifier: MIT
 *
 * runs.csv in memory: a header that names the columns of columns.def in their order, and rows
 * whose values have the columns' types.
 */
#ifndef GCMARK_DRIVER_ROWS_H
#define GCMARK_DRIVER_ROWS_H

#include <stddef.h>

#include "harness/columns.h"
#include "harness/driver/csv.h"
#include "harness/message.h"

/* All zero when empty. */
struct rows {
  struct gcm_row *list;
  size_t count;
  size_t capacity;
};

/* Appends a row and takes over its texts; on -1 (memory) the row is still the caller's. */
int rows_add(struct rows *rows, struct gcm_row *row);
void rows_clear(struct rows *rows);

void rows_write_header(struct csv_writer *writer);
void rows_write(struct csv_writer *writer, const struct gcm_row *row);

/*
 * Reads a whole file's text; source names it in errors. *complete is set to the length of the
 * complete part: what lies behind it is the beginning of a line that was never finished, and is
 * not read. It is 0 if not even the header is complete.
 */
int rows_read(const char *source, const char *text, size_t length, struct rows *rows,
              size_t *complete, struct message *error);

#endif
