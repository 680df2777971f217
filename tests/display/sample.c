/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void set_text(struct gcm_row *row, enum gcm_column column, const char *text) {
  assert_int_equal(gcm_row_set_text(row, column, text), 0);
}

static struct gcm_row *add_planned(struct sample *sample, unsigned round, const char *collector,
                                   const char *workload, const char *status) {
  assert_true(sample->count < SAMPLE_LIMIT);
  struct gcm_row *row = &sample->rows[sample->count];
  *row = (struct gcm_row){0};
  gcm_row_set_uint(row, GCM_COLUMN_run, sample->count++);
  gcm_row_set_uint(row, GCM_COLUMN_round, round);
  gcm_row_set_uint(row, GCM_COLUMN_threads, 1);
  set_text(row, GCM_COLUMN_collector, collector);
  set_text(row, GCM_COLUMN_workload, workload);
  set_text(row, GCM_COLUMN_size, "default");
  set_text(row, GCM_COLUMN_allocator, "system");
  set_text(row, GCM_COLUMN_exit_mode, "teardown");
  set_text(row, GCM_COLUMN_status, status);
  return row;
}

struct gcm_row *sample_add(struct sample *sample, unsigned round, const char *collector,
                           const char *workload, double wall_s, double peak_bytes) {
  struct gcm_row *row = add_planned(sample, round, collector, workload, "ok");
  gcm_row_set_real(row, GCM_COLUMN_process_wall_s, wall_s + 0.01);
  gcm_row_set_real(row, GCM_COLUMN_run_wall_s, wall_s);
  gcm_row_set_real(row, GCM_COLUMN_run_cpu_s, wall_s);
  gcm_row_set_uint(row, GCM_COLUMN_allocated_objects, 1000000);
  gcm_row_set_uint(row, GCM_COLUMN_allocated_bytes, 32000000);
  gcm_row_set_uint(row, GCM_COLUMN_peak_rss_bytes, (uint64_t)peak_bytes);
  gcm_row_set_uint(row, GCM_COLUMN_floor_rss_bytes, 2100000);
  gcm_row_set_uint(row, GCM_COLUMN_left_at_end_objects, 0);
  gcm_row_set_uint(row, GCM_COLUMN_left_at_end_bytes, 0);
  gcm_row_set_uint(row, GCM_COLUMN_left_after_collect_objects, 0);
  gcm_row_set_uint(row, GCM_COLUMN_left_after_collect_bytes, 0);
  return row;
}

struct gcm_row *sample_add_failed(struct sample *sample, unsigned round, const char *collector,
                                  const char *workload, const char *status, const char *message) {
  struct gcm_row *row = add_planned(sample, round, collector, workload, status);
  gcm_row_set_real(row, GCM_COLUMN_process_wall_s, 3.2);
  if (message != NULL) {
    set_text(row, GCM_COLUMN_message, message);
  }
  return row;
}

static void set_left(struct gcm_row *row, uint64_t objects, uint64_t bytes) {
  gcm_row_set_uint(row, GCM_COLUMN_left_at_end_objects, objects);
  gcm_row_set_uint(row, GCM_COLUMN_left_at_end_bytes, bytes);
  gcm_row_set_uint(row, GCM_COLUMN_left_after_collect_objects, objects);
  gcm_row_set_uint(row, GCM_COLUMN_left_after_collect_bytes, bytes);
}

static void add_round(struct sample *sample, unsigned round) {
  static const char *const workloads[] = {"binary-trees", "gcbench", "rings", "splay"};
  double drift = 1 + round * 0.01;
  for (size_t i = 0; i < 4; i++) {
    double work = (double)(i + 1) * drift;
    struct gcm_row *row = sample_add(sample, round, "boehm", workloads[i], 0.9 * work, 9.4e6);
    gcm_row_set_real(row, GCM_COLUMN_pause_max_s, 0.0021 * work);
    gcm_row_set_uint(row, GCM_COLUMN_left_at_end_objects, 4096);
    gcm_row_set_uint(row, GCM_COLUMN_left_at_end_bytes, 131072);
    if (strcmp(workloads[i], "splay") == 0) {
      sample_add_failed(sample, round, "none", "splay", "memory-limit", NULL);
    } else {
      set_left(sample_add(sample, round, "none", workloads[i], 0.4 * work, 1.21e9), 1000000,
               32000000);
    }
    row = sample_add(sample, round, "rc", workloads[i], 1.1 * work, 8.1e6);
    if (strcmp(workloads[i], "rings") == 0) {
      gcm_row_set_uint(row, GCM_COLUMN_size_n, 400);
      set_left(row, 840000, 26880000);
    }
    row = sample_add(sample, round, "rc-cycle", workloads[i], 1.2 * work, 8.6e6);
    gcm_row_set_real(row, GCM_COLUMN_pause_max_s, 0.000071 * work);
  }
}

void sample_add_campaign(struct sample *sample) {
  for (unsigned round = 1; round <= 3; round++) {
    add_round(sample, round);
  }
}

void sample_clear(struct sample *sample) {
  for (size_t i = 0; i < sample->count; i++) {
    gcm_row_clear(&sample->rows[i]);
  }
  sample->count = 0;
}

FILE *sample_open(struct sample_output *output) {
  *output = (struct sample_output){0};
  output->stream = open_memstream(&output->text, &output->size);
  assert_non_null(output->stream);
  return output->stream;
}

char *sample_written(struct sample_output *output) {
  assert_int_equal(fclose(output->stream), 0);
  return output->text;
}

size_t sample_widest_line(const char *text) {
  size_t widest = 0;
  size_t columns = 0;
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '\033') {
      at += strcspn(at, "mK");
    } else if (*at == '\n' || *at == '\r') {
      columns = 0;
    } else {
      columns++;
      widest = columns > widest ? columns : widest;
    }
  }
  return widest;
}
