/* SPDX-License-Identifier: MIT
 *
 * Cycle collection by subtraction, as CPython does it (Modules/gcmodule.c,
 * Neil Schemenauer; described in "Garbage collector design", devguide):
 *
 *   1. Every candidate starts with its count of owners.
 *   2. Each reference from one candidate to another takes one away. What still
 *      has some is held from outside: from the stack, or from an object that
 *      is not a candidate.
 *   3. What those reach is alive. The rest is garbage that only holds itself.
 *
 * No roots are scanned, and each phase runs over all candidates before the
 * next: linear in candidates and their references.
 *
 * When to collect, so that a large live structure is not looked at again and
 * again: the youngest generation when it has grown by a threshold; the middle
 * one at every 10th young collection; all of it at every 10th middle one, and
 * only once what was promoted since the last time exceeds a quarter of what
 * that one kept, so that the work of full collections is bounded by a constant
 * times the objects promoted.
 */
#include "collectors/mutator.h"
#include "collectors/support/ledger.h"
#include "collectors/support/pause.h"

enum { OPTION_THRESHOLD };
static const struct gcm_option options[] = {
    [OPTION_THRESHOLD] = {.name = "threshold",
                          .help = "growth in tracked objects that starts a young collection",
                          .default_value = "8192",
                          .minimum = 16,
                          .maximum = 100000000},
};

const struct gcm_collector gcm_collector = {
    .description = "reference counting and generational cycle collection",
    .family = "counting",
    .capabilities = GCM_HEAP_LIMIT | GCM_MALLOC | GCM_WEAK | GCM_FINALIZERS | GCM_CYCLES |
                    GCM_RECLAIMS | GCM_EXACT,
    .options = options,
    .option_count = sizeof options / sizeof *options,
};

enum { OLD = GENERATIONS - 1, YOUNG_PER_MIDDLE = 10, MIDDLE_PER_FULL = 10, AHEAD = 8 };

/* A list of references in malloc'd memory. */
struct set {
  gcm_ref *entries;
  size_t count;
};

/* ---- The tracked set ---------------------------------------------------------------- */

static struct tracking_generation *youngest(gcm_mutator *m) {
  struct tracking_generation *young = &m->tracking.generations[0];
  young->count = (size_t)(m->tracking.next - young->entries);
  return young;
}

static void set_youngest(gcm_mutator *m, size_t count) {
  struct tracking_generation *young = &m->tracking.generations[0];
  young->count = count;
  m->tracking.next = young->entries + count;
}

void counting_untrack(gcm_mutator *m, gcm_ref object) {
  const struct tracking_word *word = tracking_word(object);
  m->tracking.generations[word->generation].entries[word->index] = NULL;
  m->tracking.deaths++;
}

/* Index is 32 bits: so many tracked objects are 200 GB at least. */
static bool reserve(struct tracking_generation *generation, size_t capacity) {
  if (capacity <= generation->capacity) {
    return true;
  }
  if (capacity > UINT32_MAX) {
    return false;
  }
  if (capacity < 2 * generation->capacity) {
    capacity = generation->capacity > UINT32_MAX / 2 ? UINT32_MAX : 2 * generation->capacity;
  }
  gcm_ref *entries = realloc(generation->entries, capacity * sizeof *entries);
  if (entries == NULL) {
    return false;
  }
  generation->entries = entries;
  generation->capacity = capacity;
  return true;
}

/* Close the holes of the youngest generation. */
static void compact(gcm_mutator *m) {
  struct tracking_generation *young = youngest(m);
  size_t kept = 0;
  for (size_t i = 0; i < young->count; i++) {
    gcm_ref object = young->entries[i];
    if (object != NULL) {
      tracking_word(object)->index = (uint32_t)kept;
      young->entries[kept++] = object;
    }
  }
  set_youngest(m, kept);
}

/* ---- The three phases ---------------------------------------------------------------- */

static size_t reference_count(const gcm_mutator *m, gcm_ref object) {
  const struct counting_shape *shape = &m->shapes[object->type];
  return shape->tail == GCM_TAIL_REFS ? shape->refs + ((size_t *)object)[-1] : shape->refs;
}

static void prefetch(const struct set *set, size_t i) {
  if (i < set->count) {
    __builtin_prefetch((char *)set->entries[i] - sizeof(struct tracking_word), 1);
  }
}

static void start_candidates(const struct set *set) {
  for (size_t i = 0; i < set->count; i++) {
    prefetch(set, i + AHEAD);
    gcm_ref object = set->entries[i];
    object->flags |= COUNTING_CANDIDATE;
    tracking_word(object)->outside = object->count;
  }
}

