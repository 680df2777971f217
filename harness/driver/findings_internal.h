/* SPDX-License-Identifier: MIT
 *
 * Between findings.c and the files that hold the findings, one family each.
 */
#ifndef GCM_DRIVER_FINDINGS_INTERNAL_H
#define GCM_DRIVER_FINDINGS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/driver/grid.h"

/* Names that pile up: "rings, splay". Cut silently when full. */
struct findings_list {
  char text[4096];
  size_t count;
};
void findings_list_add(struct findings_list *list, const char *name);

/* A sentence, and those of whom it is true. */
struct finding {
  const char *kind;              /* "Collector" before the subjects, or NULL */
  struct findings_list subjects; /* may be empty */
  char *text;
};

struct findings {
  FILE *out;
  unsigned width;
  bool color;
  struct finding *list;
  size_t count;
  size_t failures; /* the first so many; each of them is printed */
  size_t capacity;
  bool out_of_memory;
  struct grid grid; /* rounds from 1 on */
  double *scratch;  /* room for a value a row */
  bool *noted;      /* a flag a row, clear when a finding begins */
};

/* One finding, true of that subject (NULL: of none in particular); words that were said already
 * gain one more subject. Control characters are replaced: a runner's own words must not steer the
 * terminal. */
__attribute__((format(printf, 4, 5))) void findings_say(struct findings *findings, const char *kind,
                                                        const char *subject, const char *format,
                                                        ...);

/* The cell's median over ok runs, NaN without one. */
double findings_median(const struct findings *findings, size_t workload, size_t collector,
                       enum gcm_column column);

/* Names the cell of a row that the grid has: "rc on rings". */
#define FINDINGS_NAME_SIZE (2 * GRID_LABEL_SIZE + 8)
char *findings_name(const struct grid *grid, size_t row, char *out);

/* To a whole number; 0 for NaN. */
uint64_t findings_count(double value);

/* What a collector left behind on a workload after a full collection. */
enum findings_leftover { FINDINGS_NOTHING, FINDINGS_STRAYS, FINDINGS_LEAK };
enum findings_leftover findings_leftover(const struct findings *findings, size_t workload,
                                         size_t collector);

/* Whether the collector reclaimed what the workload had dropped: a leak, or a finalizer that never
 * ran, is work saved. True if that is unknown. */
bool findings_did_the_work(const struct findings *findings, size_t workload, size_t collector);

/* Each says what it finds; 0, or -1 if memory ran out. */
int findings_of_failures(struct findings *findings);
int findings_of_leaks(struct findings *findings);
int findings_of_strays(struct findings *findings);
int findings_of_resources(struct findings *findings);
int findings_of_noise(struct findings *findings);
int findings_of_extremes(struct findings *findings);

#endif
