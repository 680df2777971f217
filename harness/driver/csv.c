/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <stdlib.h>
#include <string.h>

int csv_reader_begin(struct csv_reader *reader, const char *text, size_t length) {
  *reader = (struct csv_reader){.text = text, .length = length};
  /*
   * Unquoting never lengthens: a field is at most its bytes in the text and a NUL, which takes the
   * place of the separator; only the last one before the end of the text has none.
   */
  reader->buffer = malloc(length + 1);
  return reader->buffer == NULL ? -1 : 0;
}

void csv_reader_end(struct csv_reader *reader) {
  free(reader->buffer);
  free(reader->fields);
  *reader = (struct csv_reader){0};
}

static int add_field(struct csv_reader *reader, const char *text, size_t length, bool quoted) {
  if (reader->field_count == reader->field_capacity) {
    size_t capacity = reader->field_capacity == 0 ? 128 : reader->field_capacity * 2;
    struct csv_field *fields = realloc(reader->fields, capacity * sizeof *fields);
    if (fields == NULL) {
      return -1;
    }
    reader->fields = fields;
    reader->field_capacity = capacity;
  }
  reader->fields[reader->field_count++] =
      (struct csv_field){.text = text, .length = length, .quoted = quoted};
  return 0;
}

/* Copies what is between quotes; *at stands behind the first one and ends behind the last. */
static enum csv_result take_quoted(const struct csv_reader *reader, size_t *at, char **out) {
  while (*at < reader->length) {
    char byte = reader->text[(*at)++];
    if (byte == '"') {
      if (*at == reader->length) {
        return CSV_PARTIAL; /* cannot tell an end from half of a doubled quote */
      }
      if (reader->text[*at] != '"') {
        return CSV_RECORD;
      }
      (*at)++;
    }
    *(*out)++ = byte;
  }
  return CSV_PARTIAL;
}

static enum csv_result take_plain(const struct csv_reader *reader, size_t *at, char **out) {
  while (*at < reader->length) {
    char byte = reader->text[*at];
    if (byte == ',' || byte == '\n' || byte == '\r') {
      return CSV_RECORD;
    }
    if (byte == '"') {
      return CSV_MALFORMED;
    }
    *(*out)++ = byte;
    (*at)++;
  }
  return CSV_PARTIAL;
}

/* Behind a field: a comma (CSV_RECORD, *last unset), or the end of the line (*last set). */
static enum csv_result take_separator(const struct csv_reader *reader, size_t *at, bool *last) {
  if (*at < reader->length && reader->text[*at] == '\r') {
    (*at)++;
    if (*at < reader->length && reader->text[*at] != '\n') {
      return CSV_MALFORMED;
    }
  }
  if (*at == reader->length) {
    return CSV_PARTIAL;
  }
  char byte = reader->text[(*at)++];
  *last = byte == '\n';
  return byte == ',' || byte == '\n' ? CSV_RECORD : CSV_MALFORMED;
}

enum csv_result csv_reader_next(struct csv_reader *reader) {
  size_t at = reader->offset;
  char *out = reader->buffer;
  bool last = false;
  reader->field_count = 0;
  if (at == reader->length) {
    return CSV_END;
  }
  while (!last) {
    char *begin = out;
    bool quoted = at < reader->length && reader->text[at] == '"';
    at += quoted;
    enum csv_result result =
        quoted ? take_quoted(reader, &at, &out) : take_plain(reader, &at, &out);
    if (result == CSV_RECORD) {
      result = take_separator(reader, &at, &last);
    }
    if (result != CSV_RECORD) {
      return result;
    }
    size_t length = (size_t)(out - begin);
    *out++ = '\0';
    if (add_field(reader, begin, length, quoted) != 0) {
      return CSV_NO_MEMORY;
    }
  }
  reader->offset = at;
  return CSV_RECORD;
}

void csv_write_byte(struct csv_writer *writer, char byte) {
  if (writer->length == writer->capacity && !writer->failed) {
    size_t capacity = writer->capacity == 0 ? 1024 : writer->capacity * 2;
    char *text = realloc(writer->text, capacity);
    if (text == NULL) {
      writer->failed = true;
    } else {
      writer->text = text;
      writer->capacity = capacity;
    }
  }
  if (!writer->failed) {
    writer->text[writer->length++] = byte;
  }
}

void csv_write_field(struct csv_writer *writer, const char *text) {
  bool quoted = *text == '\0' || strpbrk(text, ",\"\r\n") != NULL;
  if (quoted) {
    csv_write_byte(writer, '"');
  }
  for (; *text != '\0'; text++) {
    if (*text == '"') {
      csv_write_byte(writer, '"');
    }
    csv_write_byte(writer, *text);
  }
  if (quoted) {
    csv_write_byte(writer, '"');
  }
}

void csv_writer_clear(struct csv_writer *writer) {
  free(writer->text);
  *writer = (struct csv_writer){0};
}
