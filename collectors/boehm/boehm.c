/* SPDX-License-Identifier: MIT
 *
 * boehm: options, collections, finalizers, weak references and counts.
 */
#include "collectors/mutator.h"
#include "collectors/support/ledger.h"
#include "collectors/support/pause.h"

#include <gc/gc_mark.h>
#include <gc/javaxfc.h>

#include <stdio.h>
#include <stdlib.h>

enum { OPTION_MARKERS, OPTION_INCREMENTAL, OPTION_DIVISOR };
static const char *const on_off[] = {"on", "off", NULL};
static const struct gcm_option options[] = {
    [OPTION_MARKERS] = {.name = "markers",
                        .help = "threads that mark in parallel",
                        .default_value = "1",
                        .minimum = 1,
                        .maximum = 16},
    [OPTION_INCREMENTAL] = {.name = "incremental",
                            .help = "incremental and generational marking",
                            .default_value = "off",
                            .choices = on_off},
    [OPTION_DIVISOR] = {.name = "divisor",
                        .help = "free space divisor: more collects more often, in less memory",
                        .default_value = "3",
                        .minimum = 1,
                        .maximum = 1000},
};

static const char *library(void) {
  static char text[32];
  unsigned version = GC_get_version();
  snprintf(text, sizeof text, "libgc %u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
  return text;
}

const struct gcm_collector gcm_collector = {
    .description = "libgc, conservative mark-sweep",
    .family = "conservative",
    .capabilities = GCM_HEAP_LIMIT | GCM_WEAK | GCM_FINALIZERS | GCM_CYCLES | GCM_RECLAIMS,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .library = library,
};

/* Objects and their bytes, as libgc rounds them. */
struct amount {
  uint64_t objects, bytes;
};

struct gcm_heap {
  const struct gcm_heap_config *config;
  GC_word collections_at_open; /* libgc collects once while it starts */
  void **kind_free_lists;      /* libgc's, for BOEHM_KIND: itself an object of its heap */
  /* At the last mark: what had been allocated, and what of the marked lay on a
   * free list of ours (reachable, but not allocated). */
  struct amount allocated_then, free_then;
};

static gcm_heap the_heap;
static gcm_mutator the_mutator;

/* ---- Counts ----------------------------------------------------------------------- */

static size_t rounded(size_t bytes) {
  return boehm_granules(bytes) * GC_GRANULE_BYTES;
}

static size_t fixed_bytes(const gcm_type *type) {
  return rounded(type == NULL ? sizeof(GC_hidden_pointer) : gcm_payload_bytes(type, 0));
}

static struct amount allocated_now(const gcm_heap *heap) {
  struct gcm_heap_counts counts;
  gcm_tally_report(&the_mutator.allocated, heap->config, fixed_bytes, &counts);
  return (struct amount){counts.allocated_objects, counts.allocated_bytes};
}

static void count_free_list(void *entry, size_t granules, struct amount *amount) {
  for (; entry != NULL; entry = *(void **)entry) {
    amount->objects++;
    amount->bytes += granules * GC_GRANULE_BYTES;
  }
}

static struct amount on_free_lists(void) {
  struct amount amount = {0, 0};
  for (size_t granules = 0; granules < GC_TINY_FREELISTS; granules++) {
    count_free_list(the_mutator.normal[granules], granules, &amount);
    count_free_list(the_mutator.pointer_free[granules], granules, &amount);
  }
  return amount;
}

static void GC_CALLBACK add_marked(void *object, size_t bytes, void *data) {
  struct amount *marked = data;
  int kind = GC_get_kind_and_size(object, NULL);
  if (kind == BOEHM_KIND || (kind == GC_I_PTRFREE && object != the_heap.kind_free_lists)) {
    marked->objects++;
    marked->bytes += bytes;
  }
}

static void *GC_CALLBACK add_all_marked(void *data) {
  GC_enumerate_reachable_objects_inner(add_marked, data);
  return NULL;
}

/* Not reclaimed now: what the last mark reached, less what of that lay on our
 * free lists, and all that was allocated since. */
void gcm_heap_count(gcm_heap *heap, struct gcm_heap_counts *counts) {
  struct amount marked = {0, 0}, now = allocated_now(heap);
  GC_call_with_alloc_lock(add_all_marked, &marked);
  gcm_tally_report(&the_mutator.allocated, heap->config, fixed_bytes, counts);
  counts->objects =
      marked.objects - heap->free_then.objects + now.objects - heap->allocated_then.objects;
  counts->bytes = marked.bytes - heap->free_then.bytes + now.bytes - heap->allocated_then.bytes;
  counts->collections = GC_get_gc_no() - heap->collections_at_open;
}

/* ---- Collections -------------------------------------------------------------------- */

static void mark_free_list(void *entry) {
  for (; entry != NULL; entry = *(void **)entry) {
    GC_set_mark_bit(entry);
  }
}

static GC_push_other_roots_proc push_libgc_roots;

/* The links of pointer-free objects are not followed, so their lists are marked
 * by hand, as libgc does for its own thread-local lists. */
static void GC_CALLBACK push_free_lists(void) {
  for (size_t granules = 0; granules < GC_TINY_FREELISTS; granules++) {
    mark_free_list(the_mutator.pointer_free[granules]);
  }
  if (push_libgc_roots != NULL) {
    push_libgc_roots();
  }
}

/* Called with the allocation lock held. */
static void GC_CALLBACK on_event(GC_EventType event) {
  switch (event) {
  case GC_EVENT_PRE_STOP_WORLD:
    gcm_pause_begin(GCM_PAUSE_COLLECTION);
    break;
  case GC_EVENT_POST_START_WORLD:
    gcm_pause_end();
    the_heap.allocated_then = allocated_now(&the_heap);
    the_heap.free_then = on_free_lists();
    break;
  default:
    break;
  }
}

/* At least twice: an object with a finalizer is kept for it and reclaimed by
 * the next collection (libgc runs finalizers at the end of one by itself, hence
 * the count); and the sweeping that a first collection has to finish leaves
 * addresses of blocks on the stack it then scans, which can keep a connected
 * graph whole (seen with lru at large: a million objects, gone at the second). */
void gcm_collect(gcm_mutator *m) {
  (void)m;
  uint64_t before;
  GC_gcollect();
  do {
    before = gcm_ledger_read().finalizers_run;
    GC_gcollect();
    GC_invoke_finalizers();
  } while (gcm_ledger_read().finalizers_run > before);
}

static _Noreturn void give_up(size_t bytes) {
  the_heap.config->out_of_heap(bytes, GC_get_heap_size() - GC_get_unmapped_bytes());
}

static void *GC_CALLBACK out_of_memory(size_t bytes) {
  give_up(bytes);
}

/* ---- Finalizers, weak references, tails ------------------------------------------------ */

static void GC_CALLBACK run_finalizer(void *object, void *data) {
  const gcm_type *type = data;
  size_t before = type->tail == GCM_TAIL_NONE ? 0 : sizeof(size_t);
  gcm_finalize(type, (char *)object + before + type->refs * sizeof(gcm_ref));
}

/* No order: an ordered finalizer would never run on a cycle. */
void boehm_register_finalizer(gcm_ref object, const gcm_type *type) {
  GC_register_finalizer_no_order(GC_base(object), run_finalizer, (void *)(uintptr_t)type, NULL,
                                 NULL);
}

/* Zeroed memory of a size known only now. */
static void *allocate(gcm_mutator *m, bool pointer_free, size_t bytes) {
  size_t granules = boehm_granules(bytes);
  void *object;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-value"
  if (pointer_free) {
    GC_FAST_MALLOC_GRANS(object, granules, m->pointer_free, 0, GC_I_PTRFREE,
                         GC_malloc_atomic(bytes), (void)0);
    memset(object, 0, bytes);
  } else {
    GC_FAST_MALLOC_GRANS(object, granules, m->normal, 0, BOEHM_KIND,
                         GC_malloc_kind(bytes, BOEHM_KIND), *(void **)object = NULL);
  }
#pragma GCC diagnostic pop
  return object;
}

gcm_owned boehm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  size_t bytes = sizeof(size_t) + gcm_payload_bytes(type, length);
  size_t *object = allocate(m, boehm_is_pointer_free(type), bytes);
  *object = length;
  m->allocated.objects[type->id]++;
  m->allocated.tail_bytes += rounded(bytes) - fixed_bytes(type);
  if (type->finalize != NULL) {
    boehm_register_finalizer((gcm_ref)(object + 1), type);
  }
  return (gcm_owned){(gcm_ref)(object + 1)};
}

