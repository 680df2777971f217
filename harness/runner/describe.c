/* SPDX-License-Identifier: MIT
 *
 * --describe: this runner as JSON, without opening a heap.
 */
#include "runner.h"

#include <jansson.h>
#include <stdio.h>

static const char *const capability_names[GCM_CAPABILITY_COUNT] = {
    "heap-limit", "malloc", "weak", "finalizers", "cycles", "threads", "reclaims", "exact"};

static json_t *capabilities_json(unsigned capabilities) {
  json_t *names = json_array();
  for (int i = 0; i < GCM_CAPABILITY_COUNT; i++) {
    if (capabilities & (1u << i)) {
      json_array_append_new(names, json_string(capability_names[i]));
    }
  }
  return names;
}

static json_t *option_json(const struct gcm_option *option) {
  json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "name", option->name, "type",
                           option->choices == NULL ? "integer" : "choice", "default",
                           option->default_value, "help", option->help);
  if (option->choices == NULL) {
    json_object_set_new(json, "minimum", json_integer(option->minimum));
    json_object_set_new(json, "maximum", json_integer(option->maximum));
    return json;
  }
  json_t *choices = json_array();
  for (const char *const *choice = option->choices; *choice != NULL; choice++) {
    json_array_append_new(choices, json_string(*choice));
  }
  json_object_set_new(json, "choices", choices);
  return json;
}

static json_t *workload_json(const gcm_workload *workload) {
  return json_pack("{s:s, s:s, s:{s:I, s:I, s:I, s:I}, s:I, s:I, s:o}", "name", workload->name,
                   "description", workload->description, "sizes", "tiny",
                   (json_int_t)workload->tiny, "quick", (json_int_t)workload->quick, "default",
                   (json_int_t)workload->normal, "large", (json_int_t)workload->large, "minimum",
                   (json_int_t)workload->minimum, "maximum", (json_int_t)workload->maximum, "needs",
                   capabilities_json(workload->needs));
}

static json_t *workloads_json(const gcm_workload *(*registry)(size_t)) {
  json_t *list = json_array();
  const gcm_workload *workload;
  for (size_t i = 0; (workload = registry(i)) != NULL; i++) {
    json_array_append_new(list, workload_json(workload));
  }
  return list;
}

int describe(void) {
  json_t *build =
      json_pack("{s:s, s:s, s:s*}", "compiler", GCMARK_COMPILER, "flags", GCMARK_FLAGS, "library",
                gcm_collector.library == NULL ? NULL : gcm_collector.library());
  json_t *options = json_array();
  for (size_t i = 0; i < gcm_collector.option_count; i++) {
    json_array_append_new(options, option_json(&gcm_collector.options[i]));
  }
  json_t *description = json_pack(
      "{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "protocol", RUNNER_PROTOCOL, "collector",
      GCMARK_COLLECTOR, "description", gcm_collector.description, "family", gcm_collector.family,
      "build", build, "capabilities", capabilities_json(gcm_collector.capabilities), "options",
      options, "workloads", workloads_json(registry_workload), "conformance",
      workloads_json(registry_conformance));
  /* One check for all: packing fails if any part could not be made. */
  int failed = description == NULL || json_dumpf(description, stdout, JSON_INDENT(1)) != 0;
  json_decref(description);
  if (failed || putchar('\n') == EOF || fflush(stdout) != 0) {
    fprintf(stderr, "gcmark-" GCMARK_COLLECTOR ": cannot write the description\n");
    return -1;
  }
  return 0;
}
