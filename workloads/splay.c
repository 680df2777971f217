/* SPDX-License-Identifier: MIT
 *
 * splay: a large live tree in which every operation rewrites old nodes, after
 * Octane's splay.js, with its generator and its seed. A modification inserts a
 * node with a fresh payload and removes the node before it in order.
 *
 * Links are moved, as unique pointers would be: no step of a splay makes a
 * second reference. A payload is a tree of depth 5 whose leaves own an array
 * of ten numbers and a text.
 *
 * The size is the number of runs of 80 modifications. From 100 runs on, tree
 * and payloads are the published ones; with fewer it is a small model of them.
 */
#include "workloads/expected.h"
#include "workloads/workload.h"

#include <string.h>

enum { LEFT, RIGHT, PAYLOAD };
enum { ARRAY, TEXT };
enum { NUMBERS = 10, TEXT_CAPACITY = 48 };

/* Every splay rewrites children, so no promise for nodes; payloads are made
 * bottom-up with gcm_init alone. */
static const gcm_type node = {.name = "node", .id = 0, .refs = 3, .bytes = sizeof(uint64_t)};
static const gcm_type branch = {.name = "branch", .id = 1, .refs = 2, .acyclic = true};
static const gcm_type leaf = {.name = "leaf", .id = 2, .refs = 2, .acyclic = true};
static const gcm_type numbers = {.name = "numbers", .id = 3, .bytes = NUMBERS * sizeof(int64_t)};
static const gcm_type text = {.name = "text", .id = 4, .tail = GCM_TAIL_BYTES};
static const gcm_type *const types[] = {&node, &branch, &leaf, &numbers, &text};

static uint64_t key_of(gcm_mutator *m, gcm_ref object) {
  return *(const uint64_t *)gcm_bytes(m, object, &node);
}

/* ---- Payloads ------------------------------------------------------------------ */

/* What the leaves of a payload say, and how deep they lie. */
struct payload {
  char text[TEXT_CAPACITY];
  size_t length;
  uint64_t depth;
};

static void append_text(struct payload *payload, const char *more, size_t length) {
  memcpy(payload->text + payload->length, more, length);
  payload->length += length;
}

static struct payload describe_payload(uint64_t key, uint64_t depth) {
  static const char before[] = "String for key ", after[] = " in leaf node";
  struct payload payload = {.depth = depth};
  char digits[20];
  size_t first = sizeof digits;
  do {
    digits[--first] = (char)('0' + key % 10);
    key /= 10;
  } while (key > 0);
  append_text(&payload, before, sizeof before - 1);
  append_text(&payload, digits + first, sizeof digits - first);
  append_text(&payload, after, sizeof after - 1);
  return payload;
}

static gcm_owned make_leaf(gcm_mutator *m, const struct payload *payload) {
  GCM_LOCAL(m, array, gcm_new(m, &numbers));
  int64_t *number = gcm_bytes(m, array.ref, &numbers);
  for (int64_t i = 0; i < NUMBERS; i++) {
    number[i] = i;
  }
  GCM_LOCAL(m, string, gcm_new_tail(m, &text, payload->length));
  memcpy(gcm_bytes(m, string.ref, &text), payload->text, payload->length);
  gcm_owned made = gcm_new(m, &leaf);
  gcm_init(m, made.ref, ARRAY, gcm_take(m, &array));
  gcm_init(m, made.ref, TEXT, gcm_take(m, &string));
  return made;
}

static gcm_owned make_payload(gcm_mutator *m, const struct payload *payload, uint64_t depth) {
  if (depth == 0) {
    return make_leaf(m, payload);
  }
  GCM_LOCAL(m, left, make_payload(m, payload, depth - 1));
  GCM_LOCAL(m, right, make_payload(m, payload, depth - 1));
  gcm_owned made = gcm_new(m, &branch);
  gcm_init(m, made.ref, LEFT, gcm_take(m, &left));
  gcm_init(m, made.ref, RIGHT, gcm_take(m, &right));
  return made;
}

/* Whether the first leaf of a node's payload still says what it was given. */
static bool payload_is_intact(gcm_mutator *m, gcm_ref tree, uint64_t depth) {
  struct payload expected = describe_payload(key_of(m, tree), depth);
  gcm_ref at = gcm_load(m, tree, PAYLOAD);
  while (depth-- > 0) {
    at = gcm_load(m, at, LEFT);
  }
  gcm_ref array = gcm_load(m, at, ARRAY), string = gcm_load(m, at, TEXT);
  return gcm_length(m, string) == expected.length &&
         memcmp(gcm_bytes(m, string, &text), expected.text, expected.length) == 0 &&
         ((const int64_t *)gcm_bytes(m, array, &numbers))[NUMBERS - 1] == NUMBERS - 1;
}