/* A pointer-free object that hides its target from the marker. The target is
 * on this function's stack until the link is registered. */
gcm_owned boehm_weak_new(gcm_mutator *m, gcm_ref target) {
  void **weak = allocate(m, true, sizeof *weak);
  *weak = (void *)GC_HIDE_POINTER(target);
  m->allocated.objects[GCM_TYPES_MAX]++;
  if (GC_general_register_disappearing_link(weak, GC_base(target)) == GC_NO_MEMORY) {
    give_up(sizeof *weak);
  }
  GC_reachable_here(target);
  return (gcm_owned){(gcm_ref)weak};
}

static void *GC_CALLBACK reveal(void *weak) {
  void *hidden = *(void **)weak;
  return hidden == NULL ? NULL : GC_REVEAL_POINTER(hidden);
}

gcm_owned boehm_weak_get(gcm_ref weak) {
  return (gcm_owned){GC_call_with_alloc_lock(reveal, weak)};
}

/* ---- The heap ------------------------------------------------------------------------- */

/* libgc does not start in less than its first increment. */
enum { LEAST_HEAP = 64 << 10 };

/* A fixed heap: the maximum alone would still let libgc collect early and often
 * to stay small, so all of it is taken at once. */
static void fix_heap(size_t limit) {
  size_t pages = limit & ~(size_t)4095;
  size_t have = GC_get_heap_size();
  if (pages > have && !GC_expand_hp(pages - have)) {
    the_heap.config->out_of_heap(pages - have, have);
  }
}

