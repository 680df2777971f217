/* SPDX-License-Identifier: MIT
 *
 * Locals for a counting manager: a local gives up what it still owns when its
 * scope ends. A local that was taken is known to be null, so the compiler
 * drops the drop. The collector defines gcm_drop.
 */
#ifndef GCM_SUPPORT_COUNTED_LOCALS_H
#define GCM_SUPPORT_COUNTED_LOCALS_H

struct gcm_local {
  gcm_ref ref;
  gcm_mutator *m;
};
struct gcm_cursor {
  gcm_ref ref;
};

#define GCM_LOCAL(mutator, name, value)                                                            \
  __attribute__((cleanup(gcm_local_leave))) gcm_local name = {(value).ref, mutator}
#define GCM_CURSOR(mutator, name, value) gcm_cursor name = {value}

GCM_INLINE void gcm_local_leave(gcm_local *local) {
  gcm_drop(local->m, (gcm_owned){local->ref});
}

GCM_INLINE gcm_owned gcm_null(void) {
  return (gcm_owned){NULL};
}

GCM_INLINE gcm_owned gcm_take(gcm_mutator *m, gcm_local *local) {
  (void)m;
  gcm_ref ref = local->ref;
  local->ref = NULL;
  return (gcm_owned){ref};
}

GCM_INLINE void gcm_set(gcm_mutator *m, gcm_local *local, gcm_owned value) {
  gcm_ref old = local->ref;
  local->ref = value.ref;
  gcm_drop(m, (gcm_owned){old});
}

GCM_INLINE void gcm_point(gcm_mutator *m, gcm_cursor *cursor, gcm_ref ref) {
  (void)m;
  cursor->ref = ref;
}

#endif
