/* SPDX-License-Identifier: MIT
 *
 * Comma-separated values as RFC 4180 has them, with lines that end in LF when written, in LF or
 * CRLF when read. Text outside quotes is empty; "" in quotes is an empty text: so a missing value
 * and an empty one differ.
 */
#ifndef GCMARK_DRIVER_CSV_H
#define GCMARK_DRIVER_CSV_H

#include <stdbool.h>
#include <stddef.h>

struct csv_field {
  const char *text; /* NUL-terminated; points into the reader's buffer */
  size_t length;    /* differs from strlen(text) if the field holds a NUL */
  bool quoted;
};

/* Reads records from a text in memory, one after the other. */
struct csv_reader {
  const char *text; /* borrowed */
  size_t length;
  size_t offset; /* where the next record begins: everything before it is complete */
  char *buffer;  /* the unquoted fields of the last record */
  struct csv_field *fields;
  size_t field_count;
  size_t field_capacity;
};

enum csv_result {
  CSV_RECORD,
  CSV_END,
  CSV_PARTIAL,   /* the text ends inside a record: without the newline that ends it */
  CSV_MALFORMED, /* a quote where none may be */
  CSV_NO_MEMORY
};

/* -1 if memory ran out. The text must outlive the reader. */
int csv_reader_begin(struct csv_reader *reader, const char *text, size_t length);

/* The fields stay valid until the next call. The offset moves on only for CSV_RECORD. */
enum csv_result csv_reader_next(struct csv_reader *reader);

void csv_reader_end(struct csv_reader *reader);

/* A text that grows; all zero when empty. */
struct csv_writer {
  char *text; /* malloc, owned; not NUL-terminated */
  size_t length;
  size_t capacity;
  bool failed; /* memory ran out; stays so */
};

/* Appends a field as it must stand, with quotes if it needs them. No separator. */
void csv_write_field(struct csv_writer *writer, const char *text);
void csv_write_byte(struct csv_writer *writer, char byte);
void csv_writer_clear(struct csv_writer *writer);

#endif
