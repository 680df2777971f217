/* SPDX-License-Identifier: MIT
 *
 * References and the layout of objects: what both sides of the contract speak
 * of (mutator.h for workloads, heap.h for the runner).
 */
#ifndef GCM_COLLECTORS_TYPE_H
#define GCM_COLLECTORS_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GCM_INLINE static inline __attribute__((always_inline))
#define GCM_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define GCM_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

typedef struct gcm_object *gcm_ref;
typedef struct gcm_owned {
  gcm_ref ref;
} gcm_owned;

/* What follows the fixed part of an object. */
typedef enum gcm_tail { GCM_TAIL_NONE, GCM_TAIL_BYTES, GCM_TAIL_REFS } gcm_tail;

/* The layout of an object, as data: its references, first and contiguous, then
 * raw bytes; after them the tail, whose length is chosen at allocation. A tail
 * of references follows the fixed ones directly, so it excludes fixed bytes.
 *
 * Types are `static const` with constant initialisers, so that the compiler
 * folds every member; a workload lists them in the order of their ids. */
typedef struct gcm_type {
  const char *name;
  uint16_t id;    /* position in the workload's list of types */
  uint16_t refs;  /* fixed references */
  uint32_t bytes; /* fixed raw bytes after them */
  gcm_tail tail;
  /* A promise that no object of this type is ever on a cycle. Made where a
   * compiler could prove it: references are set only by gcm_init, or there are
   * none. */
  bool acyclic;
  /* Null, or called at most once per object, at a time of the collector's
   * choosing, with the object's raw bytes. It may release external resources;
   * it may not touch another object, nor call the mutator API. */
  void (*finalize)(void *bytes);
} gcm_type;

/* The most types one workload may list. */
enum { GCM_TYPES_MAX = 32 };

/* Round up to a multiple of 8, the alignment of every object. Saturates. */
GCM_INLINE size_t gcm_round_to_word(size_t bytes) {
  return bytes > SIZE_MAX - 7 ? SIZE_MAX : (bytes + 7) & ~(size_t)7;
}

/* Payload of an object: fixed part and tail, without the collector's header. A
 * length that no memory could hold gives a quarter of SIZE_MAX, which no request is
 * granted and to which a header can be added without overflow. */
GCM_INLINE size_t gcm_payload_bytes(const gcm_type *type, size_t length) {
  if (length > SIZE_MAX / 32) {
    return SIZE_MAX / 4;
  }
  return type->refs * sizeof(gcm_ref) + type->bytes +
         (type->tail == GCM_TAIL_REFS ? length * sizeof(gcm_ref) : length);
}

/* What the tail adds, rounded up to a word. */
GCM_INLINE size_t gcm_tail_bytes(const gcm_type *type, size_t length) {
  return gcm_round_to_word(gcm_payload_bytes(type, length)) -
         gcm_round_to_word(gcm_payload_bytes(type, 0));
}

/* References an object of this type holds in all. */
GCM_INLINE size_t gcm_reference_count(const gcm_type *type, size_t length) {
  return type->refs + (type->tail == GCM_TAIL_REFS ? length : 0);
}

/* Without references, or promised: never on a cycle. */
GCM_INLINE bool gcm_is_acyclic(const gcm_type *type) {
  return type->acyclic || (type->refs == 0 && type->tail != GCM_TAIL_REFS);
}

#endif