/* ---- The tree: top-down splaying (Sleator and Tarjan 1985) ---------------------- */

static bool has_child(gcm_mutator *m, gcm_ref tree, size_t side) {
  return gcm_load(m, tree, side) != NULL;
}

static size_t side_of(uint64_t key, uint64_t than) {
  return key < than ? LEFT : RIGHT;
}

/* Bring the node with this key, or the last one on the way to it, to the root
 * of a tree that is not empty. The published program makes a node here too. */
static void splay(gcm_mutator *m, gcm_local *root, uint64_t key) {
  GCM_LOCAL(m, dummy, gcm_new(m, &node));
  /* The ends of the two trees that are split off: of what is smaller, where the
   * next node goes on the right, and of what is greater. By the side it grows on. */
  gcm_ref end[] = {[LEFT] = dummy.ref, [RIGHT] = dummy.ref};
  gcm_owned current = gcm_take(m, root);
  while (key != key_of(m, current.ref)) {
    size_t side = side_of(key, key_of(m, current.ref)), other = side == LEFT ? RIGHT : LEFT;
    gcm_owned child = gcm_take_field(m, current.ref, side);
    if (child.ref == NULL) {
      break;
    }
    if (key != key_of(m, child.ref) && side_of(key, key_of(m, child.ref)) == side) {
      /* Rotate. */
      gcm_store(m, current.ref, side, gcm_take_field(m, child.ref, other));
      gcm_store(m, child.ref, other, current);
      current = child;
      child = gcm_take_field(m, current.ref, side);
      if (child.ref == NULL) {
        break;
      }
    }
    /* Link. */
    gcm_store(m, end[side], side, current);
    end[side] = current.ref;
    current = child;
  }
  /* Assemble. */
  gcm_store(m, end[RIGHT], RIGHT, gcm_take_field(m, current.ref, LEFT));
  gcm_store(m, end[LEFT], LEFT, gcm_take_field(m, current.ref, RIGHT));
  gcm_store(m, current.ref, LEFT, gcm_take_field(m, dummy.ref, RIGHT));
  gcm_store(m, current.ref, RIGHT, gcm_take_field(m, dummy.ref, LEFT));
  gcm_set(m, root, current);
}

static bool find(gcm_mutator *m, gcm_local *root, uint64_t key) {
  if (root->ref == NULL) {
    return false;
  }
  splay(m, root, key);
  return key_of(m, root->ref) == key;
}

/* The new node takes the root's place, and its half of the tree. */
static void insert(gcm_mutator *m, gcm_local *root, uint64_t key, gcm_owned payload) {
  GCM_LOCAL(m, value, payload);
  if (root->ref != NULL) {
    splay(m, root, key);
  }
  gcm_owned made = gcm_new(m, &node);
  *(uint64_t *)gcm_bytes(m, made.ref, &node) = key;
  gcm_init(m, made.ref, PAYLOAD, gcm_take(m, &value));
  if (root->ref != NULL) {
    size_t side = side_of(key, key_of(m, root->ref)), other = side == LEFT ? RIGHT : LEFT;
    gcm_init(m, made.ref, side, gcm_take_field(m, root->ref, side));
    gcm_init(m, made.ref, other, gcm_take(m, root));
  }
  gcm_set(m, root, made);
}

static void delete (gcm_mutator *m, gcm_local *root, uint64_t key) {
  splay(m, root, key);
  GCM_LOCAL(m, removed, gcm_take(m, root));
  if (!has_child(m, removed.ref, LEFT)) {
    gcm_set(m, root, gcm_take_field(m, removed.ref, RIGHT));
    return;
  }
  gcm_set(m, root, gcm_take_field(m, removed.ref, LEFT));
  splay(m, root, key);
  gcm_store(m, root->ref, RIGHT, gcm_take_field(m, removed.ref, RIGHT));
}

/* The greatest key less than `key`, which is in the tree; `key` if there is none. */
static uint64_t predecessor(gcm_mutator *m, gcm_local *root, uint64_t key) {
  splay(m, root, key);
  gcm_ref at = gcm_load(m, root->ref, LEFT);
  if (at == NULL) {
    return key;
  }
  while (has_child(m, at, RIGHT)) {
    at = gcm_load(m, at, RIGHT);
  }
  return key_of(m, at);
}

