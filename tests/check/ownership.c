/* SPDX-License-Identifier: MIT
 *
 * Owned references consumed twice, too late, or never.
 */
#include "broken.h"

BROKEN(CONSUMED_TWICE, drop) {
  gcm_owned value = gcm_new(m, leaf);
  gcm_drop(m, value);
  BREAKS_HERE(gcm_drop(m, value));
}

/* Another owner keeps the object alive. */
BROKEN(CONSUMED_TWICE, store) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_owned value = gcm_dup(m, a.ref);
  gcm_store(m, a.ref, 0, value);
  BREAKS_HERE(gcm_store(m, a.ref, 1, value));
}

BROKEN(CONSUMED_TWICE, borrowed) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  BREAKS_HERE(gcm_drop(m, (gcm_owned){a.ref}));
}

BROKEN(CONSUMED_TWICE, local) {
  gcm_owned value = gcm_new(m, leaf);
  GCM_LOCAL(m, a, value);
  *broken_place = (struct broken_place){__FILE__, __LINE__ + 1};
  GCM_LOCAL(m, b, value);
}

BROKEN(UNCONSUMED, carried) {
  gcm_owned value = gcm_new(m, leaf);
  BREAKS_HERE(gcm_safepoint(m));
  gcm_drop(m, value);
}

/* The arguments of one call, with a safepoint between. */
BROKEN(UNCONSUMED, argument) {
  gcm_owned value = gcm_new(m, pair);
  BREAKS_HERE(gcm_init(m, value.ref, 0, gcm_new(m, leaf)));
  gcm_drop(m, value);
}

/* Nothing follows: the runner's own safepoint finds it. */
BROKEN(UNCONSUMED, leaked) {
  *broken_place = (struct broken_place){__FILE__, 0};
  (void)gcm_new(m, leaf);
}

BROKEN(UNCONSUMED, duplicate) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  (void)gcm_dup(m, a.ref);
  BREAKS_HERE(gcm_collect(m));
}

BROKEN(UNCONSUMED, taken) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  broken_put(m, &a, 0, leaf);
  (void)gcm_take_field(m, a.ref, 0);
  BREAKS_HERE(gcm_safepoint(m));
}

BROKEN(UNCONSUMED, weak) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  GCM_LOCAL(m, weak, gcm_weak_new(m, a.ref));
  (void)gcm_weak_get(m, weak.ref);
  BREAKS_HERE(gcm_safepoint(m));
}
