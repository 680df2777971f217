/* SPDX-License-Identifier: MIT
 *
 * Borrowed references, raw pointers and cursors that live too long.
 */
#include "broken.h"

BROKEN(CLEAN, everything) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_owned fresh = gcm_new(m, pair);
  gcm_init(m, fresh.ref, 0, gcm_dup(m, a.ref));
  gcm_store(m, a.ref, 0, fresh); /* a cycle */
  broken_put(m, &a, 1, leaf);
  GCM_CURSOR(m, cursor, gcm_load(m, a.ref, 0));
  GCM_LOCAL(m, weak, gcm_weak_new(m, cursor.ref));
  gcm_safepoint(m);
  *(uint64_t *)gcm_bytes(m, gcm_load(m, a.ref, 1), leaf) = 1;
  gcm_point(m, &cursor, gcm_load(m, cursor.ref, 0));
  gcm_drop(m, gcm_weak_get(m, weak.ref));
  gcm_set(m, &a, gcm_take_field(m, a.ref, 0));
  GCM_LOCAL(m, tail, gcm_new_tail(m, array, 3));
  gcm_init(m, tail.ref, gcm_length(m, tail.ref) - 1, gcm_take(m, &a));
  gcm_collect(m);
}

BROKEN(STALE, load) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_ref borrowed = a.ref;
  gcm_safepoint(m);
  BREAKS_HERE(gcm_load(m, borrowed, 0));
}

BROKEN(STALE, argument) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_ref borrowed = a.ref;
  gcm_drop(m, gcm_new(m, leaf));
  BREAKS_HERE(gcm_store(m, a.ref, 0, gcm_dup(m, borrowed)));
}

BROKEN(STALE, pointer) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  volatile uint64_t *raw = gcm_bytes(m, a.ref, leaf);
  BREAKS_HERE(gcm_safepoint(m)); /* the last call before the fault */
  *raw = 1;
}

BROKEN(STALE, receiver) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_ref borrowed = a.ref;
  GCM_LOCAL(m, b, gcm_new(m, leaf));
  BREAKS_HERE(gcm_store(m, borrowed, 0, gcm_take(m, &b)));
}

/* The order of arguments is open, so this reads a.ref too early somewhere. */
BROKEN(STALE, order) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  BREAKS_HERE(gcm_store(m, a.ref, 0, gcm_new(m, leaf)));
}

BROKEN(RELEASED, store) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  broken_put(m, &a, 0, pair);
  gcm_ref borrowed = gcm_load(m, a.ref, 0);
  gcm_store(m, a.ref, 0, gcm_null());
  BREAKS_HERE(gcm_load(m, borrowed, 0));
}

BROKEN(RELEASED, child) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  broken_put(m, &a, 0, leaf);
  gcm_ref borrowed = gcm_load(m, a.ref, 0);
  gcm_set(m, &a, gcm_null());
  BREAKS_HERE(gcm_bytes(m, borrowed, leaf));
}

BROKEN(NULL, load) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  BREAKS_HERE(gcm_load(m, gcm_load(m, a.ref, 0), 0));
}

BROKEN(NULL, weak) {
  BREAKS_HERE(gcm_drop(m, gcm_weak_new(m, NULL)));
}

BROKEN(WILD, address) {
  static uint64_t elsewhere[4];
  BREAKS_HERE(gcm_load(m, (gcm_ref)(void *)elsewhere, 0));
}

BROKEN(WILD, inside) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  BREAKS_HERE(gcm_load(m, (gcm_ref)(void *)((uint64_t *)(void *)a.ref + 1), 0));
}

BROKEN(CURSOR, released) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  GCM_CURSOR(m, cursor, a.ref);
  gcm_set(m, &a, gcm_null());
  BREAKS_HERE(gcm_safepoint(m));
}

/* Counted still, but by itself alone. */
BROKEN(CURSOR, cycle) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_store(m, a.ref, 0, gcm_dup(m, a.ref));
  GCM_CURSOR(m, cursor, NULL);
  gcm_point(m, &cursor, a.ref);
  gcm_set(m, &a, gcm_null());
  BREAKS_HERE(gcm_drop(m, gcm_new(m, leaf)));
}
