/* SPDX-License-Identifier: MIT */
#include "campaign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/columns.h"
#include "harness/driver/file.h"
#include "harness/driver/json_read.h"
#include "harness/number.h"

static const char file_name[] = "campaign.json";
enum { LONGEST_FILE = 16 * 1024 * 1024 };

const struct campaign_allocator campaign_system_allocator = {.name = "system"};

/* Zeroed room for the entries of an array, which may not be empty unless that is allowed. */
static void *make_room(struct json_reader *reader, const json_t *array, const char *key,
                       size_t entry_size, bool may_be_empty) {
  if (json_array_size(array) == 0 && !may_be_empty) {
    json_read_fail(reader, key, "must not be empty");
  }
  void *entries = calloc(json_array_size(array) + 1, entry_size);
  if (entries == NULL) {
    json_read_fail(reader, key, "does not fit in memory");
  }
  return entries;
}

static const char *read_hash(struct json_reader *reader, json_t *object) {
  const char *hash = json_read_string(reader, object, "fnv1a64");
  if (strlen(hash) != 16 || strspn(hash, "0123456789abcdef") != 16) {
    json_read_fail(reader, "fnv1a64", "must be 16 hexadecimal digits, is '%s'", hash);
  }
  return hash;
}

/* collector:option=value:option=value */
static char *configuration_name(const char *collector, json_t *options) {
  char *name = strdup(collector);
  const char *option = NULL;
  json_t *value = NULL;
  json_object_foreach(options, option, value) {
    char *longer = NULL;
    if (name == NULL || asprintf(&longer, "%s:%s=%s", name, option, json_string_value(value)) < 0) {
      longer = NULL;
    }
    free(name);
    name = longer;
  }
  return name;
}

static void read_options(struct json_reader *reader, json_t *object,
                         struct campaign_configuration *configuration) {
  configuration->options = json_read_object(reader, object, "options");
  const char *option = NULL;
  json_t *value = NULL;
  json_object_foreach(configuration->options, option, value) {
    const char *text = json_string_value(value);
    if (!json_is_name(option) || text == NULL || !json_is_name(text)) {
      json_read_fail(reader, "options", "must map names to names or numbers in quotes; see '%s'",
                     option);
    }
  }
}

static void read_supported(struct json_reader *reader, json_t *object,
                           struct campaign_configuration *configuration) {
  json_t *workloads = json_read_object(reader, object, "workloads");
  const char *name = NULL;
  json_t *needs = NULL;
  json_object_foreach(workloads, name, needs) {
    if (!json_is_name(name)) {
      json_read_fail(reader, "workloads", "must have names as keys; see '%s'", name);
    }
    json_read_names(reader, workloads, name);
  }
  configuration->workloads = workloads;
}

static void read_configuration(struct json_reader *reader, json_t *object,
                               struct campaign_configuration *configuration) {
  static const char *const keys[] = {"collector",    "options",   "runner", "fnv1a64",
                                     "capabilities", "workloads", NULL};
  json_read_only(reader, object, keys);
  configuration->collector = json_read_name(reader, object, "collector");
  configuration->runner = json_read_string(reader, object, "runner");
  if (configuration->runner[0] != '/') {
    json_read_fail(reader, "runner", "must be an absolute path, is '%s'", configuration->runner);
  }
  configuration->hash = read_hash(reader, object);
  configuration->capabilities = json_read_names(reader, object, "capabilities");
  read_supported(reader, object, configuration);
  read_options(reader, object, configuration);
  if (!reader->failed) {
    configuration->name = configuration_name(configuration->collector, configuration->options);
    if (configuration->name == NULL) {
      json_read_fail(reader, "collector", "does not fit in memory");
    }
  }
}

/* An entry of an array of objects; the reader speaks of "key[index]." until leave(). */
static json_t *enter(struct json_reader *reader, json_t *array, const char *key, size_t index) {
  json_t *object = json_array_get(array, index);
  if (!json_is_object(object)) {
    json_read_fail(reader, key, "must hold objects, holds %s", json_kind(object));
    return NULL;
  }
  snprintf(reader->where, sizeof reader->where, "%s[%zu].", key, index);
  return object;
}

