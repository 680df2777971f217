/* SPDX-License-Identifier: MIT
 *
 * Runs sorted into cells: what was run (a workload at a size) down, what ran it (a collector with
 * its heap, allocator, threads and exit mode) across. The view of the rows that tables and
 * findings share.
 */
#ifndef GCM_DRIVER_GRID_H
#define GCM_DRIVER_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/columns.h"

/* One axis: the distinct values of its columns, in order. */
struct grid_axis {
  const enum gcm_column *columns;
  size_t column_count;
  const struct gcm_row **examples; /* one row of each distinct value */
  size_t count;
  uint32_t varying; /* bit i: columns[i] takes more than one value in this grid */
};

/* Borrows the rows, which must outlive it. */
struct grid {
  const struct gcm_row *rows;
  size_t row_count;
  size_t *cell_of_row; /* index of the row's cell, SIZE_MAX for a row left out */
  struct grid_axis workloads;
  struct grid_axis collectors;
};

/* Takes the rows of that round and later ones. 0, or -1 if memory ran out; free it either way. */
int grid_build(struct grid *grid, const struct gcm_row *rows, size_t count, uint64_t first_round);
void grid_free(struct grid *grid);

/* Stands for every place on the axis of workloads in the functions below. */
#define GRID_EVERY_WORKLOAD SIZE_MAX

/* True if that row belongs to the cell. */
bool grid_row_is_in(const struct grid *grid, size_t row, size_t workload, size_t collector);

/* Median over the cell's ok rows that have the column (UINT or REAL); *measured is how many do.
 * NaN if none does. scratch has room for row_count values. */
double grid_median(const struct grid *grid, size_t workload, size_t collector,
                   enum gcm_column column, double *scratch, size_t *measured);

/* How the runs of a cell ended. */
struct grid_outcome {
  size_t runs;
  size_t ok;
  const char *other; /* the first status that is not ok, NULL if there is none */
};
struct grid_outcome grid_outcome(const struct grid *grid, size_t workload, size_t collector);

/* The value of a TEXT column, "" if absent; of a numeric one, NaN if absent. */
const char *grid_text(const struct gcm_row *row, enum gcm_column column);
double grid_number(const struct gcm_row *row, enum gcm_column column);

#define GRID_LABEL_SIZE 128
#define GRID_PART_SIZE 64

/* How people tell this place on the axis from its neighbours: the first column always, the others
 * only where they vary. Cut to GRID_LABEL_SIZE bytes. "rc", "rc (jemalloc)", "rings (large)". */
char *grid_label(const struct grid_axis *axis, size_t index, char *out);

/* The same in parts, for a header of several lines: a collector's options, its heap and so on
 * become parts of their own. Part 0 is the name itself. Returns false beyond the last part. */
bool grid_label_part(const struct grid_axis *axis, size_t index, size_t part, char *out);

#endif
