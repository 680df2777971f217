/* SPDX-License-Identifier: MIT
 *
 * Hand-written twins of two workloads, one for each of three managers: what a
 * programmer would write for that manager alone, with the state in a context
 * that is passed along, and counting what a heap budget and the left-over need.
 * Property Z compares instructions executed inside direct_run with those inside
 * the workload's function (scripts/overhead).
 *
 * Node layouts and helpers are written out in each twin on purpose: sharing
 * them would be an API, and that is what is being measured.
 */
#ifndef GCMARK_TESTS_DIRECT_H
#define GCMARK_TESTS_DIRECT_H

#include <stdint.h>

/* The whole workload at this size; the sum of all its answers. */
uint64_t direct_run(void *context, uint64_t size);

/* Starts the manager; the context for direct_run. */
void *direct_open(void);

#endif
