/* SPDX-License-Identifier: MIT
 *
 * gcbench, by hand for boehm.
 */
#include "boehm.h"

#include <string.h>

struct node {
  struct node *left, *right;
  int32_t i, j;
};

static uint64_t count_nodes(const struct node *tree) {
  return tree->left == NULL ? 1 : 1 + count_nodes(tree->left) + count_nodes(tree->right);
}

static struct node *make_tree(struct context *context, uint64_t depth) {
  if (depth == 0) {
    struct node *tree;
    NEW(tree, context, sizeof *tree);
    return tree;
  }
  struct node *left = make_tree(context, depth - 1);
  struct node *right = make_tree(context, depth - 1);
  struct node *tree;
  NEW(tree, context, sizeof *tree);
  tree->left = left;
  tree->right = right;
  return tree;
}

static void populate(struct context *context, struct node *parent, uint64_t depth) {
  if (depth == 0) {
    return;
  }
  struct node *left;
  NEW(left, context, sizeof *left);
  parent->left = left;
  struct node *right;
  NEW(right, context, sizeof *right);
  parent->right = right;
  populate(context, parent->left, depth - 1);
  populate(context, parent->right, depth - 1);
}

static uint64_t reach_left(const struct node *tree) {
  uint64_t steps = 0;
  while ((tree = tree->left) != NULL) {
    steps++;
  }
  return steps;
}

static uint64_t reach_right(const struct node *tree) {
  uint64_t steps = 0;
  while ((tree = tree->right) != NULL) {
    steps++;
  }
  return steps;
}

static uint64_t reach_top_down(struct context *context, uint64_t depth) {
  struct node *tree;
  NEW(tree, context, sizeof *tree);
  populate(context, tree, depth);
  uint64_t steps = reach_left(tree);
  return steps;
}

static uint64_t reach_bottom_up(struct context *context, uint64_t depth) {
  struct node *tree = make_tree(context, depth);
  uint64_t steps = reach_right(tree);
  return steps;
}

static size_t array_length(uint64_t size) {
  return size < 16 ? (size_t)500000 >> (16 - size) : (size_t)500000 << (size - 16);
}

static uint64_t tree_size(uint64_t depth) {
  return (UINT64_C(2) << depth) - 1;
}

uint64_t direct_run(void *opaque, uint64_t size) {
  struct context *context = opaque;
  uint64_t sum = reach_bottom_up(context, size + 2);
  struct node *long_lived;
  NEW(long_lived, context, sizeof *long_lived);
  populate(context, long_lived, size);
  size_t length = array_length(size);
  double *array = GC_malloc_atomic(length * sizeof *array);
  memset(array, 0, length * sizeof *array);
  for (size_t i = 1; i < length / 2; i++) {
    array[i] = 1.0 / (double)i;
  }
  for (uint64_t depth = 4; depth <= size; depth += 2) {
    uint64_t iterations = 2 * tree_size(size + 2) / tree_size(depth);
    for (uint64_t i = 0; i < iterations; i++) {
      sum += reach_top_down(context, depth);
    }
    for (uint64_t i = 0; i < iterations; i++) {
      sum += reach_bottom_up(context, depth);
    }
  }
  sum += count_nodes(long_lived);
  size_t index = length / 4 < 1000 ? length / 4 : 1000;
  double expected = 1.0 / (double)index;
  sum += memcmp(&array[index], &expected, sizeof expected) == 0;
  return sum;
}
