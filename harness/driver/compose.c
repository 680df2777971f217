/* SPDX-License-Identifier: MIT */
#include "compose.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "harness/columns.h"
#include "harness/driver/allocators.h"
#include "harness/driver/configuration.h"
#include "harness/driver/file.h"
#include "harness/driver/json_read.h"
#include "harness/driver/limits.h"
#include "harness/nearest.h"
#include "harness/quantity.h"

enum { MOST_ENTRIES = 256 };

/* What the campaign's document is made from, in the order it is read. */
struct composition {
  const struct options *options;
  const struct runners *runners;
  const struct runner *chosen[MOST_ENTRIES]; /* by configuration */
  size_t chosen_count;
  json_t *document;
  struct message *error;
};

static int no_memory(struct message *error) {
  return message_set(error, "out of memory");
}

/*
 * Calls add for each entry of a list separated by commas. The copy it gets may be changed and is
 * gone afterwards.
 */
static int for_each(struct composition *composition, enum option_id option,
                    int (*add)(struct composition *composition, char *entry, json_t *array),
                    json_t *array) {
  const char *text = options_text(composition->options, option);
  const char *name = options_name(option);
  char *copy = strdup(text);
  char *rest = copy;
  char *entry = NULL;
  int result = copy == NULL || array == NULL ? no_memory(composition->error) : 0;
  while (result == 0 && (entry = strsep(&rest, ",")) != NULL) {
    if (*entry == '\0') {
      result = message_set(composition->error, "%s: an empty entry in '%s'", name, text);
    } else if (json_array_size(array) == MOST_ENTRIES) {
      result = message_set(composition->error, "%s: more than %d entries", name, MOST_ENTRIES);
    } else {
      result = add(composition, entry, array);
    }
  }
  free(copy);
  return result;
}

static int append(struct composition *composition, json_t *array, json_t *value) {
  return json_array_append_new(array, value) == 0 ? 0 : no_memory(composition->error);
}

int compose_hash(const char *path, char digits[17], struct message *error) {
  uint64_t hash = 0;
  if (file_hash(path, &hash, error) != 0) {
    return -1;
  }
  snprintf(digits, 17, "%016" PRIx64, hash);
  return 0;
}

static int add_configuration(struct composition *composition, char *entry, json_t *array) {
  const struct runner *runner = NULL;
  char hash[17];
  json_t *configuration =
      configuration_read(entry, composition->runners, &runner, composition->error);
  if (configuration == NULL || compose_hash(runner->path, hash, composition->error) != 0) {
    json_decref(configuration);
    return -1;
  }
  for (size_t i = 0; i < json_array_size(array); i++) {
    const json_t *other = json_array_get(array, i);
    if (json_equal(json_object_get(other, "collector"),
                   json_object_get(configuration, "collector")) &&
        json_equal(json_object_get(other, "options"), json_object_get(configuration, "options"))) {
      json_decref(configuration);
      return message_set(composition->error, "%s: '%s' is given twice",
                         options_name(OPTION_collectors), entry);
    }
  }
  composition->chosen[composition->chosen_count++] = runner;
  if (json_object_set_new(configuration, "fnv1a64", json_string(hash)) != 0 ||
      json_object_set(configuration, "capabilities", runner->description.capabilities) != 0) {
    json_decref(configuration);
    return no_memory(composition->error);
  }
  return append(composition, array, configuration);
}

/* Every workload of the chosen collectors, each once, in the order in which they name them. */
static int all_workloads(struct composition *composition, json_t *array) {
  for (size_t i = 0; i < composition->chosen_count; i++) {
    const struct description *description = &composition->chosen[i]->description;
    for (size_t j = 0; j < description->workload_count; j++) {
      const char *name = description->workloads[j].name;
      if (!json_has(array, name) && append(composition, array, json_string(name)) != 0) {
        return -1;
      }
    }
  }
  return 0;
}

static int add_workload(struct composition *composition, char *entry, json_t *array) {
  const char *names[MOST_ENTRIES];
  size_t count = 0;
  json_t *all = json_array();
  if (all == NULL || all_workloads(composition, all) != 0) {
    json_decref(all);
    return no_memory(composition->error);
  }
  int result = 0;
  if (json_has(array, entry)) {
    result = message_set(composition->error, "%s: '%s' is given twice",
                         options_name(OPTION_workloads), entry);
  } else if (!json_has(all, entry)) {
    for (; count < json_array_size(all) && count < MOST_ENTRIES; count++) {
      names[count] = json_string_value(json_array_get(all, count));
    }
    const char *closest = nearest(entry, names, count);
    result = closest == NULL
                 ? message_set(composition->error, "unknown workload '%s': there are none", entry)
                 : message_set(composition->error, "unknown workload '%s': did you mean '%s'?",
                               entry, closest);
  } else {
    result = append(composition, array, json_string(entry));
  }
  json_decref(all);
  return result;
}

