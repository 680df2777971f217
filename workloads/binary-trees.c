/* SPDX-License-Identifier: MIT
 *
 * binary-trees: the highest rate of tiny objects of one size, dying in batches.
 * From the Computer Language Benchmarks Game: leaves are real nodes, trees are
 * made bottom-up, a long-lived tree stays beside the short-lived ones.
 */
#include "workloads/expected.h"
#include "workloads/workload.h"

#include <stdio.h>

enum { LEFT, RIGHT };

/* Made bottom-up with gcm_init alone, so never on a cycle. */
static const gcm_type node = {.name = "node", .id = 0, .refs = 2, .acyclic = true};
static const gcm_type *const types[] = {&node};

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

static uint64_t count_nodes(gcm_mutator *m, gcm_ref tree) {
  gcm_ref left = gcm_load(m, tree, LEFT);
  return left == NULL ? 1 : 1 + count_nodes(m, left) + count_nodes(m, gcm_load(m, tree, RIGHT));
}

static uint64_t count_fresh_tree(gcm_mutator *m, uint64_t depth) {
  GCM_LOCAL(m, tree, make_tree(m, depth));
  return count_nodes(m, tree.ref);
}

static void binary_trees_run(gcm_mutator *m, gcm_run *run) {
  uint64_t max_depth = gcm_run_size(run);
  uint64_t checks[32] = {0};
  gcm_run_start(run);
  uint64_t stretch = count_fresh_tree(m, max_depth + 1);
  GCM_LOCAL(m, long_lived, make_tree(m, max_depth));
  for (uint64_t depth = BINARY_TREES_MIN_DEPTH; depth <= max_depth; depth += 2) {
    for (uint64_t i = binary_trees_iterations(depth, max_depth); i > 0; i--) {
      checks[depth] += count_fresh_tree(m, depth);
    }
  }
  uint64_t long_lived_check = count_nodes(m, long_lived.ref);
  gcm_run_stop(run);

  gcm_answer(run, "stretch", stretch, binary_trees_size(max_depth + 1));
  for (uint64_t depth = BINARY_TREES_MIN_DEPTH; depth <= max_depth; depth += 2) {
    char name[16];
    snprintf(name, sizeof name, "depth-%" PRIu64, depth);
    uint64_t trees = binary_trees_iterations(depth, max_depth);
    gcm_answer(run, name, checks[depth], trees * binary_trees_size(depth));
  }
  gcm_answer(run, "long-lived", long_lived_check, binary_trees_size(max_depth));
}

static const gcm_workload binary_trees = {
    .name = "binary-trees",
    .description = "short-lived full trees of tiny nodes beside a long-lived one",
    .tiny = 5,
    .quick = 12,
    .normal = 18,
    .large = 20,
    .minimum = 4,
    .maximum = 28,
    .types = types,
    .type_count = 1,
    .run = binary_trees_run,
};
GCM_WORKLOAD(binary_trees);
