/* SPDX-License-Identifier: MIT
 *
 * Weak references: cleared once the target has been reclaimed, not before.
 */
#include "expect.h"

enum { STRONG, WEAK };
static const gcm_type node = {.name = "node", .id = 0, .refs = 2, .bytes = 8};
static const gcm_type table = {.name = "table", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&node, &table};

static gcm_owned make(gcm_mutator *m, uint64_t value) {
  gcm_owned fresh = gcm_new(m, &node);
  *(uint64_t *)gcm_bytes(m, fresh.ref, &node) = value;
  return fresh;
}

static uint64_t value_of(gcm_mutator *m, gcm_ref ref) {
  return *(uint64_t *)gcm_bytes(m, ref, &node);
}

/* Whether what `weak` refers to is still there. */
static bool lives(gcm_mutator *m, gcm_ref weak) {
  GCM_LOCAL(m, target, gcm_weak_get(m, weak));
  return target.ref != NULL;
}

/* Whether it is there and has this value. */
static bool lives_as(gcm_mutator *m, gcm_ref weak, uint64_t value) {
  GCM_LOCAL(m, target, gcm_weak_get(m, weak));
  return target.ref != NULL && value_of(m, target.ref) == value;
}

/* Fill `targets` with nodes and `weaks` with a weak reference to each. */
static void fill(gcm_mutator *m, const gcm_local *targets, const gcm_local *weaks, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    gcm_owned target = make(m, i);
    gcm_store(m, targets->ref, i, target);
    gcm_owned weak = gcm_weak_new(m, gcm_load(m, targets->ref, i));
    gcm_store(m, weaks->ref, i, weak);
  }
}

/* A collector that is not exact may keep a few targets by mistake. */
static uint64_t forgiven(uint64_t count) {
  return collector_can(GCM_EXACT) ? 0 : 8 + count / 50;
}

/* Half of the targets die. */
static void half_run(gcm_mutator *m, gcm_run *run) {
  uint64_t count = gcm_run_size(run), wrong = 0, dead_and_there = 0;
  gcm_run_start(run);
  GCM_LOCAL(m, targets, gcm_new_tail(m, &table, count));
  GCM_LOCAL(m, weaks, gcm_new_tail(m, &table, count));
  fill(m, &targets, &weaks, count);
  gcm_collect(m);
  for (uint64_t i = 0; i < count; i++) {
    wrong += !lives_as(m, gcm_load(m, weaks.ref, i), i);
  }
  for (uint64_t i = 0; i < count; i += 2) {
    gcm_store(m, targets.ref, i, gcm_null());
  }
  gcm_collect(m);
  for (uint64_t i = 0; i < count; i++) {
    if (i % 2 == 1) {
      wrong += !lives_as(m, gcm_load(m, weaks.ref, i), i);
    } else {
      dead_and_there += lives(m, gcm_load(m, weaks.ref, i));
    }
  }
  gcm_run_stop(run);
  gcm_answer(run, "wrong", wrong, 0);
  gcm_answer(run, "too-many-dead-are-there", dead_and_there > forgiven(count), 0);
  expect_left(run, 3 * count + 2, 0, 3 * count + 2);
}

/* Cyclic targets: pairs, which only tracing finds. */
static void cycles_run(gcm_mutator *m, gcm_run *run) {
  uint64_t count = gcm_run_size(run), wrong = 0, there = 0;
  gcm_run_start(run);
  GCM_LOCAL(m, targets, gcm_new_tail(m, &table, count));
  GCM_LOCAL(m, weaks, gcm_new_tail(m, &table, count));
  fill(m, &targets, &weaks, count);
  for (uint64_t i = 0; i < count; i++) {
    gcm_owned other = make(m, i);
    gcm_init(m, other.ref, STRONG, gcm_dup(m, gcm_load(m, targets.ref, i)));
    gcm_store(m, gcm_load(m, targets.ref, i), STRONG, other);
  }
  gcm_collect(m);
  for (uint64_t i = 0; i < count; i++) {
    wrong += !lives_as(m, gcm_load(m, weaks.ref, i), i);
  }
  for (uint64_t i = 0; i < count; i++) { /* one by one: a stale word keeps one pair */
    gcm_store(m, targets.ref, i, gcm_null());
  }
  gcm_collect(m);
  for (uint64_t i = 0; i < count; i++) {
    gcm_ref weak = gcm_load(m, weaks.ref, i);
    there += lives(m, weak);
    wrong += lives(m, gcm_load(m, weaks.ref, i)) && !lives_as(m, gcm_load(m, weaks.ref, i), i);
  }
  gcm_run_stop(run);
  gcm_answer(run, "wrong", wrong, 0);
  if (collector_can(GCM_CYCLES)) {
    gcm_answer(run, "too-many-dead-are-there", there > forgiven(count), 0);
  } else {
    gcm_answer(run, "leaked-and-there", there, count);
  }
  expect_left(run, 4 * count + 2, 2 * count, 4 * count + 2);
}

