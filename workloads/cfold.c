/* SPDX-License-Identifier: MIT
 *
 * cfold: constant folding, after the cfold of Koka's benchmarks, which has it
 * from Lean's. An expression of 2^N leaves is made, evaluated, reassociated
 * into one spine of 2^N terms (each step copies the spine of its left half),
 * folded, and evaluated again. A manager that recurses along the spine, to
 * release or to mark, runs out of stack.
 *
 * The published program recurses along the spine as well and asks for an
 * unlimited stack. Here the calls that wait on it are kept in an array of
 * references, made before the timed part; what is allocated is unchanged. It
 * makes no product, so the published cases for products, never reached, are
 * left out.
 *
 * The size is N; 20 is the published one.
 */
#include "workloads/expected.h"
#include "workloads/workload.h"

enum { LEFT, RIGHT };
enum kind { SUM, CONSTANT, VARIABLE };

/* What an expression is, and the value of a constant or the name of a
 * variable. A sum alone has operands. */
struct expression_data {
  uint32_t kind, value;
};

/* Operands are set by gcm_init alone, so never on a cycle. */
static const gcm_type expression = {.name = "expression",
                                    .id = 0,
                                    .refs = 2,
                                    .bytes = sizeof(struct expression_data),
                                    .acyclic = true};
static const gcm_type array = {.name = "array", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&expression, &array};

static const struct expression_data *data_of(gcm_mutator *m, gcm_ref object) {
  return gcm_bytes(m, object, &expression);
}

static bool is_sum(gcm_mutator *m, gcm_ref object) {
  return data_of(m, object)->kind == SUM;
}

static bool is_constant(gcm_mutator *m, gcm_ref object) {
  return data_of(m, object)->kind == CONSTANT;
}

static gcm_owned make_leaf(gcm_mutator *m, enum kind kind, uint32_t value) {
  gcm_owned leaf = gcm_new(m, &expression);
  struct expression_data *data = gcm_bytes(m, leaf.ref, &expression);
  data->kind = kind;
  data->value = value;
  return leaf;
}

/* Takes both operands over. */
static gcm_owned make_sum(gcm_mutator *m, gcm_local *left, gcm_local *right) {
  gcm_owned sum = gcm_new(m, &expression);
  gcm_init(m, sum.ref, LEFT, gcm_take(m, left));
  gcm_init(m, sum.ref, RIGHT, gcm_take(m, right));
  return sum;
}

static gcm_owned make_expression(gcm_mutator *m, uint64_t depth, uint32_t value) {
  if (depth == 0) {
    return value == 0 ? make_leaf(m, VARIABLE, 1) : make_leaf(m, CONSTANT, value);
  }
  GCM_LOCAL(m, left, make_expression(m, depth - 1, value + 1));
  GCM_LOCAL(m, right, make_expression(m, depth - 1, value == 0 ? 0 : value - 1));
  return make_sum(m, &left, &right);
}

/* Deep to the right at most. */
static uint64_t evaluate(gcm_mutator *m, gcm_ref at) {
  uint64_t value = 0;
  while (is_sum(m, at)) {
    value += evaluate(m, gcm_load(m, at, LEFT));
    at = gcm_load(m, at, RIGHT);
  }
  return is_constant(m, at) ? value + data_of(m, at)->value : value;
}

/* The operands whose sums are still to be made. */
struct stack {
  const gcm_local *array;
  size_t top;
};

static void push(gcm_mutator *m, struct stack *stack, gcm_owned operand) {
  gcm_store(m, stack->array->ref, stack->top++, operand);
}

static gcm_owned pop(gcm_mutator *m, struct stack *stack) {
  return gcm_take_field(m, stack->array->ref, --stack->top);
}

/* (a + (b + c)) and d give (a + (b + (c + d))): a copy of the spine of the
 * first, ending in the second. Takes both over. */
static gcm_owned append(gcm_mutator *m, struct stack *stack, gcm_local *first, gcm_local *second) {
  size_t bottom = stack->top;
  gcm_ref at = first->ref;
  for (; is_sum(m, at); at = gcm_load(m, at, RIGHT)) {
    push(m, stack, gcm_dup(m, gcm_load(m, at, LEFT)));
  }
  push(m, stack, gcm_dup(m, at));
  gcm_set(m, first, gcm_null());
  GCM_LOCAL(m, sum, gcm_take(m, second));
  while (stack->top > bottom) {
    GCM_LOCAL(m, left, pop(m, stack));
    gcm_set(m, &sum, make_sum(m, &left, &sum));
  }
  return gcm_take(m, &sum);
}

