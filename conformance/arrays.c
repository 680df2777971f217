/* SPDX-License-Identifier: MIT
 *
 * Wide arrays of references: all to one object, and each to another.
 */
#include "expect.h"

static const gcm_type leaf = {.name = "leaf", .id = 0, .bytes = 8};
static const gcm_type array = {.name = "array", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&leaf, &array};

static gcm_owned make_leaf(gcm_mutator *m, uint64_t value) {
  gcm_owned fresh = gcm_new(m, &leaf);
  *(uint64_t *)gcm_bytes(m, fresh.ref, &leaf) = value;
  return fresh;
}

/* Elements that hold `step` times their index. */
static uint64_t count_right(gcm_mutator *m, gcm_ref elements, uint64_t step) {
  uint64_t right = 0, length = gcm_length(m, elements);
  for (uint64_t i = 0; i < length; i++) {
    gcm_ref element = gcm_load(m, elements, i);
    right += *(uint64_t *)gcm_bytes(m, element, &leaf) == step * i;
  }
  return right;
}

static void same_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run);
  gcm_run_start(run);
  GCM_LOCAL(m, only, make_leaf(m, 0));
  GCM_LOCAL(m, elements, gcm_new_tail(m, &array, length));
  for (uint64_t i = 0; i < length; i++) {
    gcm_store(m, elements.ref, i, gcm_dup(m, only.ref));
  }
  gcm_set(m, &only, gcm_null());
  gcm_collect(m);
  uint64_t right = count_right(m, elements.ref, 0);
  /* All but the last give it up; it has to stay. */
  for (uint64_t i = 0; i + 1 < length; i++) {
    gcm_store(m, elements.ref, i, gcm_null());
  }
  gcm_collect(m);
  uint64_t last = *(uint64_t *)gcm_bytes(m, gcm_load(m, elements.ref, length - 1), &leaf);
  gcm_set(m, &elements, gcm_null());
  gcm_run_stop(run);
  gcm_answer(run, "elements", right, length);
  gcm_answer(run, "last", last, 0);
  gcm_expect_allocated(run, 2, 2);
  expect_left(run, 2, 0, 2);
}

static void distinct_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run);
  gcm_run_start(run);
  GCM_LOCAL(m, elements, gcm_new_tail(m, &array, length));
  for (uint64_t i = 0; i < length; i++) {
    gcm_owned element = make_leaf(m, i);
    gcm_store(m, elements.ref, i, element);
  }
  gcm_collect(m);
  uint64_t right = count_right(m, elements.ref, 1);
  gcm_set(m, &elements, gcm_null());
  gcm_run_stop(run);
  gcm_answer(run, "elements", right, length);
  gcm_expect_allocated(run, length + 1, length + 1);
  expect_left(run, length + 1, 0, length + 1);
}

/* An array that refers to itself from every element. */
static void itself_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run), right = 0;
  gcm_run_start(run);
  GCM_LOCAL(m, elements, gcm_new_tail(m, &array, length));
  for (uint64_t i = 0; i < length; i++) {
    gcm_store(m, elements.ref, i, gcm_dup(m, elements.ref));
  }
  gcm_collect(m);
  for (uint64_t i = 0; i < length; i++) {
    right += gcm_load(m, elements.ref, i) == elements.ref;
  }
  gcm_set(m, &elements, gcm_null());
  gcm_run_stop(run);
  gcm_answer(run, "elements", right, length);
  gcm_expect_allocated(run, 1, 1);
  expect_left(run, 1, 1, 1);
}

#define ARRAY_CASE(identifier, case_name, text, function)                                          \
  static const gcm_workload identifier = {.name = "conformance-arrays-" case_name,                 \
                                          .description = text,                                     \
                                          .tiny = 300,                                             \
                                          .quick = 1000000,                                        \
                                          .normal = 5000000,                                       \
                                          .large = 20000000,                                       \
                                          .minimum = 1,                                            \
                                          .maximum = 100000000,                                    \
                                          .types = types,                                          \
                                          .type_count = sizeof types / sizeof *types,              \
                                          .run = function};                                        \
  GCM_CONFORMANCE(identifier)

ARRAY_CASE(arrays_same, "same", "a wide array of references to one object", same_run);
ARRAY_CASE(arrays_distinct, "distinct", "a wide array of references to many objects", distinct_run);
ARRAY_CASE(arrays_itself, "itself", "a wide array of references to itself", itself_run);
