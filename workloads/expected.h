/* SPDX-License-Identifier: MIT
 *
 * The answers that workloads expect: by formula, or tabulated where there is
 * none. tests/models/ recomputes them with plain C that knows no workload, and
 * compares them with what is published.
 */
#ifndef GCM_WORKLOADS_EXPECTED_H
#define GCM_WORKLOADS_EXPECTED_H

#include <stddef.h>
#include <stdint.h>

/* ---- binary-trees: by the depth of the long-lived tree ------------------------ */

enum { BINARY_TREES_MIN_DEPTH = 4 };

/* Nodes of a full tree. */
static inline uint64_t binary_trees_size(uint64_t depth) {
  return (UINT64_C(2) << depth) - 1;
}

/* At each depth from 4 up in steps of 2, so many trees that the work is alike. */
static inline uint64_t binary_trees_iterations(uint64_t depth, uint64_t max_depth) {
  return UINT64_C(1) << (max_depth - depth + BINARY_TREES_MIN_DEPTH);
}

/* ---- gcbench: by the depth of the long-lived tree --------------------------- */

enum { GCBENCH_MIN_DEPTH = 4 };

static inline uint64_t gcbench_tree_size(uint64_t depth) {
  return (UINT64_C(2) << depth) - 1;
}

static inline uint64_t gcbench_stretch_depth(uint64_t size) {
  return size + 2;
}

/* Trees of this depth made top-down, and as many bottom-up. */
static inline uint64_t gcbench_iterations(uint64_t depth, uint64_t size) {
  return 2 * gcbench_tree_size(gcbench_stretch_depth(size)) / gcbench_tree_size(depth);
}

/* The depths of the trees made either way, summed. */
static inline uint64_t gcbench_reach(uint64_t size) {
  uint64_t reach = 0;
  for (uint64_t depth = GCBENCH_MIN_DEPTH; depth <= size; depth += 2) {
    reach += depth * gcbench_iterations(depth, size);
  }
  return reach;
}

/* ---- rings: by the number of batches ------------------------------------------ */

enum { RINGS_PER_BATCH = 100, RINGS_NODES = 21 };

static inline uint64_t rings_nodes(uint64_t batches) {
  return batches * RINGS_PER_BATCH * RINGS_NODES;
}

/* Ring r is walked as 21r + 20, ..., 21r, at the positions 1, ..., 21. The
 * positions sum to 231, and position * (21 - position) to 1540. */
static inline uint64_t rings_checksum(uint64_t batches) {
  uint64_t rings = batches * RINGS_PER_BATCH;
  return 231 * RINGS_NODES * (rings * (rings - 1) / 2) + 1540 * rings;
}

/* ---- cfold: by depth ------------------------------------------------------------ */

enum { CFOLD_MAX_DEPTH = 24 };

/* The sum of the leaves: of `count[v]` subexpressions with the value v, each
 * leads to one with v + 1 and one with v - 1, or 0. */
static inline uint64_t cfold_value(uint64_t depth) {
  uint64_t count[64] = {[1] = 1};
  for (uint64_t level = 0; level < depth; level++) {
    uint64_t below[64] = {0};
    for (size_t v = 0; v <= level + 1; v++) {
      below[v + 1] += count[v];
      below[v == 0 ? 0 : v - 1] += count[v];
    }
    for (size_t v = 0; v < 64; v++) {
      count[v] = below[v];
    }
  }
  uint64_t value = 0;
  for (size_t v = 0; v < 64; v++) {
    value += v * count[v];
  }
  return value;
}

/* Terms left after folding. */
static inline uint64_t cfold_terms(uint64_t depth) {
  static const uint32_t terms[CFOLD_MAX_DEPTH + 1] = {
      1,     2,      2,      6,      8,       20,      30,     70,    112,
      252,   420,    924,    1584,   3432,    6006,    12870,  22880, 48620,
      87516, 184756, 335920, 705432, 1293292, 2704156, 4992288};
  return terms[depth];
}

/* ---- splay: by the number of runs ----------------------------------------------------- */

/* As published: nodes of the tree, modifications a run, the generator's seed. */
enum {
  SPLAY_NODES = 8000,
  SPLAY_MODIFICATIONS = 80,
  SPLAY_SEED = 49734321,
  SPLAY_PUBLISHED_RUNS = SPLAY_NODES / SPLAY_MODIFICATIONS
};

enum { SPLAY_TINY = 1, SPLAY_QUICK = 50, SPLAY_NORMAL = 1000, SPLAY_LARGE = 5000 };

static inline uint64_t splay_nodes(uint64_t runs) {
  return runs < SPLAY_PUBLISHED_RUNS ? runs * SPLAY_MODIFICATIONS : SPLAY_NODES;
}

/* At the end: keys summed, the root's key, FNV-1a of the keys in ascending
 * order (4 little-endian bytes each), state of the generator. */
struct splay_answer {
  uint64_t nodes, runs;
  uint64_t sum, root, fnv, seed;
};

/* Null where it is not known. */
static inline const struct splay_answer *splay_expected(uint64_t runs) {
  static const struct splay_answer answers[] = {
      {80, 1, 11226148596, 158487965, 0x6484ae043780b8f3, 3383489741},
      {4000, 50, 531690717636, 209767434, 0x919a7f002223f5dc, 1820491530},
      {8000, 1000, 1073019548825, 99855866, 0xf484639d9df30aae, 1979003576},
      {8000, 5000, 1083652760777, 76015053, 0xb07aecdafe8f9774, 2760466467},
  };
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    if (answers[i].runs == runs) {
      return &answers[i];
    }
  }
  return NULL;
}

/* ---- lru: by capacity and seed ------------------------------------------------------------ */

/* Keys and requests, each times the capacity. */
enum { LRU_KEYS = 4, LRU_REQUESTS = 20 };
enum { LRU_TINY = 30, LRU_QUICK = 1000, LRU_NORMAL = 100000, LRU_LARGE = 500000 };

/* Requests that found their key; FNV-1a of the keys, newest first (8
 * little-endian bytes each). */
struct lru_answer {
  uint64_t capacity, seed;
  uint64_t hits, order;
};

/* Null where it is not known. */
static inline const struct lru_answer *lru_expected(uint64_t capacity, uint64_t seed) {
  static const struct lru_answer answers[] = {
      {30, 1, 370, 0x2230ec115e51a768},
      {1000, 1, 15213, 0x89807e1c96ae918b},
      {100000, 1, 1676464, 0x3320738d1ee31e69},
      {500000, 1, 8532880, 0xe3364023a6e83042},
  };
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    if (answers[i].capacity == capacity && answers[i].seed == seed) {
      return &answers[i];
    }
  }
  return NULL;
}

#endif
