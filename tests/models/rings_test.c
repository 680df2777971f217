/* SPDX-License-Identifier: MIT
 *
 * rings in arrays: what a walk around every ring counts and sums up.
 */
#include "test.h"

#include "workloads/expected.h"

/* A ring of 21 in one array: made in the order of the ids, each leading to the
 * one before, walked from the last. */
static uint64_t walk_ring(uint64_t first, uint64_t *nodes) {
  uint64_t ids[21], checksum = 0;
  size_t next[21], position = 0;
  for (size_t i = 0; i < 21; i++) {
    ids[i] = first + i;
    next[i] = i == 0 ? 20 : i - 1;
  }
  size_t at = 20;
  do {
    checksum += ++position * ids[at];
    ++*nodes;
    at = next[at];
  } while (at != 20);
  return checksum;
}

static void sums_up_as_expected(void **state) {
  (void)state;
  uint64_t nodes = 0, checksum = 0;
  for (uint64_t batch = 1; batch <= 2000; batch++) {
    for (uint64_t ring = 0; ring < 100; ring++) {
      checksum += walk_ring(nodes, &nodes);
    }
    assert_int_equal(nodes, rings_nodes(batch));
    assert_int_equal(checksum, rings_checksum(batch));
  }
  assert_int_equal(rings_nodes(1), 2100);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(sums_up_as_expected)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
