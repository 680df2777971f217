/* SPDX-License-Identifier: MIT
 *
 * binary-trees as a C programmer would write it: malloc, and free by hand.
 */
#include "direct.h"

#include <stdio.h>
#include <stdlib.h>

struct node {
  struct node *left, *right;
};

static struct node *make_tree(uint64_t depth) {
  struct node *left = depth == 0 ? NULL : make_tree(depth - 1);
  struct node *right = depth == 0 ? NULL : make_tree(depth - 1);
  struct node *tree = malloc(sizeof *tree);
  if (tree == NULL) {
    perror("malloc");
    exit(1);
  }
  tree->left = left;
  tree->right = right;
  return tree;
}

static uint64_t count_nodes(const struct node *tree) {
  return tree->left == NULL ? 1 : 1 + count_nodes(tree->left) + count_nodes(tree->right);
}

static void free_tree(struct node *tree) {
  if (tree->left != NULL) {
    free_tree(tree->left);
    free_tree(tree->right);
  }
  free(tree);
}

static uint64_t count_fresh_tree(uint64_t depth) {
  struct node *tree = make_tree(depth);
  uint64_t nodes = count_nodes(tree);
  free_tree(tree);
  return nodes;
}

void *direct_open(void) {
  return NULL;
}

uint64_t direct_run(void *context, uint64_t max_depth) {
  (void)context;
  uint64_t sum = count_fresh_tree(max_depth + 1);
  struct node *long_lived = make_tree(max_depth);
  for (uint64_t depth = 4; depth <= max_depth; depth += 2) {
    for (uint64_t i = UINT64_C(1) << (max_depth - depth + 4); i > 0; i--) {
      sum += count_fresh_tree(depth);
    }
  }
  sum += count_nodes(long_lived);
  free_tree(long_lived);
  return sum;
}
