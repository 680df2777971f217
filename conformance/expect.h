/* SPDX-License-Identifier: MIT
 *
 * What the conformance cases share: what has to be left over, given what a
 * collector says it can do, and a count of expectations that failed.
 */
#ifndef GCM_CONFORMANCE_EXPECT_H
#define GCM_CONFORMANCE_EXPECT_H

#include "workloads/workload.h"

GCM_INLINE bool collector_can(unsigned capabilities) {
  return (gcm_collector.capabilities & capabilities) == capabilities;
}

/* A case allocated `allocated` objects and dropped them all. `cyclic` of them
 * only tracing finds: they are on a cycle or hang off one. A collector that is
 * not exact may keep `forgiven` of them, through a stale word here and there:
 * cases are made of many small pieces, so that each such word keeps one piece. */
GCM_INLINE void expect_left(gcm_run *run, uint64_t allocated, uint64_t cyclic, uint64_t forgiven) {
  uint64_t least = 0;
  if (!collector_can(GCM_RECLAIMS)) {
    least = allocated;
  } else if (!collector_can(GCM_CYCLES)) {
    least = cyclic;
  }
  gcm_expect_left(run, least, least + (collector_can(GCM_EXACT) ? 0 : forgiven));
}

/* Expectations within a case: how many failed, and where the first one did. */
struct expectations {
  uint64_t failures, first_line;
};

GCM_INLINE void expect_at(struct expectations *expectations, bool holds, uint64_t line) {
  if (!holds && expectations->failures++ == 0) {
    expectations->first_line = line;
  }
}
#define EXPECT(expectations, condition) expect_at(expectations, condition, __LINE__)

GCM_INLINE void answer_expectations(gcm_run *run, const struct expectations *expectations) {
  gcm_answer(run, "failures", expectations->failures, 0);
  gcm_answer(run, "first-failed-line", expectations->first_line, 0);
}

#endif
