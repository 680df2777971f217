/* SPDX-License-Identifier: MIT
 *
 * What a workload is to the runner. One file describes one workload, or a few
 * that share their code, and names each with GCM_WORKLOAD; the build finds the
 * file and the linker collects the names.
 */
#ifndef GCM_WORKLOADS_WORKLOAD_H
#define GCM_WORKLOADS_WORKLOAD_H

#include "collectors/heap.h"
#include "collectors/mutator.h"

#include <inttypes.h>

/* One run in progress. Owned by the runner. */
typedef struct gcm_run gcm_run;

/* The number the size stands for, and the seed for gcm_random. */
uint64_t gcm_run_size(const gcm_run *run);
uint64_t gcm_run_seed(const gcm_run *run);

/* Begin and end of the timed part, once each, in the workload's function.
 * What comes before is setup; what comes after the last answer, up to the
 * function's return, is dropping the last roots. Not safepoints. */
void gcm_run_start(gcm_run *run);
void gcm_run_stop(gcm_run *run);

/* State one part of the answer, after gcm_run_stop or in `finish`. Every part that differs
 * from what is expected makes the run wrong. Parts are joined in the record as
 * "name=value name=value". */
void gcm_answer(gcm_run *run, const char *name, uint64_t value, uint64_t expected);

/* A part of the answer with nothing to compare to at this size; quick, default
 * and large always have an expected value for each part. */
void gcm_answer_unchecked(gcm_run *run, const char *name, uint64_t value);

/* For conformance: the runner's own figures have to lie within these bounds,
 * inclusive, or the run is wrong. Objects allocated in all, and objects left
 * after the full collection. Needs GCM_EXACT, or bounds that forgive. */
void gcm_expect_allocated(gcm_run *run, uint64_t minimum, uint64_t maximum);
void gcm_expect_left(gcm_run *run, uint64_t minimum, uint64_t maximum);

/* Bytes that a buffered writer had accepted and never wrote to its file. Called
 * after the process released all it will: see gcm_workload.finish. */
void gcm_report_unflushed(gcm_run *run, uint64_t bytes);

/* This machine cannot run the workload (a limit too low, say): exit code 5. */
_Noreturn void gcm_run_unsupported(gcm_run *run, const char *why);

/* Something the workload needs of the system failed: exit code 1. */
_Noreturn void gcm_run_failed(gcm_run *run, const char *why);

typedef struct gcm_workload {
  const char *name;
  const char *description;             /* one line */
  uint64_t tiny, quick, normal, large; /* sizes: under `check`; < 60 ms; about 1 s; several s */
  uint64_t minimum, maximum;           /* what --size N accepts */
  unsigned needs;                      /* enum gcm_capability bits */
  const gcm_type *const *types;        /* by id */
  size_t type_count;
  /* Everything: setup, gcm_run_start, the timed part, gcm_run_stop, answers.
   * On return it holds no root. */
  void (*run)(gcm_mutator *m, gcm_run *run);
  /* Null, or called last, after teardown (or snapshot 1 with --exit abandon),
   * to look at what is left outside the heap and to give it back. */
  void (*finish)(gcm_run *run);
  /* For conformance: a heap budget when --heap gives none (0: no budget), and
   * whether the run has to end out of heap to be right. */
  size_t heap_limit;
  bool must_run_out;
} gcm_workload;

/* GCM_WORKLOAD(identifier): make a `const gcm_workload identifier` known.
 * Conformance cases use GCM_CONFORMANCE: run by `gcmark selftest` only. */
#define GCM_WORKLOAD(identifier)                                                                   \
  __attribute__((section("gcm_workloads"),                                                         \
                 used)) static const gcm_workload *const identifier##_entry = &(identifier)
#define GCM_CONFORMANCE(identifier)                                                                \
  __attribute__((section("gcm_conformance"),                                                       \
                 used)) static const gcm_workload *const identifier##_entry = &(identifier)

/* The shared generator: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). The
 * state is the workload's own variable. */
GCM_INLINE uint64_t gcm_random(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* The shared checksum: FNV-1a, 64 bits; start with GCM_CHECKSUM_START. */
#define GCM_CHECKSUM_START UINT64_C(0xcbf29ce484222325)
GCM_INLINE uint64_t gcm_checksum(uint64_t checksum, const void *data, size_t bytes) {
  const unsigned char *byte = data;
  for (size_t i = 0; i < bytes; i++) {
    checksum = (checksum ^ byte[i]) * UINT64_C(0x100000001b3);
  }
  return checksum;
}

#endif
