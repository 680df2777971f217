/* SPDX-License-Identifier: MIT
 *
 * binary-trees with malloc and free: the nodes of its trees, by counting them,
 * and the output that the Benchmarks Game publishes.
 */
#include "test.h"

#include <stdlib.h>

#include "workloads/expected.h"

struct node {
  struct node *left, *right;
};

static struct node *make(uint64_t depth) {
  struct node *node = malloc(sizeof *node);
  assert_non_null(node);
  node->left = depth == 0 ? NULL : make(depth - 1);
  node->right = depth == 0 ? NULL : make(depth - 1);
  return node;
}

/* Counts the nodes as it frees them. */
static uint64_t release(struct node *node) {
  uint64_t count = node == NULL ? 0 : 1 + release(node->left) + release(node->right);
  free(node);
  return count;
}

static void trees_have_as_many_nodes_as_expected(void **state) {
  (void)state;
  for (uint64_t depth = 0; depth <= 18; depth++) {
    assert_int_equal(release(make(depth)), binary_trees_size(depth));
  }
}

/* The iterations and the check of each depth from 4 up, as printed. */
struct published {
  uint64_t size, stretch, long_lived;
  struct {
    uint64_t iterations, check;
  } depths[8];
};

static void prints_what_is_published(void **state) {
  (void)state;
  static const struct published published[] = {
      {10, 4095, 2047, {{1024, 31744}, {256, 32512}, {64, 32704}, {16, 32752}}},
      {16,
       262143,
       131071,
       {{65536, 2031616},
        {16384, 2080768},
        {4096, 2093056},
        {1024, 2096128},
        {256, 2096896},
        {64, 2097088},
        {16, 2097136}}},
      {18,
       1048575,
       524287,
       {{262144, 8126464},
        {65536, 8323072},
        {16384, 8372224},
        {4096, 8384512},
        {1024, 8387584},
        {256, 8388352},
        {64, 8388544},
        {16, 8388592}}},
  };
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    const struct published *p = &published[i];
    assert_int_equal(binary_trees_size(p->size + 1), p->stretch);
    assert_int_equal(binary_trees_size(p->size), p->long_lived);
    for (uint64_t depth = 4; depth <= p->size; depth += 2) {
      uint64_t iterations = binary_trees_iterations(depth, p->size);
      assert_int_equal(iterations, p->depths[(depth - 4) / 2].iterations);
      assert_int_equal(iterations * binary_trees_size(depth), p->depths[(depth - 4) / 2].check);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(trees_have_as_many_nodes_as_expected),
      cmocka_unit_test(prints_what_is_published),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
