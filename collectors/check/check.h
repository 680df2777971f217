/* SPDX-License-Identifier: MIT
 *
 * What check knows, beside the objects themselves.
 *
 * Every object has a node. The node, not the object, is the truth: which object
 * each field refers to, how many owners there are, what has been given out. The
 * object's own memory holds addresses for the workload alone, and is compared
 * with its node whenever it moves.
 */
#ifndef GCM_CHECK_H
#define GCM_CHECK_H

#include "collectors/mutator.h"

#include <inttypes.h>
#include <pthread.h>

enum check_rule {
#define RULE(name, words) CHECK_##name,
#include "rules.def"
#undef RULE
  CHECK_RULE_COUNT
};
extern const char *const check_rules[CHECK_RULE_COUNT];

typedef struct check_node check_node;

/* Where a depth-first search stands (acyclic.c); order is 0 before its visit. */
struct check_visit {
  uint64_t order, low;
  size_t position; /* of the next field to follow */
  bool open;       /* its strongly connected component is not complete yet */
  check_node *parent, *stacked;
};

/* Invariants, except while an API call is at work:
 *   count = in_flight + locals that own it + fields of unreleased nodes that refer to it;
 *   count is 0 exactly when `released`; a released node's fields are null.
 * A released node stays, poisoned, until the next collection. */
struct check_node {
  const gcm_type *type; /* check_weak_type for a weak reference */
  size_t length;        /* of the tail */
  size_t payload;       /* bytes */
  char *address;        /* in the current space */
  uint64_t serial;      /* from 1, in the order of allocation */
  uint64_t count;       /* owners, as a counting manager would count them */
  uint64_t in_flight;   /* owned references given out and not consumed yet */
  uint64_t owners;      /* counted afresh by each collection */
  const char *made;     /* where it was allocated */
  const char *given;    /* where the last owned reference was given out */
  check_node *next;     /* on a worklist */
  check_node *target;   /* of a weak reference; null once cleared */
  bool released, marked, finalized;
  struct check_visit visit; /* acyclic.c */
  size_t references;
  check_node *fields[];
};
extern const gcm_type check_weak_type;

/* Where objects were in one space, ascending by address. `node` is valid in the
 * current space only; the rest tells of old ones. */
struct check_place {
  char *address;
  check_node *node;
  uint64_t serial;
  const gcm_type *type;
};

/* A space is used from one collection to the next, then never again until the
 * reserved addresses have all been used. */
struct check_space {
  char *begin, *end; /* committed; a whole number of pages */
  char *free;        /* where the next object goes */
  struct check_place *places;
  size_t place_count, place_capacity;
  const char *left; /* the safepoint that moved everything out */
};

struct gcm_mutator {
  gcm_heap *heap;
  struct gcm_shadow_stack stack;
  pthread_t thread;
  const char *where; /* the last API call */
  /* The object made last, while no safepoint has passed, and which of its
   * fields were set (one bit each). */
  check_node *fresh;
  unsigned char *set;
  size_t set_capacity; /* bytes */
};

struct gcm_heap {
  const struct gcm_heap_config *config;
  uint64_t every;       /* collect at every such safepoint only */
  uint64_t safepoints;  /* so far */
  uint64_t in_flight;   /* over all nodes */
  bool finalizing;      /* a finalizer is running */
  gcm_mutator *mutator; /* the only one; null while none is attached */
  struct check_space space;
  struct gcm_heap_counts counts;
};
extern gcm_heap check_heap;

/* rule.c: end the run. The node is null, or what the message is about; `format`
 * adds detail. */
_Noreturn void check_broken(enum check_rule rule, const char *where, const check_node *node,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for an address that is no living object's: tells what was there. */
_Noreturn void check_broken_address(const char *where, const void *address);
/* The collector itself cannot go on. */
_Noreturn void check_failed(const char *why);
/* Turn faults on old addresses into reports, on this thread. False, errno set. */
bool check_watch_faults(void);

/* space.c: false, errno set, if no addresses can be reserved. */
bool check_space_reserve(void);
/* Bytes an object takes in a space. SIZE_MAX if it can never fit. */
size_t check_space_stride(size_t payload);
/* Whether so many bytes can be placed before a collection has to come. */
bool check_space_has_room(size_t bytes);
/* Start a space that has room for `bytes` at addresses not used for longest. */
struct check_space check_space_open(size_t bytes);
/* Give the node its place: zeroed payload, guarded behind. */
void check_space_place(struct check_space *space, check_node *node);
/* Make the current space inaccessible and remember what was where. */
void check_space_retire(struct check_space *space, const char *where);
/* The node of the object at this address of the current space, or null. */
check_node *check_space_find(const void *address);
/* The last place at or below the address, and the safepoint that everything there left
 * at: null for the current space. False if that is unknown. */
bool check_space_history(const void *address, const struct check_place **place, const char **left);
bool check_space_reserved(const void *address);
/* Poison a released object; whether guards, and poison, are as they were left. */
void check_space_poison(check_node *node);
bool check_space_intact(const check_node *node);

/* count.c: ownership. Consume one owned reference; null gives null. */
check_node *check_consume(const char *where, gcm_owned value);
/* Give out one owned reference, already counted. */
gcm_owned check_give(const char *where, check_node *node);
/* One owner less; at none the node and what it alone kept are released. */
void check_release_one(check_node *node);
/* Release one node, giving its children up. */
void check_release(check_node *node);
/* Run the finalizer if there is one and it has not run. */
void check_finalize(check_node *node);

/* collect.c: a safepoint; `must` collects whatever `every` says. `kept`, if not
 * null, is protected. */
void check_reach_safepoint(const char *where, gcm_mutator *m, bool must, check_node *kept);

/* acyclic.c: report an unmarked object on a cycle whose type promised otherwise. */
void check_acyclic_promises(const char *where);

/* Put the address of a node into the object's memory. */
GCM_INLINE void check_write_field(check_node *node, size_t index) {
  check_node *value = node->fields[index];
  ((gcm_ref *)(void *)node->address)[index] = value == NULL ? NULL : (gcm_ref)value->address;
}

/* Whether the object's memory agrees with its node. */
GCM_INLINE bool check_field_agrees(const check_node *node, size_t index) {
  const check_node *value = node->fields[index];
  const char *held = (const char *)((gcm_ref *)(void *)node->address)[index];
  return held == (value == NULL ? NULL : value->address);
}

/* Bytes of an object by the budget's accounting: payload and a header word. */
GCM_INLINE size_t check_charged(size_t payload) {
  return gcm_round_to_word(payload) + sizeof(size_t);
}

#endif
