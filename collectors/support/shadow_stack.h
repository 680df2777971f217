/* SPDX-License-Identifier: MIT
 *
 * Locals and cursors for a collector that has to find, and may rewrite, every
 * variable: each links itself into its mutator's shadow stack for as long as
 * its scope lasts (Henderson, ISMM 2002).
 *
 * The collector keeps a struct gcm_shadow_stack per mutator and defines
 * gcm_local_enter, gcm_local_leave, gcm_cursor_enter, gcm_cursor_leave on top
 * of the functions below, and gcm_take, gcm_set, gcm_point.
 */
#ifndef GCM_SUPPORT_SHADOW_STACK_H
#define GCM_SUPPORT_SHADOW_STACK_H

#include "collectors/type.h"

/* Invariant: from the innermost variable outwards, `outer` leads through every
 * variable in scope, and ends with null. */
struct gcm_local {
  gcm_ref ref;
  gcm_mutator *m;
  gcm_local *outer;
};
struct gcm_cursor {
  gcm_ref ref;
  gcm_mutator *m;
  gcm_cursor *outer;
};
struct gcm_shadow_stack {
  gcm_local *locals;
  gcm_cursor *cursors;
};

/* One declaration each: entering links the variable and returns its value. */
#define GCM_LOCAL(mutator, name, value)                                                            \
  __attribute__((cleanup(gcm_local_leave))) gcm_local name = gcm_local_enter(&name, mutator, value)
#define GCM_CURSOR(mutator, name, value)                                                           \
  __attribute__((cleanup(gcm_cursor_leave))) gcm_cursor name =                                     \
      gcm_cursor_enter(&name, mutator, value)

GCM_INLINE gcm_local gcm_shadow_local(struct gcm_shadow_stack *stack, gcm_local *local,
                                      gcm_mutator *m, gcm_ref ref) {
  gcm_local entered = {ref, m, stack->locals};
  stack->locals = local;
  return entered;
}

GCM_INLINE gcm_cursor gcm_shadow_cursor(struct gcm_shadow_stack *stack, gcm_cursor *cursor,
                                        gcm_mutator *m, gcm_ref ref) {
  gcm_cursor entered = {ref, m, stack->cursors};
  stack->cursors = cursor;
  return entered;
}

#endif
