/* SPDX-License-Identifier: MIT
 *
 * The other side of the contract: what the runner asks of a collector. A
 * collector's source file implements all of it (support/ledger.c the external
 * resources of mutator.h). There is one heap per process.
 */
#ifndef GCM_COLLECTORS_HEAP_H
#define GCM_COLLECTORS_HEAP_H

#include "collectors/type.h"

typedef struct gcm_mutator gcm_mutator;
typedef struct gcm_heap gcm_heap;

/* What a collector can do; a workload's needs use the same bits. */
enum gcm_capability {
  GCM_HEAP_LIMIT = 1 << 0, /* honours a heap budget */
  GCM_MALLOC = 1 << 1,     /* objects come from malloc, so another can lie underneath */
  GCM_WEAK = 1 << 2,       /* weak references are cleared */
  GCM_FINALIZERS = 1 << 3, /* finalizers run when an object is reclaimed */
  GCM_CYCLES = 1 << 4,     /* cyclic garbage is reclaimed */
  GCM_THREADS = 1 << 5,    /* more than one mutator */
  GCM_RECLAIMS = 1 << 6,   /* memory is reused before exit */
  GCM_EXACT = 1 << 7,      /* nothing unreachable is kept by mistake */
  GCM_CAPABILITY_COUNT = 8
};

/* An option of a collector (`--set name=value`): a choice if `choices` is set,
 * else an integer between minimum and maximum. */
struct gcm_option {
  const char *name;
  const char *help;
  const char *default_value;
  const char *const *choices; /* null-terminated, or null */
  long minimum, maximum;
};

/* What a collector is. The option's position here is its position in
 * gcm_heap_config.options. */
struct gcm_collector {
  const char *description;
  const char *family; /* a word of docs/protocol.md */
  unsigned capabilities;
  const struct gcm_option *options;
  size_t option_count;
  /* Name and version of the library underneath, or null. */
  const char *(*library)(void);
};
extern const struct gcm_collector gcm_collector;

struct gcm_heap_config {
  /* Bytes the collector may hold for objects and what serves them, headers
   * included, by its own accounting; SIZE_MAX without a limit. */
  size_t limit;
  const gcm_type *const *types; /* by id; outlives the heap */
  size_t type_count;
  const char *const *options; /* a checked value for each option of gcm_collector */
  unsigned threads;           /* mutators that will be attached */
  /* Called when a request cannot be met, after everything was tried: the bytes
   * asked and held. Does not return. */
  void (*out_of_heap)(size_t asked, size_t held) __attribute__((noreturn));
  /* Called when the collector finds something it cannot go on with. */
  void (*failed)(const char *message) __attribute__((noreturn));
};

/* Null, with a message on standard error, if the heap cannot be opened. The
 * config's pointers must outlive the heap. */
gcm_heap *gcm_heap_open(const struct gcm_heap_config *config);

/* Join the calling thread to the heap, and leave it again. A detached mutator
 * has no locals left. Null, with a message on standard error, on failure. */
gcm_mutator *gcm_attach(gcm_heap *heap);
void gcm_detach(gcm_mutator *m);

/* What could not be told. Never shown as a number. */
#define GCM_UNKNOWN UINT64_MAX

struct gcm_heap_counts {
  uint64_t objects, bytes;                     /* not reclaimed now, headers included */
  uint64_t allocated_objects, allocated_bytes; /* ever, headers included */
  uint64_t finalizable;                        /* ever, objects whose type has a finalizer */
  uint64_t collections;                        /* begun, partial ones included */
};

/* What the collector can tell without a collection, rounded as it rounds;
 * GCM_UNKNOWN for what it cannot. Called with no mutator at work. */
void gcm_heap_count(gcm_heap *heap, struct gcm_heap_counts *counts);

/* Ask the allocator underneath to give memory back to the system. */
void gcm_heap_trim(gcm_heap *heap);

/* Release everything the collector can reach, running the finalizers it owes;
 * the heap stays open for gcm_heap_count alone. All mutators are detached. */
void gcm_heap_teardown(gcm_heap *heap);

#endif
