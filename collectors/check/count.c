/* SPDX-License-Identifier: MIT
 *
 * Ownership, as a counting manager keeps it: an object is released, and its
 * finalizer run, the moment the last owner lets go.
 */
#include "check.h"
#include "collectors/support/ledger.h"

check_node *check_consume(const char *where, gcm_owned value) {
  if (value.ref == NULL) {
    return NULL;
  }
  check_node *node = check_space_find(value.ref);
  if (node == NULL) {
    check_broken_address(where, value.ref);
  }
  if (node->in_flight == 0) {
    check_broken(CHECK_CONSUMED_TWICE, where, node,
                 "no owned reference to it is out; the last was given at %s", node->given);
  }
  node->in_flight--;
  check_heap.in_flight--;
  return node;
}

gcm_owned check_give(const char *where, check_node *node) {
  if (node == NULL) {
    return gcm_null();
  }
  node->in_flight++;
  check_heap.in_flight++;
  node->given = where;
  return (gcm_owned){(gcm_ref)(void *)node->address};
}

void check_finalize(check_node *node) {
  if (node->type->finalize != NULL && !node->finalized) {
    node->finalized = true;
    check_heap.finalizing = true;
    gcm_finalize(node->type, node->address + node->type->refs * sizeof(gcm_ref));
    check_heap.finalizing = false;
  }
}

void check_release(check_node *node) {
  node->released = true;
  node->count = 0;
  check_heap.counts.objects--;
  check_heap.counts.bytes -= check_charged(node->payload);
}

/* The worklist is linked through the nodes: a list of any length is released
 * without recursion. */
void check_release_one(check_node *node) {
  if (--node->count > 0) {
    return;
  }
  node->next = NULL;
  for (check_node *work = node; work != NULL;) {
    check_node *dead = work;
    work = work->next;
    check_finalize(dead);
    check_release(dead);
    for (size_t i = 0; i < dead->references; i++) {
      check_node *child = dead->fields[i];
      dead->fields[i] = NULL;
      if (child != NULL && --child->count == 0) {
        child->next = work;
        work = child;
      }
    }
    check_space_poison(dead);
  }
}
