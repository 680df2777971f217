/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_TESTS_DRIVER_SAMPLE_H
#define GCMARK_TESTS_DRIVER_SAMPLE_H

/*
 * A campaign of two collectors (rc with malloc and its own heap-limit, plain with neither), two
 * workloads (trees needs nothing, rings needs "cycles", which only rc has), two heaps, two
 * allocators and three rounds.
 */
extern const char sample_campaign[];

/* What a runner says with --describe: two options, one workload, one conformance test. */
extern const char sample_description[];

#endif
