/* SPDX-License-Identifier: MIT
 *
 * Cyclic garbage of every form. Each case makes many disjoint structures of one
 * form, looks at each, and drops it: what reclaims cycles has to reclaim all of
 * it, and what does not has to leave exactly what is on a cycle or hangs off it.
 */
#include "expect.h"

enum { NEXT, OTHER };
static const gcm_type node = {.name = "node", .id = 0, .refs = 2, .bytes = 8};
static const gcm_type hub = {.name = "hub", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type leaf = {
    .name = "leaf", .id = 2, .refs = 1, .bytes = 8, .acyclic = true}; /* refers to leaves only */
static const gcm_type bridge = {.name = "bridge", .id = 3, .refs = 1, .acyclic = true};
static const gcm_type *const types[] = {&node, &hub, &leaf, &bridge};

enum { RING_LENGTH = 100, TAIL_LENGTH = 20, CLIQUE_SIZE = 12 };

static gcm_owned make_node(gcm_mutator *m) {
  gcm_owned fresh = gcm_new(m, &node);
  *(uint64_t *)gcm_bytes(m, fresh.ref, &node) = 1;
  return fresh;
}

/* `length` nodes linked by NEXT, the last to the first. */
static gcm_owned make_ring(gcm_mutator *m, uint64_t length) {
  GCM_LOCAL(m, first, make_node(m));
  GCM_CURSOR(m, last, first.ref);
  for (uint64_t i = 1; i < length; i++) {
    gcm_owned next = make_node(m);
    gcm_store(m, last.ref, NEXT, next);
    gcm_point(m, &last, gcm_load(m, last.ref, NEXT));
  }
  gcm_store(m, last.ref, NEXT, gcm_dup(m, first.ref));
  return gcm_take(m, &first);
}

/* `length` nodes linked by NEXT, the last to `end`. */
static gcm_owned make_chain(gcm_mutator *m, uint64_t length, gcm_owned end) {
  GCM_LOCAL(m, first, end);
  for (uint64_t i = 0; i < length; i++) {
    gcm_owned fresh = make_node(m);
    gcm_init(m, fresh.ref, NEXT, gcm_take(m, &first));
    gcm_set(m, &first, fresh);
  }
  return gcm_take(m, &first);
}

/* Nodes passed on the way along NEXT from `start` until it comes to `end`. */
static uint64_t walk(gcm_mutator *m, gcm_ref start, gcm_ref end) {
  uint64_t count = 0;
  gcm_ref at = start;
  do {
    count += *(uint64_t *)gcm_bytes(m, at, &node);
    at = gcm_load(m, at, NEXT);
  } while (at != end && count < 1000000);
  return count;
}

/* ---- The forms: make one, look at it, drop it; what was counted ------------ */

static uint64_t self_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, 1));
  return walk(m, ring.ref, ring.ref);
}

static uint64_t pair_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, 2));
  return walk(m, ring.ref, ring.ref);
}

static uint64_t ring_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, RING_LENGTH));
  return walk(m, ring.ref, ring.ref);
}

/* A chain that leads into a ring: without cycle collection the ring stays. */
static uint64_t tail_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, RING_LENGTH));
  GCM_LOCAL(m, chain, make_chain(m, TAIL_LENGTH, gcm_dup(m, ring.ref)));
  return walk(m, chain.ref, ring.ref) + walk(m, ring.ref, ring.ref);
}

/* A chain that hangs off a ring: without cycle collection all stays. */
static uint64_t hanging_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, RING_LENGTH));
  gcm_owned chain = make_chain(m, TAIL_LENGTH, gcm_null());
  gcm_store(m, ring.ref, OTHER, chain);
  return walk(m, ring.ref, ring.ref) + walk(m, gcm_load(m, ring.ref, OTHER), NULL);
}

/* Two rings that have one node in common: one along NEXT, the other leaves the
 * shared node along OTHER. */
static uint64_t shared_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, RING_LENGTH));
  gcm_owned chain = make_chain(m, RING_LENGTH - 1, gcm_dup(m, ring.ref));
  gcm_store(m, ring.ref, OTHER, chain);
  return walk(m, ring.ref, ring.ref) + walk(m, gcm_load(m, ring.ref, OTHER), ring.ref);
}

/* Each hub refers to every hub, itself too. */
static uint64_t clique_form(gcm_mutator *m) {
  GCM_LOCAL(m, list, gcm_new_tail(m, &hub, CLIQUE_SIZE));
  gcm_store(m, list.ref, 0, gcm_dup(m, list.ref));
  for (size_t i = 1; i < CLIQUE_SIZE; i++) {
    gcm_owned fresh = gcm_new_tail(m, &hub, CLIQUE_SIZE);
    gcm_store(m, list.ref, i, fresh);
  }
  uint64_t count = 0;
  for (size_t i = 1; i < CLIQUE_SIZE; i++) {
    for (size_t j = 0; j < CLIQUE_SIZE; j++) {
      gcm_ref member = gcm_load(m, list.ref, j);
      gcm_store(m, gcm_load(m, list.ref, i), j, gcm_dup(m, member));
    }
    count += gcm_load(m, gcm_load(m, list.ref, i), i) == gcm_load(m, list.ref, i);
  }
  return count + 1;
}

