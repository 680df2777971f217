/* SPDX-License-Identifier: MIT
 *
 * How far a campaign has come. On a terminal: one line, redrawn, with a bar, the time left and the
 * current cell; runs that fail stay above it. Otherwise, and with TERM=dumb: a plain line per run.
 */
#ifndef GCM_DRIVER_PROGRESS_H
#define GCM_DRIVER_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/columns.h"

/* What finished runs of one cell took. */
struct progress_cell {
  uint64_t key; /* hash of collector, workload, size, heap, allocator */
  uint64_t last_round;
  double wall_s; /* sum over its finished runs */
  size_t runs;
};

/* To be read by progress.c alone, except that a test may replace the clock and the width between
 * progress_begin and the next call. */
struct progress {
  FILE *stream;
  bool redraws; /* a terminal that understands escape sequences */
  bool color;
  unsigned width;          /* columns; 0 asks the terminal each time */
  double (*clock_s)(void); /* monotonic seconds */
  size_t total;
  size_t done;
  double begun_s;
  double drawn_s;
  uint64_t round; /* of the last finished run */
  char cell_text[96];
  struct progress_cell *cells; /* owned */
  size_t cell_count;
  size_t cell_room;
};

/* total counts every run of the plan, done those finished before (a resumed campaign). The stream
 * is borrowed. Nothing here fails: a display that cannot be drawn does not stop a campaign. */
void progress_begin(struct progress *p, FILE *stream, bool is_terminal, size_t total, size_t done);

/* cell_text names what is about to run; copied. */
void progress_start_run(struct progress *p, const char *cell_text);

/* Redraws if the line is older than half a second: for a loop that waits for a run. */
void progress_tick(struct progress *p);

/* The row as it was recorded. */
void progress_finish_run(struct progress *p, const struct gcm_row *row);

/* Leaves the terminal clean and frees what p holds. */
void progress_end(struct progress *p);

/* Seconds the remaining runs will take, NaN before the first has finished. Cells that the current
 * round still owes are expected to take their own mean, further runs the mean over all cells.
 * Round 0 (the floor) counts only while there is nothing else. */
double progress_remaining_s(const struct progress *p);

#endif
