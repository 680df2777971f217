/* SPDX-License-Identifier: MIT */
#ifndef GCM_DRIVER_FINDINGS_H
#define GCM_DRIVER_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/columns.h"

/* Prints in words what stands out in the rows, out of a closed list: runs without a result,
 * objects and resources left behind, figures that should not be trusted, extremes of memory and
 * time. Each finding says what was seen, the likely cause, and what to do. Lines are at most width
 * columns wide; color sets the heading in bold. 0, or -1 if memory ran out or writing failed. */
int findings_print(FILE *out, const struct gcm_row *rows, size_t count, unsigned width, bool color);

#endif
