/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <string.h>

#include "harness/driver/json_read.h"

enum { PROTOCOL_VERSION = 1 };

static const char *const words[] = {
    [RECORD_OK] = "ok",       [RECORD_FAILED] = "failed",
    [RECORD_USAGE] = "usage", [RECORD_OUT_OF_HEAP] = "out-of-heap",
    [RECORD_WRONG] = "wrong", [RECORD_UNSUPPORTED] = "unsupported",
};

const char *record_status_word(int exit_code) {
  size_t index = (size_t)exit_code;
  return exit_code >= 0 && index < sizeof words / sizeof words[0] ? words[index]
                                                                  : words[RECORD_FAILED];
}

static void check_status(struct json_reader *reader, json_t *document, int exit_code) {
  const char *status = json_read_string(reader, document, "status");
  const char *expected = record_status_word(exit_code);
  if (exit_code == RECORD_USAGE || strcmp(status, expected) != 0) {
    json_read_fail(reader, "status", "is '%s', but exit code %d means '%s'", status, exit_code,
                   expected);
  }
}

/* Checks a value without keeping it, so that a record is taken whole or not at all. */
static void check_value(struct json_reader *reader, json_t *document,
                        const struct gcm_column_description *column) {
  json_t *value = json_object_get(document, column->name);
  if (value == NULL || column->source != GCM_COLUMN_RUNNER) {
    return;
  }
  switch (column->type) {
  case GCM_COLUMN_TEXT:
    json_read_string(reader, document, column->name);
    return;
  case GCM_COLUMN_UINT:
    json_read_whole(reader, document, column->name, 0, INT64_MAX);
    return;
  case GCM_COLUMN_REAL:
    /* Every REAL is a time. */
    json_read_number(reader, document, column->name, 0, 1e300);
    return;
  }
}

static int take_value(json_t *document, enum gcm_column column, struct gcm_row *row) {
  const struct gcm_column_description *description = &gcm_columns[column];
  const json_t *value = json_object_get(document, description->name);
  if (value == NULL || description->source != GCM_COLUMN_RUNNER) {
    return 0;
  }
  switch (description->type) {
  case GCM_COLUMN_TEXT:
    return gcm_row_set_text(row, column, json_string_value(value));
  case GCM_COLUMN_UINT:
    gcm_row_set_uint(row, column, (uint64_t)json_integer_value(value));
    return 0;
  case GCM_COLUMN_REAL:
    gcm_row_set_real(row, column, json_number_value(value));
    return 0;
  }
  return -1;
}

/* Makes one line of the text. */
static int set_line(struct gcm_row *row, enum gcm_column column, const char *text) {
  if (gcm_row_set_text(row, column, text) != 0) {
    return -1;
  }
  for (char *at = row->values[column].text; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ' || *at == 0x7f) {
      *at = ' ';
    }
  }
  return 0;
}

static int take(json_t *document, int exit_code, struct gcm_row *row) {
  const json_t *message = json_object_get(document, "message");
  int result = gcm_row_set_text(row, GCM_COLUMN_status, record_status_word(exit_code));
  if (result == 0 && exit_code != RECORD_OK && message != NULL) {
    result = set_line(row, GCM_COLUMN_message, json_string_value(message));
  }
  for (int i = 0; i < GCM_COLUMN_COUNT && result == 0; i++) {
    result = take_value(document, (enum gcm_column)i, row);
  }
  return result;
}

int record_read(const char *text, size_t length, int exit_code, struct gcm_row *row,
                struct message *error) {
  json_t *document = json_read_text("record", text, length, error);
  if (document == NULL) {
    return -1;
  }
  struct json_reader reader = {.source = "record", .error = error};
  json_read_whole(&reader, document, "protocol", PROTOCOL_VERSION, PROTOCOL_VERSION);
  check_status(&reader, document, exit_code);
  const json_t *message = json_object_get(document, "message");
  if (message != NULL && !json_is_string(message)) {
    json_read_fail(&reader, "message", "must be a string, is %s", json_kind(message));
  }
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    check_value(&reader, document, &gcm_columns[i]);
  }
  int result = reader.failed ? -1 : take(document, exit_code, row);
  if (result != 0 && !reader.failed) {
    message_set(error, "record: out of memory");
  }
  json_decref(document);
  return result;
}
