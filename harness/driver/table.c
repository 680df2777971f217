/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/grid.h"
#include "harness/driver/human.h"
#include "harness/driver/verdict.h"
#include "harness/driver/wrap.h"

#define LINES 2         /* a workload takes at most two lines: objects and bytes */
#define CELL_SIZE 64    /* bytes of a cell's text */
#define LABEL_LIMIT 24  /* columns for the workload's name */
#define UNIT_WIDTH 7    /* "objects" */
#define SPAN_OF_UNIT 10 /* a unit may be this many times the one that suits the least value */
#define GAP "  "
#define NOT_RUN "-"
#define NOT_MEASURED "n/a"

enum quantity { SECONDS, BYTES, COUNT };

struct metric {
  const char *title;
  size_t lines;
  struct {
    enum gcm_column column;
    enum quantity quantity;
  } line[LINES];
  enum gcm_column floor; /* of round 0, shown as a last line; GCM_COLUMN_COUNT for none */
};

/* Every table, in order. The first is printed even if it has nothing but statuses. */
static const struct metric metrics[] = {
    {"Time: wall clock of the timed part", 1, {{GCM_COLUMN_run_wall_s, SECONDS}}, GCM_COLUMN_COUNT},
    {"CPU time of the timed part, all threads",
     1,
     {{GCM_COLUMN_run_cpu_s, SECONDS}},
     GCM_COLUMN_COUNT},
    {"Peak resident memory of the process",
     1,
     {{GCM_COLUMN_peak_rss_bytes, BYTES}},
     GCM_COLUMN_floor_rss_bytes},
    {"Left over at the end, nothing forced",
     2,
     {{GCM_COLUMN_left_at_end_objects, COUNT}, {GCM_COLUMN_left_at_end_bytes, BYTES}},
     GCM_COLUMN_COUNT},
    {"Left over after a full collection: what cannot be reclaimed",
     2,
     {{GCM_COLUMN_left_after_collect_objects, COUNT}, {GCM_COLUMN_left_after_collect_bytes, BYTES}},
     GCM_COLUMN_COUNT},
    {"Longest pause", 1, {{GCM_COLUMN_pause_max_s, SECONDS}}, GCM_COLUMN_COUNT},
};
#define METRIC_COUNT (sizeof metrics / sizeof metrics[0])

struct cell {
  double value[LINES]; /* NaN without one */
  size_t measured;     /* runs behind the first line's value */
  char text[LINES][CELL_SIZE];
};

struct table {
  FILE *out;
  unsigned width;
  bool color;
  struct grid grid;
  double *scratch;
  struct cell *cells;      /* workload by workload; after the last one, the floor */
  unsigned *column_widths; /* one per collector */
  unsigned label_width;
  bool unmeasured; /* a cell says NOT_MEASURED */
};

static struct cell *cell_at(const struct table *table, size_t workload, size_t collector) {
  return &table->cells[workload * table->grid.collectors.count + collector];
}

/* The floor stands below the last workload, in one line. */
static bool is_floor(const struct table *table, size_t workload) {
  return workload == table->grid.workloads.count;
}

static size_t lines_of(const struct table *table, const struct metric *metric, size_t workload) {
  return is_floor(table, workload) ? 1 : metric->lines;
}

/* Returns the most runs behind any value; 0 if the metric has no value at all. */
static size_t compute_values(struct table *table, const struct metric *metric) {
  const struct grid *grid = &table->grid;
  size_t most = 0;
  for (size_t w = 0; w < grid->workloads.count; w++) {
    for (size_t c = 0; c < grid->collectors.count; c++) {
      struct cell *cell = cell_at(table, w, c);
      *cell = (struct cell){0};
      for (size_t line = metric->lines; line-- > 0;) {
        cell->value[line] =
            grid_median(grid, w, c, metric->line[line].column, table->scratch, &cell->measured);
      }
      most = cell->measured > most ? cell->measured : most;
    }
  }
  return most;
}

