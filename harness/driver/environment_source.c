/* SPDX-License-Identifier: MIT */
#include "environment_source.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void trim_end(char *text, size_t length) {
  while (length > 0 && isspace((unsigned char)text[length - 1])) {
    length--;
  }
  text[length] = '\0';
}

char *environment_text(struct environment_source *source, const char *path) {
  char full[PATH_MAX];
  if (snprintf(full, sizeof full, "%s%s", source->root, path) >= (int)sizeof full) {
    return NULL;
  }
  FILE *file = fopen(full, "re");
  if (file == NULL) {
    return NULL;
  }
  char *text = malloc(ENVIRONMENT_TEXT_SIZE);
  if (text == NULL) {
    source->out_of_memory = true;
    fclose(file);
    return NULL;
  }
  size_t length = fread(text, 1, ENVIRONMENT_TEXT_SIZE - 1, file);
  bool failed = ferror(file) != 0; /* some files of /sys open and then refuse */
  fclose(file);
  if (failed) {
    free(text);
    return NULL;
  }
  trim_end(text, length);
  return text;
}

bool environment_field(const char *text, const char *key, char *out, size_t size) {
  size_t key_length = strlen(key);
  for (const char *line = text; line != NULL && *line != '\0';) {
    const char *end = strchr(line, '\n');
    if (strncmp(line, key, key_length) == 0) {
      const char *value = line + key_length;
      value += strspn(value, " \t");
      if (*value == ':') {
        value++;
        value += strspn(value, " \t");
        size_t length = end == NULL ? strlen(value) : (size_t)(end - value);
        snprintf(out, size, "%.*s", (int)length, value);
        return true;
      }
    }
    line = end == NULL ? NULL : end + 1;
  }
  return false;
}

static json_t *checked(struct environment_source *source, json_t *value) {
  source->out_of_memory = source->out_of_memory || value == NULL;
  return value;
}

void environment_make_ascii(char *text) {
  for (char *at = text; *at != '\0'; at++) {
    if ((unsigned char)*at >= 128) {
      *at = '?';
    }
  }
}

json_t *environment_string(struct environment_source *source, const char *text) {
  if (text == NULL) {
    return json_null();
  }
  json_t *value = json_string(text);
  if (value != NULL) {
    return value;
  }
  char *copy = strdup(text); /* not UTF-8: keep what is ASCII */
  if (copy != NULL) {
    environment_make_ascii(copy);
    value = json_string(copy);
  }
  free(copy);
  return checked(source, value);
}

json_t *environment_number(struct environment_source *source, const char *text) {
  if (text == NULL) {
    return json_null();
  }
  char *end = NULL;
  errno = 0;
  long long number = strtoll(text, &end, 10);
  if (end == text || errno != 0) {
    return json_null();
  }
  return checked(source, json_integer(number));
}

json_t *environment_string_file(struct environment_source *source, const char *path) {
  char *text = environment_text(source, path);
  json_t *value = environment_string(source, text);
  free(text);
  return value;
}

json_t *environment_number_file(struct environment_source *source, const char *path) {
  char *text = environment_text(source, path);
  json_t *value = environment_number(source, text);
  free(text);
  return value;
}

json_t *environment_choice_file(struct environment_source *source, const char *path) {
  char *text = environment_text(source, path);
  char *begin = text == NULL ? NULL : strchr(text, '[');
  char *end = begin == NULL ? NULL : strchr(begin, ']');
  if (end != NULL) {
    *end = '\0';
  }
  json_t *value = environment_string(source, end == NULL ? NULL : begin + 1);
  free(text);
  return value;
}

void environment_put(struct environment_source *source, json_t *object, const char *key,
                     json_t *value) {
  if (object == NULL || json_object_set_new(object, key, value) != 0) {
    source->out_of_memory = true;
    if (object == NULL) {
      json_decref(value);
    }
  }
}
