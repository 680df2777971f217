/* SPDX-License-Identifier: MIT
 *
 * Long lists, dropped at once: neither marking nor releasing may recurse.
 */
#include "expect.h"

enum { NEXT, PREVIOUS };
static const gcm_type node = {.name = "node", .id = 0, .refs = 1, .bytes = 8};
static const gcm_type twin = {.name = "twin", .id = 1, .refs = 2, .bytes = 8};
static const gcm_type *const types[] = {&node, &twin};

static gcm_owned make_list(gcm_mutator *m, uint64_t length) {
  GCM_LOCAL(m, head, gcm_null());
  for (uint64_t i = 0; i < length; i++) {
    gcm_owned first = gcm_new(m, &node);
    *(uint64_t *)gcm_bytes(m, first.ref, &node) = i;
    gcm_init(m, first.ref, NEXT, gcm_take(m, &head));
    gcm_set(m, &head, first);
  }
  return gcm_take(m, &head);
}

/* Nodes in the order they have to be in. */
static uint64_t count_in_order(gcm_mutator *m, gcm_ref list, uint64_t length,
                               const gcm_type *type) {
  uint64_t count = 0;
  for (gcm_ref at = list; at != NULL && count < length; at = gcm_load(m, at, NEXT)) {
    if (*(uint64_t *)gcm_bytes(m, at, type) != length - 1 - count) {
      break;
    }
    count++;
  }
  return count;
}

static void list_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run);
  gcm_run_start(run);
  GCM_LOCAL(m, list, make_list(m, length));
  gcm_collect(m);
  uint64_t count = count_in_order(m, list.ref, length, &node);
  gcm_set(m, &list, gcm_null());
  gcm_run_stop(run);
  gcm_answer(run, "in-order", count, length);
  gcm_expect_allocated(run, length, length);
  expect_left(run, length, 0, length);
}

/* From both ends a cycle at every pair of neighbours. */
static gcm_owned make_twins(gcm_mutator *m, uint64_t length) {
  GCM_LOCAL(m, head, gcm_null());
  for (uint64_t i = 0; i < length; i++) {
    gcm_owned first = gcm_new(m, &twin);
    *(uint64_t *)gcm_bytes(m, first.ref, &twin) = i;
    if (head.ref != NULL) {
      gcm_store(m, head.ref, PREVIOUS, gcm_dup(m, first.ref));
    }
    gcm_init(m, first.ref, NEXT, gcm_take(m, &head));
    gcm_set(m, &head, first);
  }
  return gcm_take(m, &head);
}

static void twins_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run);
  gcm_run_start(run);
  GCM_LOCAL(m, list, make_twins(m, length));
  gcm_collect(m);
  uint64_t count = count_in_order(m, list.ref, length, &twin);
  gcm_set(m, &list, gcm_null());
  gcm_run_stop(run);
  gcm_answer(run, "in-order", count, length);
  gcm_expect_allocated(run, length, length);
  expect_left(run, length, length, length);
}

/* The same list released one node at a time, as a queue is consumed. */
static void queue_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run), count = 0;
  gcm_run_start(run);
  GCM_LOCAL(m, list, make_list(m, length));
  while (list.ref != NULL) {
    count++;
    gcm_set(m, &list, gcm_take_field(m, list.ref, NEXT));
  }
  gcm_run_stop(run);
  gcm_answer(run, "nodes", count, length);
  gcm_expect_allocated(run, length, length);
  expect_left(run, length, 0, length);
}

/* A conservative collector may keep all of one long list, through one word. */
#define LIST_CASE(identifier, case_name, text, function)                                           \
  static const gcm_workload identifier = {.name = case_name,                                       \
                                          .description = text,                                     \
                                          .tiny = 300,                                             \
                                          .quick = 1000000,                                        \
                                          .normal = 10000000,                                      \
                                          .large = 20000000,                                       \
                                          .minimum = 1,                                            \
                                          .maximum = 100000000,                                    \
                                          .types = types,                                          \
                                          .type_count = sizeof types / sizeof *types,              \
                                          .run = function};                                        \
  GCM_CONFORMANCE(identifier)

LIST_CASE(lists, "conformance-lists", "a long list, dropped at once", list_run);
LIST_CASE(twins, "conformance-lists-doubly", "a long doubly linked list, dropped at once",
          twins_run);
LIST_CASE(queue, "conformance-lists-queue", "a long list, released node by node", queue_run);
