/* SPDX-License-Identifier: MIT
 *
 * lru: a cache in the manner of memcached. A hash table with chained entries,
 * a doubly linked list of them in the order of use, values of 32 to 4095 bytes,
 * and requests for keys by Zipf's law. A miss evicts the entry that was used
 * longest ago and makes a new one.
 *
 * Links are strong both ways, so the list is a natural cycle. What is evicted
 * is on no cycle: unlinking moves its two references on to its neighbours, so
 * counting reclaims it at once. What is still linked at the end counting cannot
 * reclaim: capacity entries, as many values, and the list's sentinel, in all
 * 2 * capacity + 1 objects.
 *
 * The size is the capacity in entries. Four times as many keys are asked for,
 * in twenty times as many requests.
 */
#include "workloads/expected.h"
#include "workloads/workload.h"

#include <string.h>

enum { TABLE, LIST };                /* of a cache */
enum { CHAIN, NEWER, OLDER, VALUE }; /* of an entry */

static const gcm_type cache_type = {.name = "cache", .id = 0, .refs = 2};
static const gcm_type table_type = {.name = "table", .id = 1, .tail = GCM_TAIL_REFS};
static const gcm_type entry_type = {.name = "entry", .id = 2, .refs = 4, .bytes = sizeof(uint64_t)};
static const gcm_type value_type = {.name = "value", .id = 3, .tail = GCM_TAIL_BYTES};
static const gcm_type numbers_type = {.name = "numbers", .id = 4, .tail = GCM_TAIL_BYTES};
static const gcm_type *const types[] = {&cache_type, &table_type, &entry_type, &value_type,
                                        &numbers_type};

static uint64_t key_of(gcm_mutator *m, gcm_ref entry) {
  return *(const uint64_t *)gcm_bytes(m, entry, &entry_type);
}

/* ---- Requests: keys by Zipf's law, drawn before the timed part --------------------- */

/* For each rank the sum of the weights up to it; the weight of the k-th rank is
 * 2^40 / k, rounded down. */
static gcm_owned make_weights(gcm_mutator *m, uint64_t ranks) {
  gcm_owned weights = gcm_new_tail(m, &numbers_type, ranks * sizeof(uint64_t));
  uint64_t *cumulative = gcm_bytes(m, weights.ref, &numbers_type), total = 0;
  for (uint64_t rank = 0; rank < ranks; rank++) {
    total += (UINT64_C(1) << 40) / (rank + 1);
    cumulative[rank] = total;
  }
  return weights;
}

