/* SPDX-License-Identifier: MIT */
#include "grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/median.h"

static const enum gcm_column workload_columns[] = {GCM_COLUMN_workload, GCM_COLUMN_size};
static const enum gcm_column collector_columns[] = {
    GCM_COLUMN_collector, GCM_COLUMN_heap_limit_bytes, GCM_COLUMN_allocator, GCM_COLUMN_threads,
    GCM_COLUMN_exit_mode};

const char *grid_text(const struct gcm_row *row, enum gcm_column column) {
  return row->values[column].present ? row->values[column].text : "";
}

double grid_number(const struct gcm_row *row, enum gcm_column column) {
  const struct gcm_value *value = &row->values[column];
  if (!value->present) {
    return NAN;
  }
  return gcm_columns[column].type == GCM_COLUMN_REAL ? value->real : (double)value->uint;
}

/* Absent comes first, then by number or by byte. */
static int compare_column(const struct gcm_row *left, const struct gcm_row *right,
                          enum gcm_column column) {
  const struct gcm_value *a = &left->values[column];
  const struct gcm_value *b = &right->values[column];
  /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): places below count have an example */
  if (!a->present || !b->present) {
    return (a->present != 0) - (b->present != 0);
  }
  if (gcm_columns[column].type == GCM_COLUMN_TEXT) {
    return strcmp(a->text, b->text);
  }
  return (a->uint > b->uint) - (a->uint < b->uint); /* no axis has a REAL column */
}

static int compare_place(const struct grid_axis *axis, const struct gcm_row *left,
                         const struct gcm_row *right) {
  int order = 0;
  for (size_t i = 0; i < axis->column_count && order == 0; i++) {
    order = compare_column(left, right, axis->columns[i]);
  }
  return order;
}