gcm_heap *gcm_heap_open(const struct gcm_heap_config *config) {
  gcm_heap *heap = &the_heap;
  heap->config = config;
  int markers = atoi(config->options[OPTION_MARKERS]);
  GC_set_all_interior_pointers(0);
  GC_set_warn_proc(GC_ignore_warn_proc);
  GC_set_free_space_divisor(strtoul(config->options[OPTION_DIVISOR], NULL, 10));
  GC_set_markers_count((unsigned)markers);
  if (config->limit < LEAST_HEAP) {
    config->out_of_heap(LEAST_HEAP, 0);
  }
  if (config->limit != SIZE_MAX) {
    GC_set_max_heap_size(config->limit);
  }
  GC_INIT();
  heap->kind_free_lists = GC_new_free_list();
  if (GC_new_kind(heap->kind_free_lists, GC_DS_LENGTH, 1, 1) != BOEHM_KIND) {
    fprintf(stderr, "gcmark-boehm: this libgc numbers its kinds otherwise\n");
    return NULL;
  }
  GC_REGISTER_DISPLACEMENT(sizeof(size_t));
  GC_set_oom_fn(out_of_memory);
  push_libgc_roots = GC_get_push_other_roots();
  GC_set_push_other_roots(push_free_lists);
  GC_set_on_collection_event(on_event);
  if (markers > 1) {
    GC_allow_register_threads();
    GC_start_mark_threads();
  }
  if (strcmp(config->options[OPTION_INCREMENTAL], "on") == 0) {
    GC_enable_incremental();
  }
  if (config->limit != SIZE_MAX) {
    fix_heap(config->limit);
  }
  heap->collections_at_open = GC_get_gc_no();
  return heap;
}

gcm_mutator *gcm_attach(gcm_heap *heap) {
  the_mutator.heap = heap;
  return &the_mutator;
}

void gcm_detach(gcm_mutator *m) {
  (void)m;
}

void gcm_heap_trim(gcm_heap *heap) {
  (void)heap;
  GC_gcollect_and_unmap();
}

/* Every finalizer still owed runs, reachable or not; the heap itself cannot be
 * given back while the process lives. */
void gcm_heap_teardown(gcm_heap *heap) {
  (void)heap;
  GC_finalize_all();
  gcm_collect(&the_mutator);
  GC_gcollect_and_unmap();
}
