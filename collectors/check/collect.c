/* SPDX-License-Identifier: MIT
 *
 * A safepoint: no owned reference may be out; and a collection: compare memory
 * and counts with what they have to be, trace, reclaim, move everything.
 */
#include "check.h"
#include "collectors/support/pause.h"

#include <stdlib.h>
#include <string.h>

#define FOR_EACH_NODE(node)                                                                        \
  for (size_t place = 0; place < check_heap.space.place_count; place++)                            \
    for (check_node *node = check_heap.space.places[place].node; node != NULL; node = NULL)

static void check_nothing_in_flight(const char *where) {
  if (check_heap.in_flight == 0) {
    return;
  }
  FOR_EACH_NODE(node) {
    if (node->in_flight > 0) {
      check_broken(CHECK_UNCONSUMED, where, node, "an owned reference to it was given at %s",
                   node->given);
    }
  }
}

/* Objects against their nodes; counts the owners among fields. */
static void check_objects(const char *where) {
  FOR_EACH_NODE(node) {
    if (!check_space_intact(node)) {
      check_broken(CHECK_OUTSIDE, where, node,
                   node->released ? "written after its release" : "written behind its end");
    }
    if (node->released) {
      continue;
    }
    for (size_t i = 0; i < node->references; i++) {
      if (!check_field_agrees(node, i)) {
        check_broken(CHECK_FIELD, where, node, "field %zu was changed by other means", i);
      }
      if (node->fields[i] != NULL) {
        node->fields[i]->owners++;
      }
    }
  }
}

static void mark(check_node **work, check_node *node) {
  if (!node->marked) {
    node->marked = true;
    node->next = *work;
    *work = node;
  }
}

static void mark_all_from(check_node *work) {
  while (work != NULL) {
    check_node *node = work;
    work = node->next;
    for (size_t i = 0; i < node->references; i++) {
      if (node->fields[i] != NULL) {
        mark(&work, node->fields[i]);
      }
    }
  }
}

/* Mark from the locals, which complete the count of owners. */
static void trace(const char *where, const gcm_mutator *m, check_node *kept) {
  check_node *work = NULL;
  for (gcm_local *local = m == NULL ? NULL : m->stack.locals; local != NULL; local = local->outer) {
    check_node *node = local->ref == NULL ? NULL : check_space_find(local->ref);
    if (local->ref != NULL && (node == NULL || node->released)) {
      check_broken(CHECK_LOCAL, where, node, "a local holds %p, which is no living object",
                   (void *)local->ref);
    }
    if (node != NULL) {
      node->owners++;
      mark(&work, node);
    }
  }
  if (kept != NULL) {
    mark(&work, kept);
  }
  mark_all_from(work);
}

static void check_owners(const char *where) {
  FOR_EACH_NODE(node) {
    if (!node->released && node->owners != node->count) {
      check_broken(CHECK_LOCAL, where, node,
                   "%" PRIu64 " owners by the calls made, %" PRIu64 " found in locals and fields",
                   node->count, node->owners);
    }
  }
}

static void check_cursors(const char *where, const gcm_mutator *m) {
  for (gcm_cursor *c = m == NULL ? NULL : m->stack.cursors; c != NULL; c = c->outer) {
    if (c->ref == NULL) {
      continue;
    }
    const check_node *node = check_space_find(c->ref);
    if (node == NULL) {
      check_broken_address(where, c->ref);
    }
    if (!node->marked) {
      check_broken(CHECK_CURSOR, where, node,
                   node->released ? "a cursor's target was released"
                                  : "a cursor's target is garbage");
    }
  }
}

/* What only tracing finds. Weak references first, then every finalizer, while
 * all objects are still intact; then the memory. */
static void reclaim_cycles(const char *where) {
  FOR_EACH_NODE(node) {
    if (node->target != NULL && !node->target->marked) {
      node->target = NULL;
    }
  }
  check_acyclic_promises(where);
  FOR_EACH_NODE(node) {
    if (!node->released && !node->marked) {
      check_finalize(node);
    }
  }
  FOR_EACH_NODE(node) {
    if (node->released || node->marked) {
      continue;
    }
    check_release(node);
    for (size_t i = 0; i < node->references; i++) {
      if (node->fields[i] != NULL && node->fields[i]->marked) {
        node->fields[i]->count--;
      }
    }
  }
}

static size_t surviving_bytes(void) {
  size_t bytes = 0;
  FOR_EACH_NODE(node) {
    bytes += node->marked ? check_space_stride(node->payload) : 0;
  }
  return bytes;
}

static void update_variables(gcm_mutator *m, check_node *(*find)(const void *address)) {
  for (gcm_local *local = m == NULL ? NULL : m->stack.locals; local != NULL; local = local->outer) {
    local->ref = local->ref == NULL ? NULL : (gcm_ref)(void *)find(local->ref)->address;
  }
  for (gcm_cursor *c = m == NULL ? NULL : m->stack.cursors; c != NULL; c = c->outer) {
    c->ref = c->ref == NULL ? NULL : (gcm_ref)(void *)find(c->ref)->address;
  }
}

/* In reverse, so that the order of addresses says nothing either. */
static struct check_space copy_survivors(void) {
  struct check_space to = check_space_open(surviving_bytes());
  for (size_t i = check_heap.space.place_count; i-- > 0;) {
    check_node *node = check_heap.space.places[i].node;
    if (node->marked) {
      const char *from = node->address;
      check_space_place(&to, node);
      memcpy(node->address, from, node->payload);
    }
  }
  return to;
}

/* Variables are found by old addresses, so they come first; fields are written
 * once every object has its place. */
static void move(const char *where, gcm_mutator *m) {
  struct check_space to = copy_survivors();
  update_variables(m, check_space_find);
  FOR_EACH_NODE(node) {
    if (!node->marked) {
      free(node);
    }
  }
  check_space_retire(&check_heap.space, where);
  check_heap.space = to;
  FOR_EACH_NODE(node) {
    node->marked = false;
    node->owners = 0;
    for (size_t i = 0; i < node->references; i++) {
      check_write_field(node, i);
    }
  }
}

static void collect(const char *where, gcm_mutator *m, check_node *kept) {
  gcm_pause_begin(GCM_PAUSE_COLLECTION);
  check_heap.counts.collections++;
  check_objects(where);
  trace(where, m, kept);
  check_owners(where);
  check_cursors(where, m);
  reclaim_cycles(where);
  move(where, m);
  gcm_pause_end();
}

void check_reach_safepoint(const char *where, gcm_mutator *m, bool must, check_node *kept) {
  check_heap.safepoints++;
  check_nothing_in_flight(where);
  if (m != NULL) {
    m->fresh = NULL;
  }
  if (must || check_heap.safepoints % check_heap.every == 0) {
    collect(where, m, kept);
  }
}
