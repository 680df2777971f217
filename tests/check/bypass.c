/* SPDX-License-Identifier: MIT
 *
 * What goes past the API, and calls from the wrong place.
 */
#include "broken.h"

#include <pthread.h>
#include <setjmp.h>

BROKEN(FIELD, swap) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  broken_put(m, &a, 0, leaf);
  gcm_ref *fields = (gcm_ref *)(void *)a.ref;
  fields[1] = fields[0];
  fields[0] = NULL;
  BREAKS_HERE(gcm_safepoint(m));
}

BROKEN(FIELD, load) {
  GCM_LOCAL(m, a, gcm_new(m, pair));
  ((gcm_ref *)(void *)a.ref)[1] = a.ref;
  BREAKS_HERE(gcm_load(m, a.ref, 1));
}

/* Balanced in number, wrong in kind. */
BROKEN(LOCAL, copied) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  GCM_LOCAL(m, b, gcm_new(m, leaf));
  b.ref = a.ref;
  BREAKS_HERE(gcm_safepoint(m));
}

BROKEN(OUTSIDE, behind) {
  GCM_LOCAL(m, a, gcm_new_tail(m, bytes_type, 5));
  ((volatile char *)gcm_bytes(m, a.ref, bytes_type))[5] = 1;
  BREAKS_HERE(gcm_safepoint(m));
}

BROKEN(OUTSIDE, released) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  volatile uint64_t *raw = gcm_bytes(m, a.ref, leaf);
  gcm_set(m, &a, gcm_null());
  *raw = 1;
  BREAKS_HERE(gcm_safepoint(m));
}

static void *call_from_elsewhere(void *m) {
  BREAKS_HERE(gcm_safepoint(m));
  return NULL;
}

BROKEN(MUTATOR, thread) {
  pthread_t thread;
  pthread_create(&thread, NULL, call_from_elsewhere, m);
  pthread_join(thread, NULL);
}

BROKEN(MUTATOR, other) {
  (void)m;
  BREAKS_HERE(gcm_safepoint(NULL));
}

static gcm_mutator *captured;

static void allocate_in_finalizer(void *bytes) {
  (void)bytes;
  BREAKS_HERE(gcm_drop(captured, gcm_new(captured, leaf)));
}

BROKEN(FINALIZER, drop) {
  captured = m;
  broken_finalizer = allocate_in_finalizer;
  gcm_drop(m, gcm_new(m, closing));
}

/* Run by the tracing part, in a collection. */
BROKEN(FINALIZER, cycle) {
  captured = m;
  broken_finalizer = allocate_in_finalizer;
  GCM_LOCAL(m, a, gcm_new(m, pair));
  gcm_store(m, a.ref, 0, gcm_dup(m, a.ref));
  broken_put(m, &a, 1, closing);
  gcm_set(m, &a, gcm_null());
  gcm_safepoint(m);
}

static jmp_buf outside;

static __attribute__((noinline)) void jump_out(gcm_mutator *m) {
  GCM_LOCAL(m, a, gcm_new(m, leaf));
  longjmp(outside, 1);
}

BROKEN(SCOPE, jump) {
  if (setjmp(outside) == 0) {
    jump_out(m);
  }
  BREAKS_HERE(gcm_safepoint(m));
}