static void leave(struct json_reader *reader) {
  reader->where[0] = '\0';
}

static void read_configurations(struct json_reader *reader, struct campaign *campaign) {
  static const char key[] = "configurations";
  json_t *array = json_read_array(reader, campaign->document, key);
  campaign->configurations = make_room(reader, array, key, sizeof *campaign->configurations, false);
  for (size_t i = 0; i < json_array_size(array) && !reader->failed; i++) {
    json_t *object = enter(reader, array, key, i);
    if (object == NULL) {
      return;
    }
    struct campaign_configuration *configuration = &campaign->configurations[i];
    campaign->configuration_count = i + 1;
    read_configuration(reader, object, configuration);
    leave(reader);
    for (size_t j = 0; j < i && !reader->failed; j++) {
      if (strcmp(configuration->name, campaign->configurations[j].name) == 0) {
        json_read_fail(reader, key, "holds '%s' twice", configuration->name);
      }
    }
  }
}

static void read_allocator(struct json_reader *reader, json_t *object,
                           struct campaign_allocator *allocator) {
  static const char *const keys[] = {"name", "library", "fnv1a64", NULL};
  json_read_only(reader, object, keys);
  allocator->name = json_read_name(reader, object, "name");
  if (json_object_get(object, "library") != NULL) {
    allocator->library = json_read_string(reader, object, "library");
    if (allocator->library[0] != '/') {
      json_read_fail(reader, "library", "must be an absolute path, is '%s'", allocator->library);
    }
    allocator->hash = read_hash(reader, object);
  }
}

static void read_allocators(struct json_reader *reader, struct campaign *campaign) {
  static const char key[] = "allocators";
  json_t *array = json_read_array(reader, campaign->document, key);
  campaign->allocators = make_room(reader, array, key, sizeof *campaign->allocators, false);
  for (size_t i = 0; i < json_array_size(array) && !reader->failed; i++) {
    json_t *object = enter(reader, array, key, i);
    if (object == NULL) {
      return;
    }
    read_allocator(reader, object, &campaign->allocators[i]);
    leave(reader);
    for (size_t j = 0; j < i; j++) {
      if (strcmp(campaign->allocators[i].name, campaign->allocators[j].name) == 0) {
        json_read_fail(reader, key, "holds '%s' twice", campaign->allocators[i].name);
      }
    }
    campaign->allocator_count = i + 1;
  }
}

static void read_workloads(struct json_reader *reader, struct campaign *campaign) {
  json_t *array = json_read_names(reader, campaign->document, "workloads");
  campaign->workloads = make_room(reader, array, "workloads", sizeof *campaign->workloads, false);
  for (size_t i = 0; i < json_array_size(array) && !reader->failed; i++) {
    campaign->workloads[i] = json_string_value(json_array_get(array, i));
    campaign->workload_count = i + 1;
  }
}

static void read_heaps(struct json_reader *reader, struct campaign *campaign) {
  json_t *array = json_read_array(reader, campaign->document, "heaps_bytes");
  campaign->heaps_bytes =
      make_room(reader, array, "heaps_bytes", sizeof *campaign->heaps_bytes, true);
  for (size_t i = 0; i < json_array_size(array) && !reader->failed; i++) {
    const json_t *value = json_array_get(array, i);
    json_int_t bytes = json_integer_value(value);
    if (!json_is_integer(value)) {
      json_read_fail(reader, "heaps_bytes", "must hold whole numbers, holds %s", json_kind(value));
    } else if (bytes < CAMPAIGN_LEAST_HEAP_BYTES || (uint64_t)bytes > CAMPAIGN_MOST_HEAP_BYTES) {
      json_read_fail(
          reader, "heaps_bytes", "must hold numbers from %u to %llu, holds %" JSON_INTEGER_FORMAT,
          CAMPAIGN_LEAST_HEAP_BYTES, (unsigned long long)CAMPAIGN_MOST_HEAP_BYTES, bytes);
    }
    for (size_t j = 0; j < i; j++) {
      if (campaign->heaps_bytes[j] == (uint64_t)bytes) {
        json_read_fail(reader, "heaps_bytes", "holds %" JSON_INTEGER_FORMAT " twice", bytes);
      }
    }
    campaign->heaps_bytes[i] = (uint64_t)bytes;
    campaign->heap_count = i + 1;
  }
}