static void subtract_inside(const gcm_mutator *m, const struct set *set) {
  for (size_t i = 0; i < set->count; i++) {
    prefetch(set, i + AHEAD);
    gcm_ref object = set->entries[i];
    size_t references = reference_count(m, object);
    for (size_t j = 0; j < references; j++) {
      gcm_ref child = object->fields[j];
      if (child != NULL && child->flags & COUNTING_CANDIDATE) {
        tracking_word(child)->outside--;
      }
    }
  }
}

static inline bool reach(gcm_ref object) {
  if (object == NULL ||
      (object->flags & (COUNTING_CANDIDATE | COUNTING_REACHED)) != COUNTING_CANDIDATE) {
    return false;
  }
  object->flags |= COUNTING_REACHED;
  return true;
}

/* `stack` has room for every candidate. The reached are counted. */
static size_t reach_from_outside(const gcm_mutator *m, const struct set *set, gcm_ref *stack) {
  size_t reached = 0;
  for (size_t i = 0; i < set->count; i++) {
    prefetch(set, i + AHEAD);
    gcm_ref start = set->entries[i];
    if (tracking_word(start)->outside == 0 || !reach(start)) {
      continue;
    }
    size_t depth = 0;
    stack[depth++] = start;
    while (depth > 0) {
      gcm_ref object = stack[--depth];
      size_t references = reference_count(m, object);
      reached++;
      for (size_t j = 0; j < references; j++) {
        if (reach(object->fields[j])) {
          stack[depth++] = object->fields[j];
        }
      }
    }
  }
  return reached;
}

/* ---- Garbage --------------------------------------------------------------------------- */

static bool is_garbage(gcm_ref object) {
  return (object->flags & (COUNTING_CANDIDATE | COUNTING_REACHED)) == COUNTING_CANDIDATE;
}

/* First no weak reference leads in any more, then every finalizer runs while
 * the whole group is intact (PEP 442), then what the group held outside itself
 * is given up, and only then is its memory freed. */
static void dispose(gcm_mutator *m, const struct set *garbage) {
  for (size_t i = 0; i < garbage->count; i++) {
    counting_clear_weak(m, garbage->entries[i]);
  }
  for (size_t i = 0; i < garbage->count; i++) {
    gcm_ref object = garbage->entries[i];
    const struct counting_shape *shape = &m->shapes[object->type];
    if (shape->type->finalize != NULL) {
      gcm_finalize(shape->type, object->fields + shape->refs);
    }
  }
  for (size_t i = 0; i < garbage->count; i++) {
    gcm_ref object = garbage->entries[i];
    size_t references = reference_count(m, object);
    for (size_t j = 0; j < references; j++) {
      gcm_ref child = object->fields[j];
      if (child != NULL && !is_garbage(child)) {
        gcm_drop(m, (gcm_owned){child});
      }
    }
  }
  for (size_t i = 0; i < garbage->count; i++) {
    counting_free(m, garbage->entries[i]);
  }
}

/* Move survivors to `generation`, in order; leave the garbage in the set. */
static void separate(gcm_mutator *m, struct set *set, unsigned generation) {
  struct tracking_generation *target = &m->tracking.generations[generation];
  size_t garbage = 0;
  for (size_t i = 0; i < set->count; i++) {
    prefetch(set, i + AHEAD);
    gcm_ref object = set->entries[i];
    if (is_garbage(object)) {
      set->entries[garbage++] = object;
    } else {
      object->flags &= (uint16_t) ~(COUNTING_CANDIDATE | COUNTING_REACHED);
      *tracking_word(object) =
          (struct tracking_word){.index = (uint32_t)target->count, .generation = generation};
      target->entries[target->count++] = object;
    }
  }
  set->count = garbage;
}

/* ---- Collections ------------------------------------------------------------------------- */

static _Noreturn void no_memory(gcm_mutator *m, size_t entries) {
  counting_no_memory(m, entries * sizeof(gcm_ref), 0);
}

/* Empty generations 0 .. oldest into one set, the eldest first. */
static struct set gather(gcm_mutator *m, unsigned oldest) {
  size_t capacity = youngest(m)->count;
  for (unsigned g = 1; g <= oldest; g++) {
    capacity += m->tracking.generations[g].count;
  }
  struct set set = {.entries = malloc((capacity + 1) * sizeof(gcm_ref))};
  if (set.entries == NULL) {
    no_memory(m, capacity);
  }
  for (unsigned g = oldest + 1; g-- > 0;) {
    struct tracking_generation *generation = &m->tracking.generations[g];
    for (size_t i = 0; i < generation->count; i++) {
      if (generation->entries[i] != NULL) {
        set.entries[set.count++] = generation->entries[i];
      }
    }
    generation->count = 0;
  }
  set_youngest(m, 0);
  return set;
}

