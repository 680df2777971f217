/* SPDX-License-Identifier: MIT
 *
 * nothing: the floor. What a process costs before its workload begins, so that
 * a runtime's own size can be told from the workload's.
 */
#include "workloads/workload.h"

static void nothing_run(gcm_mutator *m, gcm_run *run) {
  (void)m;
  gcm_run_start(run);
  gcm_run_stop(run);
  gcm_answer(run, "nothing", 0, 0);
}

static const gcm_workload nothing = {
    .name = "nothing",
    .description = "the floor: a process that allocates nothing",
    .tiny = 1,
    .quick = 1,
    .normal = 1,
    .large = 1,
    .minimum = 1,
    .maximum = 1,
    .run = nothing_run,
};
GCM_WORKLOAD(nothing);
