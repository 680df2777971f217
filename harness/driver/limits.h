/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_LIMITS_H
#define GCMARK_DRIVER_LIMITS_H

#include <stdint.h>

#include "harness/message.h"

/*
 * Bytes, or a percentage of the memory that is available now: MemAvailable of /proc/meminfo, or
 * the limit of the control group if that is less.
 */
int limits_memory(const char *what, const char *text, uint64_t *bytes, struct message *error);

#endif
