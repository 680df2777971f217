/* SPDX-License-Identifier: MIT
 *
 * Finalizers run exactly once, with the object's own bytes, when it is garbage
 * and not before; external resources are accounted for.
 */
#include "expect.h"

#include <stdlib.h>

enum { EXTERNAL_BYTES = 4096, RING_LENGTH = 3 };

/* Of the run, and how often the finalizer of each object ran, by its number. */
static uint64_t objects;
static unsigned char *runs;
static uint64_t strangers; /* finalizers called with bytes that are no number */

static void note(const uint64_t *number) {
  if (*number < objects) {
    runs[*number]++;
  } else {
    strangers++;
  }
}

static void finalize(void *bytes) {
  note(bytes);
}

static void finalize_external(void *bytes) {
  note(bytes);
  gcm_external_close(EXTERNAL_BYTES, 1);
}

static const gcm_type plain = {
    .name = "plain", .id = 0, .refs = 2, .bytes = 8, .finalize = finalize};
static const gcm_type tailed = {
    .name = "tailed", .id = 1, .tail = GCM_TAIL_BYTES, .finalize = finalize};
static const gcm_type external = {
    .name = "external", .id = 2, .bytes = 8, .finalize = finalize_external};
static const gcm_type table = {.name = "table", .id = 3, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&plain, &tailed, &external, &table};

/* `count` objects are going to be made. */
static void begin(gcm_run *run, uint64_t count) {
  objects = count;
  runs = calloc(count, 1);
  if (runs == NULL) {
    gcm_run_failed(run, "no memory to note finalizers in");
  }
  gcm_run_start(run);
}

static gcm_owned make(gcm_mutator *m, const gcm_type *type, uint64_t number) {
  gcm_owned fresh =
      type->tail == GCM_TAIL_NONE ? gcm_new(m, type) : gcm_new_tail(m, type, 8 + number % 100);
  *(uint64_t *)gcm_bytes(m, fresh.ref, type) = number;
  return fresh;
}

/* Of the first `count` objects, those whose number leaves `remainder` when
 * divided by `divisor` and whose finalizer ran so often. */
static uint64_t count_runs(uint64_t count, uint64_t divisor, uint64_t remainder, unsigned often) {
  uint64_t found = 0;
  for (uint64_t i = remainder; i < count; i += divisor) {
    found += runs[i] == often;
  }
  return found;
}

static uint64_t forgiven(uint64_t count) {
  return collector_can(GCM_EXACT) ? 0 : 8 + count / 50;
}

/* ---- Straight: even numbers die in the run, odd ones at its end ------------- */

static void straight_run(gcm_mutator *m, gcm_run *run) {
  begin(run, gcm_run_size(run));
  GCM_LOCAL(m, all, gcm_new_tail(m, &table, objects));
  for (uint64_t i = 0; i < objects; i++) {
    gcm_owned fresh = make(m, i % 3 == 0 ? &tailed : &plain, i);
    gcm_store(m, all.ref, i, fresh);
  }
  gcm_collect(m);
  uint64_t early = objects - count_runs(objects, 1, 0, 0);
  for (uint64_t i = 0; i < objects; i += 2) {
    gcm_store(m, all.ref, i, gcm_null());
  }
  gcm_collect(m);
  gcm_run_stop(run);
  uint64_t late = count_runs(objects, 2, 0, 0);
  gcm_answer(run, "before-death", early, 0);
  gcm_answer(run, "alive-finalized", objects / 2 - count_runs(objects, 2, 1, 0), 0);
  gcm_answer(run, "too-many-not-yet", late > forgiven(objects), 0);
  gcm_expect_allocated(run, objects + 1, objects + 1);
  expect_left(run, objects + 1, 0, objects + 1);
}

/* After the teardown: what could be reached was finalized, and once. */
static void all_finish(gcm_run *run) {
  gcm_answer(run, "strangers", strangers, 0);
  gcm_answer(run, "exactly-once", count_runs(objects, 1, 0, 1), objects);
}

/* ---- On rings of three --------------------------------------------------------- */

static void make_ring(gcm_mutator *m, uint64_t number) {
  GCM_LOCAL(m, first, make(m, &plain, number));
  GCM_LOCAL(m, second, make(m, &plain, number + 1));
  gcm_owned third = make(m, &plain, number + 2);
  gcm_init(m, third.ref, 0, gcm_dup(m, first.ref));
  gcm_store(m, second.ref, 0, third);
  gcm_store(m, first.ref, 0, gcm_take(m, &second));
}

