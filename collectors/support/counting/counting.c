/* SPDX-License-Identifier: MIT
 *
 * The slow paths of the counting family: release, budget, tails, weak
 * references, and what the runner asks of a heap.
 */
#include "collectors/mutator.h"
#include "collectors/support/ledger.h"
#include "collectors/support/malloc_trim.h"
#include "collectors/support/weak_table.h"

#include <pthread.h>
#include <stdio.h>

enum { SHAPES = GCM_TYPES_MAX + 1, WEAK = GCM_TYPES_MAX };

/* Mutators stay on the list after they leave: their tallies count. */
struct gcm_heap {
  const struct gcm_heap_config *config;
  struct counting_shape shapes[SHAPES];
  pthread_mutex_t lock;       /* over what follows */
  size_t pool;                /* bytes of the budget not given to a mutator */
  struct gcm_weak_table weak; /* target to weak reference */
  gcm_mutator *mutators;
};

static gcm_heap the_heap = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- Release ------------------------------------------------------------------- */

void counting_clear_weak(gcm_mutator *m, gcm_ref target) {
  if (!(target->flags & COUNTING_HAS_WEAK)) {
    return;
  }
  pthread_mutex_lock(&m->heap->lock);
  gcm_ref weak = gcm_weak_table_remove(&m->heap->weak, target);
  if (weak != NULL) { /* else the weak reference died first, on another thread */
    weak->fields[0] = NULL;
  }
  pthread_mutex_unlock(&m->heap->lock);
}

/* A weak reference dies: it leaves the table before its header turns into a
 * link, so that whoever finds it there can still tell by its count. */
static void forget_weak(gcm_mutator *m, gcm_ref weak) {
  pthread_mutex_lock(&m->heap->lock);
  gcm_ref target = weak->fields[0];
  if (target != NULL && gcm_weak_table_find(&m->heap->weak, target) == weak) {
    gcm_weak_table_remove(&m->heap->weak, target);
  }
  pthread_mutex_unlock(&m->heap->lock);
}

/* What an object leaves behind when its count reaches zero, before its header
 * turns into a link. */
static __attribute__((noinline)) void take_leave(gcm_mutator *m, gcm_ref dead) {
  counting_clear_weak(m, dead);
  if (dead->flags & COUNTING_IS_WEAK) {
    forget_weak(m, dead);
  }
  if (dead->flags & COUNTING_TRACKED) {
    counting_untrack(m, dead);
  }
}

/* Put an object whose count reached zero on the stack of the dead; its new top. */
static inline gcm_ref bury(gcm_mutator *m, gcm_ref dead, gcm_ref stack) {
  if (GCM_UNLIKELY(dead->flags & (COUNTING_HAS_WEAK | COUNTING_TRACKED | COUNTING_IS_WEAK))) {
    take_leave(m, dead);
  }
  dead->link = (uint64_t)(uintptr_t)stack << 16 | dead->type;
  return dead;
}

/* The finalizer and the tail, if the type has them: adds what the tail adds. */
static __attribute__((noinline)) void finish_unusual(gcm_mutator *m, gcm_ref object,
                                                     const struct counting_shape *shape,
                                                     size_t *bytes, size_t *refs) {
  if (shape->type->finalize != NULL) {
    gcm_finalize(shape->type, object->fields + shape->refs);
  }
  if (shape->tail != GCM_TAIL_NONE) {
    size_t length = gcm_length(m, object);
    *bytes += gcm_tail_bytes(shape->type, length);
    *refs = gcm_reference_count(shape->type, length);
  }
}

static inline void free_block(gcm_mutator *m, gcm_ref object, const struct counting_shape *shape,
                              size_t bytes) {
  m->left += (ptrdiff_t)bytes;
  m->freed++;
  free((char *)object - shape->before);
}

void counting_free(gcm_mutator *m, gcm_ref object) {
  const struct counting_shape *shape = &m->shapes[object->type];
  size_t tail =
      shape->tail == GCM_TAIL_NONE ? 0 : gcm_tail_bytes(shape->type, gcm_length(m, object));
  free_block(m, object, shape, shape->bytes + tail);
}

/* Reclaim the top of the stack of the dead, and put those on it that die with
 * it; the new top. */
static inline gcm_ref reclaim_one(gcm_mutator *m, gcm_ref stack) {
  gcm_ref object = stack;
  const struct counting_shape *shape = &m->shapes[object->link & UINT16_MAX];
  size_t bytes = shape->bytes, refs = shape->refs;
  stack = (gcm_ref)(uintptr_t)(object->link >> 16);
  if (GCM_UNLIKELY(shape->unusual)) {
    finish_unusual(m, object, shape, &bytes, &refs);
  }
  for (size_t i = 0; i < refs; i++) {
    gcm_ref child = object->fields[i];
    if (child != NULL && counting_decrement(child)) {
      stack = bury(m, child, stack);
    }
  }
  free_block(m, object, shape, bytes);
  return stack;
}

