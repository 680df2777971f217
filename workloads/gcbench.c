/* SPDX-License-Identifier: MIT
 *
 * gcbench: mixed lifetimes beside a permanent tree and a large pointer-free
 * array. By Ellis, Kovac and Boehm: half of the trees are made bottom-up, half
 * are filled from the top down, which stores young objects into older ones.
 *
 * The size is the depth of the long-lived tree; 16 is the published program,
 * which makes 15,333,862 nodes.
 */
#include "workloads/expected.h"
#include "workloads/workload.h"

#include <string.h>

enum { LEFT, RIGHT, PUBLISHED_DEPTH = 16 };

/* As published; never read. */
struct node_data {
  int32_t i, j;
};

/* Stored into after it was made, so no promise that it is never on a cycle. */
static const gcm_type node = {
    .name = "node", .id = 0, .refs = 2, .bytes = sizeof(struct node_data)};
static const gcm_type doubles = {.name = "doubles", .id = 1, .tail = GCM_TAIL_BYTES};
static const gcm_type *const types[] = {&node, &doubles};

static gcm_owned make_tree(gcm_mutator *m, uint64_t depth) {
  if (depth == 0) {
    return gcm_new(m, &node);
  }
  GCM_LOCAL(m, left, make_tree(m, depth - 1));
  GCM_LOCAL(m, right, make_tree(m, depth - 1));
  gcm_owned tree = gcm_new(m, &node);
  gcm_init(m, tree.ref, LEFT, gcm_take(m, &left));
  gcm_init(m, tree.ref, RIGHT, gcm_take(m, &right));
  return tree;
}

/* Hang full subtrees under a leaf that the caller keeps. */
static void populate(gcm_mutator *m, gcm_ref leaf, uint64_t depth) {
  if (depth == 0) {
    return;
  }
  GCM_CURSOR(m, parent, leaf);
  gcm_owned left = gcm_new(m, &node);
  gcm_store(m, parent.ref, LEFT, left);
  gcm_owned right = gcm_new(m, &node);
  gcm_store(m, parent.ref, RIGHT, right);
  populate(m, gcm_load(m, parent.ref, LEFT), depth - 1);
  populate(m, gcm_load(m, parent.ref, RIGHT), depth - 1);
}

/* Steps from the root to the outermost leaf on one side. */
static uint64_t reach(gcm_mutator *m, gcm_ref tree, size_t side) {
  uint64_t steps = 0;
  while ((tree = gcm_load(m, tree, side)) != NULL) {
    steps++;
  }
  return steps;
}

static uint64_t reach_top_down(gcm_mutator *m, uint64_t depth) {
  GCM_LOCAL(m, tree, gcm_new(m, &node));
  populate(m, tree.ref, depth);
  return reach(m, tree.ref, LEFT);
}

static uint64_t reach_bottom_up(gcm_mutator *m, uint64_t depth) {
  GCM_LOCAL(m, tree, make_tree(m, depth));
  return reach(m, tree.ref, RIGHT);
}

static uint64_t count_nodes(gcm_mutator *m, gcm_ref tree) {
  gcm_ref left = gcm_load(m, tree, LEFT);
  return left == NULL ? 1 : 1 + count_nodes(m, left) + count_nodes(m, gcm_load(m, tree, RIGHT));
}

/* Doubles in the array: 500,000 at the published size, in step with the trees. */
static size_t array_length(uint64_t size) {
  return size < PUBLISHED_DEPTH ? (size_t)500000 >> (PUBLISHED_DEPTH - size)
                                : (size_t)500000 << (size - PUBLISHED_DEPTH);
}

static void fill_array(gcm_mutator *m, gcm_ref array, size_t length) {
  double *element = gcm_bytes(m, array, &doubles);
  for (size_t i = 1; i < length / 2; i++) {
    element[i] = 1.0 / (double)i;
  }
}

/* 1 if the element that the published program looks at has kept its value, bit
 * for bit. */
static uint64_t array_is_intact(gcm_mutator *m, gcm_ref array, size_t length) {
  size_t index = length / 4 < 1000 ? length / 4 : 1000;
  double expected = 1.0 / (double)index;
  const double *element = gcm_bytes(m, array, &doubles);
  return memcmp(&element[index], &expected, sizeof expected) == 0;
}

static void gcbench_run(gcm_mutator *m, gcm_run *run) {
  uint64_t size = gcm_run_size(run);
  uint64_t top_down = 0, bottom_up = 0;
  gcm_run_start(run);
  uint64_t stretch = reach_bottom_up(m, gcbench_stretch_depth(size));
  GCM_LOCAL(m, long_lived, gcm_new(m, &node));
  populate(m, long_lived.ref, size);
  size_t length = array_length(size);
  GCM_LOCAL(m, array, gcm_new_tail(m, &doubles, length * sizeof(double)));
  fill_array(m, array.ref, length);
  for (uint64_t depth = GCBENCH_MIN_DEPTH; depth <= size; depth += 2) {
    uint64_t iterations = gcbench_iterations(depth, size);
    for (uint64_t i = 0; i < iterations; i++) {
      top_down += reach_top_down(m, depth);
    }
    for (uint64_t i = 0; i < iterations; i++) {
      bottom_up += reach_bottom_up(m, depth);
    }
  }
  uint64_t long_lived_nodes = count_nodes(m, long_lived.ref);
  uint64_t intact = array_is_intact(m, array.ref, length);
  gcm_run_stop(run);

  gcm_answer(run, "stretch", stretch, gcbench_stretch_depth(size));
  gcm_answer(run, "top-down", top_down, gcbench_reach(size));
  gcm_answer(run, "bottom-up", bottom_up, gcbench_reach(size));
  gcm_answer(run, "long-lived", long_lived_nodes, gcbench_tree_size(size));
  gcm_answer(run, "array", intact, 1);
}

static const gcm_workload gcbench = {
    .name = "gcbench",
    .description = "trees of mixed lifetimes beside a permanent tree and a large array",
    .tiny = 5,
    .quick = 11,
    .normal = 17,
    .large = 19,
    .minimum = 4,
    .maximum = 26,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = gcbench_run,
};
GCM_WORKLOAD(gcbench);