static int choose_workloads(struct composition *composition, json_t *array) {
  if (options_given(composition->options, OPTION_workloads)) {
    return for_each(composition, OPTION_workloads, add_workload, array);
  }
  if (all_workloads(composition, array) != 0) {
    return -1;
  }
  for (size_t i = 0; i < json_array_size(array); i++) {
    if (strcmp(json_string_value(json_array_get(array, i)), CAMPAIGN_FLOOR_WORKLOAD) == 0) {
      json_array_remove(array, i);
      break;
    }
  }
  return 0;
}

static int unknown_size(const char *size, const struct description *description,
                        const struct description_workload *workload, struct message *error) {
  const char *names[MOST_ENTRIES];
  size_t count = 0;
  const char *name = NULL;
  json_t *value = NULL;
  json_object_foreach(workload->sizes, name, value) {
    if (count < MOST_ENTRIES) {
      names[count++] = name;
    }
  }
  const char *closest = nearest(size, names, count);
  return message_set(error, "%s: workload '%s' of '%s' has no size '%s': did you mean '%s'?",
                     options_name(OPTION_size), workload->name, description->collector, size,
                     closest == NULL ? "a number" : closest);
}

static int check_size(const char *size, const struct description *description,
                      const struct description_workload *workload, struct message *error) {
  char what[200];
  uint64_t number = 0;
  if (json_object_get(workload->sizes, size) != NULL) {
    return 0;
  }
  if (size[strspn(size, "0123456789")] != '\0' || *size == '\0') {
    return unknown_size(size, description, workload, error);
  }
  snprintf(what, sizeof what, "%s of workload '%s'", options_name(OPTION_size), workload->name);
  return quantity_whole(what, size, workload->minimum, workload->maximum, &number, error);
}

/* Notes which of the campaign's workloads (and the floor) a configuration has, and their needs. */
static int add_supported(struct composition *composition, const struct runner *runner,
                         json_t *configuration, const json_t *workloads) {
  const struct description *description = &runner->description;
  const char *size = options_text(composition->options, OPTION_size);
  json_t *supported = json_object();
  if (supported == NULL || json_object_set_new(configuration, "workloads", supported) != 0) {
    return no_memory(composition->error);
  }
  for (size_t i = 0; i < description->workload_count; i++) {
    const struct description_workload *workload = &description->workloads[i];
    bool asked = json_has(workloads, workload->name);
    if (asked && check_size(size, description, workload, composition->error) != 0) {
      return -1;
    }
    if ((asked || strcmp(workload->name, CAMPAIGN_FLOOR_WORKLOAD) == 0) &&
        json_object_set(supported, workload->name, workload->needs) != 0) {
      return no_memory(composition->error);
    }
  }
  return 0;
}

static int add_heap(struct composition *composition, char *entry, json_t *array) {
  uint64_t bytes = 0;
  return quantity_bytes(options_name(OPTION_heap), entry, CAMPAIGN_LEAST_HEAP_BYTES,
                        CAMPAIGN_MOST_HEAP_BYTES, &bytes, composition->error) == 0
             ? append(composition, array, json_integer((json_int_t)bytes))
             : -1;
}

static int add_allocator(struct composition *composition, char *entry, json_t *array) {
  char hash[17];
  const struct allocator *allocator = allocators_get(entry, composition->error);
  if (allocator == NULL) {
    return -1;
  }
  char *library = allocators_locate(allocator);
  if (library == NULL) {
    return append(composition, array, json_pack("{s:s}", "name", entry));
  }
  int result = compose_hash(library, hash, composition->error);
  if (result == 0) {
    result =
        append(composition, array,
               json_pack("{s:s, s:s, s:s}", "name", entry, "library", library, "fnv1a64", hash));
  }
  free(library);
  return result;
}

/* Puts a new array in the document and fills it from an option. */
static json_t *add_array(struct composition *composition, const char *key) {
  json_t *array = json_array();
  return json_object_set_new(composition->document, key, array) == 0 ? array : NULL;
}