/* ---- The work -------------------------------------------------------------------- */

/* Octane's Math.random, a hash by Robert Jenkins, without the division. */
static uint64_t octane_random(uint32_t *state) {
  uint32_t seed = *state;
  seed = seed + 0x7ed55d16 + (seed << 12);
  seed = seed ^ 0xc761c23c ^ (seed >> 19);
  seed = seed + 0x165667b1 + (seed << 5);
  seed = (seed + 0xd3a2646c) ^ (seed << 9);
  seed = seed + 0xfd7046c5 + (seed << 3);
  seed = seed ^ 0xb55a4f09 ^ (seed >> 16);
  *state = seed;
  return seed & 0xfffffff;
}

static uint64_t insert_new(gcm_mutator *m, gcm_local *root, uint32_t *seed, uint64_t depth) {
  uint64_t key;
  do {
    key = octane_random(seed);
  } while (find(m, root, key));
  struct payload payload = describe_payload(key, depth);
  insert(m, root, key, make_payload(m, &payload, depth));
  return key;
}

static void modify(gcm_mutator *m, gcm_local *root, uint32_t *seed, uint64_t depth) {
  uint64_t key = insert_new(m, root, seed, depth);
  delete (m, root, predecessor(m, root, key));
}

struct found {
  uint64_t keys, unsorted, damaged, sum, fnv, previous, depth;
};

/* In order. The splay tree may be as deep as it has nodes, but with random keys
 * it is not: a few dozen levels. */
static void inspect(gcm_mutator *m, gcm_ref tree, struct found *found) {
  if (tree == NULL) {
    return;
  }
  inspect(m, gcm_load(m, tree, LEFT), found);
  uint64_t key = key_of(m, tree);
  found->unsorted += found->keys > 0 && key <= found->previous;
  found->damaged += !payload_is_intact(m, tree, found->depth);
  found->keys++;
  found->sum += key;
  unsigned char bytes[] = {(unsigned char)key, (unsigned char)(key >> 8),
                           (unsigned char)(key >> 16), (unsigned char)(key >> 24)};
  found->fnv = gcm_checksum(found->fnv, bytes, sizeof bytes);
  found->previous = key;
  inspect(m, gcm_load(m, tree, RIGHT), found);
}

static void answer(gcm_run *run, const struct found *found, uint64_t root, uint32_t seed) {
  uint64_t runs = gcm_run_size(run);
  gcm_answer(run, "keys", found->keys, splay_nodes(runs));
  gcm_answer(run, "unsorted", found->unsorted, 0);
  gcm_answer(run, "damaged", found->damaged, 0);
  const struct splay_answer *expected = splay_expected(runs);
  if (expected == NULL) {
    gcm_answer_unchecked(run, "sum", found->sum);
    gcm_answer_unchecked(run, "root", root);
    gcm_answer_unchecked(run, "fnv", found->fnv);
    gcm_answer_unchecked(run, "seed", seed);
    return;
  }
  gcm_answer(run, "sum", found->sum, expected->sum);
  gcm_answer(run, "root", root, expected->root);
  gcm_answer(run, "fnv", found->fnv, expected->fnv);
  gcm_answer(run, "seed", seed, expected->seed);
}

static void splay_run(gcm_mutator *m, gcm_run *run) {
  uint64_t runs = gcm_run_size(run);
  uint64_t depth = runs < SPLAY_PUBLISHED_RUNS ? 1 : 5;
  uint32_t seed = SPLAY_SEED;
  GCM_LOCAL(m, root, gcm_null());
  for (uint64_t i = 0; i < splay_nodes(runs); i++) {
    insert_new(m, &root, &seed, depth);
  }
  gcm_run_start(run);
  for (uint64_t i = 0; i < runs * SPLAY_MODIFICATIONS; i++) {
    modify(m, &root, &seed, depth);
  }
  gcm_run_stop(run);
  struct found found = {.fnv = GCM_CHECKSUM_START, .depth = depth};
  inspect(m, root.ref, &found);
  answer(run, &found, key_of(m, root.ref), seed);
}

static const gcm_workload splay_workload = {
    .name = "splay",
    .description = "a large live tree whose old nodes are rewritten by every operation",
    .tiny = SPLAY_TINY,
    .quick = SPLAY_QUICK,
    .normal = SPLAY_NORMAL,
    .large = SPLAY_LARGE,
    .minimum = 1,
    .maximum = 1000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = splay_run,
};
GCM_WORKLOAD(splay_workload);
