/* SPDX-License-Identifier: MIT
 *
 * The calls of mutator.h, each refereed.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

const gcm_type check_weak_type = {.name = "weak reference", .bytes = sizeof(void *)};

/* Every call begins here; inline, so that the frame is that of the call itself. */
GCM_INLINE void enter(const char *where, gcm_mutator *m) {
  if (check_heap.finalizing) {
    check_broken(CHECK_FINALIZER, where, NULL, "called while a finalizer runs");
  }
  if (m == NULL || m != check_heap.mutator || !pthread_equal(m->thread, pthread_self())) {
    check_broken(CHECK_MUTATOR, where, NULL, "called with another");
  }
  /* The stack grows downwards: what lies below this frame is gone. */
  const void *frame = __builtin_frame_address(0);
  if ((m->stack.locals != NULL && (const void *)m->stack.locals < frame) ||
      (m->stack.cursors != NULL && (const void *)m->stack.cursors < frame)) {
    check_broken(CHECK_SCOPE, where, NULL, "a variable was left after %s", m->where);
  }
  m->where = where;
}

static check_node *object_at(const char *where, gcm_ref ref) {
  if (ref == NULL) {
    check_broken(CHECK_NULL, where, NULL, "a null reference was given");
  }
  check_node *node = check_space_find(ref);
  if (node == NULL) {
    check_broken_address(where, ref);
  }
  if (node->released) {
    check_broken(CHECK_RELEASED, where, node, "it has been released");
  }
  return node;
}

/* Null gives null. */
static check_node *object_or_null(const char *where, gcm_ref ref) {
  return ref == NULL ? NULL : object_at(where, ref);
}

/* An object with such a field, which is as it was left. */
static check_node *object_with_field(const char *where, gcm_ref ref, size_t index) {
  check_node *node = object_at(where, ref);
  if (index >= node->references) {
    check_broken(CHECK_INDEX, where, node, "index %zu of %zu references", index, node->references);
  }
  if (!check_field_agrees(node, index)) {
    check_broken(CHECK_FIELD, where, node, "field %zu was changed by other means", index);
  }
  return node;
}

/* ---- Variables ----------------------------------------------------------- */

static gcm_ref reference_to(const check_node *node) {
  return node == NULL ? NULL : (gcm_ref)(void *)node->address;
}

/* The object that a local owns, or null. */
static check_node *owned_by(const char *where, const gcm_local *local) {
  check_node *node = local->ref == NULL ? NULL : check_space_find(local->ref);
  if (local->ref != NULL && (node == NULL || node->released)) {
    check_broken(CHECK_LOCAL, where, node, "a local holds %p, which is no living object",
                 (void *)local->ref);
  }
  return node;
}

gcm_local check_local_enter(const char *where, gcm_local *local, gcm_mutator *m, gcm_owned value) {
  enter(where, m);
  return gcm_shadow_local(&m->stack, local, m, reference_to(check_consume(where, value)));
}

/* The compiler calls it: the place is that of the last call. */
void gcm_local_leave(gcm_local *local) {
  gcm_mutator *m = local->m;
  enter(m->where, m);
  if (m->stack.locals != local) {
    check_broken(CHECK_SCOPE, m->where, NULL, "a local is left before one inside its scope");
  }
  check_node *node = owned_by(m->where, local);
  m->stack.locals = local->outer;
  if (node != NULL) {
    check_release_one(node);
  }
}

gcm_cursor check_cursor_enter(const char *where, gcm_cursor *cursor, gcm_mutator *m, gcm_ref ref) {
  enter(where, m);
  return gcm_shadow_cursor(&m->stack, cursor, m, reference_to(object_or_null(where, ref)));
}

void gcm_cursor_leave(gcm_cursor *cursor) {
  gcm_mutator *m = cursor->m;
  enter(m->where, m);
  if (m->stack.cursors != cursor) {
    check_broken(CHECK_SCOPE, m->where, NULL, "a cursor is left before one inside its scope");
  }
  m->stack.cursors = cursor->outer;
}

