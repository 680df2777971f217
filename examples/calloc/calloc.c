/* SPDX-License-Identifier: MIT */
#include "collectors/mutator.h"

#include <stdlib.h>

const struct gcm_collector gcm_collector = {
    .description = "an example: calloc, and never free",
    .family = "none",
    .capabilities = GCM_HEAP_LIMIT | GCM_MALLOC | GCM_EXACT,
};

struct gcm_heap {
  const struct gcm_heap_config *config;
  size_t held;
};

static gcm_heap the_heap;
static gcm_mutator the_mutator;

void *calloc_allocate(size_t bytes) {
  size_t left = the_heap.config->limit - the_heap.held;
  void *object = bytes <= left ? calloc(1, bytes > 0 ? bytes : 1) : NULL;
  if (object == NULL) {
    the_heap.config->out_of_heap(bytes, the_heap.held);
  }
  the_heap.held += bytes;
  return object;
}

gcm_heap *gcm_heap_open(const struct gcm_heap_config *config) {
  the_heap.config = config;
  return &the_heap;
}

gcm_mutator *gcm_attach(gcm_heap *heap) {
  (void)heap;
  return &the_mutator;
}

static size_t fixed_bytes(const gcm_type *type) {
  return type == NULL ? sizeof(gcm_ref) : gcm_round_to_word(gcm_payload_bytes(type, 0));
}

void gcm_heap_count(gcm_heap *heap, struct gcm_heap_counts *counts) {
  gcm_tally_report(&the_mutator.allocated, heap->config, fixed_bytes, counts);
  counts->objects = counts->allocated_objects;
  counts->bytes = counts->allocated_bytes;
  counts->collections = GCM_UNKNOWN;
}

void gcm_collect(gcm_mutator *m) {
  (void)m;
}
void gcm_detach(gcm_mutator *m) {
  (void)m;
}
void gcm_heap_trim(gcm_heap *heap) {
  (void)heap;
}
void gcm_heap_teardown(gcm_heap *heap) {
  (void)heap;
}