/* Called on the full tree, so never deep. */
static gcm_owned reassociate(gcm_mutator *m, struct stack *stack, gcm_ref object) {
  if (!is_sum(m, object)) {
    return gcm_dup(m, object);
  }
  GCM_CURSOR(m, sum, object);
  GCM_LOCAL(m, left, reassociate(m, stack, gcm_load(m, sum.ref, LEFT)));
  GCM_LOCAL(m, right, reassociate(m, stack, gcm_load(m, sum.ref, RIGHT)));
  return append(m, stack, &left, &right);
}

/* The sum of two folded operands, folded. Takes both over. */
static gcm_owned fold_sum(gcm_mutator *m, gcm_local *left, gcm_local *right) {
  if (!is_constant(m, left->ref)) {
    return make_sum(m, left, right);
  }
  uint32_t value = data_of(m, left->ref)->value;
  if (is_constant(m, right->ref)) {
    return make_leaf(m, CONSTANT, value + data_of(m, right->ref)->value);
  }
  if (!is_sum(m, right->ref)) {
    return make_sum(m, left, right);
  }
  for (size_t side = LEFT; side <= RIGHT; side++) {
    size_t constant = side == LEFT ? RIGHT : LEFT; /* the published order */
    gcm_ref operand = gcm_load(m, right->ref, constant);
    if (is_constant(m, operand)) {
      GCM_LOCAL(m, rest, gcm_dup(m, gcm_load(m, right->ref, side)));
      GCM_LOCAL(m, folded, make_leaf(m, CONSTANT, value + data_of(m, operand)->value));
      return make_sum(m, &folded, &rest);
    }
  }
  return make_sum(m, left, right);
}

/* Deep to the right at most. */
static gcm_owned fold(gcm_mutator *m, struct stack *stack, gcm_ref object) {
  size_t bottom = stack->top;
  GCM_CURSOR(m, at, object);
  while (is_sum(m, at.ref)) {
    push(m, stack, fold(m, stack, gcm_load(m, at.ref, LEFT)));
    gcm_point(m, &at, gcm_load(m, at.ref, RIGHT));
  }
  GCM_LOCAL(m, folded, gcm_dup(m, at.ref));
  while (stack->top > bottom) {
    GCM_LOCAL(m, left, pop(m, stack));
    gcm_set(m, &folded, fold_sum(m, &left, &folded));
  }
  return gcm_take(m, &folded);
}

static uint64_t count_terms(gcm_mutator *m, gcm_ref at) {
  uint64_t terms = 1;
  for (; is_sum(m, at); at = gcm_load(m, at, RIGHT)) {
    terms += count_terms(m, gcm_load(m, at, LEFT));
  }
  return terms;
}

static void cfold_run(gcm_mutator *m, gcm_run *run) {
  uint64_t depth = gcm_run_size(run);
  GCM_LOCAL(m, waiting, gcm_new_tail(m, &array, (size_t)1 << depth));
  struct stack stack = {&waiting, 0};
  gcm_run_start(run);
  GCM_LOCAL(m, tree, make_expression(m, depth, 1));
  uint64_t before = evaluate(m, tree.ref);
  GCM_LOCAL(m, spine, reassociate(m, &stack, tree.ref));
  gcm_set(m, &tree, gcm_null());
  GCM_LOCAL(m, folded, fold(m, &stack, spine.ref));
  gcm_set(m, &spine, gcm_null());
  uint64_t after = evaluate(m, folded.ref);
  gcm_run_stop(run);

  uint64_t terms = count_terms(m, folded.ref);
  gcm_answer(run, "before", before, cfold_value(depth));
  gcm_answer(run, "after", after, cfold_value(depth));
  gcm_answer(run, "terms", terms, cfold_terms(depth));
}

static const gcm_workload cfold = {
    .name = "cfold",
    .description = "constant folding over a spine of a million nodes",
    .tiny = 5,
    .quick = 14,
    .normal = 20,
    .large = 22,
    .minimum = 1,
    .maximum = CFOLD_MAX_DEPTH,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = cfold_run,
};
GCM_WORKLOAD(cfold);
