/* SPDX-License-Identifier: MIT
 *
 * twin SIZE SUM: run a twin, and fail unless its answers add up to the sum that
 * the workload's answers add up to. Prints the CPU seconds of the run.
 */
#include "direct.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s SIZE SUM\n", argv[0]);
    return 2;
  }
  uint64_t expected = strtoull(argv[2], NULL, 10);
  void *context = direct_open();
  double start = cpu_seconds();
  uint64_t sum = direct_run(context, strtoull(argv[1], NULL, 10));
  double end = cpu_seconds();
  if (sum != expected) {
    fprintf(stderr, "%s: the answers add up to %llu, expected %llu\n", argv[0],
            (unsigned long long)sum, (unsigned long long)expected);
    return 1;
  }
  printf("%.6f\n", end - start);
  return 0;
}
