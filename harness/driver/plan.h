/* SPDX-License-Identifier: MIT
 *
 * The runs of a campaign in their order. The same campaign gives the same plan, always: a resumed
 * campaign finds its place by the number of a run.
 *
 * Round 0 is the floor: every configuration on every allocator once, on the workload "nothing",
 * without a heap budget. Then each round has every cell once, in an order shuffled from the
 * campaign's seed and the number of the round, so that no cell always runs after the same other
 * and slow drift of the machine falls on all alike.
 */
#ifndef GCMARK_DRIVER_PLAN_H
#define GCMARK_DRIVER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/columns.h"
#include "harness/driver/campaign.h"
#include "harness/message.h"

#define PLAN_MOST_RUNS 1000000

struct plan_run {
  uint64_t round;
  const struct campaign_configuration *configuration;
  const struct campaign_allocator *allocator;
  const char *workload;
  const char *size;
  uint64_t heap_bytes; /* 0: without a budget */
};

/* Points into the campaign, which must outlive it. */
struct plan {
  struct plan_run *runs;
  size_t count;
};

int plan_make(const struct campaign *campaign, struct plan *plan, struct message *error);
void plan_clear(struct plan *plan);

/* Whether the collector cannot do this run by what it says of itself; then with the reason. */
bool plan_unsupported(const struct campaign *campaign, const struct plan_run *run,
                      struct message *reason);

/* Sets the PLAN columns of the run with that number. -1 if memory ran out. */
int plan_fill_row(const struct campaign *campaign, const struct plan *plan, size_t index,
                  struct gcm_row *row);

#endif
