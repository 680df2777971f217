/* SPDX-License-Identifier: MIT
 *
 * none: nothing is freed until exit. The floor that other managers are divided
 * by, and the template for a new collector: everything the contract asks for,
 * in its smallest form. An object is its payload (plain_fields.h).
 */
#ifndef GCM_NONE_COLLECTOR_H
#define GCM_NONE_COLLECTOR_H

#include "collectors/heap.h"
#include "collectors/support/plain_fields.h"
#include "collectors/support/plain_locals.h"
#include "collectors/support/tally.h"

/* Invariant: free <= end, and [free, end) is zeroed memory of this mutator's
 * current chunk. With source=malloc both stay null, so that every allocation
 * takes the slow path. */
struct gcm_mutator {
  char *free;
  char *end;
  gcm_heap *heap;
  gcm_mutator *next; /* in the heap's list */
  struct gcm_tally allocated;
};

/* A chunk with room for `bytes`, and the first `bytes` of it. */
__attribute__((cold)) void *none_allocate_slow(gcm_mutator *m, size_t bytes);

/* One subtraction, one compare, one store and one count. */
GCM_INLINE void *none_allocate(gcm_mutator *m, size_t bytes) {
  char *object = m->free;
  if (GCM_UNLIKELY(bytes > (size_t)(m->end - object))) {
    return none_allocate_slow(m, bytes);
  }
  m->free = object + bytes;
  return object;
}

/* An object of no bytes takes a word as well, so that it has an address of its
 * own. */
GCM_INLINE size_t none_fixed_bytes(const gcm_type *type) {
  size_t payload = gcm_payload_bytes(type, 0);
  return payload == 0 ? sizeof(gcm_ref) : gcm_round_to_word(payload);
}

GCM_INLINE gcm_owned gcm_new(gcm_mutator *m, const gcm_type *type) {
  m->allocated.objects[type->id]++;
  return (gcm_owned){none_allocate(m, none_fixed_bytes(type))};
}

gcm_owned none_new_tail(gcm_mutator *m, const gcm_type *type, size_t length);

static inline gcm_owned gcm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  return none_new_tail(m, type, length);
}

/* A weak reference is never cleared here: nothing is ever reclaimed. */
GCM_INLINE gcm_owned gcm_weak_new(gcm_mutator *m, gcm_ref target) {
  gcm_ref *weak = none_allocate(m, sizeof *weak);
  m->allocated.objects[GCM_TYPES_MAX]++;
  *weak = target;
  return (gcm_owned){(gcm_ref)weak};
}

GCM_INLINE gcm_owned gcm_weak_get(gcm_mutator *m, gcm_ref weak) {
  return (gcm_owned){gcm_load(m, weak, 0)};
}

GCM_INLINE void gcm_safepoint(gcm_mutator *m) {
  (void)m;
}

#endif
