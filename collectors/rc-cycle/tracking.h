/* SPDX-License-Identifier: MIT
 *
 * The tracked set: every live object whose type may be on a cycle, in three
 * generations. A generation is an array of references in order of allocation,
 * so that a collection walks memory nearly in order and can see what comes; a
 * dying object leaves a hole. Included by counting.h.
 */
#ifndef GCM_RC_CYCLE_TRACKING_H
#define GCM_RC_CYCLE_TRACKING_H

/* In front of a tracked object (before its length, if it has one). Invariant
 * outside a collection: generations[generation].entries[index] is the object.
 * During one, `outside` of a candidate counts its owners that are not known
 * to be candidates. */
struct tracking_word {
  uint32_t index;
  union {
    uint32_t generation;
    uint32_t outside;
  };
};
_Static_assert(sizeof(struct tracking_word) == sizeof(uint64_t), "one word");

enum { GENERATIONS = 3 };

struct tracking_generation {
  gcm_ref *entries; /* null: a hole */
  size_t count;     /* used entries, holes included; generation 0: see next */
  size_t capacity;
};

struct counting_tracking {
  /* The youngest generation is used from its entries up to next; it is full at
   * end. */
  gcm_ref *next, *end;
  struct tracking_generation generations[GENERATIONS];
  size_t deaths;    /* of tracked objects since they were last looked at */
  size_t fresh;     /* entries of generation 0 that growth has accounted for */
  ptrdiff_t growth; /* tracked objects made less died since the last collection */
  ptrdiff_t threshold;
  unsigned young_collections;    /* since the last middle one */
  unsigned middle_collections;   /* since the last full one */
  size_t old_pending, old_total; /* promoted since the last full one; kept by it */
  uint64_t collections;
};

/* Generation 0 is full: compact it, collect if it is time, or enlarge it. */
void cycles_make_room(gcm_mutator *m);

GCM_INLINE bool counting_is_tracked(const gcm_type *type) {
  return !gcm_is_acyclic(type);
}

GCM_INLINE struct tracking_word *tracking_word(gcm_ref object) {
  return (struct tracking_word *)object - (object->flags & COUNTING_TAILED ? 2 : 1);
}

/* An object that dies leaves its generation. */
void counting_untrack(gcm_mutator *m, gcm_ref object);

#endif
