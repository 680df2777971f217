/* SPDX-License-Identifier: MIT
 *
 * What gcm_heap_count tells while objects are alive, against what was made and
 * dropped: small and large ones, with references and without, after a full
 * collection, and again after more was allocated without one. Prints the
 * figures; fails where they differ by more than the forgiven few objects.
 *
 *   count FORGIVEN [option value]...   in the order of the collector's options
 */
#include "collectors/heap.h"
#include "workloads/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 3000, ROOM = 2 * KEPT, LARGE = 1000, OPTIONS = 8 };

static const gcm_type node = {.name = "node", .id = 0, .refs = 1, .bytes = 8};
static const gcm_type bytes = {.name = "bytes", .id = 1, .tail = GCM_TAIL_BYTES};
static const gcm_type table = {.name = "table", .id = 2, .tail = GCM_TAIL_REFS};
static const gcm_type *const types[] = {&node, &bytes, &table};

static __attribute__((noreturn)) void out_of_heap(size_t asked, size_t held) {
  fprintf(stderr, "out of heap: %zu asked, %zu held\n", asked, held);
  exit(1);
}

static __attribute__((noreturn)) void failed(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static gcm_owned make(gcm_mutator *m, unsigned i) {
  switch (i % 3) {
  case 0:
    return gcm_new(m, &node);
  case 1:
    return gcm_new_tail(m, &bytes, 8);
  default:
    return gcm_new_tail(m, &bytes, LARGE);
  }
}

/* Fill the first slots, with one more object dropped for each that is kept. */
static void fill(gcm_mutator *m, gcm_ref slots, unsigned from, unsigned to) {
  GCM_CURSOR(m, at, slots);
  for (unsigned i = from; i < to; i++) {
    gcm_owned kept = make(m, i);
    gcm_store(m, at.ref, i, kept);
    gcm_drop(m, make(m, i));
  }
}

static int expect(const char *what, uint64_t counted, uint64_t least, uint64_t most) {
  int wrong = counted < least || counted > most;
  printf("%-40s %8llu, expected %llu to %llu%s\n", what, (unsigned long long)counted,
         (unsigned long long)least, (unsigned long long)most, wrong ? ": WRONG" : "");
  return wrong;
}

/* Objects, of which so many are dead for sure by now; a tracing collector may
 * still count what it has not looked at. */
static int check(gcm_heap *heap, const char *what, uint64_t live, uint64_t dead,
                 uint64_t forgiven) {
  struct gcm_heap_counts counts;
  gcm_heap_count(heap, &counts);
  if (!(gcm_collector.capabilities & GCM_RECLAIMS)) {
    return expect(what, counts.objects, counts.allocated_objects, counts.allocated_objects);
  }
  uint64_t unseen = strcmp(gcm_collector.family, "counting") == 0 ? 0 : dead;
  return expect(what, counts.objects, live, live + unseen + forgiven);
}

static gcm_heap *open(char **options, int count) {
  static const char *values[OPTIONS];
  static struct gcm_heap_config config = {.limit = SIZE_MAX,
                                          .types = types,
                                          .type_count = sizeof types / sizeof *types,
                                          .options = values,
                                          .threads = 1,
                                          .out_of_heap = out_of_heap,
                                          .failed = failed};
  for (size_t i = 0; i < gcm_collector.option_count; i++) {
    values[i] = (int)i < count ? options[i] : gcm_collector.options[i].default_value;
  }
  return gcm_heap_open(&config);
}

/* A frame of its own, so that nothing of it is on the stack afterwards. */
static __attribute__((noinline)) int check_held(gcm_heap *heap, gcm_mutator *m, uint64_t forgiven) {
  GCM_LOCAL(m, slots, gcm_new_tail(m, &table, ROOM));
  fill(m, slots.ref, 0, KEPT);
  gcm_collect(m);
  int wrong = check(heap, "half of what was made is held", KEPT + 1, 0, forgiven);
  fill(m, slots.ref, KEPT, ROOM);
  wrong |= check(heap, "as much again, not collected", ROOM + 1, KEPT, forgiven);
  gcm_collect(m);
  return wrong | check(heap, "collected", ROOM + 1, 0, forgiven);
}

int main(int argc, char **argv) {
  uint64_t forgiven = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
  gcm_heap *heap = open(argv + 2, argc - 2);
  gcm_mutator *m = heap == NULL ? NULL : gcm_attach(heap);
  if (m == NULL) {
    return 1;
  }
  int wrong = check_held(heap, m, forgiven);
  if (gcm_collector.capabilities & GCM_EXACT) { /* else one stale word may hold the table */
    gcm_collect(m);
    wrong |= check(heap, "nothing is held", 0, 0, forgiven);
  }
  return wrong;
}