/* Every row of a collector carries the floor, however it ended. */
static double find_floor(const struct grid *grid, size_t collector, enum gcm_column column) {
  for (size_t i = 0; i < grid->row_count; i++) {
    if (grid_row_is_in(grid, i, GRID_EVERY_WORKLOAD, collector) &&
        grid->rows[i].values[column].present) {
      return grid_number(&grid->rows[i], column);
    }
  }
  return NAN;
}

static void compute_floor(struct table *table, enum gcm_column column) {
  const struct grid *grid = &table->grid;
  for (size_t c = 0; c < grid->collectors.count; c++) {
    struct cell *cell = cell_at(table, grid->workloads.count, c);
    *cell = (struct cell){0};
    cell->value[0] = find_floor(grid, c, column);
  }
}

struct extent {
  double least_positive; /* INFINITY without one */
  double most;           /* NaN if the line has no value */
};

static struct extent extent_of_line(const struct table *table, size_t workload, size_t line) {
  struct extent extent = {.least_positive = INFINITY, .most = NAN};
  for (size_t c = 0; c < table->grid.collectors.count; c++) {
    double value = cell_at(table, workload, c)->value[line];
    extent.most = fmax(extent.most, value);
    if (value > 0 && value < extent.least_positive) {
      extent.least_positive = value;
    }
  }
  return extent;
}

/* The unit that suits the largest value, or a smaller one if the least would all but vanish. */
static struct human_unit unit_of_line(const struct table *table, size_t workload, size_t line,
                                      enum quantity quantity) {
  struct extent extent = extent_of_line(table, workload, line);
  if (isnan(extent.most)) {
    return (struct human_unit){"", 1};
  }
  if (quantity == COUNT) {
    return (struct human_unit){"objects", 1};
  }
  if (!(extent.most > 0)) {
    return quantity == BYTES ? (struct human_unit){"MB", 1e6} : (struct human_unit){"ms", 1e-3};
  }
  double shown = fmin(extent.most, extent.least_positive * SPAN_OF_UNIT);
  return quantity == BYTES ? human_unit_of_bytes(shown) : human_unit_of_seconds(shown);
}

static void value_text(char *out, double value, struct human_unit unit) {
  if (unit.factor == 1 && strcmp(unit.name, "s") != 0) {
    human_count(out, (uint64_t)llround(value)); /* whole things are shown whole */
  } else {
    human_number(out, value / unit.factor);
  }
}

/* What stands in a cell without a value. */
static const char *reason_text(const struct table *table, size_t workload, size_t collector) {
  if (is_floor(table, workload)) {
    return NOT_MEASURED;
  }
  struct grid_outcome outcome = grid_outcome(&table->grid, workload, collector);
  if (outcome.runs == 0) {
    return NOT_RUN;
  }
  if (outcome.ok > 0) {
    return NOT_MEASURED;
  }
  const struct verdict *verdict = verdict_find(outcome.other);
  return verdict == NULL ? outcome.other : verdict->brief;
}

static void write_line(struct table *table, const struct metric *metric, size_t workload,
                       size_t line, size_t most) {
  struct human_unit unit = unit_of_line(table, workload, line, metric->line[line].quantity);
  for (size_t c = 0; c < table->grid.collectors.count; c++) {
    struct cell *cell = cell_at(table, workload, c);
    char *text = cell->text[line];
    if (isnan(cell->value[line])) {
      snprintf(text, CELL_SIZE, "%.*s", CELL_SIZE - 1,
               line == 0 ? reason_text(table, workload, c) : "");
      table->unmeasured = table->unmeasured || strcmp(text, NOT_MEASURED) == 0;
      continue;
    }
    char number[HUMAN_SIZE];
    value_text(number, cell->value[line], unit);
    if (line == 0 && cell->measured < most) {
      snprintf(text, CELL_SIZE, "%.24s (n=%zu)", number, cell->measured);
    } else {
      snprintf(text, CELL_SIZE, "%.*s", CELL_SIZE - 1, number);
    }
  }
}

static unsigned at_most(size_t value, unsigned limit) {
  return value < limit ? (unsigned)value : limit;
}

