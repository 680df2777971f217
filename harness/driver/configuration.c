/* SPDX-License-Identifier: MIT */
#include "configuration.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/json_read.h"
#include "harness/nearest.h"
#include "harness/quantity.h"

static int unknown_option(const struct description *description, const char *name,
                          struct message *error) {
  const char **names = calloc(description->option_count + 1, sizeof *names);
  for (size_t i = 0; i < description->option_count && names != NULL; i++) {
    names[i] = description->options[i].name;
  }
  const char *closest = names == NULL ? NULL : nearest(name, names, description->option_count);
  if (closest == NULL) {
    message_set(error, "collector '%s' has no options, so no '%s'", description->collector, name);
  } else {
    message_set(error, "collector '%s' has no option '%s': did you mean '%s'?",
                description->collector, name, closest);
  }
  free(names);
  return -1;
}

static int unknown_choice(const char *what, const struct description_option *option,
                          const char *value, struct message *error) {
  const char *closest = "";
  unsigned least = 0;
  for (size_t i = 0; i < json_array_size(option->choices); i++) {
    const char *choice = json_string_value(json_array_get(option->choices, i));
    unsigned distance = nearest_distance(value, choice);
    if (i == 0 || distance < least) {
      closest = choice;
      least = distance;
    }
  }
  return message_set(error, "%s cannot be '%s': did you mean '%s'?", what, value, closest);
}

/* Notes the value in the form in which it is always written. */
static int set_option(const struct description *description,
                      const struct description_option *option, const char *value, json_t *options,
                      struct message *error) {
  char what[160];
  char number[32];
  uint64_t parsed = 0;
  snprintf(what, sizeof what, "option '%s' of collector '%s'", option->name,
           description->collector);
  if (json_object_get(options, option->name) != NULL) {
    return message_set(error, "%s is given twice", what);
  }
  if (option->type == DESCRIPTION_CHOICE && !json_has(option->choices, value)) {
    return unknown_choice(what, option, value, error);
  }
  if (option->type == DESCRIPTION_INTEGER) {
    if (quantity_whole(what, value, option->minimum, option->maximum, &parsed, error) != 0) {
      return -1;
    }
    snprintf(number, sizeof number, "%" PRIu64, parsed);
    value = number;
  }
  return json_object_set_new(options, option->name, json_string(value)) == 0
             ? 0
             : message_set(error, "out of memory");
}

/* One "option=value"; cuts it in two. */
static int read_option(const struct description *description, char *text, json_t *options,
                       struct message *error) {
  char *equals = strchr(text, '=');
  if (equals == NULL) {
    return message_set(error, "collector '%s': '%s' is not of the form option=value",
                       description->collector, text);
  }
  *equals = '\0';
  for (size_t i = 0; i < description->option_count; i++) {
    if (strcmp(description->options[i].name, text) == 0) {
      return set_option(description, &description->options[i], equals + 1, options, error);
    }
  }
  return unknown_option(description, text, error);
}

/* Two ways to write the same configuration must give the same name; a default needs none. */
static json_t *in_described_order(const struct description *description, json_t *options) {
  json_t *ordered = json_object();
  for (size_t i = 0; i < description->option_count && ordered != NULL; i++) {
    const char *name = description->options[i].name;
    json_t *value = json_object_get(options, name);
    bool is_default = value != NULL &&
                      strcmp(json_string_value(value), description->options[i].default_text) == 0;
    if (value != NULL && !is_default && json_object_set(ordered, name, value) != 0) {
      json_decref(ordered);
      ordered = NULL;
    }
  }
  return ordered;
}

static int read_parts(char *text, const struct runners *runners, const struct runner **runner,
                      json_t *options, struct message *error) {
  char *rest = text;
  const char *collector = strsep(&rest, ":");
  *runner = runners_get(runners, collector, error);
  if (*runner == NULL) {
    return -1;
  }
  char *part = NULL;
  while ((part = strsep(&rest, ":")) != NULL) {
    if (read_option(&(*runner)->description, part, options, error) != 0) {
      return -1;
    }
  }
  return 0;
}

json_t *configuration_read(const char *text, const struct runners *runners,
                           const struct runner **runner, struct message *error) {
  char *copy = strdup(text);
  json_t *options = json_object();
  json_t *result = NULL;
  if (copy == NULL || options == NULL) {
    message_set(error, "out of memory");
  } else if (read_parts(copy, runners, runner, options, error) == 0) {
    result =
        json_pack("{s:s, s:o, s:s}", "collector", (*runner)->description.collector, "options",
                  in_described_order(&(*runner)->description, options), "runner", (*runner)->path);
    if (result == NULL) {
      message_set(error, "out of memory, or a path that is not UTF-8: %s", (*runner)->path);
    }
  }
  json_decref(options);
  free(copy);
  return result;
}