gcm_owned check_take(const char *where, gcm_mutator *m, gcm_local *local) {
  enter(where, m);
  check_node *node = owned_by(where, local);
  local->ref = NULL;
  return check_give(where, node);
}

void check_set(const char *where, gcm_mutator *m, gcm_local *local, gcm_owned value) {
  enter(where, m);
  check_node *old = owned_by(where, local);
  local->ref = reference_to(check_consume(where, value));
  if (old != NULL) {
    check_release_one(old);
  }
}

void check_point(const char *where, gcm_mutator *m, gcm_cursor *cursor, gcm_ref ref) {
  enter(where, m);
  cursor->ref = reference_to(object_or_null(where, ref));
}

/* ---- Allocation ------------------------------------------------------------- */

static void check_type(const char *where, const gcm_type *type, bool with_tail) {
  const struct gcm_heap_config *config = check_heap.config;
  if (type->id >= config->type_count || config->types[type->id] != type ||
      (type->tail == GCM_TAIL_REFS && type->bytes > 0)) {
    check_broken(CHECK_LISTED, where, NULL, "type '%s', id %u", type->name, type->id);
  }
  if ((type->tail != GCM_TAIL_NONE) != with_tail) {
    check_broken(CHECK_TAIL, where, NULL, "type '%s' has %s tail", type->name,
                 with_tail ? "no" : "a");
  }
}

static bool fits(size_t charged) {
  return check_heap.counts.bytes <= check_heap.config->limit &&
         charged <= check_heap.config->limit - check_heap.counts.bytes;
}

/* The safepoint of an allocation: collects too if the budget, or the range of
 * addresses, calls for it. */
static void make_room(const char *where, gcm_mutator *m, size_t payload, check_node *kept) {
  size_t stride = check_space_stride(payload);
  size_t charged = stride == SIZE_MAX ? SIZE_MAX : check_charged(payload);
  check_reach_safepoint(where, m, !fits(charged) || !check_space_has_room(stride), kept);
  if (!fits(charged) || !check_space_has_room(stride)) {
    check_heap.config->out_of_heap(charged, check_heap.counts.bytes);
  }
}

static check_node *allocate(const char *where, gcm_mutator *m, const gcm_type *type, size_t length,
                            check_node *kept) {
  size_t payload = length > SIZE_MAX / 16 ? SIZE_MAX : gcm_payload_bytes(type, length);
  make_room(where, m, payload, kept);
  size_t references = gcm_reference_count(type, length);
  check_node *node = calloc(1, sizeof *node + references * sizeof *node->fields);
  if (node == NULL) {
    check_failed("no memory for what is known of an object");
  }
  node->type = type;
  node->length = length;
  node->payload = payload;
  node->references = references;
  node->serial = ++check_heap.counts.allocated_objects;
  node->made = where;
  node->count = 1;
  check_space_place(&check_heap.space, node);
  check_heap.counts.objects++;
  check_heap.counts.bytes += check_charged(payload);
  check_heap.counts.allocated_bytes += check_charged(payload);
  check_heap.counts.finalizable += type->finalize != NULL;
  return node;
}

/* All fields of the newest object can be initialised, once. */
static void note_fresh(gcm_mutator *m, check_node *node) {
  size_t bytes = (node->references + 7) / 8;
  if (bytes > m->set_capacity) {
    unsigned char *set = realloc(m->set, bytes);
    if (set == NULL) {
      check_failed("no memory for what is known of an object");
    }
    m->set = set;
    m->set_capacity = bytes;
  }
  if (bytes > 0) {
    memset(m->set, 0, bytes);
  }
  m->fresh = node;
}

static gcm_owned new_object(const char *where, gcm_mutator *m, const gcm_type *type,
                            size_t length) {
  check_node *node = allocate(where, m, type, length, NULL);
  note_fresh(m, node);
  return check_give(where, node);
}

gcm_owned check_new(const char *where, gcm_mutator *m, const gcm_type *type) {
  enter(where, m);
  check_type(where, type, false);
  return new_object(where, m, type, 0);
}

gcm_owned check_new_tail(const char *where, gcm_mutator *m, const gcm_type *type, size_t length) {
  enter(where, m);
  check_type(where, type, true);
  return new_object(where, m, type, length);
}

