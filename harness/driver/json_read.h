/* SPDX-License-Identifier: MIT
 *
 * Reading JSON that someone else wrote, strictly: every failure is one line that names the file,
 * the key and what was wrong with it. After the first failure a reader stays failed, so that a
 * sequence of reads needs one check at its end.
 */
#ifndef GCMARK_DRIVER_JSON_READ_H
#define GCMARK_DRIVER_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/message.h"

struct json_reader {
  const char *source; /* what the messages call the document, borrowed */
  char where[96];     /* the object being read, as "options[1]."; empty at the top */
  bool failed;
  struct message *error; /* the first failure */
};

/* Parses a whole text, without duplicate keys; its top must be an object. NULL with error. */
json_t *json_read_text(const char *source, const char *text, size_t length, struct message *error);

/* Notes a failure about a key. */
void json_read_fail(struct json_reader *reader, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fails on a key that is not in the list (NULL-terminated), naming the nearest. */
void json_read_only(struct json_reader *reader, json_t *object, const char *const *known);

/*
 * Values that must be there. A failed read returns an empty value: "", 0, NULL. Texts contain no
 * control characters.
 */
const char *json_read_string(struct json_reader *reader, json_t *object, const char *key);
uint64_t json_read_whole(struct json_reader *reader, json_t *object, const char *key,
                         uint64_t minimum, uint64_t maximum);
double json_read_number(struct json_reader *reader, json_t *object, const char *key, double minimum,
                        double maximum);
json_t *json_read_array(struct json_reader *reader, json_t *object, const char *key);
json_t *json_read_object(struct json_reader *reader, json_t *object, const char *key);

/* Lower-case letters, digits and hyphens, as collectors, workloads and options are named. */
bool json_is_name(const char *text);
const char *json_read_name(struct json_reader *reader, json_t *object, const char *key);

/* An array of distinct names. */
json_t *json_read_names(struct json_reader *reader, json_t *object, const char *key);

/* Whether an array of strings holds the text. */
bool json_has(const json_t *array, const char *text);

/* "a string", "an integer", ...; "missing" for NULL. */
const char *json_kind(const json_t *value);

#endif
