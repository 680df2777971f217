/* SPDX-License-Identifier: MIT
 *
 * The shape of a graph under random mutation, against a model in plain arrays.
 * The model counts owners as well, so that it knows exactly what a counting
 * manager has to leave when everything is dropped: what its counts never reach.
 */
#include "expect.h"

#include <stdlib.h>

enum { FIELDS = 4, ROOTS = 32, NODES_MAX = 1 << 22, NONE = -1 };

static const gcm_type node = {.name = "node", .id = 0, .refs = FIELDS, .bytes = 8};
static const gcm_type table = {.name = "table", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&node, &table};

/* The model. Numbers are given out once, so what is dead stays untouched. From
 * calloc, for a conservative collector takes static arrays for roots. `met` and
 * `queue` serve a comparison: where the node of each number was met, borrowed,
 * so good only as long as there is no safepoint. */
static struct model_node {
  int32_t fields[FIELDS];
  uint32_t owners;
  int32_t dead, queue; /* elements of two stacks */
  gcm_ref met;
} * model;
static int32_t root[ROOTS];
static int32_t made, living; /* living: with owners */

static void model_release(int32_t number) {
  size_t depth = 0;
  if (number != NONE && --model[number].owners == 0) {
    model[depth++].dead = number;
  }
  while (depth > 0) {
    int32_t *gone = model[model[--depth].dead].fields;
    living--;
    for (int i = 0; i < FIELDS; i++) {
      if (gone[i] != NONE && --model[gone[i]].owners == 0) {
        model[depth++].dead = gone[i];
      }
      gone[i] = NONE;
    }
  }
}

static int32_t model_make(void) {
  model[made].owners = 1;
  for (int i = 0; i < FIELDS; i++) {
    model[made].fields[i] = NONE;
  }
  living++;
  return made++;
}

/* An owned number goes into the slot; what was there is released. */
static void model_store(int32_t *slot, int32_t number) {
  int32_t old = *slot;
  *slot = number;
  model_release(old);
}

static int32_t model_dup(int32_t number) {
  if (number != NONE) {
    model[number].owners++;
  }
  return number;
}

static int32_t model_take(int32_t *slot) {
  int32_t number = *slot;
  *slot = NONE;
  return number;
}

/* The two side by side: a node, borrowed, and its number. */
struct place {
  gcm_ref ref;
  int32_t number;
};

struct game {
  gcm_mutator *m;
  const gcm_local *roots; /* the table */
  uint64_t random;
  uint64_t compared; /* nodes, over all comparisons */
  struct expectations right;
};

static uint64_t below(struct game *game, uint64_t bound) {
  return gcm_random(&game->random) % bound;
}

static int32_t number_of(struct game *game, gcm_ref ref) {
  return ref == NULL ? NONE : *(int32_t *)gcm_bytes(game->m, ref, &node);
}

/* Whether both are the same; ends the game otherwise. */
static bool agree(struct game *game, gcm_ref ref, int32_t number) {
  EXPECT(&game->right, number_of(game, ref) == number);
  return game->right.failures == 0;
}

/* Walk a few steps at random from a random root. The number is NONE, and the
 * reference null, if the root was empty or the two disagree. */
static struct place wander(struct game *game) {
  size_t start = below(game, ROOTS);
  struct place at = {gcm_load(game->m, game->roots->ref, start), root[start]};
  for (uint64_t steps = below(game, 12); at.number != NONE && agree(game, at.ref, at.number);
       steps--) {
    size_t field = below(game, FIELDS);
    struct place next = {gcm_load(game->m, at.ref, field), model[at.number].fields[field]};
    if (!agree(game, next.ref, next.number) || steps == 0 || next.number == NONE) {
      return at;
    }
    at = next;
  }
  return (struct place){NULL, NONE};
}

/* ---- The moves ------------------------------------------------------------------ */

/* A new node that refers to some that are there, into a root or a field. */
static void move_new(struct game *game) {
  gcm_owned fresh = gcm_new(game->m, &node);
  int32_t number = model_make();
  *(int32_t *)gcm_bytes(game->m, fresh.ref, &node) = number;
  for (size_t i = 0; i < FIELDS; i++) {
    struct place target = wander(game);
    if (below(game, 3) == 0) {
      gcm_init(game->m, fresh.ref, i, gcm_dup(game->m, target.ref));
      model[number].fields[i] = model_dup(target.number);
    }
  }
  struct place holder = wander(game);
  if (holder.number == NONE || below(game, 2) == 0) {
    size_t slot = below(game, ROOTS);
    gcm_store(game->m, game->roots->ref, slot, fresh);
    model_store(&root[slot], number);
  } else {
    size_t field = below(game, FIELDS);
    gcm_store(game->m, holder.ref, field, fresh);
    model_store(&model[holder.number].fields[field], number);
  }
}

/* A field refers to another node, or to none. */
static void move_store(struct game *game) {
  struct place holder = wander(game), target = wander(game);
  size_t field = below(game, FIELDS);
  if (below(game, 6) == 0) {
    target = (struct place){NULL, NONE};
  }
  if (holder.number != NONE) {
    gcm_store(game->m, holder.ref, field, gcm_dup(game->m, target.ref));
    model_store(&model[holder.number].fields[field], model_dup(target.number));
  }
}

