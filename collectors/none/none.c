/* SPDX-License-Identifier: MIT
 *
 * none: where the memory comes from, and what is told about it.
 */
#include "collectors/heap.h"
#include "collectors/mutator.h"
#include "collectors/support/pages.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum source { BUMP, HUGEPAGES, MALLOC };
static const char *const source_names[] = {"bump", "hugepages", "malloc", NULL};

enum { OPTION_SOURCE };
static const struct gcm_option options[] = {
    [OPTION_SOURCE] = {.name = "source",
                       .help = "where memory comes from: pages of 4 KiB, huge pages, or malloc",
                       .default_value = "bump",
                       .choices = source_names},
};

const struct gcm_collector gcm_collector = {
    .description = "nothing is freed until exit",
    .family = "none",
    .capabilities = GCM_HEAP_LIMIT | GCM_THREADS | GCM_EXACT,
    .options = options,
    .option_count = sizeof options / sizeof *options,
};

/* The objects follow the header; the list is for the teardown. */
struct chunk {
  struct chunk *next;
  size_t bytes; /* of the mapping, this header included */
};

/* Large enough that mapping is not what is measured, a multiple of a huge page. */
enum { CHUNK_BYTES = 32 << 20 };

/* Mutators stay on the list after they leave: their tallies count. */
struct gcm_heap {
  const struct gcm_heap_config *config;
  enum source source;
  pthread_mutex_t lock; /* over what follows */
  size_t held;          /* bytes of chunks, or of malloc blocks */
  struct chunk *chunks;
  gcm_mutator *mutators;
  bool torn_down;
};

static gcm_heap the_heap = {.lock = PTHREAD_MUTEX_INITIALIZER};

gcm_heap *gcm_heap_open(const struct gcm_heap_config *config) {
  gcm_heap *heap = &the_heap;
  heap->config = config;
  heap->source = BUMP;
  while (strcmp(source_names[heap->source], config->options[OPTION_SOURCE]) != 0) {
    heap->source++;
  }
  return heap;
}

gcm_mutator *gcm_attach(gcm_heap *heap) {
  gcm_mutator *m = calloc(1, sizeof *m);
  if (m == NULL) {
    perror("gcmark-none: attaching a mutator");
    return NULL;
  }
  m->heap = heap;
  pthread_mutex_lock(&heap->lock);
  m->next = heap->mutators;
  heap->mutators = m;
  pthread_mutex_unlock(&heap->lock);
  return m;
}

void gcm_detach(gcm_mutator *m) {
  m->free = m->end = NULL;
}

/* Take `bytes` of the budget, or do not return. Called with the lock held. */
static void charge(gcm_heap *heap, size_t asked, size_t bytes) {
  if (bytes > heap->config->limit - heap->held) {
    heap->config->out_of_heap(asked, heap->held);
  }
  heap->held += bytes;
}

static void *allocate_malloc(gcm_heap *heap, size_t bytes) {
  pthread_mutex_lock(&heap->lock);
  charge(heap, bytes, bytes);
  size_t held_before = heap->held - bytes;
  pthread_mutex_unlock(&heap->lock);
  void *object = calloc(1, bytes);
  if (object == NULL) {
    heap->config->out_of_heap(bytes, held_before);
  }
  return object;
}

/* A chunk that holds `bytes`: of the usual size, or what is left of the budget
 * if that is less, or as large as one large object calls for. */
static struct chunk *map_chunk(gcm_heap *heap, size_t bytes) {
  size_t needed = bytes + sizeof(struct chunk);
  size_t size = needed > CHUNK_BYTES ? needed : CHUNK_BYTES;
  pthread_mutex_lock(&heap->lock);
  size_t left = heap->config->limit - heap->held;
  if (size > left && needed <= left) {
    size = left;
  }
  charge(heap, bytes, size);
  struct chunk *chunk =
      gcm_pages_map(size, heap->source == HUGEPAGES ? GCM_PAGES_HUGE : GCM_PAGES_SMALL);
  if (chunk == NULL) {
    heap->config->out_of_heap(bytes, heap->held - size);
  }
  chunk->bytes = size;
  chunk->next = heap->chunks;
  heap->chunks = chunk;
  pthread_mutex_unlock(&heap->lock);
  return chunk;
}

void *none_allocate_slow(gcm_mutator *m, size_t bytes) {
  if (m->heap->source == MALLOC) {
    return allocate_malloc(m->heap, bytes);
  }
  struct chunk *chunk = map_chunk(m->heap, bytes);
  char *object = (char *)(chunk + 1);
  char *end = (char *)chunk + chunk->bytes;
  if (end - (object + bytes) > m->end - m->free) { /* keep the chunk with more room */
    m->free = object + bytes;
    m->end = end;
  }
  return object;
}

gcm_owned none_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  size_t tail = sizeof(size_t) + gcm_tail_bytes(type, length);
  size_t *object = none_allocate(m, none_fixed_bytes(type) + tail);
  m->allocated.objects[type->id]++;
  m->allocated.tail_bytes += tail;
  *object = length;
  return (gcm_owned){(gcm_ref)(object + 1)};
}

void gcm_collect(gcm_mutator *m) {
  (void)m;
}

static size_t fixed_bytes(const gcm_type *type) {
  return type == NULL ? sizeof(gcm_ref) : none_fixed_bytes(type);
}

void gcm_heap_count(gcm_heap *heap, struct gcm_heap_counts *counts) {
  struct gcm_tally tally = {0};
  for (const gcm_mutator *m = heap->mutators; m != NULL; m = m->next) {
    gcm_tally_add(&tally, &m->allocated);
  }
  gcm_tally_report(&tally, heap->config, fixed_bytes, counts);
  counts->objects = heap->torn_down ? 0 : counts->allocated_objects;
  counts->bytes = heap->torn_down ? 0 : counts->allocated_bytes;
  counts->collections = GCM_UNKNOWN;
}

void gcm_heap_trim(gcm_heap *heap) {
  (void)heap;
}

/* With source=malloc nothing remembers the objects: they stay. */
void gcm_heap_teardown(gcm_heap *heap) {
  for (struct chunk *chunk = heap->chunks, *next; chunk != NULL; chunk = next) {
    next = chunk->next;
    gcm_pages_unmap(chunk, chunk->bytes);
  }
  heap->chunks = NULL;
  heap->torn_down = heap->source != MALLOC;
}