static void measure_columns(struct table *table, const struct metric *metric, size_t places) {
  const struct grid *grid = &table->grid;
  /* A collector's column leaves room for the label, the unit and two gaps. */
  unsigned limit = table->width - table->label_width - UNIT_WIDTH - 2 * (unsigned)strlen(GAP);
  for (size_t c = 0; c < grid->collectors.count; c++) {
    char part[GRID_PART_SIZE];
    size_t widest = 0;
    for (size_t i = 0; grid_label_part(&grid->collectors, c, i, part); i++) {
      widest = strlen(part) > widest ? strlen(part) : widest;
    }
    for (size_t w = 0; w < places; w++) {
      for (size_t line = 0; line < lines_of(table, metric, w); line++) {
        size_t length = strlen(cell_at(table, w, c)->text[line]);
        widest = length > widest ? length : widest;
      }
    }
    table->column_widths[c] = at_most(widest, limit);
  }
}

/* One past the last collector that fits beside the first. */
static size_t end_of_block(const struct table *table, size_t first) {
  size_t used = table->label_width + strlen(GAP) + UNIT_WIDTH;
  size_t end = first;
  while (end < table->grid.collectors.count) {
    used += strlen(GAP) + table->column_widths[end];
    if (used > table->width && end > first) {
      break;
    }
    end++;
  }
  return end;
}

static void print_start_of_line(const struct table *table, const char *label, const char *unit) {
  fprintf(table->out, "%-*.*s" GAP "%-*s", (int)table->label_width, (int)table->label_width, label,
          UNIT_WIDTH, unit);
}

static void print_cell(const struct table *table, size_t collector, const char *text, bool bold) {
  int width = (int)table->column_widths[collector];
  int length = (int)at_most(strlen(text), (unsigned)width);
  fprintf(table->out, GAP "%*s%s%.*s%s", width - length, "", bold ? "\033[1m" : "", length, text,
          bold ? "\033[0m" : "");
}

static void print_header(const struct table *table, size_t first, size_t end) {
  bool more = true;
  for (size_t i = 0; more; i++) {
    char part[GRID_PART_SIZE];
    more = false;
    for (size_t c = first; c < end; c++) {
      more = more || grid_label_part(&table->grid.collectors, c, i, part);
    }
    if (!more) {
      break;
    }
    print_start_of_line(table, "", "");
    for (size_t c = first; c < end; c++) {
      bool has_part = grid_label_part(&table->grid.collectors, c, i, part);
      print_cell(table, c, has_part ? part : "", false);
    }
    fputc('\n', table->out);
  }
}

/* Best is the least, and only worth marking where not all are equal. */
static bool is_best(const struct table *table, size_t workload, size_t collector, size_t line) {
  double own = cell_at(table, workload, collector)->value[line];
  bool beats_another = false;
  for (size_t c = 0; c < table->grid.collectors.count; c++) {
    double other = cell_at(table, workload, c)->value[line];
    if (other < own) {
      return false;
    }
    beats_another = beats_another || other > own;
  }
  return beats_another;
}

static void print_place(const struct table *table, const struct metric *metric, size_t workload,
                        size_t first, size_t end) {
  char label[GRID_LABEL_SIZE] = "floor";
  if (!is_floor(table, workload)) {
    grid_label(&table->grid.workloads, workload, label);
  }
  for (size_t line = 0; line < lines_of(table, metric, workload); line++) {
    struct human_unit unit = unit_of_line(table, workload, line, metric->line[line].quantity);
    print_start_of_line(table, line == 0 ? label : "", unit.name);
    for (size_t c = first; c < end; c++) {
      bool bold = table->color && !is_floor(table, workload) && is_best(table, workload, c, line);
      print_cell(table, c, cell_at(table, workload, c)->text[line], bold);
    }
    fputc('\n', table->out);
  }
}

static void print_title(const struct table *table, const struct metric *metric, size_t most) {
  char title[160];
  if (most == 0) {
    snprintf(title, sizeof title, "%s; no run has a value", metric->title);
  } else {
    snprintf(title, sizeof title, "%s; median of %zu %s%s; lower is better", metric->title, most,
             most == 1 ? "round" : "rounds",
             metric->floor == GCM_COLUMN_COUNT ? "" : " (floor: one idle run)");
  }
  wrap_print(table->out, table->width, "", "  ", title);
}

