/* SPDX-License-Identifier: MIT
 *
 * From the command line to a campaign: everything asked for is checked against what the runners
 * say of themselves, and everything left open is decided (seed, memory limit, workloads).
 */
#ifndef GCMARK_DRIVER_COMPOSE_H
#define GCMARK_DRIVER_COMPOSE_H

#include "harness/driver/campaign.h"
#include "harness/driver/options.h"
#include "harness/driver/runners.h"
#include "harness/message.h"

int compose_campaign(const struct options *options, const struct runners *runners,
                     struct campaign *campaign, struct message *error);

/* --timeout and --memory-limit, for every command that starts runners. */
int compose_limits(const struct options *options, double *timeout_s, uint64_t *memory_limit_bytes,
                   struct message *error);

/* The 16 hexadecimal digits of a file's hash. */
int compose_hash(const char *path, char digits[17], struct message *error);

#endif
