/* SPDX-License-Identifier: MIT
 *
 * Counts placed by hand over malloc: the manager of the `rc` twins. What
 * happens once a count is zero is the manager's, as a collection is libgc's,
 * so the twin calls rc's own counting_release; everything that the API inlines
 * is written out by hand.
 */
#ifndef GCMARK_TESTS_DIRECT_RC_H
#define GCMARK_TESTS_DIRECT_RC_H

#include "collectors/mutator.h"
#include "direct.h"

#include <stdio.h>

/* The types, for counting_release; by the id in the header. */
extern const gcm_type *const direct_types[];
extern const size_t direct_type_count;

static inline uint32_t *count_of(void *object) {
  return &((gcm_ref)object)->count;
}

static inline void *allocate(gcm_mutator *context, uint16_t type, size_t bytes) {
  context->left -= (ptrdiff_t)bytes;
  if (__builtin_expect(context->left < 0, 0)) {
    counting_over_budget(context, bytes);
  }
  gcm_ref object = malloc(bytes);
  if (__builtin_expect(object == NULL, 0)) {
    counting_no_memory(context, bytes, bytes);
  }
  *object = (struct gcm_object){.type = type, .count = 1};
  context->allocated.objects[type]++;
  return object;
}

static inline void drop(gcm_mutator *context, void *object) {
  if (object != NULL && --*count_of(object) == 0) {
    counting_release(context, object);
  }
}

static __attribute__((noreturn)) void out_of_heap(size_t asked, size_t held) {
  fprintf(stderr, "out of heap: %zu asked, %zu held\n", asked, held);
  exit(1);
}

static __attribute__((noreturn)) void failed(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

void *direct_open(void) {
  static struct gcm_heap_config config = {
      .limit = SIZE_MAX, .threads = 1, .out_of_heap = out_of_heap, .failed = failed};
  config.types = direct_types;
  config.type_count = direct_type_count;
  return gcm_attach(gcm_heap_open(&config));
}

#endif
