/* SPDX-License-Identifier: MIT
 *
 * lru without a list or a hash table: the time of each key's last use, and a
 * log of all uses whose outdated entries are skipped when a victim is sought.
 */
#include "test.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "workloads/expected.h"

/* SplitMix64, as published. */
static uint64_t next_random(uint64_t *state) {
  *state += UINT64_C(0x9e3779b97f4a7c15);
  uint64_t z = *state;
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void *array_of(size_t count, size_t size) {
  void *array = calloc(count, size);
  assert_non_null(array);
  return array;
}

/* For each of 2^16 equal parts of the total the first rank that reaches into
 * it, so that a draw is a short walk. */
enum { PARTS = 1 << 16 };
struct zipf {
  uint64_t *cumulative, *first, total, part;
};

static struct zipf make_zipf(uint64_t keys) {
  struct zipf zipf = {array_of(keys, 8), array_of(PARTS + 1, 8), 0, 0};
  for (uint64_t k = 1; k <= keys; k++) {
    zipf.total += (UINT64_C(1) << 40) / k;
    zipf.cumulative[k - 1] = zipf.total;
  }
  zipf.part = zipf.total / PARTS + 1;
  for (uint64_t part = 0, rank = 0; part < PARTS; part++) {
    while (rank < keys - 1 && zipf.cumulative[rank] <= part * zipf.part) {
      rank++;
    }
    zipf.first[part] = rank;
  }
  return zipf;
}

static uint64_t draw(const struct zipf *zipf, uint64_t *state) {
  uint64_t at = next_random(state) % zipf->total;
  uint64_t rank = zipf->first[at / zipf->part];
  while (zipf->cumulative[rank] <= at) {
    rank++;
  }
  return rank;
}

struct cache {
  bool *cached;       /* by key */
  uint64_t *last_use; /* by key */
  uint64_t *log;      /* key by time */
  uint64_t oldest;    /* the log before it is outdated */
  uint64_t now, entries;
};

static bool outdated(const struct cache *cache, uint64_t time) {
  uint64_t key = cache->log[time];
  return !cache->cached[key] || cache->last_use[key] != time;
}

static void evict(struct cache *cache) {
  while (outdated(cache, cache->oldest)) {
    cache->oldest++;
  }
  cache->cached[cache->log[cache->oldest++]] = false;
  cache->entries--;
}

/* Whether it was a hit. */
static bool use(struct cache *cache, uint64_t capacity, uint64_t key) {
  bool hit = cache->cached[key];
  if (!hit && cache->entries == capacity) {
    evict(cache);
  }
  cache->entries += !hit;
  cache->cached[key] = true;
  cache->last_use[key] = cache->now;
  cache->log[cache->now++] = key;
  return hit;
}

static struct lru_answer run(uint64_t capacity, uint64_t seed) {
  uint64_t keys = 4 * capacity, requests = 20 * capacity, state = seed;
  struct zipf zipf = make_zipf(keys);
  struct cache cache = {.cached = array_of(keys, sizeof(bool)),
                        .last_use = array_of(keys, 8),
                        .log = array_of(requests, 8)};
  struct lru_answer answer = {.capacity = capacity, .seed = seed, .order = FNV_START};
  for (uint64_t i = 0; i < requests; i++) {
    answer.hits += use(&cache, capacity, draw(&zipf, &state));
  }
  for (uint64_t time = cache.now; time-- > 0;) {
    if (!outdated(&cache, time)) {
      answer.order = fnv(answer.order, cache.log[time], 8);
    }
  }
  free(zipf.cumulative);
  free(zipf.first);
  free(cache.cached);
  free(cache.last_use);
  free(cache.log);
  return answer;
}

static void every_named_size_is_expected(void **state) {
  (void)state;
  static const uint64_t capacities[] = {LRU_TINY, LRU_QUICK, LRU_NORMAL, LRU_LARGE};
  for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
    struct lru_answer found = run(capacities[i], 1);
    const struct lru_answer *expected = lru_expected(capacities[i], 1);
    print_message("{%" PRIu64 ", %" PRIu64 ", %" PRIu64 ", 0x%" PRIx64 "},\n", found.capacity,
                  found.seed, found.hits, found.order);
    assert_non_null(expected);
    assert_int_equal(found.hits, expected->hits);
    assert_int_equal(found.order, expected->order);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_named_size_is_expected)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
