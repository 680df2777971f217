/* SPDX-License-Identifier: MIT
 *
 * list: an example of a workload. A list of N numbers is built, walked and
 * dropped, ten times over.
 */
#include "workloads/workload.h"

enum { NEXT, ROUNDS = 10 };

/* One reference, then the number; only ever set by gcm_init, so never cyclic. */
static const gcm_type cell = {
    .name = "cell", .id = 0, .refs = 1, .bytes = sizeof(uint64_t), .acyclic = true};
static const gcm_type *const types[] = {&cell};

static uint64_t *number(gcm_mutator *m, gcm_ref ref) {
  return gcm_bytes(m, ref, &cell);
}

static gcm_owned make_list(gcm_mutator *m, uint64_t length) {
  GCM_LOCAL(m, list, gcm_null());
  for (uint64_t i = 1; i <= length; i++) {
    gcm_owned head = gcm_new(m, &cell); /* a safepoint: `list` survives it */
    gcm_init(m, head.ref, NEXT, gcm_take(m, &list));
    *number(m, head.ref) = i;
    gcm_set(m, &list, head);
  }
  return gcm_take(m, &list);
}

static uint64_t sum_list(gcm_mutator *m, gcm_ref list) {
  uint64_t sum = 0;
  for (; list != NULL; list = gcm_load(m, list, NEXT)) { /* no safepoint in here */
    sum += *number(m, list);
  }
  return sum;
}

static void list_run(gcm_mutator *m, gcm_run *run) {
  uint64_t length = gcm_run_size(run), sum = 0;
  gcm_run_start(run);
  for (int i = 0; i < ROUNDS; i++) {
    GCM_LOCAL(m, list, make_list(m, length));
    sum += sum_list(m, list.ref);
  } /* the local leaves its scope: the list is dropped */
  gcm_run_stop(run);
  gcm_answer(run, "sum", sum, ROUNDS * (length * (length + 1) / 2));
}

static const gcm_workload list = {
    .name = "list",
    .description = "an example: lists built, walked and dropped",
    .tiny = 10,
    .quick = 1000,
    .normal = 1000000,
    .large = 10000000,
    .minimum = 1,
    .maximum = 100000000,
    .types = types,
    .type_count = 1,
    .run = list_run,
};
GCM_WORKLOAD(list);
