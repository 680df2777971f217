/* SPDX-License-Identifier: MIT */
#include "description.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/json_read.h"

enum { PROTOCOL_VERSION = 1, MOST_ENTRIES = 4096 };

static const char *const families[] = {"none",   "counting",     "conservative", "precise",
                                       "moving", "generational", "runtime",      "checking"};

static void check_family(struct json_reader *reader, const char *family) {
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
    if (strcmp(family, families[i]) == 0) {
      return;
    }
  }
  json_read_fail(reader, "family", "is not a family of the protocol: '%s'", family);
}

static void read_option(struct json_reader *reader, json_t *object,
                        struct description_option *option) {
  option->name = json_read_name(reader, object, "name");
  option->default_text = json_read_string(reader, object, "default");
  option->help = json_read_string(reader, object, "help");
  const char *type = json_read_string(reader, object, "type");
  if (strcmp(type, "integer") == 0) {
    option->type = DESCRIPTION_INTEGER;
    option->minimum = json_read_whole(reader, object, "minimum", 0, INT64_MAX);
    option->maximum = json_read_whole(reader, object, "maximum", option->minimum, INT64_MAX);
  } else if (strcmp(type, "choice") == 0) {
    option->type = DESCRIPTION_CHOICE;
    option->choices = json_read_names(reader, object, "choices");
  } else {
    json_read_fail(reader, "type", "must be 'integer' or 'choice', is '%s'", type);
  }
}

static void read_workload(struct json_reader *reader, json_t *object,
                          struct description_workload *workload) {
  workload->name = json_read_name(reader, object, "name");
  workload->description = json_read_string(reader, object, "description");
  workload->minimum = json_read_whole(reader, object, "minimum", 0, INT64_MAX);
  workload->maximum = json_read_whole(reader, object, "maximum", workload->minimum, INT64_MAX);
  workload->needs = json_read_names(reader, object, "needs");
  workload->sizes = json_read_object(reader, object, "sizes");
  const char *name = NULL;
  json_t *value = NULL;
  json_object_foreach(workload->sizes, name, value) {
    if (!json_is_name(name) || !json_is_integer(value) || json_integer_value(value) < 0) {
      json_read_fail(reader, "sizes", "must give a whole number to every name; see '%s'", name);
    }
  }
}

/* Prepares for an array of objects; the memory is zeroed. NULL with the reader failed. */
static void *begin_entries(struct json_reader *reader, const json_t *array, const char *key,
                           size_t entry_size) {
  if (json_array_size(array) > MOST_ENTRIES) {
    json_read_fail(reader, key, "has more than %d entries", MOST_ENTRIES);
    return NULL;
  }
  void *entries = calloc(json_array_size(array) + 1, entry_size);
  if (entries == NULL) {
    json_read_fail(reader, key, "does not fit in memory");
  }
  return entries;
}

static json_t *enter(struct json_reader *reader, json_t *array, const char *key, size_t index) {
  json_t *object = json_array_get(array, index);
  if (!json_is_object(object)) {
    json_read_fail(reader, key, "must hold objects, holds %s", json_kind(object));
    return NULL;
  }
  snprintf(reader->where, sizeof reader->where, "%s[%zu].", key, index);
  return object;
}

static void read_options(struct json_reader *reader, json_t *document,
                         struct description *description) {
  json_t *array = json_read_array(reader, document, "options");
  description->options = begin_entries(reader, array, "options", sizeof *description->options);
  for (size_t i = 0; i < json_array_size(array) && !reader->failed; i++) {
    json_t *object = enter(reader, array, "options", i);
    if (object != NULL) {
      read_option(reader, object, &description->options[description->option_count++]);
    }
    reader->where[0] = '\0';
  }
}

static void read_workloads(struct json_reader *reader, json_t *document, const char *key,
                           struct description_workload **workloads, size_t *count) {
  json_t *array = json_read_array(reader, document, key);
  struct description_workload *entries = begin_entries(reader, array, key, sizeof *entries);
  *workloads = entries;
  for (size_t i = 0; i < json_array_size(array) && !reader->failed; i++) {
    json_t *object = enter(reader, array, key, i);
    if (entries == NULL || object == NULL) {
      return;
    }
    read_workload(reader, object, &entries[i]);
    if (!reader->failed && description_find(entries, i, entries[i].name) != NULL) {
      json_read_fail(reader, "name", "is '%s' a second time", entries[i].name);
    }
    *count = i + 1;
    reader->where[0] = '\0';
  }
}

int description_read(const char *source, const char *text, size_t length,
                     struct description *description, struct message *error) {
  *description = (struct description){0};
  json_t *document = json_read_text(source, text, length, error);
  if (document == NULL) {
    return -1;
  }
  struct json_reader reader = {.source = source, .error = error};
  description->document = document;
  json_read_whole(&reader, document, "protocol", PROTOCOL_VERSION, PROTOCOL_VERSION);
  description->collector = json_read_name(&reader, document, "collector");
  description->description = json_read_string(&reader, document, "description");
  description->family = json_read_string(&reader, document, "family");
  check_family(&reader, description->family);
  description->build = json_read_object(&reader, document, "build");
  description->capabilities = json_read_names(&reader, document, "capabilities");
  read_options(&reader, document, description);
  read_workloads(&reader, document, "workloads", &description->workloads,
                 &description->workload_count);
  if (json_object_get(document, "conformance") != NULL) {
    read_workloads(&reader, document, "conformance", &description->conformance,
                   &description->conformance_count);
  }
  if (reader.failed) {
    description_clear(description);
    return -1;
  }
  return 0;
}

void description_clear(struct description *description) {
  free(description->options);
  free(description->workloads);
  free(description->conformance);
  json_decref(description->document);
  *description = (struct description){0};
}

const struct description_workload *description_find(const struct description_workload *workloads,
                                                    size_t count, const char *name) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(workloads[i].name, name) == 0) {
      return &workloads[i];
    }
  }
  return NULL;
}

const char *description_unmet_need(const json_t *needs, const json_t *capabilities) {
  for (size_t i = 0; i < json_array_size(needs); i++) {
    const char *need = json_string_value(json_array_get(needs, i));
    if (need != NULL && !json_has(capabilities, need)) {
      return need;
    }
  }
  return NULL;
}
