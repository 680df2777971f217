/* SPDX-License-Identifier: MIT
 *
 * Fields, bytes, tails and types used against their description.
 */
#include "broken.h"

BROKEN(INIT_LATE, safepoint) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_safepoint(m);
  BREAKS_HERE(gcm_init(m, a.ref, 0, gcm_null()));
}

/* The object made last is the fresh one. */
BROKEN(INIT_LATE, allocation) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  GCM_LOCAL(m, b, gcm_new(m, leaf));
  BREAKS_HERE(gcm_init(m, a.ref, 0, gcm_take(m, &b)));
}

BROKEN(INIT_TWICE, init) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_init(m, a.ref, 1, gcm_null());
  BREAKS_HERE(gcm_init(m, a.ref, 1, gcm_null()));
}

BROKEN(INIT_TWICE, store) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_store(m, a.ref, 0, gcm_dup(m, a.ref));
  BREAKS_HERE(gcm_init(m, a.ref, 0, gcm_null()));
}

BROKEN(INDEX, load) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  BREAKS_HERE(gcm_load(m, a.ref, 2));
}

BROKEN(INDEX, store) {
  GCM_LOCAL(m, a, gcm_new_tail(m, array, 3));
  BREAKS_HERE(gcm_store(m, a.ref, 3, gcm_null()));
}

BROKEN(INDEX, init) {
  GCM_LOCAL(m, a, gcm_new_tail(m, array, 0));
  BREAKS_HERE(gcm_init(m, a.ref, 0, gcm_null()));
}

BROKEN(INDEX, take) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  BREAKS_HERE(gcm_drop(m, gcm_take_field(m, a.ref, SIZE_MAX)));
}

BROKEN(BYTES_TYPE, other) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  BREAKS_HERE(gcm_bytes(m, a.ref, closing));
}

BROKEN(LENGTH, fixed) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  BREAKS_HERE(gcm_length(m, a.ref));
}

BROKEN(TAIL, missing) {
  BREAKS_HERE(gcm_drop(m, gcm_new(m, array)));
}

BROKEN(TAIL, surplus) {
  BREAKS_HERE(gcm_drop(m, gcm_new_tail(m, leaf, 0)));
}

BROKEN(LISTED, unknown) {
  static const gcm_type unlisted = {.name = "unlisted", .id = LEAF, .bytes = 8};
  BREAKS_HERE(gcm_drop(m, gcm_new(m, &unlisted)));
}

BROKEN(ACYCLIC, itself) {
  GCM_LOCAL(m, a, gcm_new(m, promised));
  gcm_store(m, a.ref, 1, gcm_dup(m, a.ref));
  gcm_set(m, &a, gcm_null());
  BREAKS_HERE(gcm_collect(m));
}

/* Through an object that promised nothing; with a branch that is on no cycle. */
BROKEN(ACYCLIC, pair) {
  GCM_LOCAL(m, a, gcm_new(m, promised));
  gcm_owned b = gcm_new(m, pair);
  gcm_init(m, b.ref, 1, gcm_dup(m, a.ref));
  gcm_store(m, a.ref, 0, b);
  broken_put(m, &a, 1, promised);
  gcm_set(m, &a, gcm_null());
  BREAKS_HERE(gcm_collect(m));
}

/* Acyclic objects hanging off a cycle, and between two, keep their promise. */
BROKEN(CLEAN, acyclic) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_store(m, a.ref, 0, gcm_dup(m, a.ref));
  GCM_LOCAL(m, between, gcm_new(m, promised));
  GCM_LOCAL(m, b, gcm_new(m, pair));
  gcm_store(m, b.ref, 0, gcm_dup(m, b.ref));
  broken_put(m, &b, 1, promised);
  gcm_store(m, between.ref, 0, gcm_take(m, &b));
  gcm_store(m, a.ref, 1, gcm_take(m, &between));
  gcm_set(m, &a, gcm_null());
  gcm_collect(m);
}

BROKEN(WEAK, get) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  BREAKS_HERE(gcm_drop(m, gcm_weak_get(m, a.ref)));
}
