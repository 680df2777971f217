/* SPDX-License-Identifier: MIT
 *
 * A small generator whose sequence follows from its seed alone, on every machine: the order of a
 * campaign's runs can be had again from the logged seed.
 */
#ifndef GCMARK_DRIVER_RANDOM_H
#define GCMARK_DRIVER_RANDOM_H

#include <stdint.h>

struct random {
  uint64_t state;
};

/* Streams of different (seed, stream) pairs are unrelated. */
void random_seed(struct random *random, uint64_t seed, uint64_t stream);

uint64_t random_next(struct random *random);

/* Uniform in 0 .. bound - 1, without bias; bound > 0. */
uint64_t random_below(struct random *random, uint64_t bound);

#endif
