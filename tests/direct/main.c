/* SPDX-License-Identifier: MIT
 *
 * twin SIZE SUM: run a twin, and fail unless its answers add up to the sum that
 * the workload's answers add up to.
 */
#include "direct.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s SIZE SUM\n", argv[0]);
    return 2;
  }
  uint64_t expected = strtoull(argv[2], NULL, 10);
  uint64_t sum = direct_run(direct_open(), strtoull(argv[1], NULL, 10));
  if (sum != expected) {
    fprintf(stderr, "%s: the answers add up to %llu, expected %llu\n", argv[0],
            (unsigned long long)sum, (unsigned long long)expected);
    return 1;
  }
  return 0;
}
