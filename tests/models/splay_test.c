/* SPDX-License-Identifier: MIT
 *
 * splay in arrays: Octane's splay.js, step by step, without payloads. Links are
 * copied as there, and the ends of a splay hold stale ones until they are
 * overwritten.
 */
#include "test.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/expected.h"

/* Node 0 is none, node 1 the dummy of a splay. */
enum { NONE = 0, DUMMY = 1, CAPACITY = 8192 };

struct tree {
  uint32_t key[CAPACITY];
  int left[CAPACITY], right[CAPACITY];
  int root, fresh, freed[CAPACITY], freed_count;
  uint32_t seed;
};

/* The published expression for each line, on 32 bits. */
static uint32_t next_key(struct tree *t) {
  uint32_t s = t->seed;
  s = (s + UINT32_C(0x7ed55d16)) + (s << 12);
  s = (s ^ UINT32_C(0xc761c23c)) ^ (s >> 19);
  s = (s + UINT32_C(0x165667b1)) + (s << 5);
  s = (s + UINT32_C(0xd3a2646c)) ^ (s << 9);
  s = (s + UINT32_C(0xfd7046c5)) + (s << 3);
  s = (s ^ UINT32_C(0xb55a4f09)) ^ (s >> 16);
  t->seed = s;
  return s % UINT32_C(0x10000000);
}

static void splay(struct tree *t, uint32_t key) {
  int *left = t->left, *right = t->right;
  int l = DUMMY, r = DUMMY, current = t->root;
  left[DUMMY] = right[DUMMY] = NONE;
  for (;;) {
    if (key < t->key[current]) {
      int child = left[current];
      if (child == NONE) {
        break;
      }
      if (key < t->key[child]) {
        left[current] = right[child];
        right[child] = current;
        current = child;
        if (left[current] == NONE) {
          break;
        }
      }
      left[r] = current;
      r = current;
      current = left[current];
    } else if (key > t->key[current]) {
      int child = right[current];
      if (child == NONE) {
        break;
      }
      if (key > t->key[child]) {
        right[current] = left[child];
        left[child] = current;
        current = child;
        if (right[current] == NONE) {
          break;
        }
      }
      right[l] = current;
      l = current;
      current = right[current];
    } else {
      break;
    }
  }
  right[l] = left[current];
  left[r] = right[current];
  left[current] = right[DUMMY];
  right[current] = left[DUMMY];
  t->root = current;
}

static int find(struct tree *t, uint32_t key) {
  if (t->root == NONE) {
    return NONE;
  }
  splay(t, key);
  return t->key[t->root] == key ? t->root : NONE;
}

static void insert(struct tree *t, uint32_t key) {
  int node = t->freed_count > 0 ? t->freed[--t->freed_count] : t->fresh++;
  assert_true(node < CAPACITY);
  t->key[node] = key;
  t->left[node] = t->right[node] = NONE;
  if (t->root != NONE) {
    splay(t, key);
    int root = t->root;
    if (key > t->key[root]) {
      t->left[node] = root;
      t->right[node] = t->right[root];
      t->right[root] = NONE;
    } else {
      t->right[node] = root;
      t->left[node] = t->left[root];
      t->left[root] = NONE;
    }
  }
  t->root = node;
}

static void delete (struct tree *t, uint32_t key) {
  splay(t, key);
  int removed = t->root;
  assert_int_equal(t->key[removed], key);
  if (t->left[removed] == NONE) {
    t->root = t->right[removed];
  } else {
    t->root = t->left[removed];
    splay(t, key);
    t->right[t->root] = t->right[removed];
  }
  t->freed[t->freed_count++] = removed;
}

static int greatest_less_than(struct tree *t, uint32_t key) {
  splay(t, key);
  if (t->key[t->root] < key) {
    return t->root;
  }
  int at = t->left[t->root];
  while (at != NONE && t->right[at] != NONE) {
    at = t->right[at];
  }
  return at;
}

static uint32_t insert_new(struct tree *t) {
  uint32_t key;
  do {
    key = next_key(t);
  } while (find(t, key) != NONE);
  insert(t, key);
  return key;
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* The keys that are left: those in the arrays that were not freed, sorted, so
 * that nothing relies on the links but the root. */
static struct splay_answer summarise(const struct tree *t) {
  static uint32_t keys[CAPACITY];
  static char is_free[CAPACITY];
  memset(is_free, 0, sizeof is_free);
  for (int i = 0; i < t->freed_count; i++) {
    is_free[t->freed[i]] = 1;
  }
  size_t count = 0;
  for (int node = DUMMY + 1; node < t->fresh; node++) {
    if (!is_free[node]) {
      keys[count++] = t->key[node];
    }
  }
  qsort(keys, count, sizeof *keys, by_value);
  struct splay_answer answer = {
      .nodes = count, .root = t->key[t->root], .fnv = FNV_START, .seed = t->seed};
  for (size_t i = 0; i < count; i++) {
    answer.sum += keys[i];
    answer.fnv = fnv(answer.fnv, keys[i], 4);
  }
  return answer;
}

static struct splay_answer run(uint64_t nodes, uint64_t runs) {
  static struct tree t;
  memset(&t, 0, sizeof t);
  t.fresh = DUMMY + 1;
  t.seed = 49734321;
  for (uint64_t i = 0; i < nodes; i++) {
    insert_new(&t);
  }
  for (uint64_t i = 0; i < runs * 80; i++) {
    uint32_t key = insert_new(&t);
    int before = greatest_less_than(&t, key);
    delete (&t, before == NONE ? key : t.key[before]);
  }
  struct splay_answer answer = summarise(&t);
  answer.runs = runs;
  return answer;
}

static void assert_same(struct splay_answer found, const struct splay_answer *expected) {
  assert_non_null(expected);
  assert_int_equal(found.nodes, expected->nodes);
  assert_int_equal(found.sum, expected->sum);
  assert_int_equal(found.root, expected->root);
  assert_int_equal(found.fnv, expected->fnv);
  assert_int_equal(found.seed, expected->seed);
}

/* Seen by running the original splay.js with Octane's own Math.random. */
static void agrees_with_octane(void **state) {
  (void)state;
  static const struct splay_answer octane[] = {
      {8000, 0, 1070375954236, 209878794, 0x2444eb11e99f2932, 1820491530},
      {8000, 1, 1070378010596, 37395640, 0x987f2b39b4cd21e2, 3527136069},
      {8000, 100, 1070646052453, 223014767, 0x35354f239ff488cc, 3444298644},
  };
  for (size_t i = 0; i < sizeof octane / sizeof *octane; i++) {
    assert_same(run(octane[i].nodes, octane[i].runs), &octane[i]);
  }
}

static void every_named_size_is_expected(void **state) {
  (void)state;
  static const uint64_t runs[] = {SPLAY_TINY, SPLAY_QUICK, SPLAY_NORMAL, SPLAY_LARGE};
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    struct splay_answer found = run(splay_nodes(runs[i]), runs[i]);
    print_message("{%" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64 ", 0x%" PRIx64 ", %" PRIu64
                  "},\n",
                  found.nodes, found.runs, found.sum, found.root, found.fnv, found.seed);
    assert_same(found, splay_expected(runs[i]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_octane),
      cmocka_unit_test(every_named_size_is_expected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