static int compose_lists(struct composition *composition) {
  const struct options *options = composition->options;
  json_t *configurations = add_array(composition, "configurations");
  json_t *workloads = add_array(composition, "workloads");
  json_t *heaps = add_array(composition, "heaps_bytes");
  json_t *allocators = add_array(composition, "allocators");
  if (configurations == NULL || workloads == NULL || heaps == NULL || allocators == NULL) {
    return no_memory(composition->error);
  }
  if (for_each(composition, OPTION_collectors, add_configuration, configurations) != 0 ||
      choose_workloads(composition, workloads) != 0) {
    return -1;
  }
  for (size_t i = 0; i < composition->chosen_count; i++) {
    if (add_supported(composition, composition->chosen[i], json_array_get(configurations, i),
                      workloads) != 0) {
      return -1;
    }
  }
  if (options_given(options, OPTION_heap) &&
      for_each(composition, OPTION_heap, add_heap, heaps) != 0) {
    return -1;
  }
  return for_each(composition, OPTION_allocators, add_allocator, allocators);
}

static int choose_seed(const struct options *options, uint64_t *seed, struct message *error) {
  const char *text = options_text(options, OPTION_seed);
  uint32_t drawn = 0;
  if (text != NULL) {
    return quantity_whole(options_name(OPTION_seed), text, 0, INT64_MAX, seed, error);
  }
  if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn) {
    return message_set(error, "cannot draw a seed: %s", strerror(errno));
  }
  *seed = drawn;
  return 0;
}

static int choose_threads(const struct options *options, uint64_t *threads, struct message *error) {
  const char *name = options_name(OPTION_threads);
  if (quantity_whole(name, options_text(options, OPTION_threads), 1, UINT32_MAX, threads, error) !=
      0) {
    return -1;
  }
  return *threads <= CAMPAIGN_MOST_THREADS
             ? 0
             : message_set(error, "%s: no workload uses more than %d yet", name,
                           CAMPAIGN_MOST_THREADS);
}

static int check_exit_mode(const char *mode, struct message *error) {
  static const char *const modes[] = {"teardown", "abandon"};
  const char *closest = nearest(mode, modes, 2);
  return strcmp(mode, closest) == 0
             ? 0
             : message_set(error, "%s: '%s' is not a way to exit: did you mean '%s'?",
                           options_name(OPTION_exit), mode, closest);
}

int compose_limits(const struct options *options, double *timeout_s, uint64_t *memory_limit_bytes,
                   struct message *error) {
  if (quantity_seconds(options_name(OPTION_timeout), options_text(options, OPTION_timeout),
                       CAMPAIGN_LEAST_TIMEOUT_S, CAMPAIGN_MOST_TIMEOUT_S, timeout_s, error) != 0) {
    return -1;
  }
  return limits_memory(options_name(OPTION_memory_limit),
                       options_text(options, OPTION_memory_limit), memory_limit_bytes, error);
}

static int compose_scalars(struct composition *composition) {
  const struct options *options = composition->options;
  struct message *error = composition->error;
  const char *exit_mode = options_text(options, OPTION_exit);
  uint64_t rounds = 0;
  uint64_t threads = 0;
  uint64_t seed = 0;
  double timeout_s = 0;
  uint64_t memory_limit_bytes = 0;
  if (quantity_whole(options_name(OPTION_rounds), options_text(options, OPTION_rounds), 1,
                     CAMPAIGN_MOST_ROUNDS, &rounds, error) != 0 ||
      choose_threads(options, &threads, error) != 0 || choose_seed(options, &seed, error) != 0 ||
      check_exit_mode(exit_mode, error) != 0 ||
      compose_limits(options, &timeout_s, &memory_limit_bytes, error) != 0) {
    return -1;
  }
  json_t *scalars =
      json_pack("{s:i, s:s, s:I, s:I, s:s, s:I, s:f, s:I}", "schema", GCM_SCHEMA_VERSION, "size",
                options_text(options, OPTION_size), "rounds", (json_int_t)rounds, "threads",
                (json_int_t)threads, "exit_mode", exit_mode, "seed", (json_int_t)seed, "timeout_s",
                timeout_s, "memory_limit_bytes", (json_int_t)memory_limit_bytes);
  int result = scalars != NULL && json_object_update(composition->document, scalars) == 0
                   ? 0
                   : message_set(error, "%s: not a size: '%s'", options_name(OPTION_size),
                                 options_text(options, OPTION_size));
  json_decref(scalars);
  return result;
}

int compose_campaign(const struct options *options, const struct runners *runners,
                     struct campaign *campaign, struct message *error) {
  struct composition composition = {
      .options = options, .runners = runners, .document = json_object(), .error = error};
  *campaign = (struct campaign){0};
  if (composition.document == NULL) {
    return no_memory(error);
  }
  if (compose_scalars(&composition) != 0 || compose_lists(&composition) != 0) {
    json_decref(composition.document);
    return -1;
  }
  return campaign_from_document("what was asked for", composition.document, campaign, error);
}
