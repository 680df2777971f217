/* SPDX-License-Identifier: MIT
 *
 * cfold twice: as published, recursive and with malloc, at sizes whose spine
 * fits a stack; and as a list of terms, at every size.
 */
#include "test.h"

#include <stdlib.h>

#include "workloads/expected.h"

/* ---- As published ----------------------------------------------------------------- */

enum kind { VARIABLE, CONSTANT, SUM };
struct expression {
  enum kind kind;
  uint64_t value;
  const struct expression *left, *right;
};

/* All from one arena, given back together. */
static struct expression *arena;
static size_t arena_used, arena_capacity;

static const struct expression *make(struct expression made) {
  assert_true(arena_used < arena_capacity);
  arena[arena_used] = made;
  return &arena[arena_used++];
}

static const struct expression *constant(uint64_t value) {
  return make((struct expression){CONSTANT, value, NULL, NULL});
}

static const struct expression *sum(const struct expression *left, const struct expression *right) {
  return make((struct expression){SUM, 0, left, right});
}

static const struct expression *make_expression(uint64_t n, uint64_t v) {
  if (n == 0) {
    return v == 0 ? make((struct expression){VARIABLE, 1, NULL, NULL}) : constant(v);
  }
  return sum(make_expression(n - 1, v + 1), make_expression(n - 1, v == 0 ? 0 : v - 1));
}

static const struct expression *append(const struct expression *a, const struct expression *b) {
  return a->kind == SUM ? sum(a->left, append(a->right, b)) : sum(a, b);
}

static const struct expression *reassociate(const struct expression *e) {
  return e->kind == SUM ? append(reassociate(e->left), reassociate(e->right)) : e;
}

static const struct expression *fold(const struct expression *e) {
  if (e->kind != SUM) {
    return e;
  }
  const struct expression *a = fold(e->left), *b = fold(e->right);
  if (a->kind != CONSTANT) {
    return sum(a, b);
  }
  if (b->kind == CONSTANT) {
    return constant(a->value + b->value);
  }
  if (b->kind == SUM && b->right->kind == CONSTANT) {
    return sum(constant(a->value + b->right->value), b->left);
  }
  if (b->kind == SUM && b->left->kind == CONSTANT) {
    return sum(constant(a->value + b->left->value), b->right);
  }
  return sum(a, b);
}

static uint64_t evaluate(const struct expression *e) {
  switch (e->kind) {
  case VARIABLE:
    return 0;
  case CONSTANT:
    return e->value;
  default:
    return evaluate(e->left) + evaluate(e->right);
  }
}

static uint64_t count_terms(const struct expression *e) {
  return e->kind == SUM ? count_terms(e->left) + count_terms(e->right) : 1;
}

static void agrees_with_the_published_program(void **state) {
  (void)state;
  arena_capacity = (size_t)1 << 20;
  arena = malloc(arena_capacity * sizeof *arena);
  assert_non_null(arena);
  for (uint64_t depth = 1; depth <= 14; depth++) {
    arena_used = 0;
    const struct expression *tree = make_expression(depth, 1);
    const struct expression *folded = fold(reassociate(tree));
    assert_int_equal(evaluate(tree), cfold_value(depth));
    assert_int_equal(evaluate(folded), cfold_value(depth));
    assert_int_equal(count_terms(folded), cfold_terms(depth));
  }
  free(arena);
}

/* ---- As a list of terms -------------------------------------------------------------- */

/* The spine's terms folded so far, the last of the spine first. 0: a variable. */
struct terms {
  uint32_t *values;
  size_t count;
};

/* Put a term before the others, and fold. */
static void add_term(struct terms *terms, uint32_t value) {
  uint32_t *last = &terms->values[0], *first = &terms->values[terms->count - 1];
  if (value == 0 || terms->count == 0 || (terms->count == 1 && *first == 0)) {
    terms->values[terms->count++] = value;
  } else if (terms->count == 2 && *last != 0) {
    uint32_t other = *first;
    terms->values[1] = value + *last;
    terms->values[0] = other;
  } else if (*first != 0) {
    *first += value;
  } else {
    terms->values[terms->count++] = value;
  }
}

/* The leaves from the last to the first. */
static void add_leaves(struct terms *terms, uint64_t depth, uint32_t value) {
  if (depth == 0) {
    add_term(terms, value);
    return;
  }
  add_leaves(terms, depth - 1, value == 0 ? 0 : value - 1);
  add_leaves(terms, depth - 1, value + 1);
}

static uint64_t fold_terms(uint64_t depth, uint64_t *count) {
  struct terms terms = {malloc(((size_t)1 << depth) * sizeof(uint32_t)), 0};
  assert_non_null(terms.values);
  add_leaves(&terms, depth, 1);
  uint64_t value = 0;
  for (size_t i = 0; i < terms.count; i++) {
    value += terms.values[i];
  }
  *count = terms.count;
  free(terms.values);
  return value;
}

static void folds_to_what_is_expected(void **state) {
  (void)state;
  for (uint64_t depth = 1; depth <= CFOLD_MAX_DEPTH; depth++) {
    uint64_t terms;
    assert_int_equal(fold_terms(depth, &terms), cfold_value(depth));
    assert_int_equal(terms, cfold_terms(depth));
  }
}

static void evaluates_to_what_is_published(void **state) {
  (void)state;
  assert_int_equal(cfold_value(16), 192457);
  assert_int_equal(cfold_value(20), 3447966);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_published_program),
      cmocka_unit_test(folds_to_what_is_expected),
      cmocka_unit_test(evaluates_to_what_is_published),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
