/* SPDX-License-Identifier: MIT
 *
 * Several mutators at once, on a collector that says it has threads: objects
 * shared by all, duplicated, dropped, weakly referenced, and released by
 * another thread than their maker's. Run under ThreadSanitizer too. Afterwards
 * every object made is gone, or still there for a manager that never frees.
 */
#include "collectors/heap.h"
#include "workloads/workload.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, SHARED = 64, SLOTS = 16, STEPS = 20000, OPTIONS = 8 };

static const gcm_type cell = {.name = "cell", .id = 0, .refs = 1, .bytes = 8, .acyclic = true};
static const gcm_type table = {.name = "table", .id = 1, .tail = GCM_TAIL_REFS, .acyclic = true};
static const gcm_type *const types[] = {&cell, &table};

static __attribute__((noreturn)) void out_of_heap(size_t asked, size_t held) {
  fprintf(stderr, "out of heap: %zu asked, %zu held\n", asked, held);
  exit(1);
}

static __attribute__((noreturn)) void failed(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

struct job {
  gcm_heap *heap;
  gcm_ref shared; /* a table that the main thread keeps, and nobody changes */
  uint64_t seed;
};

/* One step on one of the thread's own slots. */
static void step(gcm_mutator *m, gcm_ref shared, gcm_ref own, uint64_t *random) {
  size_t slot = gcm_random(random) % SLOTS;
  gcm_ref target = gcm_load(m, shared, gcm_random(random) % SHARED);
  switch (gcm_random(random) % 4) {
  case 0: /* share an object of the main thread */
    gcm_store(m, own, slot, gcm_dup(m, target));
    break;
  case 1: { /* make one that holds a shared one */
    GCM_LOCAL(m, made, gcm_new(m, &cell));
    gcm_init(m, made.ref, 0, gcm_dup(m, target));
    gcm_store(m, own, slot, gcm_take(m, &made));
    break;
  }
  case 2: { /* go through a weak reference, which all threads may share */
    GCM_LOCAL(m, weak, gcm_weak_new(m, target));
    gcm_store(m, own, slot, gcm_weak_get(m, weak.ref));
    break;
  }
  default:
    gcm_store(m, own, slot, gcm_null());
  }
}

static void *work(void *argument) {
  struct job *job = argument;
  gcm_mutator *m = gcm_attach(job->heap);
  if (m == NULL) {
    failed("a thread could not attach");
  }
  {
    GCM_LOCAL(m, own, gcm_new_tail(m, &table, SLOTS));
    for (int i = 0; i < STEPS; i++) {
      step(m, job->shared, own.ref, &job->seed);
    }
  }
  gcm_detach(m);
  return NULL;
}

/* Both threads of a pair make a weak reference to the same fresh object at the
 * same time; once it is dropped, neither leads anywhere. */
struct race {
  gcm_heap *heap;
  unsigned arrived;  /* atomic: at meetings, by both */
  gcm_ref target;    /* kept by the leading thread until both have theirs */
  uint64_t dangling; /* weak references of a dead target that are not null */
};

enum { RACES = 20000 };

/* Wait for the other thread, spinning: a barrier that sleeps would wake them too
 * far apart to meet inside the collector. */
static void meet(struct race *shared, unsigned *meetings) {
  unsigned all = 2 * ++*meetings;
  __atomic_add_fetch(&shared->arrived, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(&shared->arrived, __ATOMIC_ACQUIRE) < all) {
  }
}

static void race(struct race *shared, bool leads) {
  gcm_mutator *m = gcm_attach(shared->heap);
  if (m == NULL) {
    failed("a thread could not attach");
  }
  unsigned meetings = 0;
  for (int i = 0; i < RACES; i++) {
    gcm_owned target = leads ? gcm_new(m, &cell) : gcm_null();
    if (leads) {
      shared->target = target.ref;
    }
    meet(shared, &meetings);
    GCM_LOCAL(m, weak, gcm_weak_new(m, shared->target));
    meet(shared, &meetings);
    gcm_drop(m, target);
    meet(shared, &meetings);
    GCM_LOCAL(m, found, gcm_weak_get(m, weak.ref));
    if (found.ref != NULL && gcm_collector.capabilities & GCM_WEAK) {
      __atomic_fetch_add(&shared->dangling, 1, __ATOMIC_RELAXED);
    }
    gcm_set(m, &found, gcm_null());
    meet(shared, &meetings);
  }
  gcm_detach(m);
}

static void *follow(void *argument) {
  race(argument, false);
  return NULL;
}

static uint64_t count_dangling(gcm_heap *heap) {
  struct race shared = {.heap = heap};
  pthread_t other;
  if (pthread_create(&other, NULL, follow, &shared) != 0) {
    failed("a thread could not start");
  }
  race(&shared, true);
  pthread_join(other, NULL);
  return shared.dangling;
}

static void run_threads(gcm_heap *heap, gcm_ref shared, uint64_t seed) {
  pthread_t threads[THREADS];
  struct job jobs[THREADS];
  for (unsigned i = 0; i < THREADS; i++) {
    jobs[i] = (struct job){.heap = heap, .shared = shared, .seed = seed + i};
    if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0) {
      failed("a thread could not start");
    }
  }
  for (unsigned i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
}

int main(int argc, char **argv) {
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  printf("seed %llu\n", (unsigned long long)seed);
  const char *options[OPTIONS];
  for (size_t i = 0; i < gcm_collector.option_count; i++) {
    options[i] = gcm_collector.options[i].default_value;
  }
  struct gcm_heap_config config = {.limit = SIZE_MAX,
                                   .types = types,
                                   .type_count = sizeof types / sizeof *types,
                                   .options = options,
                                   .threads = THREADS + 1,
                                   .out_of_heap = out_of_heap,
                                   .failed = failed};
  gcm_heap *heap = gcm_heap_open(&config);
  gcm_mutator *m = heap == NULL ? NULL : gcm_attach(heap);
  if (m == NULL) {
    return 1;
  }
  {
    GCM_LOCAL(m, shared, gcm_new_tail(m, &table, SHARED));
    for (size_t i = 0; i < SHARED; i++) {
      gcm_store(m, shared.ref, i, gcm_new(m, &cell));
    }
    run_threads(heap, shared.ref, seed);
  }
  gcm_detach(m);
  uint64_t dangling = count_dangling(heap);
  struct gcm_heap_counts counts;
  gcm_heap_count(heap, &counts);
  uint64_t expected = gcm_collector.capabilities & GCM_RECLAIMS ? 0 : counts.allocated_objects;
  printf("allocated %llu, left %llu, expected %llu\n", (unsigned long long)counts.allocated_objects,
         (unsigned long long)counts.objects, (unsigned long long)expected);
  printf("weak references that outlived their target and still lead to it: %llu\n",
         (unsigned long long)dangling);
  return dangling == 0 && counts.objects == expected && counts.allocated_objects > SHARED ? 0 : 1;
}
