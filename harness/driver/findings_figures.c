/* SPDX-License-Identifier: MIT
 *
 * Findings about the figures: which to distrust, which are far from the others.
 */
#include "findings_internal.h"

#include <math.h>
#include <string.h>

#include "harness/driver/human.h"

/* A run of one thread that waits for nothing and has a processor of its own takes no longer than
 * its CPU time; timers and a page fault from disk are allowed for. */
#define WAITING_RATIO 1.3
#define WAITING_LEAST_S 0.002
#define STEAL_SHARE 0.01

/* Smaller ratios a reader sees in the table. */
#define EXTREME_RATIO 3.0
/* CPU times below this are too short to compare. */
#define LEAST_CPU_S 0.01
#define LEAST_BYTES 8e6 /* smaller differences are a runtime's own size */

/* Wall time over CPU time, 0 where they agree or several threads share the work. */
static double waiting_of(const struct gcm_row *row) {
  double wall_s = grid_number(row, GCM_COLUMN_run_wall_s);
  double cpu_s = grid_number(row, GCM_COLUMN_run_cpu_s);
  bool waits = grid_number(row, GCM_COLUMN_threads) == 1 && cpu_s > 0 &&
               wall_s > WAITING_RATIO * cpu_s + WAITING_LEAST_S;
  return waits ? wall_s / cpu_s : 0;
}

static bool was_stolen_from(const struct gcm_row *row) {
  return grid_number(row, GCM_COLUMN_steal_s) >
         STEAL_SHARE * grid_number(row, GCM_COLUMN_process_wall_s);
}

static void say_disturbed(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  size_t runs = 0;
  size_t disturbed = 0;
  size_t stolen = 0;
  size_t worst_row = 0;
  double worst = 0;
  for (size_t i = 0; i < grid->row_count; i++) {
    const struct gcm_row *row = &grid->rows[i];
    if (grid->cell_of_row[i] == SIZE_MAX || strcmp(grid_text(row, GCM_COLUMN_status), "ok") != 0) {
      continue;
    }
    runs++;
    double waiting = waiting_of(row);
    stolen += was_stolen_from(row) ? 1 : 0;
    disturbed += waiting > 0 || was_stolen_from(row) ? 1 : 0;
    if (waiting > worst) {
      worst = waiting;
      worst_row = i;
    }
  }
  if (disturbed == 0) {
    return;
  }
  char waited[FINDINGS_NAME_SIZE + 96] = "";
  if (worst > 0) {
    char name[FINDINGS_NAME_SIZE];
    snprintf(waited, sizeof waited, "wall time up to %.1f times the CPU time (%s, round %.0f)",
             worst, findings_name(grid, worst_row, name),
             grid_number(&grid->rows[worst_row], GCM_COLUMN_round));
  }
  char theft[96] = "";
  if (stolen > 0) {
    snprintf(theft, sizeof theft, "%sthe hypervisor took over %.0f %% of the time of %zu %s",
             worst > 0 ? "; " : "", 100 * STEAL_SHARE, stolen, stolen == 1 ? "run" : "runs");
  }
  findings_say(
      findings, NULL, NULL,
      "%zu of %zu %s %s disturbed: %s%s. Likely other programs wanted the processors, or the "
      "workload waits for files: quieten the machine, take more rounds, and trust CPU "
      "times only.",
      disturbed, runs, runs == 1 ? "run" : "runs", disturbed == 1 ? "was" : "were", waited, theft);
}