/* With one mutator, it has the whole budget. With several, each takes a slice
 * at a time and gives back what it has beyond two, so that one that only frees
 * does not hoard: the limit holds to within two slices per mutator. */
enum { SLICE = 1 << 20 };

static inline void return_surplus(gcm_mutator *m) {
#ifdef COUNTING_ATOMIC
  if (m->left > 2 * SLICE && m->heap->config->threads > 1) {
    pthread_mutex_lock(&m->heap->lock);
    m->heap->pool += (size_t)(m->left - SLICE);
    m->granted -= m->left - SLICE;
    m->left = SLICE;
    pthread_mutex_unlock(&m->heap->lock);
  }
#else
  (void)m;
#endif
}

void counting_reclaim(gcm_mutator *m, size_t most) {
  gcm_ref stack = m->dead;
  for (; stack != NULL && most > 0; most--) {
    stack = reclaim_one(m, stack);
  }
  m->dead = stack;
  return_surplus(m);
}

void counting_release(gcm_mutator *m, gcm_ref dead) {
  m->dead = bury(m, dead, m->dead);
#ifndef COUNTING_LAZY
  counting_reclaim(m, SIZE_MAX);
#endif
}

/* ---- Budget ---------------------------------------------------------------------- */

static void grant(gcm_mutator *m, size_t bytes) {
  m->left += (ptrdiff_t)bytes;
  m->granted += (ptrdiff_t)bytes;
}

/* Move budget from the heap to the mutator; false if there is none. */
static bool take_slice(gcm_mutator *m, size_t bytes) {
  gcm_heap *heap = m->heap;
  pthread_mutex_lock(&heap->lock);
  size_t slice = bytes > SLICE ? bytes : SLICE;
  if (slice > heap->pool) {
    slice = heap->pool;
  }
  heap->pool -= slice;
  grant(m, slice);
  pthread_mutex_unlock(&heap->lock);
  return slice > 0;
}

static _Noreturn void give_up(gcm_mutator *m, size_t bytes) {
  ptrdiff_t held = 0;
  for (const gcm_mutator *other = m->heap->mutators; other != NULL; other = other->next) {
    held += other->granted - other->left;
  }
  m->heap->config->out_of_heap(bytes, held > 0 ? (size_t)held : 0);
}

void counting_over_budget(gcm_mutator *m, size_t bytes) {
  counting_reclaim(m, SIZE_MAX);
  while (m->left < 0 && take_slice(m, (size_t)-m->left)) {
  }
  if (m->left < 0) {
    counting_collect(m);
  }
  if (m->left < 0) {
    m->left += (ptrdiff_t)bytes;
    give_up(m, bytes);
  }
}

void counting_no_memory(gcm_mutator *m, size_t bytes, size_t charged) {
  m->left += (ptrdiff_t)charged;
  give_up(m, bytes);
}

/* ---- Tails, weak references --------------------------------------------------------- */

gcm_owned counting_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
#ifdef COUNTING_LAZY
  counting_reclaim(m, m->step);
#endif
  size_t tail = gcm_tail_bytes(type, length);
  size_t charged = counting_charged(type, gcm_payload_bytes(type, 0)) + tail;
  counting_charge(m, charged);
  char *block = calloc(1, charged); /* large ones come zeroed from the system */
  if (block == NULL) {
    counting_no_memory(m, charged, charged);
  }
  gcm_ref object = (gcm_ref)(block + counting_before(type));
  *object = (struct gcm_object){.type = type->id, .flags = counting_flags(type), .count = 1};
  ((size_t *)object)[-1] = length;
  m->allocated.objects[type->id]++;
  m->allocated.tail_bytes += tail;
  if (counting_is_tracked(type)) {
    counting_track(m, object);
  }
  return (gcm_owned){object};
}

static gcm_ref make_weak(gcm_mutator *m, gcm_ref target) {
  size_t bytes = sizeof(struct gcm_object) + sizeof(gcm_ref);
  counting_charge(m, bytes);
  gcm_ref weak = malloc(bytes);
  if (weak == NULL) {
    counting_no_memory(m, bytes, bytes);
  }
  *weak = (struct gcm_object){.type = WEAK, .flags = COUNTING_IS_WEAK, .count = 1};
  weak->fields[0] = target;
  m->allocated.objects[WEAK]++;
  return weak;
}

/* An object whose last owner has just left may still be in the table: only a
 * count that is not zero may be raised. */