/* Two weak references to one target, one of which dies first. */
static void two_run(gcm_mutator *m, gcm_run *run) {
  uint64_t count = gcm_run_size(run), wrong = 0, there = 0;
  gcm_run_start(run);
  for (uint64_t i = 0; i < count; i++) {
    GCM_LOCAL(m, target, make(m, i));
    GCM_LOCAL(m, first, gcm_weak_new(m, target.ref));
    GCM_LOCAL(m, second, gcm_weak_new(m, target.ref));
    wrong += !lives_as(m, first.ref, i) || !lives_as(m, second.ref, i);
    gcm_set(m, &first, gcm_null());
    gcm_safepoint(m);
    wrong += value_of(m, target.ref) != i || !lives_as(m, second.ref, i);
    gcm_set(m, &first, gcm_weak_new(m, target.ref));
    gcm_set(m, &target, gcm_null());
    if (i % 64 == 0) {
      gcm_collect(m);
      there += lives(m, first.ref) + lives(m, second.ref);
    }
  }
  gcm_run_stop(run);
  gcm_answer(run, "wrong", wrong, 0);
  gcm_answer(run, "too-many-dead-are-there", there > 2 * forgiven(count), 0);
  expect_left(run, 4 * count, 0, 4 * (8 + count / 50));
}

/* What a weak reference gave is owned: it keeps the target alive. */
static void kept_run(gcm_mutator *m, gcm_run *run) {
  uint64_t count = gcm_run_size(run), wrong = 0, there = 0;
  gcm_run_start(run);
  for (uint64_t i = 0; i < count; i++) {
    GCM_LOCAL(m, target, make(m, i));
    GCM_LOCAL(m, weak, gcm_weak_new(m, target.ref));
    GCM_LOCAL(m, got, gcm_weak_get(m, weak.ref));
    wrong += got.ref != target.ref;
    gcm_set(m, &target, gcm_null());
    if (i % 64 == 0) {
      gcm_collect(m);
    }
    wrong += value_of(m, got.ref) != i || !lives_as(m, weak.ref, i);
    gcm_set(m, &got, gcm_null());
    if (i % 64 == 0) {
      gcm_collect(m);
      there += lives(m, weak.ref);
    }
  }
  gcm_run_stop(run);
  gcm_answer(run, "wrong", wrong, 0);
  gcm_answer(run, "too-many-dead-are-there", there > forgiven(count), 0);
  expect_left(run, 2 * count, 0, 2 * (8 + count / 50));
}

/* A list whose back links are weak is no cycle: counting alone reclaims it. */
static void back_run(gcm_mutator *m, gcm_run *run) {
  uint64_t count = gcm_run_size(run), right = 0;
  gcm_run_start(run);
  {
    GCM_LOCAL(m, first, make(m, 0));
    GCM_CURSOR(m, at, first.ref);
    for (uint64_t i = 1; i < count; i++) {
      GCM_LOCAL(m, next, make(m, i));
      gcm_owned back = gcm_weak_new(m, at.ref);
      gcm_store(m, next.ref, WEAK, back);
      gcm_store(m, at.ref, STRONG, gcm_take(m, &next));
      gcm_point(m, &at, gcm_load(m, at.ref, STRONG));
    }
    gcm_collect(m);
    while (value_of(m, at.ref) > 0) { /* back again, all held by `first` */
      GCM_LOCAL(m, before, gcm_weak_get(m, gcm_load(m, at.ref, WEAK)));
      if (before.ref == NULL) {
        break;
      }
      right += value_of(m, before.ref) + 1 == value_of(m, at.ref);
      gcm_point(m, &at, before.ref);
    }
  }
  gcm_run_stop(run);
  gcm_answer(run, "steps", right, count - 1);
  /* One piece, so one stale word may keep all. */
  expect_left(run, 2 * count - 1, 0, 2 * count);
}

#define WEAK_CASE(identifier, case_name, text, function)                                           \
  static const gcm_workload identifier = {.name = "conformance-weak-" case_name,                   \
                                          .description = text,                                     \
                                          .tiny = 70,                                              \
                                          .quick = 2000,                                           \
                                          .normal = 20000,                                         \
                                          .large = 200000,                                         \
                                          .minimum = 1,                                            \
                                          .maximum = 10000000,                                     \
                                          .needs = GCM_WEAK,                                       \
                                          .types = types,                                          \
                                          .type_count = sizeof types / sizeof *types,              \
                                          .run = function};                                        \
  GCM_CONFORMANCE(identifier)

WEAK_CASE(weak_half, "half", "weak references to targets of which half die", half_run);
WEAK_CASE(weak_cycles, "cycles", "weak references to cyclic garbage", cycles_run);
WEAK_CASE(weak_two, "two", "two weak references to one target, one dies first", two_run);
WEAK_CASE(weak_kept, "kept", "a target held by what its weak reference gave", kept_run);
WEAK_CASE(weak_back, "back", "a list with weak back links, which is no cycle", back_run);
