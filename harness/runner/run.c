/* SPDX-License-Identifier: MIT
 *
 * One run: open, setup, timed part, roots dropped, snapshot 1, full collection,
 * snapshot 2, teardown, snapshot 3. All measuring happens between these.
 */
#include "runner.h"

#include "collectors/support/ledger.h"
#include "collectors/support/pause.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a figure has to be, inclusive; not checked unless set. */
struct bounds {
  bool set;
  uint64_t minimum, maximum;
};

struct gcm_run {
  const struct arguments *arguments;
  struct gcm_row row;
  struct moment since; /* begin of the present phase */
  enum { BEFORE, TIMED, AFTER } phase;
  struct bounds allocated, left;
  bool wrong;
  char answer[1024];
  char message[512];
};

/* The run in progress: out of heap can strike at any allocation. */
static gcm_run the_run;

uint64_t gcm_run_size(const gcm_run *run) {
  return run->arguments->size;
}

uint64_t gcm_run_seed(const gcm_run *run) {
  return run->arguments->seed;
}

void gcm_run_start(gcm_run *run) {
  run->phase = TIMED;
  measure_phase(&run->row, GCM_COLUMN_setup_wall_s, GCM_COLUMN_setup_cpu_s, run->since);
  measure_counters_start();
  run->since = measure_moment();
}

void gcm_run_stop(gcm_run *run) {
  measure_phase(&run->row, GCM_COLUMN_run_wall_s, GCM_COLUMN_run_cpu_s, run->since);
  measure_counters_stop(&run->row);
  measure_peak(&run->row, GCM_COLUMN_peak_rss_run_bytes);
  run->phase = AFTER;
  run->since = measure_moment();
}

static void append(char *text, size_t capacity, const char *more) {
  size_t length = strlen(text);
  snprintf(text + length, capacity - length, "%s%s", length > 0 ? " " : "", more);
}

void gcm_answer_unchecked(gcm_run *run, const char *name, uint64_t value) {
  char part[96];
  snprintf(part, sizeof part, "%s=%" PRIu64, name, value);
  append(run->answer, sizeof run->answer, part);
  run->since = measure_moment(); /* working out an answer is not dropping roots */
}

void gcm_answer(gcm_run *run, const char *name, uint64_t value, uint64_t expected) {
  gcm_answer_unchecked(run, name, value);
  if (value != expected) {
    char part[160];
    snprintf(part, sizeof part, "%s is %" PRIu64 ", expected %" PRIu64, name, value, expected);
    append(run->message, sizeof run->message, part);
    run->wrong = true;
  }
}

void gcm_expect_allocated(gcm_run *run, uint64_t minimum, uint64_t maximum) {
  run->allocated = (struct bounds){true, minimum, maximum};
}

void gcm_expect_left(gcm_run *run, uint64_t minimum, uint64_t maximum) {
  run->left = (struct bounds){true, minimum, maximum};
}

static void check_bounds(gcm_run *run, enum gcm_column column, const struct bounds *bounds) {
  const struct gcm_value *value = &run->row.values[column];
  if (!bounds->set || !value->present) {
    return;
  }
  if (value->uint < bounds->minimum || value->uint > bounds->maximum) {
    char part[192];
    snprintf(part, sizeof part, "%s is %" PRIu64 ", expected %" PRIu64 " to %" PRIu64,
             gcm_columns[column].name, value->uint, bounds->minimum, bounds->maximum);
    append(run->message, sizeof run->message, part);
    run->wrong = true;
  }
}

void gcm_report_unflushed(gcm_run *run, uint64_t bytes) {
  gcm_row_set_uint(&run->row, GCM_COLUMN_unflushed_bytes, bytes);
}

/* Write down how it went; the exit code. */
static int conclude(gcm_run *run, enum runner_exit outcome) {
  const struct arguments *arguments = run->arguments;
  measure_peak(&run->row, GCM_COLUMN_peak_rss_bytes);
  if (run->answer[0] != '\0') {
    gcm_row_set_text(&run->row, GCM_COLUMN_answer, run->answer);
  }
  gcm_row_set_real(&run->row, GCM_COLUMN_finished_monotonic_s, (double)measure_moment().wall / 1e9);
  if (arguments->events != NULL && events_write(arguments->events) != 0) {
    return RUNNER_FAILED;
  }
  if (arguments->record != NULL) {
    if (record_write(arguments->record, outcome, run->message, &run->row) != 0) {
      return RUNNER_FAILED;
    }
  } else {
    summary_print(arguments->workload, outcome, run->message, &run->row);
  }
  if (outcome != RUNNER_OK) {
    fprintf(stderr, "gcmark-" GCMARK_COLLECTOR ": %s: %s\n", arguments->workload->name,
            run->message);
  }
  return (int)outcome;
}

