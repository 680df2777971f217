/* SPDX-License-Identifier: MIT
 *
 * What a run leaves behind: the record, the events, or a summary for people.
 */
#include "runner.h"

#include "collectors/support/pause.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const runner_status[RUNNER_EXIT_COUNT] = {
    [RUNNER_OK] = "ok",       [RUNNER_FAILED] = "failed",
    [RUNNER_USAGE] = "usage", [RUNNER_OUT_OF_HEAP] = "out-of-heap",
    [RUNNER_WRONG] = "wrong", [RUNNER_UNSUPPORTED] = "unsupported",
};

static int complain(const char *what, const char *path) {
  fprintf(stderr, "gcmark-" GCMARK_COLLECTOR ": %s %s: %s\n", what, path, strerror(errno));
  return -1;
}

static json_t *value_json(const struct gcm_value *value, enum gcm_column_type type) {
  switch (type) {
  case GCM_COLUMN_UINT:
    return json_integer((json_int_t)value->uint);
  case GCM_COLUMN_REAL:
    return json_real(value->real);
  case GCM_COLUMN_TEXT:
    return json_string(value->text);
  }
  return NULL;
}

static json_t *record_json(enum runner_exit outcome, const char *message,
                           const struct gcm_row *row) {
  json_t *record =
      json_pack("{s:i, s:s}", "protocol", RUNNER_PROTOCOL, "status", runner_status[outcome]);
  int failed = record == NULL;
  if (!failed && outcome != RUNNER_OK) {
    failed = json_object_set_new(record, "message", json_string(message));
  }
  for (int i = 0; !failed && i < GCM_COLUMN_COUNT; i++) {
    if (gcm_columns[i].source == GCM_COLUMN_RUNNER && row->values[i].present) {
      failed = json_object_set_new(record, gcm_columns[i].name,
                                   value_json(&row->values[i], gcm_columns[i].type));
    }
  }
  if (failed) {
    json_decref(record);
    return NULL;
  }
  return record;
}

int record_write(const char *path, enum runner_exit outcome, const char *message,
                 const struct gcm_row *row) {
  char partial[4096];
  if ((size_t)snprintf(partial, sizeof partial, "%s.partial", path) >= sizeof partial) {
    errno = ENAMETOOLONG;
    return complain("cannot write the record", path);
  }
  json_t *record = record_json(outcome, message, row);
  if (record == NULL) {
    errno = ENOMEM;
    return complain("cannot make the record", path);
  }
  int failed = json_dump_file(record, partial, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
  json_decref(record);
  if (failed || rename(partial, path) != 0) {
    int reason = errno;
    unlink(partial);
    errno = reason;
    return complain("cannot write the record", path);
  }
  return 0;
}

static const char *const pause_kinds[] = {
    [GCM_PAUSE_COLLECTION] = "collection",
    [GCM_PAUSE_YOUNG] = "young",
    [GCM_PAUSE_CYCLES] = "cycles",
};

int events_write(const char *path) {
  FILE *file = fopen(path, "we");
  if (file == NULL) {
    return complain("cannot write the events", path);
  }
  struct gcm_pause_summary pauses = gcm_pause_read();
  fprintf(file, "begin_s,end_s,cpu_s,kind\n");
  for (size_t i = 0; i < pauses.listed; i++) {
    const struct gcm_pause *pause = &pauses.list[i];
    fprintf(file, "%.9f,%.9f,%.9f,%s\n", (double)pause->begin / 1e9, (double)pause->end / 1e9,
            (double)pause->cpu / 1e9, pause_kinds[pause->kind]);
  }
  if (pauses.listed < pauses.count) {
    fprintf(stderr,
            "gcmark-" GCMARK_COLLECTOR ": only the first %zu of %" PRIu64
            " pauses are listed in %s\n",
            pauses.listed, pauses.count, path);
  }
  int failed = ferror(file);
  return fclose(file) != 0 || failed ? complain("cannot write the events", path) : 0;
}

static void print_value(const struct gcm_row *row, const char *label, enum gcm_column column,
                        double scale, const char *unit) {
  const struct gcm_value *value = &row->values[column];
  if (!value->present) {
    return;
  }
  if (gcm_columns[column].type == GCM_COLUMN_REAL) {
    printf("  %-24s %.6f %s\n", label, value->real * scale, unit);
  } else {
    printf("  %-24s %.*f %s\n", label, scale == 1 ? 0 : 1, (double)value->uint * scale, unit);
  }
}

void summary_print(const gcm_workload *workload, enum runner_exit outcome, const char *message,
                   const struct gcm_row *row) {
  const double mebibytes = 1.0 / (1 << 20);
  printf("%s on %s, size %" PRIu64 ": %s%s%s\n", workload->name, GCMARK_COLLECTOR,
         row->values[GCM_COLUMN_size_n].uint, runner_status[outcome],
         outcome == RUNNER_OK ? "" : ": ", outcome == RUNNER_OK ? "" : message);
  if (row->values[GCM_COLUMN_answer].present) {
    printf("  %-24s %s\n", "answer", row->values[GCM_COLUMN_answer].text);
  }
  print_value(row, "time, wall", GCM_COLUMN_run_wall_s, 1, "s");
  print_value(row, "time, CPU", GCM_COLUMN_run_cpu_s, 1, "s");
  print_value(row, "peak resident memory", GCM_COLUMN_peak_rss_bytes, mebibytes, "MiB");
  print_value(row, "objects allocated", GCM_COLUMN_allocated_objects, 1, "");
  print_value(row, "collections", GCM_COLUMN_collections, 1, "");
  print_value(row, "longest pause", GCM_COLUMN_pause_max_s, 1e3, "ms");
  print_value(row, "left at end, objects", GCM_COLUMN_left_at_end_objects, 1, "");
  print_value(row, "left at end, bytes", GCM_COLUMN_left_at_end_bytes, 1, "B");
  print_value(row, "after collection", GCM_COLUMN_left_after_collect_objects, 1, "objects");
  print_value(row, "after teardown", GCM_COLUMN_left_after_teardown_objects, 1, "objects");
}
