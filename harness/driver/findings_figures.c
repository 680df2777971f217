/* SPDX-License-Identifier: MIT
 *
 * Findings about the figures: which to distrust, which are far from the others.
 */
#include "findings_internal.h"

#include <math.h>
#include <string.h>

#include "harness/driver/human.h"

/* A run that waits for nothing and has a processor of its own: wall equals CPU time, a few
 * involuntary switches a second, nothing stolen. */
#define WAITING_RATIO 1.2
#define WAITING_LEAST_S 0.05
#define SWITCHES_PER_S 200.0
#define STEAL_SHARE 0.02

/* Smaller ratios a reader sees in the table. */
#define EXTREME_RATIO 3.0

struct disturbance {
  double waiting;    /* wall over CPU time */
  double switches_s; /* involuntary switches a second */
  double stolen;     /* share of the time */
  double severity;   /* largest of the above, each over its threshold; > 1 is a disturbance */
};

static double positive_or_zero(double value) {
  return value > 0 ? value : 0;
}

static struct disturbance measure_disturbance(const struct gcm_row *row) {
  struct disturbance found = {0};
  double wall_s = grid_number(row, GCM_COLUMN_run_wall_s);
  double cpu_s = grid_number(row, GCM_COLUMN_run_cpu_s);
  if (wall_s - cpu_s > WAITING_LEAST_S && cpu_s > 0) {
    found.waiting = wall_s / cpu_s;
  }
  if (wall_s > WAITING_LEAST_S) {
    found.switches_s =
        positive_or_zero(grid_number(row, GCM_COLUMN_run_involuntary_switches) / wall_s);
  }
  double process_s = grid_number(row, GCM_COLUMN_process_wall_s);
  if (process_s > WAITING_LEAST_S) {
    found.stolen = positive_or_zero(grid_number(row, GCM_COLUMN_steal_s) / process_s);
  }
  found.severity = fmax(found.waiting / WAITING_RATIO,
                        fmax(found.switches_s / SWITCHES_PER_S, found.stolen / STEAL_SHARE));
  return found;
}

static void say_disturbed(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  size_t runs = 0;
  size_t disturbed = 0;
  size_t worst_row = 0;
  struct disturbance worst = {.severity = 1};
  for (size_t i = 0; i < grid->row_count; i++) {
    if (grid->cell_of_row[i] == SIZE_MAX ||
        strcmp(grid_text(&grid->rows[i], GCM_COLUMN_status), "ok") != 0) {
      continue;
    }
    runs++;
    struct disturbance found = measure_disturbance(&grid->rows[i]);
    disturbed += found.severity > 1 ? 1 : 0;
    if (found.severity > worst.severity) {
      worst = found;
      worst_row = i;
    }
  }
  if (disturbed == 0) {
    return;
  }
  char name[FINDINGS_NAME_SIZE];
  findings_name(grid, worst_row, name);
  char waiting[48] = "";
  if (worst.waiting > WAITING_RATIO) {
    snprintf(waiting, sizeof waiting, "wall time %.1f times the CPU time, ", worst.waiting);
  }
  findings_say(findings,
               "%zu of %zu runs were disturbed, most of all %s in round %.0f (%s%.0f involuntary "
               "switches a second, %.1f %% of the time stolen by the hypervisor). Likely other "
               "programs wanted the processors, or the workload waits for files. Quieten the "
               "machine, take more rounds, and compare CPU times.",
               disturbed, runs, name, grid_number(&grid->rows[worst_row], GCM_COLUMN_round),
               waiting, worst.switches_s, 100 * worst.stolen);
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
  findings_say(findings,
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
  double least_difference; /* smaller ones are a runtime's own size, or the noise of a process */
  char *(*text)(char *out, double value);
  const char *observation;
  const char *advice;
};

static const struct extreme extremes[] = {
    {GCM_COLUMN_peak_rss_bytes, 8e6, human_bytes, "peaked at",
     "Likely it frees late or never, or keeps a reserve: if memory is scarce, give it --heap or "
     "choose another."},
    {GCM_COLUMN_run_wall_s, 0.01, human_seconds, "took",
     "Likely this workload is the worst case of how it reclaims: profile it before choosing it for "
     "such a program."},
};

/* The collector with the least median on a workload, SIZE_MAX if none has one. */
static size_t find_least(const struct findings *findings, size_t workload, enum gcm_column column) {
  size_t least = SIZE_MAX;
  double least_value = INFINITY;
  for (size_t c = 0; c < findings->grid.collectors.count; c++) {
    double value = findings_median(findings, workload, c, column);
    if (value < least_value) {
      least_value = value;
      least = c;
    }
  }
  return least;
}

static void say_extreme(struct findings *findings, size_t collector,
                        const struct extreme *extreme) {
  const struct grid *grid = &findings->grid;
  struct findings_list places = {0};
  double worst_ratio = 0;
  size_t worst = 0;
  for (size_t w = 0; w < grid->workloads.count; w++) {
    size_t least = find_least(findings, w, extreme->column);
    if (least == SIZE_MAX) {
      continue;
    }
    double value = findings_median(findings, w, collector, extreme->column);
    double least_value = findings_median(findings, w, least, extreme->column);
    if (value < EXTREME_RATIO * least_value ||
        !(value - least_value >= extreme->least_difference)) {
      continue;
    }
    char place[GRID_LABEL_SIZE];
    findings_list_add(&places, grid_label(&grid->workloads, w, place));
    if (value / least_value > worst_ratio) {
      worst_ratio = value / least_value;
      worst = w;
    }
  }
  if (places.count == 0) {
    return;
  }
  size_t least = find_least(findings, worst, extreme->column);
  char name[GRID_LABEL_SIZE];
  char least_name[GRID_LABEL_SIZE];
  char place[GRID_LABEL_SIZE];
  char own_text[HUMAN_SIZE];
  char least_text[HUMAN_SIZE];
  char ratio[HUMAN_SIZE];
  bool several = places.count > 1;
  findings_say(
      findings, "%s %s %.0f times the least or more on %s%s%s: %s, %s times the %s of %s. %s",
      grid_label(&grid->collectors, collector, name), extreme->observation, EXTREME_RATIO,
      places.text, several ? "; most on " : "",
      several ? grid_label(&grid->workloads, worst, place) : "",
      extreme->text(own_text, findings_median(findings, worst, collector, extreme->column)),
      human_number(ratio, worst_ratio),
      extreme->text(least_text, findings_median(findings, worst, least, extreme->column)),
      grid_label(&grid->collectors, least, least_name), extreme->advice);
}

int findings_of_extremes(struct findings *findings) {
  for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
    for (size_t c = 0; c < findings->grid.collectors.count; c++) {
      say_extreme(findings, c, &extremes[i]);
    }
  }
  return 0;
}
