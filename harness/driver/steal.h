/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_STEAL_H
#define GCMARK_DRIVER_STEAL_H

#include <stdbool.h>

/*
 * CPU seconds that the hypervisor has taken from this machine since it started, all processors
 * (the eighth figure of /proc/stat). False if the kernel does not tell.
 */
bool steal_now(double *seconds);

#endif
