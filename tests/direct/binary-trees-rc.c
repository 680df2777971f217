/* SPDX-License-Identifier: MIT
 *
 * binary-trees, by hand for rc.
 */
#include "rc.h"

struct node {
  uint64_t header;
  struct node *left, *right;
};

static const gcm_type type = {.name = "node", .id = 0, .refs = 2, .acyclic = true};
const gcm_type *const direct_types[] = {&type};
const size_t direct_type_count = 1;

static uint64_t count_nodes(const struct node *tree) {
  return tree->left == NULL ? 1 : 1 + count_nodes(tree->left) + count_nodes(tree->right);
}

static struct node *make_tree(gcm_mutator *context, uint64_t depth) {
  if (depth == 0) {
    struct node *tree = allocate(context, 0, sizeof *tree);
    tree->left = tree->right = NULL;
    return tree;
  }
  struct node *left = make_tree(context, depth - 1);
  struct node *right = make_tree(context, depth - 1);
  struct node *tree = allocate(context, 0, sizeof *tree);
  tree->left = left;
  tree->right = right;
  return tree;
}

static uint64_t count_fresh_tree(gcm_mutator *context, uint64_t depth) {
  struct node *tree = make_tree(context, depth);
  uint64_t nodes = count_nodes(tree);
  drop(context, tree);
  return nodes;
}

uint64_t direct_run(void *opaque, uint64_t max_depth) {
  gcm_mutator *context = opaque;
  uint64_t sum = count_fresh_tree(context, max_depth + 1);
  struct node *long_lived = make_tree(context, max_depth);
  for (uint64_t depth = 4; depth <= max_depth; depth += 2) {
    for (uint64_t i = UINT64_C(1) << (max_depth - depth + 4); i > 0; i--) {
      sum += count_fresh_tree(context, depth);
    }
  }
  sum += count_nodes(long_lived);
  drop(context, long_lived);
  return sum;
}