static void read_scalars(struct json_reader *reader, struct campaign *campaign) {
  json_t *document = campaign->document;
  json_read_whole(reader, document, "schema", GCM_SCHEMA_VERSION, GCM_SCHEMA_VERSION);
  campaign->size = json_read_name(reader, document, "size");
  campaign->rounds = json_read_whole(reader, document, "rounds", 1, CAMPAIGN_MOST_ROUNDS);
  campaign->threads = json_read_whole(reader, document, "threads", 1, CAMPAIGN_MOST_THREADS);
  campaign->seed = json_read_whole(reader, document, "seed", 0, INT64_MAX);
  campaign->timeout_s = json_read_number(reader, document, "timeout_s", CAMPAIGN_LEAST_TIMEOUT_S,
                                         CAMPAIGN_MOST_TIMEOUT_S);
  campaign->memory_limit_bytes =
      json_read_whole(reader, document, "memory_limit_bytes", CAMPAIGN_LEAST_MEMORY_BYTES,
                      CAMPAIGN_MOST_MEMORY_BYTES);
  campaign->exit_mode = json_read_string(reader, document, "exit_mode");
  if (strcmp(campaign->exit_mode, "teardown") != 0 && strcmp(campaign->exit_mode, "abandon") != 0) {
    json_read_fail(reader, "exit_mode", "must be 'teardown' or 'abandon', is '%s'",
                   campaign->exit_mode);
  }
}

int campaign_from_document(const char *source, json_t *document, struct campaign *campaign,
                           struct message *error) {
  static const char *const keys[] = {
      "schema",  "configurations", "workloads", "size", "rounds",    "heaps_bytes",
      "threads", "allocators",     "exit_mode", "seed", "timeout_s", "memory_limit_bytes",
      NULL};
  struct json_reader reader = {.source = source, .error = error};
  *campaign = (struct campaign){.document = document};
  json_read_only(&reader, document, keys);
  read_scalars(&reader, campaign);
  read_configurations(&reader, campaign);
  read_workloads(&reader, campaign);
  read_heaps(&reader, campaign);
  read_allocators(&reader, campaign);
  if (reader.failed) {
    campaign_clear(campaign);
    return -1;
  }
  return 0;
}

int campaign_from_text(const char *source, const char *text, size_t length,
                       struct campaign *campaign, struct message *error) {
  json_t *document = json_read_text(source, text, length, error);
  *campaign = (struct campaign){0};
  return document == NULL ? -1 : campaign_from_document(source, document, campaign, error);
}

int campaign_read(const char *folder, struct campaign *campaign, struct message *error) {
  char *text = NULL;
  size_t length = 0;
  char *path = file_path(folder, file_name);
  *campaign = (struct campaign){0};
  if (path == NULL) {
    return message_set(error, "out of memory");
  }
  int result = file_read(path, LONGEST_FILE, &text, &length, error);
  if (result == 0) {
    result = campaign_from_text(path, text, length, campaign, error);
  }
  free(text);
  free(path);
  return result;
}

int campaign_write(const char *folder, const struct campaign *campaign, struct message *error) {
  char *text = json_dumps(campaign->document, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
  char *line = NULL;
  int result = -1;
  if (text == NULL || asprintf(&line, "%s\n", text) < 0) {
    line = NULL;
    message_set(error, "out of memory");
  } else {
    result = file_write_whole(folder, file_name, line, strlen(line), error);
  }
  free(line);
  free(text);
  return result;
}

bool campaign_exists(const char *folder) {
  char *path = file_path(folder, file_name);
  bool exists = path != NULL && access(path, F_OK) == 0;
  free(path);
  return exists;
}

void campaign_clear(struct campaign *campaign) {
  for (size_t i = 0; i < campaign->configuration_count; i++) {
    free(campaign->configurations[i].name);
  }
  free(campaign->configurations);
  free(campaign->workloads);
  free(campaign->heaps_bytes);
  free(campaign->allocators);
  json_decref(campaign->document);
  *campaign = (struct campaign){0};
}
