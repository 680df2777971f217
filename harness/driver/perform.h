/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_PERFORM_H
#define GCMARK_DRIVER_PERFORM_H

#include "harness/columns.h"
#include "harness/driver/campaign.h"
#include "harness/driver/plan.h"
#include "harness/driver/scratch.h"
#include "harness/driver/spawner.h"
#include "harness/message.h"

/*
 * Starts one run, waits for its end and fills the PARENT and RUNNER columns. A run that goes wrong
 * is a result like any other; SPAWNER_FAILED means that the driver cannot go on.
 */
enum spawner_result perform_run(const struct campaign *campaign, const struct plan_run *run,
                                struct spawner *spawner, const struct scratch *scratch,
                                struct gcm_row *row, struct message *error);

#endif
