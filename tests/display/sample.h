/* SPDX-License-Identifier: MIT
 *
 * Made-up rows and captured output for the tests of what people read.
 */
#ifndef GCM_TESTS_DISPLAY_SAMPLE_H
#define GCM_TESTS_DISPLAY_SAMPLE_H

#include <stddef.h>
#include <stdio.h>

#include "harness/columns.h"

#define SAMPLE_LIMIT 256

/* Rows under construction; clear them with sample_clear. */
struct sample {
  struct gcm_row rows[SAMPLE_LIMIT];
  size_t count;
};

/* Adds an ok row with the columns of a plan, one million objects allocated, and times and sizes
 * as given. The result may be changed until the next call. */
struct gcm_row *sample_add(struct sample *sample, unsigned round, const char *collector,
                           const char *workload, double wall_s, double peak_bytes);

/* Adds a row that ended otherwise. */
struct gcm_row *sample_add_failed(struct sample *sample, unsigned round, const char *collector,
                                  const char *workload, const char *status, const char *message);

/* What a round of the default comparison might look like, three times over. */
void sample_add_campaign(struct sample *sample);

void sample_clear(struct sample *sample);

/* A stream that collects what is written; sample_written closes it and returns the text, malloc. */
struct sample_output {
  FILE *stream;
  char *text;
  size_t size;
};
FILE *sample_open(struct sample_output *output);
char *sample_written(struct sample_output *output);

/* The most columns of any line, escape sequences not counted. */
size_t sample_widest_line(const char *text);

#endif
