/* SPDX-License-Identifier: MIT
 *
 * The promise of acyclic types. Every cycle ends as garbage that only tracing
 * finds, so looking there is enough: strongly connected components of the
 * unmarked objects (Tarjan, SIAM J. Comput. 1972), without recursion.
 */
#include "check.h"

struct search {
  const char *where;
  uint64_t visited;
  check_node *stack; /* of open nodes, linked through `stacked` */
};

static void enter(struct search *search, check_node *node, check_node *parent) {
  uint64_t order = ++search->visited;
  node->visit = (struct check_visit){
      .order = order, .low = order, .open = true, .parent = parent, .stacked = search->stack};
  search->stack = node;
}

static void lower(check_node *node, uint64_t low) {
  if (low < node->visit.low) {
    node->visit.low = low;
  }
}

/* Follow the next field: the node to go on with, or null when there is none. */
static check_node *descend(struct search *search, check_node *node) {
  while (node->visit.position < node->references) {
    check_node *child = node->fields[node->visit.position++];
    if (child == NULL || child->marked) {
      continue;
    }
    if (child->visit.order == 0) {
      enter(search, child, node);
      return child;
    }
    if (child == node && node->type->acyclic) {
      check_broken(CHECK_ACYCLIC, search->where, node, "it refers to itself");
    }
    if (child->visit.open) {
      lower(node, child->visit.order);
    }
  }
  return NULL;
}

/* `root` is the first of its component that was visited. */
static void complete(struct search *search, check_node *root) {
  bool alone = search->stack == root;
  check_node *node;
  do {
    node = search->stack;
    search->stack = node->visit.stacked;
    node->visit.open = false;
    if (!alone && node->type->acyclic) {
      check_broken(CHECK_ACYCLIC, search->where, node, "found on a cycle with another object");
    }
  } while (node != root);
}

static void search_from(struct search *search, check_node *start) {
  enter(search, start, NULL);
  for (check_node *node = start; node != NULL;) {
    check_node *child = descend(search, node);
    if (child != NULL) {
      node = child;
      continue;
    }
    if (node->visit.low == node->visit.order) {
      complete(search, node);
    }
    check_node *parent = node->visit.parent;
    if (parent != NULL) {
      lower(parent, node->visit.low);
    }
    node = parent;
  }
}

void check_acyclic_promises(const char *where) {
  struct search search = {.where = where};
  const struct check_space *space = &check_heap.space;
  for (size_t i = 0; i < space->place_count; i++) {
    check_node *node = space->places[i].node;
    if (!node->released && !node->marked && node->visit.order == 0) {
      search_from(&search, node);
    }
  }
}
