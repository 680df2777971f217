/* SPDX-License-Identifier: MIT
 *
 * rc: pure reference counting. Cyclic garbage is never found: that is what it
 * leaves.
 */
#include "collectors/mutator.h"

enum { OPTION_FREES };

#ifdef COUNTING_LAZY
static const struct gcm_option options[] = {
    [OPTION_FREES] = {.name = "frees",
                      .help = "dead objects reclaimed at each allocation, at most",
                      .default_value = "8",
                      .minimum = 1,
                      .maximum = 1000000},
};
#endif

const struct gcm_collector gcm_collector = {
#if defined COUNTING_LAZY
    .description = "reference counting, a few frees at each allocation",
    .capabilities =
        GCM_HEAP_LIMIT | GCM_MALLOC | GCM_WEAK | GCM_FINALIZERS | GCM_RECLAIMS | GCM_EXACT,
    .options = options,
    .option_count = sizeof options / sizeof *options,
#elif defined COUNTING_ATOMIC
    .description = "reference counting with atomic counts, for threads",
    .capabilities = GCM_HEAP_LIMIT | GCM_MALLOC | GCM_WEAK | GCM_FINALIZERS | GCM_THREADS |
                    GCM_RECLAIMS | GCM_EXACT,
#else
    .description = "pure reference counting over malloc and free",
    .capabilities =
        GCM_HEAP_LIMIT | GCM_MALLOC | GCM_WEAK | GCM_FINALIZERS | GCM_RECLAIMS | GCM_EXACT,
#endif
    .family = "counting",
};

bool counting_attached(gcm_mutator *m, const struct gcm_heap_config *config) {
#ifdef COUNTING_LAZY
  m->step = strtoul(config->options[OPTION_FREES], NULL, 10);
#else
  (void)m;
  (void)config;
#endif
  return true;
}

void counting_collect(gcm_mutator *m) {
  (void)m;
}

void counting_teardown(gcm_mutator *m) {
  (void)m;
}

uint64_t counting_collections(const gcm_mutator *m) {
  (void)m;
  return GCM_UNKNOWN;
}
