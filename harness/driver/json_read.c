/* SPDX-License-Identifier: MIT */
#include "json_read.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/nearest.h"

enum { LONGEST_NAME = 64 };

json_t *json_read_text(const char *source, const char *text, size_t length, struct message *error) {
  json_error_t reason;
  json_t *document = json_loadb(text, length, JSON_REJECT_DUPLICATES, &reason);
  if (document == NULL) {
    message_set(error, "%s: line %d, column %d: %s", source, reason.line, reason.column,
                reason.text);
  } else if (!json_is_object(document)) {
    message_set(error, "%s: must be an object, is %s", source, json_kind(document));
    json_decref(document);
    return NULL;
  }
  return document;
}

const char *json_kind(const json_t *value) {
  if (value == NULL) {
    return "missing";
  }
  switch (json_typeof(value)) {
  case JSON_OBJECT:
    return "an object";
  case JSON_ARRAY:
    return "an array";
  case JSON_STRING:
    return "a string";
  case JSON_INTEGER:
    return "an integer";
  case JSON_REAL:
    return "a real number";
  case JSON_TRUE:
  case JSON_FALSE:
    return "a boolean";
  case JSON_NULL:
    return "null";
  }
  return "something else";
}

void json_read_fail(struct json_reader *reader, const char *key, const char *format, ...) {
  if (reader->failed) {
    return;
  }
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  message_set(reader->error, "%s: '%s%s' %s", reader->source, reader->where, key, text);
  reader->failed = true;
}

void json_read_only(struct json_reader *reader, json_t *object, const char *const *known) {
  size_t count = 0;
  while (known[count] != NULL) {
    count++;
  }
  const char *key = NULL;
  json_t *value = NULL;
  json_object_foreach(object, key, value) {
    const char *closest = nearest(key, known, count);
    if (strcmp(key, closest) != 0) {
      json_read_fail(reader, key, "is not a key: did you mean '%s'?", closest);
    }
  }
}

static bool is_printable(const char *text) {
  for (; *text != '\0'; text++) {
    if ((unsigned char)*text < ' ' || *text == 0x7f) {
      return false;
    }
  }
  return true;
}

const char *json_read_string(struct json_reader *reader, json_t *object, const char *key) {
  json_t *value = json_object_get(object, key);
  if (!json_is_string(value)) {
    json_read_fail(reader, key, "must be a string, is %s", json_kind(value));
    return "";
  }
  if (!is_printable(json_string_value(value))) {
    json_read_fail(reader, key, "must not contain control characters");
    return "";
  }
  return json_string_value(value);
}

uint64_t json_read_whole(struct json_reader *reader, json_t *object, const char *key,
                         uint64_t minimum, uint64_t maximum) {
  json_t *value = json_object_get(object, key);
  if (!json_is_integer(value)) {
    json_read_fail(reader, key, "must be a whole number, is %s", json_kind(value));
    return 0;
  }
  json_int_t number = json_integer_value(value);
  if (number < 0 || (uint64_t)number < minimum || (uint64_t)number > maximum) {
    json_read_fail(reader, key, "must be from %" PRIu64 " to %" PRIu64 ", is %" JSON_INTEGER_FORMAT,
                   minimum, maximum, number);
    return 0;
  }
  return (uint64_t)number;
}

double json_read_number(struct json_reader *reader, json_t *object, const char *key, double minimum,
                        double maximum) {
  json_t *value = json_object_get(object, key);
  if (!json_is_number(value)) {
    json_read_fail(reader, key, "must be a number, is %s", json_kind(value));
    return 0;
  }
  double number = json_number_value(value);
  if (!(number >= minimum && number <= maximum)) {
    json_read_fail(reader, key, "must be from %g to %g, is %g", minimum, maximum, number);
    return 0;
  }
  return number;
}

json_t *json_read_array(struct json_reader *reader, json_t *object, const char *key) {
  json_t *value = json_object_get(object, key);
  if (!json_is_array(value)) {
    json_read_fail(reader, key, "must be an array, is %s", json_kind(value));
    return NULL;
  }
  return value;
}

json_t *json_read_object(struct json_reader *reader, json_t *object, const char *key) {
  json_t *value = json_object_get(object, key);
  if (!json_is_object(value)) {
    json_read_fail(reader, key, "must be an object, is %s", json_kind(value));
    return NULL;
  }
  return value;
}

bool json_is_name(const char *text) {
  size_t length = strlen(text);
  return length > 0 && length <= LONGEST_NAME && text[0] != '-' &&
         strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

const char *json_read_name(struct json_reader *reader, json_t *object, const char *key) {
  const char *text = json_read_string(reader, object, key);
  if (!json_is_name(text)) {
    json_read_fail(reader, key, "must be a name of lower-case letters, digits and hyphens, is '%s'",
                   text);
    return "";
  }
  return text;
}

json_t *json_read_names(struct json_reader *reader, json_t *object, const char *key) {
  json_t *array = json_read_array(reader, object, key);
  for (size_t i = 0; i < json_array_size(array); i++) {
    const json_t *value = json_array_get(array, i);
    if (!json_is_string(value)) {
      json_read_fail(reader, key, "must hold strings, holds %s", json_kind(value));
      return NULL;
    }
    if (!json_is_name(json_string_value(value))) {
      json_read_fail(reader, key,
                     "must hold names of lower-case letters, digits and hyphens, holds '%s'",
                     json_string_value(value));
      return NULL;
    }
    for (size_t j = 0; j < i; j++) {
      if (json_equal(value, json_array_get(array, j))) {
        json_read_fail(reader, key, "holds '%s' twice", json_string_value(value));
        return NULL;
      }
    }
  }
  return array;
}

bool json_has(const json_t *array, const char *text) {
  for (size_t i = 0; i < json_array_size(array); i++) {
    const char *value = json_string_value(json_array_get(array, i));
    if (value != NULL && strcmp(value, text) == 0) {
      return true;
    }
  }
  return false;
}