/* The rank whose share of the total this point lies in. */
static uint32_t rank_at(const uint64_t *cumulative, uint64_t ranks, uint64_t point) {
  uint64_t low = 0, high = ranks - 1;
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (cumulative[middle] <= point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return (uint32_t)low;
}

/* The keys that will be asked for, 4 bytes each: a key is its rank. */
static gcm_owned make_requests(gcm_mutator *m, uint64_t capacity, uint64_t seed) {
  uint64_t ranks = LRU_KEYS * capacity, count = LRU_REQUESTS * capacity;
  GCM_LOCAL(m, weights, make_weights(m, ranks));
  gcm_owned requests = gcm_new_tail(m, &numbers_type, count * sizeof(uint32_t));
  const uint64_t *cumulative = gcm_bytes(m, weights.ref, &numbers_type);
  uint32_t *key = gcm_bytes(m, requests.ref, &numbers_type);
  for (uint64_t i = 0; i < count; i++) {
    key[i] = rank_at(cumulative, ranks, gcm_random(&seed) % cumulative[ranks - 1]);
  }
  return requests;
}

static uint64_t key_requested(gcm_mutator *m, gcm_ref requests, uint64_t number) {
  return ((const uint32_t *)gcm_bytes(m, requests, &numbers_type))[number];
}

/* ---- The list: newest after the sentinel's OLDER, oldest after its NEWER ---------- */

/* Its two references become its neighbours'. Another owner keeps the entry. */
static void unlink_entry(gcm_mutator *m, gcm_ref entry) {
  gcm_owned newer = gcm_take_field(m, entry, NEWER), older = gcm_take_field(m, entry, OLDER);
  gcm_ref newer_ref = newer.ref;
  gcm_store(m, older.ref, NEWER, newer);
  gcm_store(m, newer_ref, OLDER, older);
}

static void link_newest(gcm_mutator *m, gcm_ref list, gcm_ref entry) {
  gcm_owned second = gcm_take_field(m, list, OLDER);
  gcm_store(m, entry, NEWER, gcm_take_field(m, second.ref, NEWER));
  gcm_store(m, second.ref, NEWER, gcm_dup(m, entry));
  gcm_store(m, entry, OLDER, second);
  gcm_store(m, list, OLDER, gcm_dup(m, entry));
}

/* ---- The cache ---------------------------------------------------------------------- */

static size_t bucket_of(gcm_mutator *m, gcm_ref table, uint64_t key) {
  uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
  return (hash >> 32) & (gcm_length(m, table) - 1);
}

static gcm_owned make_cache(gcm_mutator *m, uint64_t capacity) {
  size_t buckets = 1;
  while (buckets < capacity) {
    buckets *= 2;
  }
  GCM_LOCAL(m, table, gcm_new_tail(m, &table_type, buckets));
  GCM_LOCAL(m, list, gcm_new(m, &entry_type));
  gcm_store(m, list.ref, NEWER, gcm_dup(m, list.ref));
  gcm_store(m, list.ref, OLDER, gcm_dup(m, list.ref));
  gcm_owned cache = gcm_new(m, &cache_type);
  gcm_init(m, cache.ref, TABLE, gcm_take(m, &table));
  gcm_init(m, cache.ref, LIST, gcm_take(m, &list));
  return cache;
}

/* Null if the key is not in the cache. */
static gcm_ref find_entry(gcm_mutator *m, gcm_ref cache, uint64_t key) {
  gcm_ref table = gcm_load(m, cache, TABLE);
  gcm_ref entry = gcm_load(m, table, bucket_of(m, table, key));
  while (entry != NULL && key_of(m, entry) != key) {
    entry = gcm_load(m, entry, CHAIN);
  }
  return entry;
}

/* Take the entry out of its chain; it has the reference that was there. */
static gcm_owned unchain_entry(gcm_mutator *m, gcm_ref cache, gcm_ref entry) {
  gcm_ref owner = gcm_load(m, cache, TABLE);
  size_t field = bucket_of(m, owner, key_of(m, entry));
  while (gcm_load(m, owner, field) != entry) {
    owner = gcm_load(m, owner, field);
    field = CHAIN;
  }
  gcm_owned unchained = gcm_take_field(m, owner, field);
  gcm_store(m, owner, field, gcm_take_field(m, entry, CHAIN));
  return unchained;
}

static void evict_oldest(gcm_mutator *m, gcm_ref cache) {
  gcm_ref oldest = gcm_load(m, gcm_load(m, cache, LIST), NEWER);
  gcm_owned unchained = unchain_entry(m, cache, oldest);
  unlink_entry(m, oldest);
  gcm_drop(m, unchained);
}

/* Fixed by the key: 32 to 4095 bytes, each power of two as likely as the others. */
static size_t value_length(uint64_t key) {
  uint64_t random = gcm_random(&key);
  size_t least = (size_t)32 << (random >> 32) % 7;
  return least + (uint32_t)random % least;
}

static void add_entry(gcm_mutator *m, const gcm_local *cache, uint64_t key) {
  size_t length = value_length(key);
  GCM_LOCAL(m, value, gcm_new_tail(m, &value_type, length));
  memset(gcm_bytes(m, value.ref, &value_type), (int)(key & 0xff), length);
  GCM_LOCAL(m, entry, gcm_new(m, &entry_type));
  *(uint64_t *)gcm_bytes(m, entry.ref, &entry_type) = key;
  gcm_init(m, entry.ref, VALUE, gcm_take(m, &value));
  gcm_ref table = gcm_load(m, cache->ref, TABLE);
  size_t bucket = bucket_of(m, table, key);
  gcm_init(m, entry.ref, CHAIN, gcm_take_field(m, table, bucket));
  link_newest(m, gcm_load(m, cache->ref, LIST), entry.ref);
  gcm_store(m, table, bucket, gcm_take(m, &entry));
}

/* Whether the value is of the length that the key calls for, and its ends are
 * as they were written. */
static bool value_is_intact(gcm_mutator *m, gcm_ref entry) {
  uint64_t key = key_of(m, entry);
  gcm_ref value = gcm_load(m, entry, VALUE);
  size_t length = gcm_length(m, value);
  const unsigned char *byte = gcm_bytes(m, value, &value_type);
  return length == value_length(key) && byte[0] == (key & 0xff) && byte[length - 1] == byte[0];
}

/* ---- The work ------------------------------------------------------------------------- */

struct served {
  uint64_t hits, damaged, entries;
};

static void request(gcm_mutator *m, const gcm_local *cache, uint64_t capacity, uint64_t key,
                    struct served *served) {
  gcm_ref entry = find_entry(m, cache->ref, key);
  if (entry != NULL) {
    served->hits++;
    served->damaged += !value_is_intact(m, entry);
    unlink_entry(m, entry);
    link_newest(m, gcm_load(m, cache->ref, LIST), entry);
    return;
  }
  if (served->entries == capacity) {
    evict_oldest(m, cache->ref);
    served->entries--;
  }
  add_entry(m, cache, key);
  served->entries++;
}

/* Of the keys, 8 little-endian bytes each, newest first. */
static uint64_t order_checksum(gcm_mutator *m, gcm_ref cache, uint64_t *entries) {
  uint64_t checksum = GCM_CHECKSUM_START;
  gcm_ref list = gcm_load(m, cache, LIST);
  *entries = 0;
  for (gcm_ref at = gcm_load(m, list, OLDER); at != list; at = gcm_load(m, at, OLDER)) {
    uint64_t key = key_of(m, at);
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
      bytes[i] = (unsigned char)(key >> 8 * i);
    }
    checksum = gcm_checksum(checksum, bytes, sizeof bytes);
    ++*entries;
  }
  return checksum;
}