static bool raise(gcm_ref target) {
#ifdef COUNTING_ATOMIC
  uint32_t count = __atomic_load_n(&target->count, __ATOMIC_RELAXED);
  while (count != 0 && !__atomic_compare_exchange_n(&target->count, &count, count + 1, true,
                                                    __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  return count != 0;
#else
  target->count++;
  return true;
#endif
}

/* The weak reference that the target has already, raised; or null. */
static gcm_ref existing_weak(gcm_mutator *m, gcm_ref target) {
  if (!(target->flags & COUNTING_HAS_WEAK)) {
    return NULL;
  }
  gcm_ref weak = gcm_weak_table_find(&m->heap->weak, target);
  return weak != NULL && raise(weak) ? weak : NULL;
}

/* One weak reference per target: a second one is the first, shared. The caller
 * keeps the target alive, so a collection in between does no harm. */
gcm_owned counting_weak_new(gcm_mutator *m, gcm_ref target) {
  gcm_heap *heap = m->heap;
  pthread_mutex_lock(&heap->lock);
  gcm_ref weak = existing_weak(m, target);
  pthread_mutex_unlock(&heap->lock);
  if (weak != NULL) {
    return (gcm_owned){weak};
  }
  weak = make_weak(m, target);
  pthread_mutex_lock(&heap->lock);
  gcm_ref other = existing_weak(m, target); /* another thread may have been faster */
  bool added = other != NULL;
  if (!added) {
    gcm_weak_table_remove(&heap->weak, target); /* one that is dying on another thread */
    added = gcm_weak_table_add(&heap->weak, target, weak);
    target->flags |= COUNTING_HAS_WEAK;
  }
  pthread_mutex_unlock(&heap->lock);
  if (!added) {
    counting_no_memory(m, sizeof(struct gcm_weak_entry), 0);
  }
  if (other != NULL) {
    gcm_drop(m, (gcm_owned){weak});
    weak = other;
  }
  return (gcm_owned){weak};
}

gcm_owned counting_weak_get(gcm_mutator *m, gcm_ref weak) {
  pthread_mutex_lock(&m->heap->lock);
  gcm_ref target = weak->fields[0];
  if (target != NULL && !raise(target)) {
    target = NULL;
  }
  pthread_mutex_unlock(&m->heap->lock);
  return (gcm_owned){target};
}

/* ---- The heap ----------------------------------------------------------------------- */

static size_t fixed_bytes(const gcm_type *type) {
  return type == NULL ? sizeof(struct gcm_object) + sizeof(gcm_ref)
                      : counting_charged(type, gcm_payload_bytes(type, 0));
}

static struct counting_shape shape_of(const gcm_type *type) {
  return (struct counting_shape){.bytes = (uint32_t)fixed_bytes(type),
                                 .refs = type == NULL ? 0 : type->refs,
                                 .before = type == NULL ? 0 : (uint8_t)counting_before(type),
                                 .tail = type == NULL ? GCM_TAIL_NONE : (uint8_t)type->tail,
                                 .unusual = type != NULL &&
                                            (type->finalize != NULL || type->tail != GCM_TAIL_NONE),
                                 .type = type};
}

gcm_heap *gcm_heap_open(const struct gcm_heap_config *config) {
  gcm_heap *heap = &the_heap;
  heap->config = config;
  for (size_t id = 0; id < config->type_count; id++) {
    heap->shapes[id] = shape_of(config->types[id]);
  }
  heap->shapes[WEAK] = shape_of(NULL);
  heap->pool = config->limit > PTRDIFF_MAX ? PTRDIFF_MAX : config->limit;
  return heap;
}

gcm_mutator *gcm_attach(gcm_heap *heap) {
  gcm_mutator *m = calloc(1, sizeof *m);
  if (m == NULL || !counting_attached(m, heap->config)) {
    perror("gcmark-" GCMARK_COLLECTOR ": attaching a mutator");
    free(m);
    return NULL;
  }
  m->heap = heap;
  m->shapes = heap->shapes;
  pthread_mutex_lock(&heap->lock);
  m->next = heap->mutators;
  heap->mutators = m;
  if (heap->config->threads == 1) {
    grant(m, heap->pool);
    heap->pool = 0;
  }
  pthread_mutex_unlock(&heap->lock);
  return m;
}

/* The dead are reclaimed and the rest of the budget goes back. */
void gcm_detach(gcm_mutator *m) {
  counting_reclaim(m, SIZE_MAX);
  pthread_mutex_lock(&m->heap->lock);
  m->heap->pool += (size_t)m->left;
  m->granted -= m->left;
  m->left = 0;
  pthread_mutex_unlock(&m->heap->lock);
}

void gcm_collect(gcm_mutator *m) {
  counting_reclaim(m, SIZE_MAX);
  counting_collect(m);
}

void gcm_heap_count(gcm_heap *heap, struct gcm_heap_counts *counts) {
  struct gcm_tally tally = {0};
  ptrdiff_t held = 0;
  uint64_t freed = 0;
  counts->collections = 0;
  for (const gcm_mutator *m = heap->mutators; m != NULL; m = m->next) {
    gcm_tally_add(&tally, &m->allocated);
    freed += m->freed;
    held += m->granted - m->left;
    counts->collections = counting_collections(m);
  }
  gcm_tally_report(&tally, heap->config, fixed_bytes, counts);
  counts->objects = counts->allocated_objects - freed;
  counts->bytes = (uint64_t)held;
}

void gcm_heap_trim(gcm_heap *heap) {
  (void)heap;
  gcm_malloc_trim();
}

void gcm_heap_teardown(gcm_heap *heap) {
  for (gcm_mutator *m = heap->mutators; m != NULL; m = m->next) {
    counting_teardown(m);
  }
}
