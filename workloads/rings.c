/* SPDX-License-Identifier: MIT
 *
 * rings: nothing but cyclic garbage, after pyperformance's gc_collect. A batch
 * is 100 rings of 21 nodes, held by an array, walked once and dropped while
 * closed. Counting alone leaves exactly 2100 nodes a batch.
 *
 * rings-nocycle: the same rings, and no cyclic garbage. The last 64 batches
 * stay alive, and a ring is cut open before its batch is dropped, so counting
 * alone reclaims everything and a cycle collector searches in vain.
 *
 * The size is the number of batches.
 */
#include "workloads/expected.h"
#include "workloads/workload.h"

enum { NEXT, WINDOW = 64 };

static const gcm_type node = {.name = "node", .id = 0, .refs = 1, .bytes = sizeof(uint64_t)};
static const gcm_type array = {.name = "array", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&node, &array};

static uint64_t node_id(gcm_mutator *m, gcm_ref object) {
  return *(const uint64_t *)gcm_bytes(m, object, &node);
}

static gcm_owned make_node(gcm_mutator *m, uint64_t id) {
  gcm_owned made = gcm_new(m, &node);
  *(uint64_t *)gcm_bytes(m, made.ref, &node) = id;
  return made;
}

/* Nodes with the ids from `first` up; each leads to the one made before it, and
 * the first to the last, which is returned. */
static gcm_owned make_ring(gcm_mutator *m, uint64_t first) {
  GCM_LOCAL(m, chain, make_node(m, first));
  GCM_CURSOR(m, end, chain.ref);
  for (uint64_t id = first + 1; id < first + RINGS_NODES; id++) {
    gcm_owned head = make_node(m, id);
    gcm_init(m, head.ref, NEXT, gcm_take(m, &chain));
    gcm_set(m, &chain, head);
  }
  gcm_store(m, end.ref, NEXT, gcm_dup(m, chain.ref));
  return gcm_take(m, &chain);
}

static gcm_owned make_batch(gcm_mutator *m, uint64_t number) {
  GCM_LOCAL(m, batch, gcm_new_tail(m, &array, RINGS_PER_BATCH));
  for (size_t i = 0; i < RINGS_PER_BATCH; i++) {
    gcm_owned ring = make_ring(m, (number * RINGS_PER_BATCH + i) * RINGS_NODES);
    gcm_store(m, batch.ref, i, ring);
  }
  return gcm_take(m, &batch);
}

struct walked {
  uint64_t nodes, checksum;
};

/* Walk once around; each id counts as often as its position says. Returns the
 * node that closes the ring. */
static gcm_ref walk_ring(gcm_mutator *m, gcm_ref head, struct walked *walked) {
  gcm_ref at = head;
  for (uint64_t position = 1;; position++) {
    walked->nodes++;
    walked->checksum += position * node_id(m, at);
    gcm_ref next = gcm_load(m, at, NEXT);
    if (next == head) {
      return at;
    }
    at = next;
  }
}

static void walk_batch(gcm_mutator *m, gcm_ref batch, struct walked *walked) {
  for (size_t i = 0; i < RINGS_PER_BATCH; i++) {
    walk_ring(m, gcm_load(m, batch, i), walked);
  }
}

static void answer(gcm_run *run, struct walked walked) {
  gcm_answer(run, "nodes", walked.nodes, rings_nodes(gcm_run_size(run)));
  gcm_answer(run, "checksum", walked.checksum, rings_checksum(gcm_run_size(run)));
}

static void rings_run(gcm_mutator *m, gcm_run *run) {
  uint64_t batches = gcm_run_size(run);
  struct walked walked = {0};
  gcm_run_start(run);
  for (uint64_t i = 0; i < batches; i++) {
    GCM_LOCAL(m, batch, make_batch(m, i));
    walk_batch(m, batch.ref, &walked);
  }
  gcm_run_stop(run);
  answer(run, walked);
}

/* Walk the rings of the batch in this slot, if there is one, cut them, and
 * empty the slot. */
static void retire_batch(gcm_mutator *m, gcm_ref window, size_t slot, struct walked *walked) {
  gcm_ref batch = gcm_load(m, window, slot);
  if (batch == NULL) {
    return;
  }
  for (size_t i = 0; i < RINGS_PER_BATCH; i++) {
    gcm_ref end = walk_ring(m, gcm_load(m, batch, i), walked);
    gcm_store(m, end, NEXT, gcm_null());
  }
  gcm_store(m, window, slot, gcm_null());
}

static void rings_nocycle_run(gcm_mutator *m, gcm_run *run) {
  uint64_t batches = gcm_run_size(run);
  struct walked walked = {0};
  GCM_LOCAL(m, window, gcm_new_tail(m, &array, WINDOW));
  gcm_run_start(run);
  for (uint64_t i = 0; i < batches; i++) {
    retire_batch(m, window.ref, i % WINDOW, &walked);
    gcm_owned batch = make_batch(m, i);
    gcm_store(m, window.ref, i % WINDOW, batch);
  }
  for (size_t slot = 0; slot < WINDOW; slot++) {
    retire_batch(m, window.ref, slot, &walked);
  }
  gcm_run_stop(run);
  answer(run, walked);
}

static const gcm_workload rings = {
    .name = "rings",
    .description = "cyclic garbage and nothing else: closed rings, dropped",
    .tiny = 1,
    .quick = 100,
    .normal = 20000,
    .large = 50000,
    .minimum = 1,
    .maximum = 1000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = rings_run,
};
GCM_WORKLOAD(rings);

static const gcm_workload rings_nocycle = {
    .name = "rings-nocycle",
    .description = "closed rings in a window, cut open before they are dropped",
    .tiny = 1,
    .quick = 100,
    .normal = 20000,
    .large = 100000,
    .minimum = 1,
    .maximum = 1000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = rings_nocycle_run,
};
GCM_WORKLOAD(rings_nocycle);
