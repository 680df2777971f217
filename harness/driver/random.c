/* SPDX-License-Identifier: MIT */
#include "random.h"

/* splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t random_next(struct random *random) {
  uint64_t z = random->state += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

void random_seed(struct random *random, uint64_t seed, uint64_t stream) {
  random->state = seed;
  uint64_t mixed_seed = random_next(random);
  random->state = mixed_seed ^ stream;
  random->state = random_next(random);
}

/* Rejects the low end, where a plain remainder would be biased. */
uint64_t random_below(struct random *random, uint64_t bound) {
  uint64_t rejected = -bound % bound;
  uint64_t value = 0;
  do {
    value = random_next(random);
  } while (value < rejected);
  return value % bound;
}
