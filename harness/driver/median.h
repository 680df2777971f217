/* SPDX-License-Identifier: MIT */
#ifndef GCM_DRIVER_MEDIAN_H
#define GCM_DRIVER_MEDIAN_H

#include <stddef.h>

/* The median of count values (the mean of the middle two when count is even), NaN when
 * count is 0. Sorts the values in place; none of them may be NaN. */
double median(double *values, size_t count);

#endif
