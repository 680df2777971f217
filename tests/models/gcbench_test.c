/* SPDX-License-Identifier: MIT
 *
 * gcbench with malloc and free: how many nodes it makes and how deep its trees
 * reach, by making them.
 */
#include "test.h"

#include <stdlib.h>

#include "workloads/expected.h"

struct node {
  struct node *left, *right;
};

static uint64_t nodes_made;

static struct node *make(uint64_t depth) {
  struct node *node = malloc(sizeof *node);
  assert_non_null(node);
  nodes_made++;
  node->left = depth == 0 ? NULL : make(depth - 1);
  node->right = depth == 0 ? NULL : make(depth - 1);
  return node;
}

static void release(struct node *node) {
  if (node != NULL) {
    release(node->left);
    release(node->right);
    free(node);
  }
}

static uint64_t reach_of_fresh_tree(uint64_t depth) {
  struct node *tree = make(depth);
  uint64_t reach = 0;
  for (const struct node *at = tree->left; at != NULL; at = at->left) {
    reach++;
  }
  release(tree);
  return reach;
}

/* What one of the two ways to make trees reaches in all. */
static uint64_t run(uint64_t size) {
  uint64_t reach = 0;
  nodes_made = 0;
  reach_of_fresh_tree(size + 2);
  reach_of_fresh_tree(size);
  uint64_t stretch_size = (UINT64_C(1) << (size + 3)) - 1;
  for (uint64_t depth = 4; depth <= size; depth += 2) {
    uint64_t iterations = 2 * stretch_size / ((UINT64_C(1) << (depth + 1)) - 1);
    for (uint64_t i = 0; i < iterations; i++) {
      reach += reach_of_fresh_tree(depth);
      reach_of_fresh_tree(depth);
    }
  }
  return reach;
}

static void reaches_as_deep_as_expected(void **state) {
  (void)state;
  for (uint64_t size = 4; size <= 12; size++) {
    assert_int_equal(run(size), gcbench_reach(size));
  }
}

static void makes_as_many_nodes_as_published(void **state) {
  (void)state;
  assert_int_equal(run(16), gcbench_reach(16));
  assert_int_equal(nodes_made, 15333862);
}

static void iterates_as_often_as_published(void **state) {
  (void)state;
  static const uint64_t published[] = {33824, 8256, 2052, 512, 128, 32, 8};
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    assert_int_equal(gcbench_iterations(4 + 2 * i, 16), published[i]);
  }
  assert_int_equal(gcbench_stretch_depth(16), 18);
  assert_int_equal(gcbench_tree_size(16), 131071);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reaches_as_deep_as_expected),
      cmocka_unit_test(makes_as_many_nodes_as_published),
      cmocka_unit_test(iterates_as_often_as_published),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