/* Where the row stands, or belongs, among the sorted examples. */
static size_t find_place(const struct grid_axis *axis, const struct gcm_row *row) {
  size_t low = 0;
  size_t high = axis->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_place(axis, axis->examples[middle], row) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* The examples have room for every row. */
static void add_to_axis(struct grid_axis *axis, const struct gcm_row *row) {
  size_t place = find_place(axis, row);
  if (place < axis->count && compare_place(axis, axis->examples[place], row) == 0) {
    return;
  }
  memmove(axis->examples + place + 1, axis->examples + place,
          (axis->count - place) * sizeof(const struct gcm_row *));
  axis->examples[place] = row;
  axis->count++;
  /* Any other place will do: were they to differ among themselves, the bit would be set. */
  const struct gcm_row *other = axis->examples[place == 0 ? axis->count - 1 : 0];
  for (size_t i = 0; i < axis->column_count; i++) {
    if (compare_column(other, row, axis->columns[i]) != 0) {
      axis->varying |= UINT32_C(1) << i;
    }
  }
}

int grid_build(struct grid *grid, const struct gcm_row *rows, size_t count, uint64_t first_round) {
  *grid = (struct grid){
      .rows = rows,
      .row_count = count,
      .workloads = {.columns = workload_columns,
                    .column_count = sizeof workload_columns / sizeof workload_columns[0]},
      .collectors = {.columns = collector_columns,
                     .column_count = sizeof collector_columns / sizeof collector_columns[0]},
  };
  grid->cell_of_row = calloc(count + 1, sizeof grid->cell_of_row[0]);
  grid->workloads.examples = calloc(count + 1, sizeof(const struct gcm_row *));
  grid->collectors.examples = calloc(count + 1, sizeof(const struct gcm_row *));
  if (grid->cell_of_row == NULL || grid->workloads.examples == NULL ||
      grid->collectors.examples == NULL) {
    return -1;
  }
  for (size_t i = 0; i < count; i++) {
    const struct gcm_value *round = &rows[i].values[GCM_COLUMN_round];
    if (round->present && round->uint >= first_round) {
      add_to_axis(&grid->workloads, &rows[i]);
      add_to_axis(&grid->collectors, &rows[i]);
    } else {
      grid->cell_of_row[i] = SIZE_MAX;
    }
  }
  for (size_t i = 0; i < count; i++) {
    if (grid->cell_of_row[i] != SIZE_MAX) {
      grid->cell_of_row[i] = find_place(&grid->workloads, &rows[i]) * grid->collectors.count +
                             find_place(&grid->collectors, &rows[i]);
    }
  }
  return 0;
}

void grid_free(struct grid *grid) {
  free(grid->cell_of_row);
  free(grid->workloads.examples);
  free(grid->collectors.examples);
  *grid = (struct grid){0};
}

bool grid_row_is_in(const struct grid *grid, size_t row, size_t workload, size_t collector) {
  size_t cell = grid->cell_of_row[row];
  if (workload == GRID_EVERY_WORKLOAD) {
    return cell != SIZE_MAX && cell % grid->collectors.count == collector;
  }
  return cell == workload * grid->collectors.count + collector;
}

static bool is_ok(const struct gcm_row *row) {
  return strcmp(grid_text(row, GCM_COLUMN_status), "ok") == 0;
}

double grid_median(const struct grid *grid, size_t workload, size_t collector,
                   enum gcm_column column, double *scratch, size_t *measured) {
  *measured = 0;
  for (size_t i = 0; i < grid->row_count; i++) {
    const struct gcm_row *row = &grid->rows[i];
    if (grid_row_is_in(grid, i, workload, collector) && is_ok(row) && row->values[column].present) {
      scratch[(*measured)++] = grid_number(row, column);
    }
  }
  return median(scratch, *measured);
}

struct grid_outcome grid_outcome(const struct grid *grid, size_t workload, size_t collector) {
  struct grid_outcome outcome = {0};
  for (size_t i = 0; i < grid->row_count; i++) {
    if (!grid_row_is_in(grid, i, workload, collector)) {
      continue;
    }
    outcome.runs++;
    if (is_ok(&grid->rows[i])) {
      outcome.ok++;
    } else if (outcome.other == NULL) {
      outcome.other = grid_text(&grid->rows[i], GCM_COLUMN_status);
    }
  }
  return outcome;
}

/* As it is typed after --heap where that is exact: 64M. */
static void heap_text(char *out, const struct gcm_value *heap) {
  static const char suffixes[] = {'G', 'M', 'K'};
  if (!heap->present) {
    snprintf(out, GRID_PART_SIZE, "no limit");
    return;
  }
  for (int i = 0; i < 3; i++) {
    uint64_t unit = UINT64_C(1) << (30 - 10 * i);
    if (heap->uint >= unit && heap->uint % unit == 0) {
      snprintf(out, GRID_PART_SIZE, "heap %llu%c", (unsigned long long)(heap->uint / unit),
               suffixes[i]);
      return;
    }
  }
  snprintf(out, GRID_PART_SIZE, "heap %llu", (unsigned long long)heap->uint);
}

static void column_text(char *out, const struct gcm_row *row, enum gcm_column column) {
  const struct gcm_value *value = &row->values[column];
  if (column == GCM_COLUMN_heap_limit_bytes) {
    heap_text(out, value);
  } else if (!value->present) {
    snprintf(out, GRID_PART_SIZE, "no %s", gcm_columns[column].name);
  } else if (gcm_columns[column].type == GCM_COLUMN_TEXT) {
    snprintf(out, GRID_PART_SIZE, "%s", value->text);
  } else {
    snprintf(out, GRID_PART_SIZE, "%s %llu", gcm_columns[column].name,
             (unsigned long long)value->uint);
  }
}

bool grid_label_part(const struct grid_axis *axis, size_t index, size_t part, char *out) {
  const struct gcm_row *row = axis->examples[index];
  const char *name = grid_text(row, axis->columns[0]);
  while (name != NULL) {
    size_t length = strcspn(name, ":,"); /* none:source=malloc */
    if (part == 0) {
      snprintf(out, GRID_PART_SIZE, "%.*s", (int)length, name);
      return true;
    }
    part--;
    name = name[length] == '\0' ? NULL : name + length + 1;
  }
  for (size_t i = 1; i < axis->column_count; i++) {
    if ((axis->varying >> i & 1) != 0 && part-- == 0) {
      column_text(out, row, axis->columns[i]);
      return true;
    }
  }
  return false;
}

char *grid_label(const struct grid_axis *axis, size_t index, char *out) {
  const struct gcm_row *row = axis->examples[index];
  size_t used = (size_t)snprintf(out, GRID_LABEL_SIZE, "%s", grid_text(row, axis->columns[0]));
  const char *separator = " (";
  for (size_t i = 1; i < axis->column_count && used < GRID_LABEL_SIZE; i++) {
    if ((axis->varying >> i & 1) != 0) {
      char part[GRID_PART_SIZE];
      column_text(part, row, axis->columns[i]);
      used += (size_t)snprintf(out + used, GRID_LABEL_SIZE - used, "%s%s", separator, part);
      separator = ", ";
    }
  }
  if (separator[0] == ',' && used + 1 < GRID_LABEL_SIZE) {
    snprintf(out + used, GRID_LABEL_SIZE - used, ")");
  }
  return out;
}