/* Every node of the ring holds two leaves of an acyclic type. */
static uint64_t leaves_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, RING_LENGTH));
  GCM_CURSOR(m, at, ring.ref);
  for (int i = 0; i < RING_LENGTH; i++) {
    GCM_LOCAL(m, inner, gcm_new(m, &leaf));
    gcm_owned outer = gcm_new(m, &leaf);
    gcm_init(m, outer.ref, 0, gcm_take(m, &inner));
    gcm_store(m, at.ref, OTHER, outer);
    gcm_point(m, &at, gcm_load(m, at.ref, NEXT));
  }
  return 3 * walk(m, ring.ref, ring.ref);
}

/* An acyclic object that leads from one ring to another: it is on no cycle, and
 * the second ring is garbage only once the first is gone. */
static uint64_t bridged_form(gcm_mutator *m) {
  GCM_LOCAL(m, second, make_ring(m, RING_LENGTH));
  uint64_t count = walk(m, second.ref, second.ref);
  gcm_owned between = gcm_new(m, &bridge);
  gcm_init(m, between.ref, 0, gcm_take(m, &second));
  GCM_LOCAL(m, held, between);
  GCM_LOCAL(m, first, make_ring(m, RING_LENGTH));
  gcm_store(m, first.ref, OTHER, gcm_take(m, &held));
  return count + walk(m, first.ref, first.ref) + 1;
}

/* A ring that hangs off an object which lives on: it stays intact through a
 * collection as long as it is held, and is garbage afterwards. */
static uint64_t held_form(gcm_mutator *m) {
  GCM_LOCAL(m, holder, make_node(m));
  gcm_owned ring = make_ring(m, RING_LENGTH);
  gcm_store(m, holder.ref, OTHER, ring);
  gcm_safepoint(m);
  gcm_ref start = gcm_load(m, holder.ref, OTHER);
  uint64_t count = walk(m, start, start);
  gcm_store(m, holder.ref, OTHER, gcm_null());
  gcm_safepoint(m);
  return count + *(uint64_t *)gcm_bytes(m, holder.ref, &node);
}

/* Opened before it is dropped: no cycle is left. */
static uint64_t opened_form(gcm_mutator *m) {
  GCM_LOCAL(m, ring, make_ring(m, RING_LENGTH));
  uint64_t count = walk(m, ring.ref, ring.ref);
  gcm_store(m, ring.ref, NEXT, gcm_null());
  return count;
}

/* ---- The cases ---------------------------------------------------------------- */

static void cycles_run(gcm_mutator *m, gcm_run *run, uint64_t (*form)(gcm_mutator *),
                       uint64_t objects, uint64_t cyclic) {
  uint64_t pieces = gcm_run_size(run), counted = 0;
  gcm_run_start(run);
  for (uint64_t i = 0; i < pieces; i++) {
    counted += form(m);
  }
  gcm_run_stop(run);
  gcm_answer(run, "objects", counted, pieces * objects);
  gcm_expect_allocated(run, pieces * objects, pieces * objects);
  expect_left(run, pieces * objects, pieces * cyclic, (8 + pieces / 50) * objects);
}

/* `objects` in one structure; `cyclic` of them tracing alone can find. */
#define CYCLE_CASE(form, case_name, text, objects, cyclic)                                         \
  static void form##_run(gcm_mutator *m, gcm_run *run) {                                           \
    cycles_run(m, run, form##_form, objects, cyclic);                                              \
  }                                                                                                \
  static const gcm_workload form##_case = {.name = "conformance-cycles-" case_name,                \
                                           .description = text,                                    \
                                           .tiny = 3,                                              \
                                           .quick = 1000,                                          \
                                           .normal = 10000,                                        \
                                           .large = 100000,                                        \
                                           .minimum = 1,                                           \
                                           .maximum = 10000000,                                    \
                                           .types = types,                                         \
                                           .type_count = sizeof types / sizeof *types,             \
                                           .run = form##_run};                                     \
  GCM_CONFORMANCE(form##_case)

CYCLE_CASE(self, "self", "objects that refer to themselves", 1, 1);
CYCLE_CASE(pair, "pair", "pairs that refer to each other", 2, 2);
CYCLE_CASE(ring, "ring", "rings", RING_LENGTH, RING_LENGTH);
CYCLE_CASE(tail, "tail", "chains that lead into rings", RING_LENGTH + TAIL_LENGTH, RING_LENGTH);
CYCLE_CASE(hanging, "hanging", "rings with a chain that hangs off", RING_LENGTH + TAIL_LENGTH,
           RING_LENGTH + TAIL_LENGTH);
CYCLE_CASE(shared, "shared", "pairs of rings that share a node", 2 * RING_LENGTH - 1,
           2 * RING_LENGTH - 1);
CYCLE_CASE(clique, "clique", "objects that all refer to each other", CLIQUE_SIZE, CLIQUE_SIZE);
CYCLE_CASE(leaves, "leaves", "rings that hold acyclic objects", 3 * RING_LENGTH, 3 * RING_LENGTH);
CYCLE_CASE(bridged, "bridged", "rings that an acyclic object joins", 2 * RING_LENGTH + 1,
           2 * RING_LENGTH + 1);
CYCLE_CASE(held, "held", "rings that hang off a living object, then do not", RING_LENGTH + 1,
           RING_LENGTH);
CYCLE_CASE(opened, "opened", "rings opened before they are dropped", RING_LENGTH, 0);
