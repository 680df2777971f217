/* SPDX-License-Identifier: MIT
 *
 * Locals for a manager that neither counts nor needs to be told its roots: a
 * local is a plain variable. It owns until its scope ends, even when the
 * compiler sees no further use, so a conservative scan has to find it until
 * then: the empty statement at the end of the scope is that use. It executes
 * nothing, and for a local that was taken it keeps nothing.
 */
#ifndef GCM_SUPPORT_PLAIN_LOCALS_H
#define GCM_SUPPORT_PLAIN_LOCALS_H

struct gcm_local {
  gcm_ref ref;
};
struct gcm_cursor {
  gcm_ref ref;
};

GCM_INLINE void gcm_local_leave(gcm_local *local) {
  __asm__ volatile("" : : "g"(local->ref));
}

#define GCM_LOCAL(m, name, value)                                                                  \
  __attribute__((cleanup(gcm_local_leave))) gcm_local name = {(value).ref}
#define GCM_CURSOR(m, name, value) __attribute__((unused)) gcm_cursor name = {value}

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
  (void)m;
  local->ref = value.ref;
}

GCM_INLINE void gcm_point(gcm_mutator *m, gcm_cursor *cursor, gcm_ref ref) {
  (void)m;
  cursor->ref = ref;
}

GCM_INLINE gcm_owned gcm_dup(gcm_mutator *m, gcm_ref ref) {
  (void)m;
  return (gcm_owned){ref};
}

GCM_INLINE void gcm_drop(gcm_mutator *m, gcm_owned value) {
  (void)m;
  (void)value;
}

#endif