static void say_disagreeing_peaks(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  size_t count = 0;
  size_t first = 0;
  for (size_t i = 0; i < grid->row_count; i++) {
    if (grid->cell_of_row[i] != SIZE_MAX &&
        grid_number(&grid->rows[i], GCM_COLUMN_peak_disagrees) > 0) {
      first = count == 0 ? i : first;
      count++;
    }
  }
  if (count == 0) {
    return;
  }
  char name[FINDINGS_NAME_SIZE];
  char own[HUMAN_SIZE];
  char kernel[HUMAN_SIZE];
  findings_name(grid, first, name);
  double own_bytes = grid_number(&grid->rows[first], GCM_COLUMN_peak_rss_bytes);
  double kernel_bytes = grid_number(&grid->rows[first], GCM_COLUMN_maxrss_bytes);
  findings_say(findings, NULL, NULL,
               "The peak memory of %zu %s is in doubt, first of %s: the process read %s, the "
               "kernel told its parent %s. Likely memory grew after the process had looked, or "
               "another process is counted in. Do not quote these peaks.",
               count, count == 1 ? "run" : "runs", name,
               isnan(own_bytes) ? "nothing" : human_bytes(own, own_bytes),
               isnan(kernel_bytes) ? "nothing" : human_bytes(kernel, kernel_bytes));
}

int findings_of_noise(struct findings *findings) {
  say_disagreeing_peaks(findings);
  say_disturbed(findings);
  return 0;
}

struct extreme {
  enum gcm_column column;
  char *(*text)(char *out, double value);
  const char *observation;
  /* Whether the cell's value may be the least, that others are compared with. */
  bool (*is_reference)(const struct findings *findings, size_t workload, size_t collector,
                       double value);
  /* Whether such a value is worth telling. */
  bool (*is_told)(const struct findings *findings, size_t workload, size_t collector, double value,
                  double least);
};

static bool is_any(const struct findings *findings, size_t workload, size_t collector,
                   double value) {
  (void)findings;
  (void)workload;
  (void)collector;
  return !isnan(value);
}

/* Memory that is leaked has been told already. */
static bool is_unexplained_memory(const struct findings *findings, size_t workload,
                                  size_t collector, double value, double least) {
  double left = findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_bytes);
  double excess = value - least;
  return excess >= LEAST_BYTES && !(left >= excess / 2);
}

/* Who reclaims nothing has not done the work, whatever its time. */
static bool is_time_of_work(const struct findings *findings, size_t workload, size_t collector,
                            double value) {
  return !isnan(value) && findings_did_the_work(findings, workload, collector);
}

static bool is_comparable_time(const struct findings *findings, size_t workload, size_t collector,
                               double value, double least) {
  (void)findings;
  (void)workload;
  (void)collector;
  (void)value;
  return least >= LEAST_CPU_S;
}

static const struct extreme extremes[] = {
    {GCM_COLUMN_peak_rss_bytes, human_bytes, "peaked at 3 times the least memory or more", is_any,
     is_unexplained_memory},
    {GCM_COLUMN_run_cpu_s, human_seconds, "took 3 times the least CPU time or more",
     is_time_of_work, is_comparable_time},
};

static bool same_value(const struct gcm_row *a, const struct gcm_row *b, enum gcm_column column) {
  const struct gcm_value *left = &a->values[column];
  const struct gcm_value *right = &b->values[column];
  return left->present == right->present && (!left->present || left->uint == right->uint);
}

static bool same_text(const struct gcm_row *a, const struct gcm_row *b, enum gcm_column column) {
  return strcmp(grid_text(a, column), grid_text(b, column)) == 0;
}

/* Only runs under equal conditions are compared. */
static bool are_comparable(const struct grid *grid, size_t a, size_t b) {
  const struct gcm_row *left = grid->collectors.examples[a];
  const struct gcm_row *right = grid->collectors.examples[b];
  return same_value(left, right, GCM_COLUMN_threads) &&
         same_value(left, right, GCM_COLUMN_heap_limit_bytes) &&
         same_text(left, right, GCM_COLUMN_allocator) &&
         same_text(left, right, GCM_COLUMN_exit_mode);
}

/* Whom to compare that collector with on a workload: the least, SIZE_MAX if there is none. */
static size_t find_least(const struct findings *findings, size_t workload, size_t collector,
                         const struct extreme *extreme) {
  size_t least = SIZE_MAX;
  double least_value = INFINITY;
  for (size_t c = 0; c < findings->grid.collectors.count; c++) {
    if (!are_comparable(&findings->grid, c, collector)) {
      continue;
    }
    double value = findings_median(findings, workload, c, extreme->column);
    if (value < least_value && extreme->is_reference(findings, workload, c, value)) {
      least_value = value;
      least = c;
    }
  }
  return least;
}