size_t check_length(const char *where, gcm_mutator *m, gcm_ref object) {
  enter(where, m);
  const check_node *node = object_at(where, object);
  if (node->type->tail == GCM_TAIL_NONE) {
    check_broken(CHECK_LENGTH, where, node, "its type has no tail");
  }
  return node->length;
}

/* ---- Ownership ------------------------------------------------------------------ */

gcm_owned check_dup(const char *where, gcm_mutator *m, gcm_ref ref) {
  enter(where, m);
  check_node *node = object_or_null(where, ref);
  if (node != NULL) {
    node->count++;
  }
  return check_give(where, node);
}

void check_drop(const char *where, gcm_mutator *m, gcm_owned value) {
  enter(where, m);
  check_node *node = check_consume(where, value);
  if (node != NULL) {
    check_release_one(node);
  }
}

/* ---- Fields ----------------------------------------------------------------------- */

/* Replace a field; the old reference, still counted. */
static check_node *exchange(gcm_mutator *m, check_node *node, size_t index, check_node *value) {
  check_node *old = node->fields[index];
  node->fields[index] = value;
  check_write_field(node, index);
  if (node == m->fresh) {
    m->set[index / 8] |= (unsigned char)(1u << index % 8);
  }
  return old;
}

gcm_ref check_load(const char *where, gcm_mutator *m, gcm_ref object, size_t index) {
  enter(where, m);
  return reference_to(object_with_field(where, object, index)->fields[index]);
}

void check_store(const char *where, gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  enter(where, m);
  check_node *node = object_with_field(where, object, index);
  check_node *old = exchange(m, node, index, check_consume(where, value));
  if (old != NULL) {
    check_release_one(old);
  }
}

void check_init(const char *where, gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  enter(where, m);
  check_node *node = object_with_field(where, object, index);
  if (node != m->fresh) {
    check_broken(CHECK_INIT_LATE, where, node, "a safepoint has passed since");
  }
  if (m->set[index / 8] & 1u << index % 8) {
    check_broken(CHECK_INIT_TWICE, where, node, "field %zu has been set before", index);
  }
  exchange(m, node, index, check_consume(where, value));
}

gcm_owned check_take_field(const char *where, gcm_mutator *m, gcm_ref object, size_t index) {
  enter(where, m);
  check_node *node = object_with_field(where, object, index);
  return check_give(where, exchange(m, node, index, NULL));
}

void *check_bytes(const char *where, gcm_mutator *m, gcm_ref object, const gcm_type *type) {
  enter(where, m);
  const check_node *node = object_at(where, object);
  if (node->type != type) {
    check_broken(CHECK_BYTES_TYPE, where, node, "asked for as '%s'", type->name);
  }
  return node->address + type->refs * sizeof(gcm_ref);
}

/* ---- Weak references ---------------------------------------------------------------- */

gcm_owned check_weak_new(const char *where, gcm_mutator *m, gcm_ref target) {
  enter(where, m);
  check_node *kept = object_at(where, target);
  check_node *weak = allocate(where, m, &check_weak_type, 0, kept);
  weak->target = kept;
  return check_give(where, weak);
}

gcm_owned check_weak_get(const char *where, gcm_mutator *m, gcm_ref weak) {
  enter(where, m);
  const check_node *node = object_at(where, weak);
  if (node->type != &check_weak_type) {
    check_broken(CHECK_WEAK, where, node, "it is no weak reference");
  }
  check_node *target = node->target;
  if (target == NULL || target->released) {
    return gcm_null();
  }
  target->count++;
  return check_give(where, target);
}

/* ---- Control -------------------------------------------------------------------------- */

void check_safepoint(const char *where, gcm_mutator *m) {
  enter(where, m);
  check_reach_safepoint(where, m, false, NULL);
}

void check_collect(const char *where, gcm_mutator *m) {
  enter(where, m);
  check_reach_safepoint(where, m, true, NULL);
}

void(gcm_collect)(gcm_mutator *m) {
  check_collect(CHECK_UNKNOWN, m);
}