/* What a field holds moves through a local, over a safepoint, to another. */
static void move_take(struct game *game) {
  struct place from = wander(game);
  if (from.number == NONE) {
    return;
  }
  size_t field = below(game, FIELDS);
  GCM_LOCAL(game->m, taken, gcm_take_field(game->m, from.ref, field));
  int32_t number = model_take(&model[from.number].fields[field]);
  if (below(game, 4) == 0) {
    gcm_safepoint(game->m);
  }
  struct place to = wander(game);
  field = below(game, FIELDS);
  if (to.number == NONE) {
    gcm_set(game->m, &taken, gcm_null());
    model_release(number);
  } else {
    gcm_store(game->m, to.ref, field, gcm_take(game->m, &taken));
    model_store(&model[to.number].fields[field], number);
  }
}

/* A node becomes a root, or a root is given up. */
static void move_root(struct game *game) {
  struct place target = wander(game);
  size_t slot = below(game, ROOTS);
  if (below(game, 8) == 0) {
    target = (struct place){NULL, NONE};
  }
  gcm_store(game->m, game->roots->ref, slot, gcm_dup(game->m, target.ref));
  model_store(&root[slot], model_dup(target.number));
}

/* Once in a while nearly everything is given up, so that the graph stays small. */
static void move_forget(struct game *game) {
  size_t kept = below(game, ROOTS);
  for (size_t slot = 0; slot < ROOTS; slot++) {
    if (slot != kept) {
      gcm_store(game->m, game->roots->ref, slot, gcm_null());
      model_store(&root[slot], NONE);
    }
  }
  struct place holder = wander(game);
  for (size_t field = 0; holder.number != NONE && field + 1 < FIELDS; field++) {
    gcm_store(game->m, holder.ref, field, gcm_null());
    model_store(&model[holder.number].fields[field], NONE);
  }
}

static void play(struct game *game) {
  uint64_t choice = below(game, 2000);
  if (choice < 800) {
    move_new(game);
  } else if (choice < 1300) {
    move_store(game);
  } else if (choice < 1700) {
    move_take(game);
  } else if (choice < 1999) {
    move_root(game);
  } else {
    move_forget(game);
  }
}

/* ---- The whole graph against the whole model ------------------------------------- */

/* Note a reference that is to be followed; the same number is the same object. */
static void meet(struct game *game, gcm_ref ref, int32_t number, size_t *queued) {
  if (!agree(game, ref, number) || number == NONE) {
    return;
  }
  if (model[number].met == NULL) {
    model[number].met = ref;
    model[(*queued)++].queue = number;
  }
  EXPECT(&game->right, model[number].met == ref);
}

static void compare(struct game *game) {
  size_t queued = 0;
  for (size_t slot = 0; slot < ROOTS; slot++) {
    meet(game, gcm_load(game->m, game->roots->ref, slot), root[slot], &queued);
  }
  for (size_t i = 0; i < queued && game->right.failures == 0; i++) {
    int32_t number = model[i].queue;
    for (size_t field = 0; field < FIELDS; field++) {
      meet(game, gcm_load(game->m, model[number].met, field), model[number].fields[field], &queued);
    }
  }
  game->compared += queued;
  for (size_t i = 0; i < queued; i++) {
    model[model[i].queue].met = NULL;
  }
}

static void mutation_run(gcm_mutator *m, gcm_run *run) {
  uint64_t moves = gcm_run_size(run);
  model = calloc(moves, sizeof *model); /* a move makes one node at most */
  if (model == NULL) {
    gcm_run_failed(run, "no memory for the model");
  }
  gcm_run_start(run);
  struct game game = {.m = m, .random = gcm_run_seed(run)};
  {
    GCM_LOCAL(m, roots, gcm_new_tail(m, &table, ROOTS));
    game.roots = &roots;
    for (size_t slot = 0; slot < ROOTS; slot++) {
      root[slot] = NONE;
    }
    for (uint64_t i = 0; i < moves && game.right.failures == 0; i++) {
      play(&game);
      if (i % 256 == 0) {
        compare(&game);
      }
      if (i % 16384 == 0) {
        gcm_collect(m);
      }
    }
    compare(&game);
  }
  for (size_t slot = 0; slot < ROOTS; slot++) {
    model_store(&root[slot], NONE);
  }
  gcm_run_stop(run);
  free(model);
  gcm_answer_unchecked(run, "seed", gcm_run_seed(run));
  gcm_answer_unchecked(run, "compared", game.compared);
  answer_expectations(run, &game.right);
  gcm_expect_allocated(run, (uint64_t)made + 1, (uint64_t)made + 1);
  expect_left(run, (uint64_t)made + 1, (uint64_t)living, (uint64_t)made + 1);
}

static const gcm_workload mutation = {
    .name = "conformance-mutation",
    .description = "a graph mutated at random, compared with a model",
    .tiny = 1000,
    .quick = 200000,
    .normal = 1000000,
    .large = NODES_MAX,
    .minimum = 1,
    .maximum = NODES_MAX,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = mutation_run,
};
GCM_CONFORMANCE(mutation);
