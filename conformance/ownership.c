/* SPDX-License-Identifier: MIT
 *
 * What take, dup, drop, set, store, take_field and cursors mean, step by step.
 */
#include "expect.h"

static const gcm_type cell = {.name = "cell", .id = 0, .refs = 2, .bytes = 8};
static const gcm_type *const types[] = {&cell};

/* Cells made so far, so that the case knows how many it allocated. */
static uint64_t made;

static gcm_owned make(gcm_mutator *m, uint64_t value) {
  gcm_owned fresh = gcm_new(m, &cell);
  *(uint64_t *)gcm_bytes(m, fresh.ref, &cell) = value;
  made++;
  return fresh;
}

static uint64_t value_of(gcm_mutator *m, gcm_ref ref) {
  return *(uint64_t *)gcm_bytes(m, ref, &cell);
}

static void locals(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, a, make(m, 1));
  GCM_LOCAL(m, b, gcm_take(m, &a));
  EXPECT(right, a.ref == NULL && value_of(m, b.ref) == 1);
  gcm_set(m, &a, gcm_dup(m, b.ref));
  EXPECT(right, a.ref == b.ref);
  gcm_set(m, &b, make(m, 2));
  EXPECT(right, a.ref != b.ref && value_of(m, a.ref) == 1 && value_of(m, b.ref) == 2);
  gcm_set(m, &a, gcm_dup(m, a.ref)); /* to itself */
  gcm_collect(m);
  EXPECT(right, value_of(m, a.ref) == 1);
  gcm_set(m, &a, gcm_take(m, &a));
  EXPECT(right, value_of(m, a.ref) == 1);
  gcm_set(m, &b, gcm_null());
  EXPECT(right, b.ref == NULL);
}

static void nulls(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, none, gcm_null());
  EXPECT(right, none.ref == NULL && gcm_null().ref == NULL);
  EXPECT(right, gcm_dup(m, NULL).ref == NULL);
  gcm_drop(m, gcm_null());
  gcm_set(m, &none, gcm_take(m, &none));
  gcm_set(m, &none, make(m, 3));
  gcm_owned fresh = make(m, 4);
  EXPECT(right, gcm_load(m, fresh.ref, 0) == NULL && gcm_load(m, fresh.ref, 1) == NULL);
  EXPECT(right, gcm_take_field(m, fresh.ref, 0).ref == NULL);
  gcm_init(m, fresh.ref, 1, gcm_null());
  gcm_store(m, fresh.ref, 0, gcm_null());
  gcm_drop(m, fresh);
}

static void fields(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, a, make(m, 5));
  gcm_owned first = make(m, 6);
  gcm_store(m, a.ref, 0, first);
  gcm_store(m, a.ref, 1, gcm_dup(m, gcm_load(m, a.ref, 0)));
  EXPECT(right, gcm_load(m, a.ref, 0) == gcm_load(m, a.ref, 1));
  gcm_collect(m);
  EXPECT(right, gcm_load(m, a.ref, 0) == gcm_load(m, a.ref, 1));
  gcm_store(m, a.ref, 0, gcm_null()); /* the other owner keeps it */
  gcm_collect(m);
  EXPECT(right, gcm_load(m, a.ref, 0) == NULL && value_of(m, gcm_load(m, a.ref, 1)) == 6);
  gcm_store(m, a.ref, 1, gcm_take_field(m, a.ref, 1)); /* out and in again */
  EXPECT(right, value_of(m, gcm_load(m, a.ref, 1)) == 6);
  gcm_store(m, a.ref, 1, gcm_dup(m, gcm_load(m, a.ref, 1))); /* by what it holds */
  EXPECT(right, value_of(m, gcm_load(m, a.ref, 1)) == 6);
  GCM_LOCAL(m, b, gcm_take_field(m, a.ref, 1));
  EXPECT(right, gcm_load(m, a.ref, 1) == NULL && value_of(m, b.ref) == 6);
  gcm_set(m, &a, gcm_null());
  gcm_collect(m);
  EXPECT(right, value_of(m, b.ref) == 6);
}

/* A child outlives its parent when it was taken out before. */
static void advance(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, list, gcm_null());
  for (uint64_t i = 0; i < 10; i++) {
    gcm_owned head = make(m, i);
    gcm_init(m, head.ref, 0, gcm_take(m, &list));
    gcm_set(m, &list, head);
  }
  for (uint64_t i = 10; i-- > 0;) {
    EXPECT(right, value_of(m, list.ref) == i);
    gcm_set(m, &list, gcm_take_field(m, list.ref, 0));
    gcm_safepoint(m);
  }
  EXPECT(right, list.ref == NULL);
}

static void cursors(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, list, gcm_null());
  for (uint64_t i = 0; i < 10; i++) {
    gcm_owned head = make(m, i);
    gcm_init(m, head.ref, 0, gcm_take(m, &list));
    gcm_set(m, &list, head);
  }
  GCM_CURSOR(m, at, list.ref);
  GCM_CURSOR(m, nowhere, NULL);
  for (uint64_t i = 10; at.ref != NULL; gcm_point(m, &at, gcm_load(m, at.ref, 0))) {
    i--;
    gcm_collect(m);
    EXPECT(right, value_of(m, at.ref) == i && nowhere.ref == NULL);
    gcm_owned side = make(m, 100 + i);
    gcm_store(m, at.ref, 1, side);
    EXPECT(right, value_of(m, gcm_load(m, at.ref, 1)) == 100 + i);
  }
  gcm_point(m, &nowhere, list.ref);
  gcm_safepoint(m);
  EXPECT(right, nowhere.ref == list.ref);
}

static gcm_owned leave_early(gcm_mutator *m, uint64_t when) {
  GCM_LOCAL(m, kept, make(m, when));
  for (uint64_t i = 0; i < 8; i++) {
    GCM_LOCAL(m, each, make(m, i));
    if (i % 3 == 0) {
      continue;
    }
    if (i == when) {
      return gcm_take(m, &kept);
    }
    GCM_LOCAL(m, more, gcm_dup(m, each.ref));
    if (i == 5 && more.ref == each.ref) {
      break;
    }
  }
  return gcm_null();
}

static void scopes(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, found, leave_early(m, 4));
  EXPECT(right, value_of(m, found.ref) == 4);
  gcm_set(m, &found, leave_early(m, 7)); /* left by break, before */
  EXPECT(right, found.ref == NULL);
  {
    GCM_LOCAL(m, inner, make(m, 1));
    gcm_set(m, &found, gcm_dup(m, inner.ref));
  }
  gcm_collect(m);
  EXPECT(right, value_of(m, found.ref) == 1);
}

static void ownership_run(gcm_mutator *m, gcm_run *run) {
  uint64_t rounds = gcm_run_size(run);
  struct expectations right = {0};
  made = 0;
  gcm_run_start(run);
  for (uint64_t round = 0; round < rounds; round++) {
    locals(m, &right);
    nulls(m, &right);
    fields(m, &right);
    advance(m, &right);
    cursors(m, &right);
    scopes(m, &right);
  }
  gcm_run_stop(run);
  answer_expectations(run, &right);
  gcm_expect_allocated(run, made, made);
  expect_left(run, made, 0, 64 + made / 50);
}

static const gcm_workload ownership_case = {
    .name = "conformance-ownership",
    .description = "what take, dup, drop, set, store and cursors mean",
    .tiny = 2,
    .quick = 100,
    .normal = 1000,
    .large = 10000,
    .minimum = 1,
    .maximum = 1000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = ownership_run,
};
GCM_CONFORMANCE(ownership_case);
