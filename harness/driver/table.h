/* SPDX-License-Identifier: MIT */
#ifndef GCM_DRIVER_TABLE_H
#define GCM_DRIVER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/columns.h"

/* Prints one table per metric: workloads down, collectors across, each cell the median over the
 * ok runs of round 1 and later, or how the runs ended if none was ok. No line is wider than
 * width (at least TABLE_LEAST_WIDTH is taken): collectors that do not fit go on in a block below.
 * color sets the best value of a line in bold. 0, or -1 if memory ran out or writing failed. */
int table_print(FILE *out, const struct gcm_row *rows, size_t count, unsigned width, bool color);

#define TABLE_LEAST_WIDTH 48

#endif
