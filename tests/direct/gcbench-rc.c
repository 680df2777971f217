/* SPDX-License-Identifier: MIT
 *
 * gcbench, by hand for rc.
 */
#include "rc.h"

#include <string.h>

struct node {
  uint64_t header;
  struct node *left, *right;
  int32_t i, j;
};

static const gcm_type node_type = {.name = "node", .id = 0, .refs = 2, .bytes = 8};
static const gcm_type doubles_type = {.name = "doubles", .id = 1, .tail = GCM_TAIL_BYTES};
const gcm_type *const direct_types[] = {&node_type, &doubles_type};
const size_t direct_type_count = 2;

static uint64_t count_nodes(const struct node *tree) {
  return tree->left == NULL ? 1 : 1 + count_nodes(tree->left) + count_nodes(tree->right);
}

static inline struct node *new_node(gcm_mutator *context) {
  struct node *node = allocate(context, 0, sizeof *node);
  node->left = node->right = NULL;
  node->i = node->j = 0;
  return node;
}

/* A field that may hold something already. */
static inline void assign(gcm_mutator *context, struct node **field, struct node *value) {
  struct node *old = *field;
  *field = value;
  drop(context, old);
}

static struct node *make_tree(gcm_mutator *context, uint64_t depth) {
  if (depth == 0) {
    struct node *tree = new_node(context);
    return tree;
  }
  struct node *left = make_tree(context, depth - 1);
  struct node *right = make_tree(context, depth - 1);
  struct node *tree = new_node(context);
  tree->left = left;
  tree->right = right;
  return tree;
}

static void populate(gcm_mutator *context, struct node *parent, uint64_t depth) {
  if (depth == 0) {
    return;
  }
  struct node *left = new_node(context);
  assign(context, &parent->left, left);
  struct node *right = new_node(context);
  assign(context, &parent->right, right);
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

static uint64_t reach_top_down(gcm_mutator *context, uint64_t depth) {
  struct node *tree = new_node(context);
  populate(context, tree, depth);
  uint64_t steps = reach_left(tree);
  drop(context, tree);
  return steps;
}

static uint64_t reach_bottom_up(gcm_mutator *context, uint64_t depth) {
  struct node *tree = make_tree(context, depth);
  uint64_t steps = reach_right(tree);
  drop(context, tree);
  return steps;
}

static size_t array_length(uint64_t size) {
  return size < 16 ? (size_t)500000 >> (16 - size) : (size_t)500000 << (size - 16);
}

static uint64_t tree_size(uint64_t depth) {
  return (UINT64_C(2) << depth) - 1;
}

uint64_t direct_run(void *opaque, uint64_t size) {
  gcm_mutator *context = opaque;
  uint64_t sum = reach_bottom_up(context, size + 2);
  struct node *long_lived = new_node(context);
  populate(context, long_lived, size);
  size_t length = array_length(size);
  gcm_ref array_object = counting_new_tail(context, &doubles_type, length * sizeof(double)).ref;
  double *array = (double *)array_object->fields;
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
  drop(context, array_object);
  drop(context, long_lived);
  return sum;
}
