/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <stdlib.h>

#include "harness/driver/description.h"
#include "harness/driver/json_read.h"
#include "harness/driver/random.h"

/*
 * How many allocators a configuration is run on. Where objects do not come from malloc, preloading
 * another changes nothing: it runs once, on the system's.
 */
static size_t allocator_count(const struct campaign *campaign,
                              const struct campaign_configuration *configuration) {
  return json_has(configuration->capabilities, "malloc") ? campaign->allocator_count : 1;
}

static const struct campaign_allocator *
allocator_at(const struct campaign *campaign, const struct campaign_configuration *configuration,
             size_t index) {
  return json_has(configuration->capabilities, "malloc") ? &campaign->allocators[index]
                                                         : &campaign_system_allocator;
}

static size_t add_floor(const struct campaign *campaign,
                        const struct campaign_configuration *configuration, struct plan_run *runs) {
  if (json_object_get(configuration->workloads, CAMPAIGN_FLOOR_WORKLOAD) == NULL) {
    return 0;
  }
  size_t count = allocator_count(campaign, configuration);
  for (size_t i = 0; i < count; i++) {
    runs[i] = (struct plan_run){.round = 0,
                                .configuration = configuration,
                                .allocator = allocator_at(campaign, configuration, i),
                                .workload = CAMPAIGN_FLOOR_WORKLOAD,
                                .size = "default"};
  }
  return count;
}

/* Every allocator and heap of one configuration on one workload. */
static size_t add_cells(const struct campaign *campaign,
                        const struct campaign_configuration *configuration, const char *workload,
                        struct plan_run *runs) {
  size_t count = 0;
  size_t heaps = campaign->heap_count == 0 ? 1 : campaign->heap_count;
  for (size_t i = 0; i < allocator_count(campaign, configuration); i++) {
    for (size_t j = 0; j < heaps; j++) {
      runs[count++] =
          (struct plan_run){.configuration = configuration,
                            .allocator = allocator_at(campaign, configuration, i),
                            .workload = workload,
                            .size = campaign->size,
                            .heap_bytes = campaign->heap_count == 0 ? 0 : campaign->heaps_bytes[j]};
    }
  }
  return count;
}

/* Fisher and Yates, as Durstenfeld wrote it (1964). */
static void shuffle(struct plan_run *runs, size_t count, uint64_t seed, uint64_t round) {
  struct random random;
  random_seed(&random, seed, round);
  for (size_t left = count; left > 1; left--) {
    size_t chosen = (size_t)random_below(&random, left);
    struct plan_run last = runs[left - 1];
    runs[left - 1] = runs[chosen];
    runs[chosen] = last;
  }
}

static size_t add_round(const struct campaign *campaign, uint64_t round, struct plan_run *runs) {
  size_t count = 0;
  for (size_t i = 0; i < campaign->configuration_count; i++) {
    for (size_t j = 0; round > 0 && j < campaign->workload_count; j++) {
      count +=
          add_cells(campaign, &campaign->configurations[i], campaign->workloads[j], runs + count);
    }
    if (round == 0) {
      count += add_floor(campaign, &campaign->configurations[i], runs + count);
    }
  }
  for (size_t i = 0; i < count; i++) {
    runs[i].round = round;
  }
  shuffle(runs, count, campaign->seed, round);
  return count;
}

/* At least the runs of one round; the product of what was read cannot overflow a double. */
static double round_bound(const struct campaign *campaign) {
  double heaps = campaign->heap_count == 0 ? 1 : (double)campaign->heap_count;
  return (double)campaign->configuration_count * (double)campaign->allocator_count * heaps *
         (double)campaign->workload_count;
}

int plan_make(const struct campaign *campaign, struct plan *plan, struct message *error) {
  *plan = (struct plan){0};
  double floor = (double)campaign->configuration_count * (double)campaign->allocator_count;
  double bound = round_bound(campaign) * (double)campaign->rounds + floor;
  if (bound > PLAN_MOST_RUNS) {
    return message_set(error, "the campaign has about %.0f runs, more than %d", bound,
                       PLAN_MOST_RUNS);
  }
  plan->runs = calloc((size_t)bound + 1, sizeof *plan->runs);
  if (plan->runs == NULL) {
    return message_set(error, "out of memory");
  }
  for (uint64_t round = 0; round <= campaign->rounds; round++) {
    plan->count += add_round(campaign, round, plan->runs + plan->count);
  }
  return 0;
}

void plan_clear(struct plan *plan) {
  free(plan->runs);
  *plan = (struct plan){0};
}

bool plan_unsupported(const struct campaign *campaign, const struct plan_run *run,
                      struct message *reason) {
  const struct campaign_configuration *configuration = run->configuration;
  const json_t *needs = json_object_get(configuration->workloads, run->workload);
  if (needs == NULL) {
    message_set(reason, "%s has no workload '%s'", configuration->collector, run->workload);
    return true;
  }
  const char *need = description_unmet_need(needs, configuration->capabilities);
  if (need == NULL && run->heap_bytes != 0 &&
      !json_has(configuration->capabilities, "heap-limit")) {
    need = "heap-limit";
  }
  if (need == NULL && campaign->threads > 1 && !json_has(configuration->capabilities, "threads")) {
    need = "threads";
  }
  if (need != NULL) {
    message_set(reason, "needs the capability '%s'", need);
  }
  return need != NULL;
}

int plan_fill_row(const struct campaign *campaign, const struct plan *plan, size_t index,
                  struct gcm_row *row) {
  const struct plan_run *run = &plan->runs[index];
  gcm_row_set_uint(row, GCM_COLUMN_schema, GCM_SCHEMA_VERSION);
  gcm_row_set_uint(row, GCM_COLUMN_run, index);
  gcm_row_set_uint(row, GCM_COLUMN_round, run->round);
  if (run->heap_bytes != 0) {
    gcm_row_set_uint(row, GCM_COLUMN_heap_limit_bytes, run->heap_bytes);
  }
  gcm_row_set_uint(row, GCM_COLUMN_threads, campaign->threads);
  gcm_row_set_uint(row, GCM_COLUMN_seed, CAMPAIGN_WORKLOAD_SEED);
  if (gcm_row_set_text(row, GCM_COLUMN_collector, run->configuration->name) != 0 ||
      gcm_row_set_text(row, GCM_COLUMN_workload, run->workload) != 0 ||
      gcm_row_set_text(row, GCM_COLUMN_size, run->size) != 0 ||
      gcm_row_set_text(row, GCM_COLUMN_allocator, run->allocator->name) != 0 ||
      gcm_row_set_text(row, GCM_COLUMN_exit_mode, campaign->exit_mode) != 0) {
    return -1;
  }
  return 0;
}