static void print_metric(struct table *table, const struct metric *metric) {
  size_t most = compute_values(table, metric);
  if (most == 0 && metric != &metrics[0]) {
    return;
  }
  size_t places = table->grid.workloads.count;
  if (metric->floor != GCM_COLUMN_COUNT) {
    compute_floor(table, metric->floor);
    places++;
  }
  for (size_t w = 0; w < places; w++) {
    for (size_t line = 0; line < lines_of(table, metric, w); line++) {
      write_line(table, metric, w, line, is_floor(table, w) ? 0 : most);
    }
  }
  measure_columns(table, metric, places);
  print_title(table, metric, most);
  for (size_t first = 0, end; first < table->grid.collectors.count; first = end) {
    end = end_of_block(table, first);
    print_header(table, first, end);
    for (size_t w = 0; w < places; w++) {
      print_place(table, metric, w, first, end);
    }
    fputc('\n', table->out);
  }
}

/* The words that stand in cells instead of a value, each once. */
static void print_legend(const struct table *table) {
  const struct grid *grid = &table->grid;
  const struct verdict *seen[32] = {0};
  bool not_run = false;
  for (size_t i = 0; i < grid->workloads.count * grid->collectors.count; i++) {
    struct grid_outcome outcome =
        grid_outcome(grid, i / grid->collectors.count, i % grid->collectors.count);
    not_run = not_run || outcome.runs == 0;
    const struct verdict *verdict =
        outcome.runs > 0 && outcome.ok == 0 ? verdict_find(outcome.other) : NULL;
    size_t place = 0;
    while (verdict != NULL && seen[place] != NULL && seen[place] != verdict) {
      place++;
    }
    if (verdict != NULL && seen[place] == NULL) {
      seen[place] = verdict;
      char line[160];
      snprintf(line, sizeof line, "%s: %s", verdict->brief, verdict->meaning);
      wrap_print(table->out, table->width, "", "  ", line);
    }
  }
  if (table->unmeasured) {
    fprintf(table->out, NOT_MEASURED ": not measured, or nothing there to measure\n");
  }
  if (not_run) {
    fprintf(table->out, NOT_RUN ": not run\n");
  }
}

static void measure_labels(struct table *table) {
  size_t widest = strlen("floor");
  for (size_t w = 0; w < table->grid.workloads.count; w++) {
    char label[GRID_LABEL_SIZE];
    size_t length = strlen(grid_label(&table->grid.workloads, w, label));
    widest = length > widest ? length : widest;
  }
  table->label_width = at_most(widest, LABEL_LIMIT);
}

static int print_all(struct table *table) {
  const struct grid *grid = &table->grid;
  table->scratch = calloc(grid->row_count + 1, sizeof table->scratch[0]);
  table->cells =
      calloc((grid->workloads.count + 1) * grid->collectors.count + 1, sizeof table->cells[0]);
  table->column_widths = calloc(grid->collectors.count + 1, sizeof table->column_widths[0]);
  if (table->scratch == NULL || table->cells == NULL || table->column_widths == NULL) {
    return -1;
  }
  if (grid->workloads.count == 0) {
    fprintf(table->out, "No run to show.\n");
  }
  measure_labels(table);
  for (size_t i = 0; grid->workloads.count > 0 && i < METRIC_COUNT; i++) {
    print_metric(table, &metrics[i]);
  }
  print_legend(table);
  return ferror(table->out) ? -1 : 0;
}

int table_print(FILE *out, const struct gcm_row *rows, size_t count, unsigned width, bool color) {
  struct table table = {.out = out, .color = color};
  table.width = width < TABLE_LEAST_WIDTH ? TABLE_LEAST_WIDTH : width;
  int result = grid_build(&table.grid, rows, count, 1);
  if (result == 0) {
    result = print_all(&table);
  }
  free(table.scratch);
  free(table.cells);
  free(table.column_widths);
  grid_free(&table.grid);
  return result;
}
