/* SPDX-License-Identifier: MIT
 *
 * The heap of check, as heap.h asks for it.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

enum { OPTION_EVERY };
static const struct gcm_option options[] = {
    [OPTION_EVERY] = {.name = "every",
                      .help = "collect at every N-th safepoint",
                      .default_value = "1",
                      .minimum = 1,
                      .maximum = 1000000000},
};

const struct gcm_collector gcm_collector = {
    .description = "the referee: collects and moves everything at every safepoint",
    .family = "checking",
    .capabilities =
        GCM_HEAP_LIMIT | GCM_WEAK | GCM_FINALIZERS | GCM_CYCLES | GCM_RECLAIMS | GCM_EXACT,
    .options = options,
    .option_count = sizeof options / sizeof *options,
};

gcm_heap check_heap;

gcm_heap *gcm_heap_open(const struct gcm_heap_config *config) {
  check_heap.config = config;
  check_heap.every = strtoull(config->options[OPTION_EVERY], NULL, 10);
  if (!check_space_reserve()) {
    perror("gcmark-check: reserving addresses");
    return NULL;
  }
  return &check_heap;
}

gcm_mutator *gcm_attach(gcm_heap *heap) {
  if (heap->mutator != NULL) {
    fputs("gcmark-check: only one mutator can be attached\n", stderr);
    return NULL;
  }
  gcm_mutator *m = calloc(1, sizeof *m);
  if (m == NULL || !check_watch_faults()) {
    perror("gcmark-check: attaching a mutator");
    free(m);
    return NULL;
  }
  m->heap = heap;
  m->thread = pthread_self();
  m->where = "the start";
  heap->mutator = m;
  return m;
}

void gcm_detach(gcm_mutator *m) {
  if (m->stack.locals != NULL || m->stack.cursors != NULL) {
    check_broken(CHECK_SCOPE, m->where, NULL, "the mutator is detached with variables left");
  }
  check_heap.mutator = NULL;
  free(m->set);
  free(m);
}

void gcm_heap_count(gcm_heap *heap, struct gcm_heap_counts *counts) {
  *counts = heap->counts;
}

void gcm_heap_trim(gcm_heap *heap) {
  (void)heap;
}

/* Without roots, tracing reclaims everything. */
void gcm_heap_teardown(gcm_heap *heap) {
  check_reach_safepoint("the teardown", NULL, true, NULL);
  if (heap->counts.objects != 0) {
    check_failed("check itself is wrong: objects are left after the teardown");
  }
}
