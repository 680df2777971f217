/* SPDX-License-Identifier: MIT */
#include "perform.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/outcome.h"
#include "harness/driver/steal.h"
#include "harness/driver/store.h"

enum { FIXED_ARGUMENTS = 14 };

/* The numbers and option=value pairs of a command line: what argv points to beside the campaign. */
struct texts {
  char heap[32];
  char seed[32];
  char threads[32];
  char **settings; /* malloc, each and all */
  size_t setting_count;
};

static void texts_clear(struct texts *texts) {
  for (size_t i = 0; i < texts->setting_count; i++) {
    free(texts->settings[i]);
  }
  free(texts->settings);
}

static int make_texts(const struct campaign *campaign, const struct plan_run *run,
                      struct texts *texts) {
  json_t *options = run->configuration->options;
  const char *name = NULL;
  json_t *value = NULL;
  snprintf(texts->heap, sizeof texts->heap, "%" PRIu64, run->heap_bytes);
  snprintf(texts->seed, sizeof texts->seed, "%d", CAMPAIGN_WORKLOAD_SEED);
  snprintf(texts->threads, sizeof texts->threads, "%" PRIu64, campaign->threads);
  texts->setting_count = 0;
  texts->settings = calloc(json_object_size(options) + 1, sizeof *texts->settings);
  if (texts->settings == NULL) {
    return -1;
  }
  json_object_foreach(options, name, value) {
    char **setting = &texts->settings[texts->setting_count];
    if (asprintf(setting, "%s=%s", name, json_string_value(value)) < 0) {
      return -1;
    }
    texts->setting_count++;
  }
  return 0;
}

/* Returns how many arguments there are; there is room for all. */
static size_t fill_arguments(const struct campaign *campaign, const struct plan_run *run,
                             const struct scratch *scratch, const struct texts *texts,
                             const char **arguments) {
  size_t count = 0;
  arguments[count++] = run->configuration->runner;
  arguments[count++] = run->workload;
  arguments[count++] = "--size";
  arguments[count++] = run->size;
  if (run->heap_bytes != 0) {
    arguments[count++] = "--heap";
    arguments[count++] = texts->heap;
  }
  arguments[count++] = "--seed";
  arguments[count++] = texts->seed;
  arguments[count++] = "--threads";
  arguments[count++] = texts->threads;
  for (size_t i = 0; i < texts->setting_count; i++) {
    arguments[count++] = "--set";
    arguments[count++] = texts->settings[i];
  }
  arguments[count++] = "--exit";
  arguments[count++] = campaign->exit_mode;
  arguments[count++] = "--record";
  arguments[count++] = scratch->record_path;
  return count;
}

static enum spawner_result spawn(const struct spawner_request *request, struct spawner *spawner,
                                 const struct scratch *scratch, struct gcm_row *row,
                                 struct message *error) {
  struct spawner_reply reply;
  double steal_before = 0;
  double steal_after = 0;
  bool steal_known = steal_now(&steal_before);
  if (spawner_send(spawner, request, error) != 0) {
    return SPAWNER_FAILED;
  }
  enum spawner_result result = spawner_receive(spawner, &reply, error);
  if (result != SPAWNER_OK) {
    return result;
  }
  if (outcome_fill(request, &reply, scratch->record_path, row, error) != 0) {
    result = SPAWNER_FAILED;
  }
  if (reply.outcome.end != SPAWNER_NOT_STARTED && steal_known && steal_now(&steal_after) &&
      steal_after >= steal_before) {
    gcm_row_set_real(row, GCM_COLUMN_steal_s, steal_after - steal_before);
  }
  spawner_reply_clear(&reply);
  return result;
}

enum spawner_result perform_run(const struct campaign *campaign, const struct plan_run *run,
                                struct spawner *spawner, const struct scratch *scratch,
                                struct gcm_row *row, struct message *error) {
  struct texts texts;
  enum spawner_result result = SPAWNER_FAILED;
  scratch_empty(scratch);
  int full = scratch_room(scratch);
  if (full != 0) {
    store_cannot_write(scratch->campaign_folder, "(a run's record)", full, error);
    return SPAWNER_FAILED;
  }
  int made = make_texts(campaign, run, &texts);
  const char **arguments = calloc(
      FIXED_ARGUMENTS + 2 * json_object_size(run->configuration->options), sizeof *arguments);
  if (made != 0 || arguments == NULL) {
    message_set(error, "out of memory");
  } else {
    const struct spawner_request request = {
        .arguments = arguments,
        .argument_count = fill_arguments(campaign, run, scratch, &texts, arguments),
        .preload = run->allocator->library,
        .timeout_s = campaign->timeout_s,
        .memory_limit_bytes = campaign->memory_limit_bytes};
    result = spawn(&request, spawner, scratch, row, error);
  }
  free(arguments);
  texts_clear(&texts);
  return result;
}
