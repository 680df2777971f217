/* SPDX-License-Identifier: MIT
 *
 * Reference counting over malloc and free: the core of the counting family. A
 * collector of that family is this header, included by its collector.h, and
 * counting.c among its sources. Variants, chosen by define:
 *
 *   COUNTING_ATOMIC           counts are atomic, for objects shared by threads
 *   COUNTING_LAZY             the dead are reclaimed a few at each allocation
 *   COUNTING_TRACKING_HEADER  objects that may be on a cycle are tracked; the
 *                             header says how (rc-cycle/tracking.h)
 *
 * An object:
 *
 *     [tracking word] [length] | header | references ... | bytes ...
 *                              ^ gcm_ref
 *
 * The tracking word stands only before tracked objects, the length only before
 * objects with a tail.
 *
 * Releasing takes constant extra memory whatever the shape: an object whose
 * count reached zero needs it no more, so its header holds a link instead, and
 * the dead wait on a stack threaded through themselves.
 */
#ifndef GCM_SUPPORT_COUNTING_H
#define GCM_SUPPORT_COUNTING_H

#include "collectors/heap.h"
#include "collectors/support/counted_locals.h"
#include "collectors/support/tally.h"

#include <stdlib.h>
#include <string.h>

/* Properties of an object, in its header while it lives. */
enum counting_flag {
  COUNTING_HAS_WEAK = 1 << 0,  /* there is or was a weak reference to it */
  COUNTING_TRACKED = 1 << 1,   /* has a tracking word */
  COUNTING_TAILED = 1 << 2,    /* has a length */
  COUNTING_CANDIDATE = 1 << 3, /* in the set a cycle collection looks at */
  COUNTING_REACHED = 1 << 4,   /* found to be held from outside that set */
  COUNTING_IS_WEAK = 1 << 5,   /* a weak reference itself */
};

struct gcm_object {
  union {
    struct {
      uint16_t type;  /* id; GCM_TYPES_MAX for a weak reference */
      uint16_t flags; /* enum counting_flag */
      uint32_t count; /* owners; 0 once dead */
    };
    uint64_t link; /* once dead: next dead object << 16 | type */
  };
  gcm_ref fields[];
};
_Static_assert(sizeof(struct gcm_object) == 8, "the header is 8 bytes");

#ifdef COUNTING_TRACKING_HEADER
#include COUNTING_TRACKING_HEADER
#else
struct counting_tracking {
  char nothing;
};
GCM_INLINE bool counting_is_tracked(const gcm_type *type) {
  (void)type;
  return false;
}
#endif

/* A type as release needs it. */
struct counting_shape {
  uint32_t bytes;       /* of an object without its tail, all included */
  uint16_t refs;        /* fixed references */
  uint8_t before;       /* bytes before the header */
  uint8_t tail;         /* gcm_tail */
  bool unusual;         /* has a tail or a finalizer */
  const gcm_type *type; /* null for a weak reference */
};

/* Invariant: granted - left is what this mutator holds. With several threads
 * an object may be freed by another mutator than its maker, so that one holds
 * less than nothing; the sum over mutators is what the heap holds. */
struct gcm_mutator {
  ptrdiff_t left; /* bytes of the budget not yet used */
  gcm_ref dead;   /* stack of dead objects, not yet reclaimed */
  struct gcm_tally allocated;
  uint64_t freed;    /* objects */
  ptrdiff_t granted; /* bytes of the budget given to this mutator */
  gcm_heap *heap;
  const struct counting_shape *shapes; /* by type id */
  gcm_mutator *next;                   /* in the heap's list */
  size_t step;                         /* frees per allocation, when lazy */
  struct counting_tracking tracking;
};

/* ---- What the collector supplies beside gcm_collector ------------------------- */

/* Set up what is the collector's own in a mutator. False if memory ran out. */
bool counting_attached(gcm_mutator *m, const struct gcm_heap_config *config);

/* Reclaim all garbage the collector can find. */
void counting_collect(gcm_mutator *m);

/* Reclaim all objects the collector still knows of, garbage or not. */
void counting_teardown(gcm_mutator *m);

/* Collections begun, or GCM_UNKNOWN where there is nothing to count. */
uint64_t counting_collections(const gcm_mutator *m);

/* ---- Slow paths ---------------------------------------------------------------- */

/* The budget is used up: reclaim what can be, take more of the heap's budget,
 * or end the process. */
void counting_over_budget(gcm_mutator *m, size_t bytes);

/* malloc refused `bytes`, of which so many had been charged. */
_Noreturn void counting_no_memory(gcm_mutator *m, size_t bytes, size_t charged);

/* Its count is zero: reclaim it, and all that dies with it. */
void counting_release(gcm_mutator *m, gcm_ref dead);

/* Reclaim at most so many of the waiting dead. */
void counting_reclaim(gcm_mutator *m, size_t most);

/* Break the weak reference to an object, if there is one. */
void counting_clear_weak(gcm_mutator *m, gcm_ref target);

/* Free an object's memory and no more. */
void counting_free(gcm_mutator *m, gcm_ref object);

/* Enter a new object into the tracked set, and take a dying one out. */
#ifdef COUNTING_TRACKING_HEADER
static inline void counting_track(gcm_mutator *m, gcm_ref object);
#else
GCM_INLINE void counting_track(gcm_mutator *m, gcm_ref object) {
  (void)m;
  (void)object;
}
GCM_INLINE void counting_untrack(gcm_mutator *m, gcm_ref object) {
  (void)m;
  (void)object;
}
#endif

