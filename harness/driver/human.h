/* SPDX-License-Identifier: MIT
 *
 * Numbers as people read them, for tables and messages. Files that programs read carry plain
 * SI base units instead and never come through here.
 */
#ifndef GCM_DRIVER_HUMAN_H
#define GCM_DRIVER_HUMAN_H

#include <stddef.h>
#include <stdint.h>

/* Enough for every text below. */
#define HUMAN_SIZE 40

/* A unit and how many base units it stands for. */
struct human_unit {
  const char *name;
  double factor;
};

/* Each function writes to out, which has HUMAN_SIZE bytes, and returns out. Values are finite
 * and not negative. */

/* Three significant digits and a decimal unit: "512 B", "34.1 MB" (1 MB = 1,000,000 B). */
char *human_bytes(char *out, double bytes);

/* Three significant digits: "81.2 us", "0.812 s", "754 s". */
char *human_seconds(char *out, double seconds);

/* Exact, with thousands separators: "4,200,000". */
char *human_count(char *out, uint64_t count);

/* Three significant digits without a unit, never an exponent, with thousands separators:
 * "0.0123", "4.20", "1,234". */
char *human_number(char *out, double value);

/* A duration for a clock: "0:07", "12:34", "1:02:03". */
char *human_clock(char *out, double seconds);

/* The unit in which a value that small is still at least 0.1; the smallest unit for 0. */
struct human_unit human_unit_of_bytes(double bytes);
struct human_unit human_unit_of_seconds(double seconds);

#endif
