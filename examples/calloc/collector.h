/* SPDX-License-Identifier: MIT
 *
 * calloc: an example of a collector. Every object comes from calloc and stays.
 */
#ifndef GCM_CALLOC_COLLECTOR_H
#define GCM_CALLOC_COLLECTOR_H

#include "collectors/heap.h"
#include "collectors/support/plain_fields.h"
#include "collectors/support/plain_locals.h"
#include "collectors/support/tally.h"

struct gcm_mutator {
  struct gcm_tally allocated;
};

/* Zeroed memory within the heap budget, or the end of the process. */
void *calloc_allocate(size_t bytes);

GCM_INLINE gcm_owned gcm_new(gcm_mutator *m, const gcm_type *type) {
  m->allocated.objects[type->id]++;
  return (gcm_owned){calloc_allocate(gcm_round_to_word(gcm_payload_bytes(type, 0)))};
}

GCM_INLINE gcm_owned gcm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  size_t *object = calloc_allocate(sizeof(size_t) + gcm_payload_bytes(type, length));
  m->allocated.objects[type->id]++;
  m->allocated.tail_bytes += sizeof(size_t) + gcm_tail_bytes(type, length);
  *object = length;
  return (gcm_owned){(gcm_ref)(object + 1)};
}

GCM_INLINE gcm_owned gcm_weak_new(gcm_mutator *m, gcm_ref target) {
  gcm_ref *weak = calloc_allocate(sizeof *weak);
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
