/* SPDX-License-Identifier: MIT
 *
 * The tally of allocations, kept alike by every collector.
 */
#ifndef GCM_SUPPORT_TALLY_H
#define GCM_SUPPORT_TALLY_H

#include "collectors/heap.h"
#include "collectors/type.h"

/* Allocations of one mutator: one increment per object tells objects, bytes
 * and registered finalizers, since a type's fixed size is known. The last
 * entry is for a collector's own objects (weak references). */
struct gcm_tally {
  uint64_t objects[GCM_TYPES_MAX + 1];
  uint64_t tail_bytes; /* over all tails, rounded as the collector rounds */
};

/* Add `from` to `to`. */
GCM_INLINE void gcm_tally_add(struct gcm_tally *to, const struct gcm_tally *from) {
  for (size_t i = 0; i <= GCM_TYPES_MAX; i++) {
    to->objects[i] += from->objects[i];
  }
  to->tail_bytes += from->tail_bytes;
}

/* Fill in what a heap's whole tally tells: objects and bytes ever allocated, and
 * how many have a finalizer. `fixed_bytes` gives what one object of a type
 * takes, header included, without its tail; null stands for the collector's own
 * objects. */
void gcm_tally_report(const struct gcm_tally *tally, const struct gcm_heap_config *config,
                      size_t (*fixed_bytes)(const gcm_type *type), struct gcm_heap_counts *counts);

#endif
