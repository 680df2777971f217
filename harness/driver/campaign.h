/* SPDX-License-Identifier: MIT
 *
 * A campaign: everything that decides what is run, in which order and under which limits. It is a
 * JSON document (campaign.json in the campaign's folder) and a struct that points into it. The
 * command line makes a document too and reads it back through the same checks, so whatever is
 * written can be read.
 */
#ifndef GCMARK_DRIVER_CAMPAIGN_H
#define GCMARK_DRIVER_CAMPAIGN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/message.h"

/*
 * The workloads' own generators always start from their default seed, since their answers are
 * checked against values known for it. A campaign's seed decides the order of its runs only.
 */
#define CAMPAIGN_WORKLOAD_SEED 1

/* The workload of round 0. */
#define CAMPAIGN_FLOOR_WORKLOAD "nothing"

#define CAMPAIGN_MOST_ROUNDS 10000
#define CAMPAIGN_MOST_THREADS 1 /* no workload has more than one mutator yet */
#define CAMPAIGN_LEAST_HEAP_BYTES 4096U
#define CAMPAIGN_MOST_HEAP_BYTES (UINT64_C(1) << 50)
#define CAMPAIGN_LEAST_TIMEOUT_S 0.001
#define CAMPAIGN_MOST_TIMEOUT_S 604800.0
#define CAMPAIGN_LEAST_MEMORY_BYTES (UINT64_C(1) << 20)
#define CAMPAIGN_MOST_MEMORY_BYTES (UINT64_C(1) << 50)

/* A collector with the options it is given. */
struct campaign_configuration {
  char *name; /* collector, then :option=value for each; owned */
  const char *collector;
  const char *runner;   /* absolute path */
  const char *hash;     /* FNV-1a of the runner, 16 hexadecimal digits */
  json_t *options;      /* name to text */
  json_t *capabilities; /* names */
  json_t *workloads;    /* those of the campaign that it has, each with the names of its needs */
};

struct campaign_allocator {
  const char *name;
  const char *library; /* path to preload; NULL for system, and for one that is not installed */
  const char *hash;    /* of the library; NULL without one */
};

/* Arrays and configuration names are owned, everything else is borrowed from document. */
struct campaign {
  json_t *document;
  struct campaign_configuration *configurations;
  size_t configuration_count;
  const char **workloads;
  size_t workload_count;
  const char *size;
  uint64_t rounds;
  uint64_t *heaps_bytes;
  size_t heap_count; /* 0: one cell without a budget */
  struct campaign_allocator *allocators;
  size_t allocator_count;
  uint64_t threads;
  const char *exit_mode;
  uint64_t seed;
  double timeout_s;
  uint64_t memory_limit_bytes;
};

/* The C library's own malloc. */
extern const struct campaign_allocator campaign_system_allocator;

/*
 * Checks a document and points a campaign into it; source names it in errors. Takes over the
 * document, also when it fails.
 */
int campaign_from_document(const char *source, json_t *document, struct campaign *campaign,
                           struct message *error);

/* The same from text. */
int campaign_from_text(const char *source, const char *text, size_t length,
                       struct campaign *campaign, struct message *error);

/* FOLDER/campaign.json. Returns 0, -1 with error, 1 if there is none. */
int campaign_read(const char *folder, struct campaign *campaign, struct message *error);
int campaign_write(const char *folder, const struct campaign *campaign, struct message *error);
bool campaign_exists(const char *folder);

void campaign_clear(struct campaign *campaign);

#endif
