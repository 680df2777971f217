/* SPDX-License-Identifier: MIT
 *
 * The runner: linked into every gcmark-<collector>. It reads its arguments,
 * describes itself or runs one workload, measures around the timed part, and
 * writes one record. docs/protocol.md is its specification.
 */
#ifndef GCM_HARNESS_RUNNER_H
#define GCM_HARNESS_RUNNER_H

#include "harness/columns.h"
#include "workloads/workload.h"

enum { RUNNER_PROTOCOL = 1, RUNNER_OPTIONS_MAX = 16 };

enum runner_exit {
  RUNNER_OK = 0,
  RUNNER_FAILED = 1,
  RUNNER_USAGE = 2,
  RUNNER_OUT_OF_HEAP = 3,
  RUNNER_WRONG = 4,
  RUNNER_UNSUPPORTED = 5,
  RUNNER_EXIT_COUNT
};

/* The word of the record for each exit code. */
extern const char *const runner_status[RUNNER_EXIT_COUNT];

/* The command line, checked. */
struct arguments {
  const gcm_workload *workload; /* null with --describe */
  uint64_t size;
  size_t heap_limit; /* SIZE_MAX without one */
  uint64_t seed;
  unsigned threads;
  bool abandon;                            /* --exit abandon */
  const char *record;                      /* null: a summary for people instead */
  const char *events;                      /* null: none */
  const char *options[RUNNER_OPTIONS_MAX]; /* a value for each option of gcm_collector */
};

/* False when the process should end now with *exit_code (help, --describe, or
 * a usage error, which has been reported). */
bool arguments_parse(struct arguments *arguments, int argc, char **argv, int *exit_code);

/* The workloads of this executable; null-terminated iteration by position. */
const gcm_workload *registry_workload(size_t position);
const gcm_workload *registry_conformance(size_t position);

/* Print the description as JSON on standard output. -1 on a write error. */
int describe(void);

/* Run the workload and write what was asked for. The exit code. */
int run_workload(const struct arguments *arguments);

/* Write the record, under a temporary name first; -1 with a message on failure. */
int record_write(const char *path, enum runner_exit outcome, const char *message,
                 const struct gcm_row *row);

/* Write the pauses as CSV; -1 with a message on failure. */
int events_write(const char *path);

/* Print a summary for people on standard output. */
void summary_print(const gcm_workload *workload, enum runner_exit outcome, const char *message,
                   const struct gcm_row *row);

#endif
