/* SPDX-License-Identifier: MIT
 *
 * What a runner says of itself with --describe (docs/protocol.md), checked.
 */
#ifndef GCMARK_DRIVER_DESCRIPTION_H
#define GCMARK_DRIVER_DESCRIPTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/message.h"

enum description_option_type { DESCRIPTION_INTEGER, DESCRIPTION_CHOICE };

struct description_option {
  const char *name;
  enum description_option_type type;
  const char *default_text;
  const char *help;
  uint64_t minimum; /* of an integer */
  uint64_t maximum;
  json_t *choices; /* of a choice: an array of names */
};

struct description_workload {
  const char *name;
  const char *description;
  json_t *sizes; /* name to whole number */
  uint64_t minimum;
  uint64_t maximum;
  json_t *needs; /* names of capabilities */
};

/* Every text and json_t is borrowed from document. */
struct description {
  json_t *document;
  const char *collector;
  const char *description;
  const char *family;
  json_t *build;
  json_t *capabilities; /* an array of names */
  struct description_option *options;
  size_t option_count;
  struct description_workload *workloads;
  size_t workload_count;
  struct description_workload *conformance;
  size_t conformance_count;
};

/* Reads the text that a runner printed; source names the runner in errors. Keys it does not know
 * are ignored. */
int description_read(const char *source, const char *text, size_t length,
                     struct description *description, struct message *error);

void description_clear(struct description *description);

/* NULL if there is none of that name. */
const struct description_workload *description_find(const struct description_workload *workloads,
                                                    size_t count, const char *name);

/*
 * Writes the first capability that is needed and not there; NULL if all are. A NULL needs is
 * nothing needed.
 */
const char *description_unmet_need(const json_t *needs, const json_t *capabilities);

#endif
