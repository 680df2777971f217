/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_FLOOR_H
#define GCMARK_DRIVER_FLOOR_H

#include "harness/columns.h"
#include "harness/driver/rows.h"

/*
 * Sets floor_rss_bytes of a row of round 1 or later: the median peak of the runs of round 0 of the
 * same collector on the same allocator. Left absent if none of those was ok.
 */
void floor_fill(const struct rows *rows, struct gcm_row *row);

#endif
