/* SPDX-License-Identifier: MIT
 *
 * boehm: libgc 8, conservative mark-sweep, through its inline allocation path.
 *
 * An object is its payload; one with a tail has its length before it
 * (plain_fields.h), and references point behind that, a displacement that libgc
 * is told of.
 *
 * Interior pointers are off: a reference in the heap counts only if it is one
 * that gcm_new could have returned. Objects without references are allocated
 * as pointer-free, so that their bytes are never scanned.
 */
#ifndef GCM_BOEHM_COLLECTOR_H
#define GCM_BOEHM_COLLECTOR_H

#include "collectors/heap.h"
#include "collectors/support/plain_fields.h"
#include "collectors/support/plain_locals.h"
#include "collectors/support/tally.h"

/* The library has threads; who makes one registers it, so nothing is redirected. */
#define GC_THREADS
#define GC_NO_THREAD_REDIRECTS
#include <gc/gc.h>
#include <gc/gc_inline.h>

#include <string.h>

/* Objects with references are of a kind of their own, laid out as libgc's normal
 * one, so that counting can tell them from the entries that libgc keeps for
 * finalizers and weak references. The first kind a program makes has this
 * number; gcm_heap_open makes sure. */
enum { BOEHM_KIND = 4 };

/* Lives in static data, which libgc scans: its free lists are roots. Each list
 * holds free objects of one size in granules of 16 bytes. */
struct gcm_mutator {
  void *normal[GC_TINY_FREELISTS];
  void *pointer_free[GC_TINY_FREELISTS];
  struct gcm_tally allocated;
  gcm_heap *heap;
};

GCM_INLINE bool boehm_is_pointer_free(const gcm_type *type) {
  return type->refs == 0 && type->tail != GCM_TAIL_REFS;
}

/* An object of no bytes takes a granule as well. */
GCM_INLINE size_t boehm_granules(size_t bytes) {
  return bytes == 0 ? 1 : (bytes + GC_GRANULE_BYTES - 1) / GC_GRANULE_BYTES;
}

/* Registers the finalizer of a type that has one. */
void boehm_register_finalizer(gcm_ref object, const gcm_type *type);

/* libgc's macro: a pop from a free list, refilled in batches. A fresh normal
 * object is zero but for its link; a pointer-free one is not zero at all.
 * Memory that cannot be had ends the process inside (GC_set_oom_fn). */
GCM_INLINE gcm_owned gcm_new(gcm_mutator *m, const gcm_type *type) {
  size_t bytes = gcm_payload_bytes(type, 0);
  size_t granules = boehm_granules(bytes);
  void *object;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-value"
  if (boehm_is_pointer_free(type)) {
    GC_FAST_MALLOC_GRANS(object, granules, m->pointer_free, 0, GC_I_PTRFREE,
                         GC_malloc_atomic(bytes), memset(object, 0, gcm_round_to_word(bytes)));
    if (granules >= GC_TINY_FREELISTS) {
      memset(object, 0, bytes);
    }
  } else {
    GC_FAST_MALLOC_GRANS(object, granules, m->normal, 0, BOEHM_KIND,
                         GC_malloc_kind(bytes, BOEHM_KIND), *(void **)object = NULL);
  }
#pragma GCC diagnostic pop
  m->allocated.objects[type->id]++;
  if (type->finalize != NULL) {
    boehm_register_finalizer(object, type);
  }
  return (gcm_owned){object};
}

gcm_owned boehm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length);

static inline gcm_owned gcm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  return boehm_new_tail(m, type, length);
}

gcm_owned boehm_weak_new(gcm_mutator *m, gcm_ref target);
gcm_owned boehm_weak_get(gcm_ref weak);

static inline gcm_owned gcm_weak_new(gcm_mutator *m, gcm_ref target) {
  return boehm_weak_new(m, target);
}

static inline gcm_owned gcm_weak_get(gcm_mutator *m, gcm_ref weak) {
  (void)m;
  return boehm_weak_get(weak);
}

/* libgc does its work inside allocation. */
GCM_INLINE void gcm_safepoint(gcm_mutator *m) {
  (void)m;
}

#endif
