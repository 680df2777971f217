/* SPDX-License-Identifier: MIT
 *
 * The runner's instruments. None is read inside the timed part.
 */
#ifndef GCM_HARNESS_MEASURE_H
#define GCM_HARNESS_MEASURE_H

#include "harness/columns.h"

/* Nanoseconds of CLOCK_MONOTONIC and CLOCK_PROCESS_CPUTIME_ID. */
struct moment {
  uint64_t wall, cpu;
};
struct moment measure_moment(void);

/* Seconds since `begin` into the two columns; returns the present moment. */
struct moment measure_phase(struct gcm_row *row, enum gcm_column wall, enum gcm_column cpu,
                            struct moment begin);

/* Resident set now (VmRSS) or at its highest (VmHWM), bytes, into the column;
 * left absent if /proc does not tell. */
void measure_resident(struct gcm_row *row, enum gcm_column column);
void measure_peak(struct gcm_row *row, enum gcm_column column);

/* Faults, context switches and hardware counters between start and stop. What
 * the machine does not count stays absent. */
void measure_counters_open(void);
void measure_counters_start(void);
void measure_counters_stop(struct gcm_row *row);

#endif
