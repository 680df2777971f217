/* SPDX-License-Identifier: MIT
 *
 * The pause recorder: every time a collector stops the mutators it says when,
 * how long, and how much CPU time went into it. The list lives outside the
 * measured heap, reserved beforehand and touched page by page, so recording
 * never allocates. One collector thread records at a time.
 */
#ifndef GCM_SUPPORT_PAUSE_H
#define GCM_SUPPORT_PAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gcm_pause_kind { GCM_PAUSE_COLLECTION, GCM_PAUSE_YOUNG, GCM_PAUSE_CYCLES };

/* Times in nanoseconds: CLOCK_MONOTONIC, and CLOCK_PROCESS_CPUTIME_ID. */
struct gcm_pause {
  uint64_t begin, end;
  uint64_t cpu;
  enum gcm_pause_kind kind;
};

/* Totals are exact even when the list is full. */
struct gcm_pause_summary {
  uint64_t count;
  uint64_t wall, cpu, longest; /* nanoseconds */
  const struct gcm_pause *list;
  size_t listed; /* entries in the list: at most count */
};

/* Reserve the list. False, errno set, if the system refuses. */
bool gcm_pause_open(void);

void gcm_pause_begin(enum gcm_pause_kind kind);
void gcm_pause_end(void);

struct gcm_pause_summary gcm_pause_read(void);

#endif