/* The worst cell so far of a collector, and where else it is extreme. */
struct worst {
  size_t workload;
  size_t collector;
  size_t least;
  double ratio;
  struct findings_list places;
};

static void look_at_workload(const struct findings *findings, size_t workload, size_t first,
                             const struct extreme *extreme, struct worst *worst) {
  const struct grid *grid = &findings->grid;
  bool is_listed = false;
  for (size_t c = first; c < grid->collectors.count; c++) {
    if (!same_text(grid->collectors.examples[first], grid->collectors.examples[c],
                   GCM_COLUMN_collector)) {
      continue;
    }
    size_t least = find_least(findings, workload, c, extreme);
    double value = findings_median(findings, workload, c, extreme->column);
    double least_value =
        least == SIZE_MAX ? NAN : findings_median(findings, workload, least, extreme->column);
    if (!(value >= EXTREME_RATIO * least_value) ||
        !extreme->is_told(findings, workload, c, value, least_value)) {
      continue;
    }
    if (!is_listed) {
      char place[GRID_LABEL_SIZE];
      findings_list_add(&worst->places, grid_label(&grid->workloads, workload, place));
      is_listed = true;
    }
    if (value / least_value > worst->ratio) {
      worst->workload = workload;
      worst->collector = c;
      worst->least = least;
      worst->ratio = value / least_value;
    }
  }
}

/* "took 3 times the least CPU time or more on rings, splay; most on rings: 9.00 s, 9.00 times the
 * 1.00 s of rc" */
static void say_extreme(struct findings *findings, const struct extreme *extreme,
                        const struct worst *worst, const char *advice) {
  const struct grid *grid = &findings->grid;
  char name[GRID_LABEL_SIZE];
  char least_name[GRID_LABEL_SIZE];
  char place[GRID_LABEL_SIZE];
  char own_text[HUMAN_SIZE];
  char least_text[HUMAN_SIZE];
  char ratio[HUMAN_SIZE];
  bool several = worst->places.count > 1;
  enum gcm_column column = extreme->column;
  findings_say(
      findings, "Collector", grid_label(&grid->collectors, worst->collector, name),
      " %s on %s%s%s: %s, %s times the %s of %s. %s", extreme->observation, worst->places.text,
      several ? "; most on " : "",
      several ? grid_label(&grid->workloads, worst->workload, place) : "",
      extreme->text(own_text, findings_median(findings, worst->workload, worst->collector, column)),
      human_number(ratio, worst->ratio),
      extreme->text(least_text, findings_median(findings, worst->workload, worst->least, column)),
      grid_label(&grid->collectors, worst->least, least_name), advice);
}

static const char *advice_for(const struct findings *findings, const struct extreme *extreme,
                              const struct worst *worst) {
  if (extreme->column == GCM_COLUMN_run_cpu_s) {
    return "Likely this is the worst case of how it reclaims: profile it before choosing it for "
           "such a program.";
  }
  const struct gcm_row *example = findings->grid.collectors.examples[worst->collector];
  return example->values[GCM_COLUMN_heap_limit_bytes].present
             ? "Likely it frees late, or keeps a reserve: if memory is scarce, choose another."
             : "Likely it frees late, or keeps a reserve: if memory is scarce, give it --heap or "
               "choose another.";
}

/* The first place of a collector on its axis: its heaps, allocators and so on follow. */
static bool is_first_of_name(const struct grid *grid, size_t collector) {
  return collector == 0 || !same_text(grid->collectors.examples[collector - 1],
                                      grid->collectors.examples[collector], GCM_COLUMN_collector);
}

int findings_of_extremes(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
    for (size_t c = 0; c < grid->collectors.count; c++) {
      struct worst worst = {0};
      for (size_t w = 0; is_first_of_name(grid, c) && w < grid->workloads.count; w++) {
        look_at_workload(findings, w, c, &extremes[i], &worst);
      }
      if (worst.places.count > 0) {
        say_extreme(findings, &extremes[i], &worst, advice_for(findings, &extremes[i], &worst));
      }
    }
  }
  return 0;
}