static void lru_run(gcm_mutator *m, gcm_run *run) {
  uint64_t capacity = gcm_run_size(run), entries;
  struct served served = {0};
  GCM_LOCAL(m, requests, make_requests(m, capacity, gcm_run_seed(run)));
  GCM_LOCAL(m, cache, make_cache(m, capacity));
  gcm_run_start(run);
  for (uint64_t i = 0; i < LRU_REQUESTS * capacity; i++) {
    request(m, &cache, capacity, key_requested(m, requests.ref, i), &served);
  }
  gcm_run_stop(run);

  uint64_t order = order_checksum(m, cache.ref, &entries);
  gcm_answer(run, "damaged", served.damaged, 0);
  gcm_answer(run, "entries", entries, served.entries);
  const struct lru_answer *expected = lru_expected(capacity, gcm_run_seed(run));
  if (expected == NULL) {
    gcm_answer_unchecked(run, "hits", served.hits);
    gcm_answer_unchecked(run, "order", order);
  } else {
    gcm_answer(run, "hits", served.hits, expected->hits);
    gcm_answer(run, "order", order, expected->order);
  }
}

static const gcm_workload lru = {
    .name = "lru",
    .description = "a cache: hash table, doubly linked list, values of many sizes, Zipf requests",
    .tiny = LRU_TINY,
    .quick = LRU_QUICK,
    .normal = LRU_NORMAL,
    .large = LRU_LARGE,
    .minimum = 1,
    .maximum = 2000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = lru_run,
};
GCM_WORKLOAD(lru);