/* Find the garbage among generations 0 .. oldest and dispose of it; what
 * survives is promoted. The number of objects found. */
static size_t collect(gcm_mutator *m, unsigned oldest) {
  struct counting_tracking *tracking = &m->tracking;
  gcm_pause_begin(oldest == OLD ? GCM_PAUSE_CYCLES : GCM_PAUSE_YOUNG);
  tracking->collections++;
  struct set set = gather(m, oldest);
  start_candidates(&set);
  subtract_inside(m, &set);
  gcm_ref *stack = malloc((set.count + 1) * sizeof *stack);
  if (stack == NULL) {
    no_memory(m, set.count);
  }
  size_t reached = reach_from_outside(m, &set, stack);
  free(stack);
  unsigned target = oldest < OLD ? oldest + 1 : OLD;
  struct tracking_generation *promoted = &tracking->generations[target];
  if (!reserve(promoted, promoted->count + reached)) {
    no_memory(m, reached);
  }
  separate(m, &set, target);
  dispose(m, &set);
  free(set.entries);
  if (oldest == OLD) {
    tracking->old_total = promoted->count;
    tracking->old_pending = 0;
  } else if (target == OLD) {
    tracking->old_pending += reached;
  }
  gcm_pause_end();
  return set.count;
}

/* The youngest generation has grown enough: collect as many as are due. */
static void collect_due(gcm_mutator *m) {
  struct counting_tracking *tracking = &m->tracking;
  unsigned oldest = 0;
  if (++tracking->young_collections >= YOUNG_PER_MIDDLE) {
    tracking->young_collections = 0;
    oldest = 1;
    if (++tracking->middle_collections >= MIDDLE_PER_FULL &&
        tracking->old_pending > tracking->old_total / 4) {
      tracking->middle_collections = 0;
      oldest = OLD;
    }
  }
  collect(m, oldest);
}

/* Growth is counted in whole: what was made since the last look less what died,
 * never below zero, so that deaths of long ago buy nothing. */
static void account_growth(gcm_mutator *m) {
  struct counting_tracking *tracking = &m->tracking;
  tracking->growth +=
      (ptrdiff_t)(youngest(m)->count - tracking->fresh) - (ptrdiff_t)tracking->deaths;
  tracking->deaths = 0;
  if (tracking->growth < 0) {
    tracking->growth = 0;
  }
}

/* Room for at least a threshold, and for as many again as there are, so that
 * compacting costs each object no more than a few visits. */
static bool make_room(gcm_mutator *m) {
  struct counting_tracking *tracking = &m->tracking;
  struct tracking_generation *young = &tracking->generations[0];
  size_t room =
      young->count > (size_t)tracking->threshold ? young->count : (size_t)tracking->threshold;
  if (!reserve(young, young->count + room)) {
    return false;
  }
  set_youngest(m, young->count);
  tracking->end = tracking->next + room;
  tracking->fresh = young->count;
  return true;
}

void cycles_make_room(gcm_mutator *m) {
  struct counting_tracking *tracking = &m->tracking;
  account_growth(m);
  if (tracking->growth >= tracking->threshold) {
    collect_due(m);
    tracking->growth = 0;
  } else {
    compact(m);
  }
  if (!make_room(m)) {
    no_memory(m, (size_t)(tracking->next - tracking->generations[0].entries));
  }
}

/* ---- What the counting core asks for ------------------------------------------------------ */

bool counting_attached(gcm_mutator *m, const struct gcm_heap_config *config) {
  m->tracking.threshold = strtol(config->options[OPTION_THRESHOLD], NULL, 10);
  return make_room(m);
}

/* What garbage held outside itself may, in dying, have been the last outside
 * owner of another cycle: then once more. */
void counting_collect(gcm_mutator *m) {
  uint64_t freed;
  size_t garbage;
  do {
    freed = m->freed;
    garbage = collect(m, OLD);
  } while (m->freed - freed > garbage);
  m->tracking.growth = 0;
  m->tracking.fresh = 0;
  m->tracking.deaths = 0;
}

/* Nothing is held from outside any more: all that is tracked goes, with what
 * it holds. */
void counting_teardown(gcm_mutator *m) {
  struct set set = gather(m, OLD);
  start_candidates(&set);
  /* An object that one of them keeps alive may hold another of them: one owner
   * more, so that none dies by count while all are being disposed of. */
  for (size_t i = 0; i < set.count; i++) {
    set.entries[i]->count++;
  }
  dispose(m, &set);
  free(set.entries);
  for (unsigned g = 0; g < GENERATIONS; g++) {
    free(m->tracking.generations[g].entries);
  }
}

uint64_t counting_collections(const gcm_mutator *m) {
  return m->tracking.collections;
}
