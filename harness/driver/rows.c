/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/number.h"

int rows_add(struct rows *rows, struct gcm_row *row) {
  if (rows->count == rows->capacity) {
    size_t capacity = rows->capacity == 0 ? 64 : rows->capacity * 2;
    struct gcm_row *list = realloc(rows->list, capacity * sizeof *list);
    if (list == NULL) {
      return -1;
    }
    rows->list = list;
    rows->capacity = capacity;
  }
  rows->list[rows->count++] = *row;
  *row = (struct gcm_row){0};
  return 0;
}

void rows_clear(struct rows *rows) {
  for (size_t i = 0; i < rows->count; i++) {
    gcm_row_clear(&rows->list[i]);
  }
  free(rows->list);
  *rows = (struct rows){0};
}

void rows_write_header(struct csv_writer *writer) {
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    csv_write_field(writer, gcm_columns[i].name);
    csv_write_byte(writer, i + 1 < GCM_COLUMN_COUNT ? ',' : '\n');
  }
}

static void write_value(struct csv_writer *writer, enum gcm_column_type type,
                        const struct gcm_value *value) {
  char text[NUMBER_TEXT_SIZE];
  switch (type) {
  case GCM_COLUMN_TEXT:
    csv_write_field(writer, value->text);
    return;
  case GCM_COLUMN_UINT:
    snprintf(text, sizeof text, "%" PRIu64, value->uint);
    csv_write_field(writer, text);
    return;
  case GCM_COLUMN_REAL:
    if (isfinite(value->real)) {
      number_format_real(text, value->real);
      csv_write_field(writer, text);
    }
    return;
  }
}

void rows_write(struct csv_writer *writer, const struct gcm_row *row) {
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    if (row->values[i].present) {
      write_value(writer, gcm_columns[i].type, &row->values[i]);
    }
    csv_write_byte(writer, i + 1 < GCM_COLUMN_COUNT ? ',' : '\n');
  }
}

static int read_value(const struct csv_field *field, enum gcm_column column, struct gcm_row *row) {
  uint64_t uint = 0;
  double real = 0;
  if (field->length == 0 && !field->quoted) {
    return 0;
  }
  if (strlen(field->text) != field->length) {
    return -1; /* a NUL inside */
  }
  switch (gcm_columns[column].type) {
  case GCM_COLUMN_TEXT:
    return gcm_row_set_text(row, column, field->text);
  case GCM_COLUMN_UINT:
    if (number_parse_uint(field->text, &uint) != 0) {
      return -1;
    }
    gcm_row_set_uint(row, column, uint);
    return 0;
  case GCM_COLUMN_REAL:
    if (number_parse_real(field->text, &real) != 0) {
      return -1;
    }
    gcm_row_set_real(row, column, real);
    return 0;
  }
  return -1;
}

static const char *type_name(enum gcm_column_type type) {
  return type == GCM_COLUMN_TEXT   ? "a text"
         : type == GCM_COLUMN_UINT ? "a whole number"
                                   : "a number";
}

static int read_row(const char *source, size_t line, const struct csv_reader *reader,
                    struct rows *rows, struct message *error) {
  struct gcm_row row = {0};
  if (reader->field_count != GCM_COLUMN_COUNT) {
    return message_set(error, "%s: record %zu has %zu fields, the header %d", source, line,
                       reader->field_count, GCM_COLUMN_COUNT);
  }
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    if (read_value(&reader->fields[i], (enum gcm_column)i, &row) != 0) {
      gcm_row_clear(&row);
      return message_set(error, "%s: record %zu: '%s' must be %s, is '%s'", source, line,
                         gcm_columns[i].name, type_name(gcm_columns[i].type),
                         reader->fields[i].text);
    }
  }
  if (rows_add(rows, &row) != 0) {
    gcm_row_clear(&row);
    return message_set(error, "%s: out of memory", source);
  }
  return 0;
}

static int read_header(const char *source, const struct csv_reader *reader, struct message *error) {
  for (size_t i = 0; i < GCM_COLUMN_COUNT && i < reader->field_count; i++) {
    if (strcmp(reader->fields[i].text, gcm_columns[i].name) != 0) {
      return message_set(error, "%s: column %zu must be '%s', is '%s' (another schema?)", source,
                         i + 1, gcm_columns[i].name, reader->fields[i].text);
    }
  }
  if (reader->field_count != GCM_COLUMN_COUNT) {
    return message_set(error, "%s: the header has %zu columns, not %d (another schema?)", source,
                       reader->field_count, GCM_COLUMN_COUNT);
  }
  return 0;
}

static int read_records(const char *source, struct csv_reader *reader, struct rows *rows,
                        struct message *error) {
  for (size_t line = 1;; line++) {
    int result = 0;
    switch (csv_reader_next(reader)) {
    case CSV_RECORD:
      result = line == 1 ? read_header(source, reader, error)
                         : read_row(source, line, reader, rows, error);
      break;
    case CSV_END:
    case CSV_PARTIAL:
      return 0;
    case CSV_MALFORMED:
      return message_set(error,
                         "%s: record %zu is not CSV: a quote or a carriage return is out of place",
                         source, line);
    case CSV_NO_MEMORY:
      return message_set(error, "%s: out of memory", source);
    }
    if (result != 0) {
      return result;
    }
  }
}

int rows_read(const char *source, const char *text, size_t length, struct rows *rows,
              size_t *complete, struct message *error) {
  struct csv_reader reader;
  *rows = (struct rows){0};
  if (csv_reader_begin(&reader, text, length) != 0) {
    return message_set(error, "%s: out of memory", source);
  }
  int result = read_records(source, &reader, rows, error);
  *complete = reader.offset;
  csv_reader_end(&reader);
  if (result != 0) {
    rows_clear(rows);
  }
  return result;
}