static void rings_run(gcm_mutator *m, gcm_run *run) {
  uint64_t rings = gcm_run_size(run) / RING_LENGTH;
  begin(run, rings * RING_LENGTH);
  for (uint64_t i = 0; i < rings; i++) {
    make_ring(m, i * RING_LENGTH);
  }
  gcm_collect(m);
  gcm_run_stop(run);
  uint64_t finalized = count_runs(objects, 1, 0, 1), twice_or_more = 0;
  twice_or_more = objects - finalized - count_runs(objects, 1, 0, 0);
  gcm_answer(run, "more-than-once", twice_or_more, 0);
  if (collector_can(GCM_CYCLES)) {
    gcm_answer(run, "too-many-not-yet", objects - finalized > RING_LENGTH * forgiven(rings), 0);
  } else {
    gcm_answer(run, "of-leaked", finalized, 0);
  }
  gcm_expect_allocated(run, objects, objects);
  expect_left(run, objects, objects, RING_LENGTH * (8 + rings / 50));
}

/* Nothing can reach what leaks: its finalizers may never run. */
static void rings_finish(gcm_run *run) {
  gcm_answer(run, "strangers", strangers, 0);
  uint64_t once = count_runs(objects, 1, 0, 1), never = count_runs(objects, 1, 0, 0);
  gcm_answer(run, "once-or-never", once + never, objects);
  if (collector_can(GCM_CYCLES)) {
    gcm_answer(run, "never", never, 0);
  }
}

/* ---- A finalizable parent of finalizable children -------------------------------- */

static void family_run(gcm_mutator *m, gcm_run *run) {
  uint64_t families = gcm_run_size(run) / 3;
  begin(run, families * 3);
  for (uint64_t i = 0; i < families; i++) {
    GCM_LOCAL(m, left, make(m, &plain, 3 * i));
    GCM_LOCAL(m, right, make(m, &tailed, 3 * i + 1));
    gcm_owned parent = make(m, &plain, 3 * i + 2);
    gcm_init(m, parent.ref, 0, gcm_take(m, &left));
    gcm_init(m, parent.ref, 1, gcm_take(m, &right));
    gcm_drop(m, parent);
  }
  gcm_collect(m);
  gcm_run_stop(run);
  gcm_answer(run, "too-many-not-yet", count_runs(objects, 1, 0, 0) > 3 * forgiven(families), 0);
  gcm_expect_allocated(run, objects, objects);
  expect_left(run, objects, 0, 3 * (8 + families / 50));
}

/* ---- External resources ------------------------------------------------------------ */

static void external_run(gcm_mutator *m, gcm_run *run) {
  begin(run, gcm_run_size(run));
  GCM_LOCAL(m, all, gcm_new_tail(m, &table, objects));
  for (uint64_t i = 0; i < objects; i++) {
    gcm_owned fresh = make(m, &external, i);
    gcm_external_open(m, fresh.ref, EXTERNAL_BYTES, 1);
    gcm_store(m, all.ref, i, fresh);
  }
  uint64_t open = gcm_external_handles();
  for (uint64_t i = 0; i < objects; i += 2) {
    gcm_store(m, all.ref, i, gcm_null());
  }
  gcm_collect(m);
  gcm_run_stop(run);
  uint64_t still_open = gcm_external_handles();
  gcm_answer(run, "open", open, objects);
  gcm_answer(run, "closed-too-early", still_open < objects / 2, 0);
  gcm_answer(run, "too-many-still-open", still_open > objects / 2 + forgiven(objects), 0);
  gcm_expect_allocated(run, objects + 1, objects + 1);
  expect_left(run, objects + 1, 0, objects + 1);
}

static void external_finish(gcm_run *run) {
  all_finish(run);
  gcm_answer(run, "open-at-exit", gcm_external_handles(), 0);
}

#define FINALIZER_CASE(identifier, case_name, text, function, end)                                 \
  static const gcm_workload identifier = {.name = "conformance-finalizers-" case_name,             \
                                          .description = text,                                     \
                                          .tiny = 150,                                             \
                                          .quick = 30000,                                          \
                                          .normal = 300000,                                        \
                                          .large = 1000000,                                        \
                                          .minimum = 3,                                            \
                                          .maximum = 10000000,                                     \
                                          .needs = GCM_FINALIZERS,                                 \
                                          .types = types,                                          \
                                          .type_count = sizeof types / sizeof *types,              \
                                          .run = function,                                         \
                                          .finish = end};                                          \
  GCM_CONFORMANCE(identifier)

FINALIZER_CASE(straight, "straight", "finalizers of objects that die one by one", straight_run,
               all_finish);
FINALIZER_CASE(rings, "rings", "finalizers on cyclic garbage", rings_run, rings_finish);
FINALIZER_CASE(family, "family", "finalizers of parents and their children", family_run,
               all_finish);
FINALIZER_CASE(resources, "external", "finalizers that give external resources back", external_run,
               external_finish);
