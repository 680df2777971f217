/* SPDX-License-Identifier: MIT
 *
 * External resources that the mutator gives back itself: the counters follow,
 * whatever becomes of the objects.
 */
#include "expect.h"

static const gcm_type file = {.name = "file", .id = 0, .bytes = 8};
static const gcm_type *const types[] = {&file};

enum { BATCH = 10 };

static void external_run(gcm_mutator *m, gcm_run *run) {
  uint64_t rounds = gcm_run_size(run);
  struct expectations right = {0};
  gcm_run_start(run);
  for (uint64_t round = 0; round < rounds; round++) {
    GCM_LOCAL(m, one, gcm_new(m, &file));
    for (unsigned i = 1; i <= BATCH; i++) {
      gcm_external_open(m, one.ref, 1000, 2);
      EXPECT(&right, gcm_external_handles() == 2 * i);
    }
    gcm_safepoint(m);
    for (unsigned i = BATCH; i-- > 0;) {
      gcm_external_close(1000, 2);
      EXPECT(&right, gcm_external_handles() == 2 * i);
    }
  }
  gcm_run_stop(run);
  answer_expectations(run, &right);
  gcm_answer(run, "open", gcm_external_handles(), 0);
  gcm_expect_allocated(run, rounds, rounds);
  expect_left(run, rounds, 0, 8 + rounds / 50);
}

static const gcm_workload external = {
    .name = "conformance-external",
    .description = "external resources opened and closed by the mutator",
    .tiny = 100,
    .quick = 5000,
    .normal = 100000,
    .large = 1000000,
    .minimum = 1,
    .maximum = 100000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = external_run,
};
GCM_CONFORMANCE(external);