/* ---- Counts ----------------------------------------------------------------- */

GCM_INLINE void counting_increment(gcm_ref object) {
#ifdef COUNTING_ATOMIC
  __atomic_fetch_add(&object->count, 1, __ATOMIC_RELAXED);
#else
  object->count++;
#endif
}

/* True if that was the last owner. */
GCM_INLINE bool counting_decrement(gcm_ref object) {
#ifdef COUNTING_ATOMIC
  if (__atomic_fetch_sub(&object->count, 1, __ATOMIC_RELEASE) != 1) {
    return false;
  }
  /* Pairs with the other owners' releases; a load, since ThreadSanitizer does
   * not know fences. */
  return __atomic_load_n(&object->count, __ATOMIC_ACQUIRE) == 0;
#else
  return --object->count == 0;
#endif
}

GCM_INLINE gcm_owned gcm_dup(gcm_mutator *m, gcm_ref ref) {
  (void)m;
  if (ref != NULL) {
    counting_increment(ref);
  }
  return (gcm_owned){ref};
}

GCM_INLINE void gcm_drop(gcm_mutator *m, gcm_owned value) {
  if (value.ref != NULL && counting_decrement(value.ref)) {
    counting_release(m, value.ref);
  }
}

/* ---- Allocation --------------------------------------------------------------- */

/* Bytes before the header. */
GCM_INLINE size_t counting_before(const gcm_type *type) {
  return (type->tail == GCM_TAIL_NONE ? 0 : sizeof(size_t)) +
         (counting_is_tracked(type) ? sizeof(uint64_t) : 0);
}

/* What an object is charged: its block, and its entry in the tracked set. */
GCM_INLINE size_t counting_charged(const gcm_type *type, size_t payload) {
  return counting_before(type) + sizeof(struct gcm_object) + gcm_round_to_word(payload) +
         (counting_is_tracked(type) ? sizeof(gcm_ref) : 0);
}

GCM_INLINE uint16_t counting_flags(const gcm_type *type) {
  return (uint16_t)((counting_is_tracked(type) ? COUNTING_TRACKED : 0) |
                    (type->tail == GCM_TAIL_NONE ? 0 : COUNTING_TAILED));
}

GCM_INLINE void counting_charge(gcm_mutator *m, size_t bytes) {
  m->left -= (ptrdiff_t)bytes;
  if (GCM_UNLIKELY(m->left < 0)) {
    counting_over_budget(m, bytes);
  }
}

/* Budget, malloc, one store for the header, zeros, one count; and the tracked
 * set for a type that needs it. */
GCM_INLINE gcm_owned gcm_new(gcm_mutator *m, const gcm_type *type) {
#ifdef COUNTING_LAZY
  if (m->dead != NULL) {
    counting_reclaim(m, m->step);
  }
#endif
  size_t payload = gcm_payload_bytes(type, 0);
  size_t bytes = counting_before(type) + sizeof(struct gcm_object) + gcm_round_to_word(payload);
  counting_charge(m, counting_charged(type, payload));
  char *block = malloc(bytes);
  if (GCM_UNLIKELY(block == NULL)) {
    counting_no_memory(m, bytes, counting_charged(type, payload));
  }
  gcm_ref object = (gcm_ref)(block + counting_before(type));
  *object = (struct gcm_object){.type = type->id, .flags = counting_flags(type), .count = 1};
  memset(object->fields, 0, gcm_round_to_word(payload));
  m->allocated.objects[type->id]++;
  if (counting_is_tracked(type)) {
    counting_track(m, object);
  }
  return (gcm_owned){object};
}

gcm_owned counting_new_tail(gcm_mutator *m, const gcm_type *type, size_t length);

static inline gcm_owned gcm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  return counting_new_tail(m, type, length);
}

GCM_INLINE size_t gcm_length(gcm_mutator *m, gcm_ref object) {
  (void)m;
  return ((size_t *)object)[-1];
}

/* ---- Fields ---------------------------------------------------------------------- */

GCM_INLINE gcm_ref gcm_load(gcm_mutator *m, gcm_ref object, size_t index) {
  (void)m;
  return object->fields[index];
}

GCM_INLINE void gcm_store(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  gcm_ref old = object->fields[index];
  object->fields[index] = value.ref;
  gcm_drop(m, (gcm_owned){old});
}

GCM_INLINE void gcm_init(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  (void)m;
  object->fields[index] = value.ref;
}

GCM_INLINE gcm_owned gcm_take_field(gcm_mutator *m, gcm_ref object, size_t index) {
  (void)m;
  gcm_ref ref = object->fields[index];
  object->fields[index] = NULL;
  return (gcm_owned){ref};
}

GCM_INLINE void *gcm_bytes(gcm_mutator *m, gcm_ref object, const gcm_type *type) {
  (void)m;
  return object->fields + type->refs;
}

/* ---- Weak references, safepoint ---------------------------------------------------- */

gcm_owned counting_weak_new(gcm_mutator *m, gcm_ref target);
gcm_owned counting_weak_get(gcm_mutator *m, gcm_ref weak);

static inline gcm_owned gcm_weak_new(gcm_mutator *m, gcm_ref target) {
  return counting_weak_new(m, target);
}

static inline gcm_owned gcm_weak_get(gcm_mutator *m, gcm_ref weak) {
  return counting_weak_get(m, weak);
}

GCM_INLINE void gcm_safepoint(gcm_mutator *m) {
#ifdef COUNTING_LAZY
  if (m->dead != NULL) {
    counting_reclaim(m, m->step);
  }
#else
  (void)m;
#endif
}

#endif
