/* SPDX-License-Identifier: MIT
 *
 * The heap budget: what does not fit runs out of heap, however it is asked for;
 * garbage makes room, and so does cyclic garbage where cycles are reclaimed.
 */
#include "expect.h"

static const gcm_type node = {.name = "node", .id = 0, .refs = 1, .tail = GCM_TAIL_BYTES};
static const gcm_type bytes = {.name = "bytes", .id = 1, .tail = GCM_TAIL_BYTES};
static const gcm_type refs = {.name = "refs", .id = 2, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&node, &bytes, &refs};

/* Bytes. The size of a case is how many nodes fill it. */
enum { BUDGET = 8 << 20 };

/* With its tail, the share of the budget that a node takes; 16 bytes at least. */
static gcm_owned make(gcm_mutator *m, const gcm_run *run) {
  size_t share = BUDGET / gcm_run_size(run);
  return gcm_new_tail(m, &node, share < 16 ? 8 : share - 8);
}

/* ---- What has to run out -------------------------------------------------------- */

/* A list that grows; the run never comes back if the budget is honoured. */
static void live_run(gcm_mutator *m, gcm_run *run) {
  gcm_run_start(run);
  GCM_LOCAL(m, list, gcm_null());
  for (uint64_t i = 0; i <= gcm_run_size(run); i++) {
    gcm_owned fresh = make(m, run);
    gcm_init(m, fresh.ref, 0, gcm_take(m, &list));
    gcm_set(m, &list, fresh);
  }
  gcm_run_stop(run);
}

/* One object that asks for too much. */
static void ask(gcm_mutator *m, gcm_run *run, const gcm_type *type, size_t length) {
  gcm_run_start(run);
  GCM_LOCAL(m, first, make(m, run)); /* something is held already */
  GCM_LOCAL(m, object, gcm_new_tail(m, type, length));
  gcm_run_stop(run);
  gcm_answer_unchecked(run, "held", gcm_length(m, first.ref));
  gcm_answer_unchecked(run, "length", gcm_length(m, object.ref));
}

static void large_run(gcm_mutator *m, gcm_run *run) {
  ask(m, run, &bytes, BUDGET + 1);
}

/* Lengths at which a careless size computation overflows. */
static void bytes_overflow_run(gcm_mutator *m, gcm_run *run) {
  ask(m, run, &bytes, SIZE_MAX);
}

static void bytes_rounding_run(gcm_mutator *m, gcm_run *run) {
  ask(m, run, &bytes, SIZE_MAX - 20);
}

static void refs_overflow_run(gcm_mutator *m, gcm_run *run) {
  ask(m, run, &refs, SIZE_MAX / sizeof(gcm_ref) + 2);
}

/* ---- What has to fit ------------------------------------------------------------- */

/* Sixteen times the budget, of which little lives at a time. */
static void garbage_run(gcm_mutator *m, gcm_run *run) {
  uint64_t made = 0;
  gcm_run_start(run);
  for (uint64_t i = 0; i < 2 * gcm_run_size(run); i++) {
    GCM_LOCAL(m, list, gcm_null());
    for (int j = 0; j < 8; j++, made++) {
      gcm_owned fresh = make(m, run);
      gcm_init(m, fresh.ref, 0, gcm_take(m, &list));
      gcm_set(m, &list, fresh);
    }
  }
  gcm_run_stop(run);
  gcm_expect_allocated(run, made, made);
  expect_left(run, made, 0, 8 + made / 50);
}

/* The same in large objects. */
static void large_garbage_run(gcm_mutator *m, gcm_run *run) {
  uint64_t count = 64;
  gcm_run_start(run);
  for (uint64_t i = 0; i < count; i++) {
    GCM_LOCAL(m, object, gcm_new_tail(m, &bytes, BUDGET / 8));
    ((unsigned char *)gcm_bytes(m, object.ref, &bytes))[BUDGET / 8 - 1] = 1;
  }
  gcm_run_stop(run);
  gcm_expect_allocated(run, count, count);
  expect_left(run, count, 0, 4);
}

/* The same in pairs that refer to each other. */
static void cyclic_garbage_run(gcm_mutator *m, gcm_run *run) {
  uint64_t pairs = 8 * gcm_run_size(run);
  gcm_run_start(run);
  for (uint64_t i = 0; i < pairs; i++) {
    GCM_LOCAL(m, one, make(m, run));
    gcm_owned other = make(m, run);
    gcm_init(m, other.ref, 0, gcm_dup(m, one.ref));
    gcm_store(m, one.ref, 0, other);
  }
  gcm_run_stop(run);
  gcm_expect_allocated(run, 2 * pairs, 2 * pairs);
  expect_left(run, 2 * pairs, 2 * pairs, 8 + pairs / 50);
}

#define HEAP_CASE(identifier, case_name, text, runs_out, capabilities)                             \
  static const gcm_workload identifier##_case = {.name = "conformance-heap-" case_name,            \
                                                 .description = text,                              \
                                                 .tiny = 64,                                       \
                                                 .quick = 200000,                                  \
                                                 .normal = 200000,                                 \
                                                 .large = 500000,                                  \
                                                 .minimum = 32,                                    \
                                                 .maximum = 500000,                                \
                                                 .needs = GCM_HEAP_LIMIT | (capabilities),         \
                                                 .types = types,                                   \
                                                 .type_count = sizeof types / sizeof *types,       \
                                                 .run = identifier##_run,                          \
                                                 .heap_limit = BUDGET,                             \
                                                 .must_run_out = runs_out};                        \
  GCM_CONFORMANCE(identifier##_case)

HEAP_CASE(live, "live", "a list that outgrows the budget", true, 0);
HEAP_CASE(large, "large", "an object larger than the budget", true, 0);
HEAP_CASE(bytes_overflow, "bytes-overflow", "a tail of bytes whose size overflows", true, 0);
HEAP_CASE(bytes_rounding, "bytes-rounding", "a tail of bytes whose rounded size overflows", true,
          0);
HEAP_CASE(refs_overflow, "refs-overflow", "a tail of references whose size overflows", true, 0);
HEAP_CASE(garbage, "garbage", "garbage of many times the budget", false, GCM_RECLAIMS);
HEAP_CASE(large_garbage, "large-garbage", "large garbage of many times the budget", false,
          GCM_RECLAIMS);
HEAP_CASE(cyclic_garbage, "cyclic-garbage", "cyclic garbage of many times the budget", false,
          GCM_RECLAIMS | GCM_CYCLES);
