/* SPDX-License-Identifier: MIT
 *
 * Carrying out a campaign: from a locked folder with a campaign.json to a runs.csv with a row for
 * every run of the plan. What run and resume have in common.
 */
#ifndef GCMARK_DRIVER_EXECUTE_H
#define GCMARK_DRIVER_EXECUTE_H

#include <stdbool.h>

#include "harness/driver/campaign.h"
#include "harness/driver/commands.h"
#include "harness/driver/plan.h"
#include "harness/driver/spawner.h"

/*
 * Does the runs that runs.csv does not have yet, then prints tables and findings. Errors are
 * reported. COMMAND_EXIT_OK if every row of the campaign is ok or unsupported.
 */
enum command_exit execute_campaign(const char *folder, const struct campaign *campaign,
                                   const struct plan *plan, struct spawner *spawner, bool quiet);

#endif