static _Noreturn void end_early(gcm_run *run, enum runner_exit outcome, const char *why) {
  snprintf(run->message, sizeof run->message, "%s", why);
  int code = conclude(run, outcome);
  fflush(NULL);
  _exit(code);
}

void gcm_run_unsupported(gcm_run *run, const char *why) {
  end_early(run, RUNNER_UNSUPPORTED, why);
}

void gcm_run_failed(gcm_run *run, const char *why) {
  end_early(run, RUNNER_FAILED, why);
}

static __attribute__((noreturn)) void out_of_heap(size_t asked, size_t held) {
  char why[128];
  snprintf(why, sizeof why, "out of heap: %zu bytes asked, %zu held", asked, held);
  gcm_row_set_uint(&the_run.row, GCM_COLUMN_heap_asked_bytes, asked);
  gcm_row_set_uint(&the_run.row, GCM_COLUMN_heap_held_bytes, held);
  if (the_run.arguments->workload->must_run_out) {
    bool honoured = held <= the_run.arguments->heap_limit;
    end_early(&the_run, honoured ? RUNNER_OK : RUNNER_WRONG, why);
  }
  end_early(&the_run, RUNNER_OUT_OF_HEAP, why);
}

static __attribute__((noreturn)) void heap_failed(const char *message) {
  end_early(&the_run, RUNNER_FAILED, message);
}

static void set_known(struct gcm_row *row, enum gcm_column column, uint64_t value) {
  if (value != GCM_UNKNOWN) {
    gcm_row_set_uint(row, column, value);
  }
}

/* What a snapshot tells; the columns differ from one to the next. */
struct snapshot {
  enum gcm_column objects, bytes, resident, finalizers;
};
static const struct snapshot at_end = {GCM_COLUMN_left_at_end_objects, GCM_COLUMN_left_at_end_bytes,
                                       GCM_COLUMN_rss_at_end_bytes,
                                       GCM_COLUMN_finalizers_run_before_end};
static const struct snapshot after_collect = {
    GCM_COLUMN_left_after_collect_objects, GCM_COLUMN_left_after_collect_bytes,
    GCM_COLUMN_rss_after_collect_bytes, GCM_COLUMN_finalizers_run_at_collect};
static const struct snapshot after_teardown = {
    GCM_COLUMN_left_after_teardown_objects, GCM_COLUMN_left_after_teardown_bytes,
    GCM_COLUMN_rss_after_teardown_bytes, GCM_COLUMN_finalizers_run_at_teardown};

/* `finalized` is how many finalizers had run at the snapshot before; returns
 * how many have now. */
static uint64_t take_snapshot(struct gcm_row *row, gcm_heap *heap, const struct snapshot *snapshot,
                              uint64_t finalized) {
  struct gcm_heap_counts counts;
  gcm_heap_count(heap, &counts);
  set_known(row, snapshot->objects, counts.objects);
  set_known(row, snapshot->bytes, counts.bytes);
  measure_resident(row, snapshot->resident);
  uint64_t run = gcm_ledger_read().finalizers_run;
  gcm_row_set_uint(row, snapshot->finalizers, run - finalized);
  return run;
}

/* What the collector did before snapshot 1. */
static void report_work(struct gcm_row *row, gcm_heap *heap) {
  struct gcm_heap_counts counts;
  gcm_heap_count(heap, &counts);
  set_known(row, GCM_COLUMN_allocated_objects, counts.allocated_objects);
  set_known(row, GCM_COLUMN_allocated_bytes, counts.allocated_bytes);
  set_known(row, GCM_COLUMN_finalizers_registered, counts.finalizable);
  if (counts.collections != GCM_UNKNOWN) {
    gcm_row_set_uint(row, GCM_COLUMN_collections, counts.collections);
    struct gcm_pause_summary pauses = gcm_pause_read();
    gcm_row_set_uint(row, GCM_COLUMN_pauses, pauses.count);
    gcm_row_set_real(row, GCM_COLUMN_pause_wall_s, (double)pauses.wall / 1e9);
    gcm_row_set_real(row, GCM_COLUMN_pause_cpu_s, (double)pauses.cpu / 1e9);
    gcm_row_set_real(row, GCM_COLUMN_pause_max_s, (double)pauses.longest / 1e9);
  }
  struct gcm_ledger ledger = gcm_ledger_read();
  gcm_row_set_uint(row, GCM_COLUMN_handles_at_end, ledger.handles);
  gcm_row_set_uint(row, GCM_COLUMN_external_bytes_at_end, ledger.external_bytes);
}

