/* SPDX-License-Identifier: MIT
 *
 * Deep trees: a spine to the left, to the right, and in zigzag, each of its
 * nodes with a leaf on the other side; and a full tree.
 */
#include "expect.h"

enum { LEFT, RIGHT };
static const gcm_type node = {.name = "node", .id = 0, .refs = 2, .bytes = 8, .acyclic = true};
static const gcm_type leaf = {.name = "leaf", .id = 1, .bytes = 8};
static const gcm_type *const types[] = {&node, &leaf};

enum shape { TO_LEFT, TO_RIGHT, ZIGZAG };

static size_t spine_side(enum shape shape, uint64_t level) {
  return shape == TO_LEFT ? LEFT : shape == TO_RIGHT ? RIGHT : level % 2;
}

static gcm_owned make_leaf(gcm_mutator *m, uint64_t value) {
  gcm_owned fresh = gcm_new(m, &leaf);
  *(uint64_t *)gcm_bytes(m, fresh.ref, &leaf) = value;
  return fresh;
}

/* Built from the deepest level, 0, upwards. */
static gcm_owned make_spine(gcm_mutator *m, enum shape shape, uint64_t depth) {
  GCM_LOCAL(m, top, make_leaf(m, depth));
  for (uint64_t level = 0; level < depth; level++) {
    GCM_LOCAL(m, side, make_leaf(m, level));
    gcm_owned fresh = gcm_new(m, &node);
    *(uint64_t *)gcm_bytes(m, fresh.ref, &node) = level;
    size_t spine = spine_side(shape, level);
    gcm_init(m, fresh.ref, spine, gcm_take(m, &top));
    gcm_init(m, fresh.ref, 1 - spine, gcm_take(m, &side));
    gcm_set(m, &top, fresh);
  }
  return gcm_take(m, &top);
}

/* Levels that hold what they were given. */
static uint64_t check_spine(gcm_mutator *m, gcm_ref at, enum shape shape, uint64_t depth) {
  uint64_t right = 0;
  for (uint64_t level = depth; level-- > 0;) {
    size_t spine = spine_side(shape, level);
    gcm_ref side = gcm_load(m, at, 1 - spine);
    right += *(uint64_t *)gcm_bytes(m, at, &node) == level &&
             *(uint64_t *)gcm_bytes(m, side, &leaf) == level;
    at = gcm_load(m, at, spine);
  }
  return right + (*(uint64_t *)gcm_bytes(m, at, &leaf) == depth);
}

static void spine_run(gcm_mutator *m, gcm_run *run, enum shape shape) {
  uint64_t depth = gcm_run_size(run);
  gcm_run_start(run);
  GCM_LOCAL(m, tree, make_spine(m, shape, depth));
  gcm_collect(m);
  uint64_t right = check_spine(m, tree.ref, shape, depth);
  gcm_set(m, &tree, gcm_null());
  gcm_run_stop(run);
  uint64_t objects = 2 * depth + 1;
  gcm_answer(run, "levels", right, depth + 1);
  gcm_expect_allocated(run, objects, objects);
  expect_left(run, objects, 0, objects);
}

static void left_run(gcm_mutator *m, gcm_run *run) {
  spine_run(m, run, TO_LEFT);
}

static void right_run(gcm_mutator *m, gcm_run *run) {
  spine_run(m, run, TO_RIGHT);
}

static void zigzag_run(gcm_mutator *m, gcm_run *run) {
  spine_run(m, run, ZIGZAG);
}

#define TREE_CASE(identifier, case_name, text, function)                                           \
  static const gcm_workload identifier = {.name = case_name,                                       \
                                          .description = text,                                     \
                                          .tiny = 150,                                             \
                                          .quick = 300000,                                         \
                                          .normal = 3000000,                                       \
                                          .large = 10000000,                                       \
                                          .minimum = 1,                                            \
                                          .maximum = 50000000,                                     \
                                          .types = types,                                          \
                                          .type_count = sizeof types / sizeof *types,              \
                                          .run = function};                                        \
  GCM_CONFORMANCE(identifier)

TREE_CASE(trees_left, "conformance-trees-left", "a tree that is deep to the left", left_run);
TREE_CASE(trees_right, "conformance-trees-right", "a tree that is deep to the right", right_run);
TREE_CASE(trees_zigzag, "conformance-trees-zigzag", "a tree that is deep in zigzag", zigzag_run);
