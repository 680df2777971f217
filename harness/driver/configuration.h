/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_CONFIGURATION_H
#define GCMARK_DRIVER_CONFIGURATION_H

#include <jansson.h>

#include "harness/driver/runners.h"
#include "harness/message.h"

/*
 * Reads "collector:option=value:option=value" against what the runners say of themselves. Returns
 * an object with collector, runner and options (in the order the runner describes them), or NULL
 * with an error that names what is wrong and the nearest that is right.
 */
json_t *configuration_read(const char *text, const struct runners *runners,
                           const struct runner **runner, struct message *error);

#endif