static void report_left_outside(gcm_run *run, uint64_t finalized) {
  struct gcm_row *row = &run->row;
  struct gcm_ledger ledger = gcm_ledger_read();
  gcm_row_set_uint(row, GCM_COLUMN_handles_peak, ledger.handles_peak);
  gcm_row_set_uint(row, GCM_COLUMN_handles_at_exit, ledger.handles);
  gcm_row_set_uint(row, GCM_COLUMN_external_bytes_peak, ledger.external_bytes_peak);
  gcm_row_set_uint(row, GCM_COLUMN_external_bytes_at_exit, ledger.external_bytes);
  if (row->values[GCM_COLUMN_finalizers_registered].present) {
    gcm_row_set_uint(row, GCM_COLUMN_finalizers_never,
                     row->values[GCM_COLUMN_finalizers_registered].uint - finalized);
  }
  if (run->arguments->workload->finish != NULL) {
    run->arguments->workload->finish(run);
  }
}

/* Collection and teardown, after snapshot 1; finalizers run in all. */
static uint64_t tidy_up(gcm_run *run, gcm_heap *heap, gcm_mutator *m, uint64_t finalized) {
  struct gcm_row *row = &run->row;
  run->since = measure_moment();
  gcm_collect(m);
  measure_phase(row, GCM_COLUMN_collect_wall_s, GCM_COLUMN_collect_cpu_s, run->since);
  finalized = take_snapshot(row, heap, &after_collect, finalized);
  gcm_heap_trim(heap);
  measure_resident(row, GCM_COLUMN_rss_after_trim_bytes);
  run->since = measure_moment();
  gcm_detach(m);
  gcm_heap_teardown(heap);
  measure_phase(row, GCM_COLUMN_teardown_wall_s, GCM_COLUMN_teardown_cpu_s, run->since);
  return take_snapshot(row, heap, &after_teardown, finalized);
}

/* A workload lists its types by id, and not too many. */
static bool types_in_order(const gcm_workload *workload) {
  for (size_t id = 0; id < workload->type_count; id++) {
    if (workload->types[id]->id != id) {
      return false;
    }
  }
  return workload->type_count <= GCM_TYPES_MAX;
}

int run_workload(const struct arguments *arguments) {
  const gcm_workload *workload = arguments->workload;
  gcm_run *run = &the_run;
  run->arguments = arguments;
  gcm_row_set_uint(&run->row, GCM_COLUMN_size_n, arguments->size);
  if (!types_in_order(workload)) {
    gcm_run_failed(run, "the workload's types are not listed in the order of their ids");
  }
  if (workload->needs & ~gcm_collector.capabilities) {
    gcm_run_unsupported(run, "the collector lacks a capability that the workload needs");
  }
  struct gcm_heap_config config = {
      .limit = arguments->heap_limit,
      .types = workload->types,
      .type_count = workload->type_count,
      .options = arguments->options,
      .threads = arguments->threads,
      .out_of_heap = out_of_heap,
      .failed = heap_failed,
  };
  measure_counters_open();
  run->since = measure_moment();
  gcm_heap *heap = gcm_pause_open() ? gcm_heap_open(&config) : NULL;
  gcm_mutator *m = heap == NULL ? NULL : gcm_attach(heap);
  if (m == NULL) {
    gcm_run_failed(run, "the heap could not be opened");
  }
  run->since = measure_phase(&run->row, GCM_COLUMN_open_wall_s, GCM_COLUMN_open_cpu_s, run->since);

  workload->run(m, run);

  measure_phase(&run->row, GCM_COLUMN_drop_wall_s, GCM_COLUMN_drop_cpu_s, run->since);
  if (run->phase != AFTER) {
    gcm_run_failed(run, "the workload did not mark its timed part");
  }
  report_work(&run->row, heap);
  uint64_t finalized = take_snapshot(&run->row, heap, &at_end, 0);
  if (!arguments->abandon) {
    finalized = tidy_up(run, heap, m, finalized);
  }
  report_left_outside(run, finalized);
  check_bounds(run, GCM_COLUMN_allocated_objects, &run->allocated);
  check_bounds(run, GCM_COLUMN_left_after_collect_objects, &run->left);
  if (workload->must_run_out) {
    append(run->message, sizeof run->message, "finished within a heap it had to exceed");
    run->wrong = true;
  }
  int code = conclude(run, run->wrong ? RUNNER_WRONG : RUNNER_OK);
  if (arguments->abandon) {
    fflush(NULL);
    _exit(code);
  }
  gcm_row_clear(&run->row);
  return code;
}
