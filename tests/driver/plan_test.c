/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/plan.h"
#include "harness/driver/random.h"
#include "tests/driver/sample.h"

static struct campaign campaign;

static int read_sample(void **state) {
  (void)state;
  struct message error;
  return campaign_from_text("it", sample_campaign, strlen(sample_campaign), &campaign, &error);
}

static int clear_sample(void **state) {
  (void)state;
  campaign_clear(&campaign);
  return 0;
}

/* rc: 2 workloads x 2 heaps x 2 allocators; plain: 2 x 2, on the system's allocator alone. */
enum { CELLS = 8 + 4, FLOOR = 2 + 1, ROUNDS = 3 };

static bool same_cell(const struct plan_run *a, const struct plan_run *b) {
  return a->configuration == b->configuration && a->allocator == b->allocator &&
         a->heap_bytes == b->heap_bytes && strcmp(a->workload, b->workload) == 0;
}

static void make(struct plan *plan) {
  struct message error;
  assert_int_equal(plan_make(&campaign, plan, &error), 0);
  assert_int_equal(plan->count, FLOOR + ROUNDS * CELLS);
}

static void test_floor(void **state) {
  (void)state;
  struct plan plan;
  make(&plan);
  for (size_t i = 0; i < plan.count; i++) {
    assert_int_equal(plan.runs[i].round == 0, i < FLOOR);
    assert_int_equal(strcmp(plan.runs[i].workload, "nothing") == 0, i < FLOOR);
    assert_int_equal(plan.runs[i].heap_bytes == 0, i < FLOOR);
  }
  plan_clear(&plan);
}

static void test_each_round_has_every_cell_once(void **state) {
  (void)state;
  struct plan plan;
  make(&plan);
  for (size_t round = 0; round < ROUNDS; round++) {
    const struct plan_run *runs = plan.runs + FLOOR + round * CELLS;
    for (size_t i = 0; i < CELLS; i++) {
      int twins = 0;
      int in_first = 0;
      assert_int_equal(runs[i].round, round + 1);
      for (size_t j = 0; j < CELLS; j++) {
        twins += same_cell(&runs[i], &runs[j]);
        in_first += same_cell(&runs[i], &plan.runs[FLOOR + j]);
      }
      assert_int_equal(twins, 1);
      assert_int_equal(in_first, 1);
    }
  }
  plan_clear(&plan);
}

static bool same_order(const struct plan_run *a, const struct plan_run *b) {
  for (size_t i = 0; i < CELLS; i++) {
    if (!same_cell(&a[i], &b[i])) {
      return false;
    }
  }
  return true;
}

static void test_order_follows_from_the_seed(void **state) {
  (void)state;
  struct plan first;
  struct plan again;
  struct plan other;
  make(&first);
  make(&again);
  campaign.seed++;
  make(&other);
  campaign.seed--;
  const struct plan_run *begin = first.runs + FLOOR;
  assert_true(same_order(begin, again.runs + FLOOR));
  assert_true(same_order(begin + CELLS, again.runs + FLOOR + CELLS));
  assert_false(same_order(begin, begin + CELLS));
  assert_false(same_order(begin, other.runs + FLOOR));
  plan_clear(&first);
  plan_clear(&again);
  plan_clear(&other);
}

/* Fixed for ever: a campaign.json that is resumed by a later gcmark must find the same plan. */
static void test_generator_is_splitmix64(void **state) {
  (void)state;
  struct random random = {.state = 1234567};
  assert_true(random_next(&random) == UINT64_C(6457827717110365317));
  assert_true(random_next(&random) == UINT64_C(3203168211198807973));
}

static void test_random_below(void **state) {
  (void)state;
  struct random random;
  int seen[6] = {0};
  random_seed(&random, 3, 4);
  for (int i = 0; i < 6000; i++) {
    seen[random_below(&random, 6)]++;
  }
  for (int i = 0; i < 6; i++) {
    assert_in_range(seen[i], 800, 1200);
  }
}

static void test_unsupported(void **state) {
  (void)state;
  struct plan plan;
  make(&plan);
  for (size_t i = 0; i < plan.count; i++) {
    const struct plan_run *run = &plan.runs[i];
    struct message reason = {""};
    bool plain = strcmp(run->configuration->collector, "plain") == 0;
    assert_int_equal(plan_unsupported(&campaign, run, &reason), plain && run->round > 0);
    if (plain && run->round > 0) {
      assert_non_null(strstr(reason.text, strcmp(run->workload, "trees") == 0
                                              ? "plain has no workload 'trees'"
                                              : "needs the capability 'cycles'"));
    }
  }
  plan_clear(&plan);
}

static void test_capabilities_of_options(void **state) {
  (void)state;
  struct message reason = {""};
  struct plan_run run = {.configuration = &campaign.configurations[1],
                         .allocator = &campaign_system_allocator,
                         .workload = "nothing",
                         .heap_bytes = 4096};
  assert_true(plan_unsupported(&campaign, &run, &reason));
  assert_non_null(strstr(reason.text, "heap-limit"));
  run.heap_bytes = 0;
  assert_false(plan_unsupported(&campaign, &run, &reason));
  campaign.threads = 2;
  assert_true(plan_unsupported(&campaign, &run, &reason));
  assert_non_null(strstr(reason.text, "threads"));
  campaign.threads = 1;
}

static void test_row(void **state) {
  (void)state;
  struct plan plan;
  struct gcm_row row = {0};
  make(&plan);
  assert_int_equal(plan_fill_row(&campaign, &plan, FLOOR, &row), 0);
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    assert_int_equal(row.values[i].present, gcm_columns[i].source == GCM_COLUMN_PLAN);
  }
  assert_int_equal(row.values[GCM_COLUMN_run].uint, FLOOR);
  assert_int_equal(row.values[GCM_COLUMN_seed].uint, 1);
  assert_string_equal(row.values[GCM_COLUMN_size].text, "quick");
  gcm_row_clear(&row);
  plan_clear(&plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_floor),
      cmocka_unit_test(test_each_round_has_every_cell_once),
      cmocka_unit_test(test_order_follows_from_the_seed),
      cmocka_unit_test(test_generator_is_splitmix64),
      cmocka_unit_test(test_random_below),
      cmocka_unit_test(test_unsupported),
      cmocka_unit_test(test_capabilities_of_options),
      cmocka_unit_test(test_row),
  };
  return cmocka_run_group_tests(tests, read_sample, clear_sample);
}
