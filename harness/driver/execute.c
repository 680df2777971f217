/* SPDX-License-Identifier: MIT */
#include "execute.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/driver/allocators.h"
#include "harness/driver/descendants.h"
#include "harness/driver/floor.h"
#include "harness/driver/interrupt.h"
#include "harness/driver/outcome.h"
#include "harness/driver/perform.h"
#include "harness/driver/progress.h"
#include "harness/driver/scratch.h"
#include "harness/driver/store.h"
#include "harness/driver/summarise.h"

struct execution {
  const char *folder;
  const struct campaign *campaign;
  const struct plan *plan;
  struct spawner *spawner;
  struct scratch scratch;
  struct store store;
  struct progress progress;
  bool quiet;
};

static int missing_allocator(const struct campaign_allocator *allocator, struct gcm_row *row) {
  struct message text;
  struct message unknown;
  const struct allocator *known = allocators_get(allocator->name, &unknown);
  message_set(&text, "allocator '%s' is not installed%s%s", allocator->name,
              known == NULL ? "" : ": apt-get install ", known == NULL ? "" : known->packages);
  return outcome_set_status(row, "missing", text.text);
}

static bool is_missing(const struct campaign_allocator *allocator) {
  return allocator->library == NULL && strcmp(allocator->name, campaign_system_allocator.name) != 0;
}

/* Fills the row of one run, whether it can be started or not. */
static enum spawner_result fill_row(struct execution *execution, size_t index, struct gcm_row *row,
                                    struct message *error) {
  const struct plan_run *run = &execution->plan->runs[index];
  struct message reason;
  int result = plan_fill_row(execution->campaign, execution->plan, index, row);
  if (result == 0 && plan_unsupported(execution->campaign, run, &reason)) {
    result = outcome_set_status(row, "unsupported", reason.text);
  } else if (result == 0 && is_missing(run->allocator)) {
    result = missing_allocator(run->allocator, row);
  } else if (result == 0) {
    return perform_run(execution->campaign, run, execution->spawner, &execution->scratch, row,
                       error);
  }
  if (result != 0) {
    message_set(error, "out of memory");
  }
  return result == 0 ? SPAWNER_OK : SPAWNER_FAILED;
}

static void tick(void *context) {
  struct progress *progress = context;
  progress_tick(progress);
}

static void show_start(struct execution *execution, const struct plan_run *run) {
  struct message cell;
  message_set(&cell, "round %" PRIu64 "/%" PRIu64 "  %s  %s", run->round,
              execution->campaign->rounds, run->configuration->name, run->workload);
  if (!execution->quiet) {
    progress_start_run(&execution->progress, cell.text);
  }
}

static enum spawner_result do_run(struct execution *execution, size_t index,
                                  struct message *error) {
  struct gcm_row row = {0};
  show_start(execution, &execution->plan->runs[index]);
  enum spawner_result result = fill_row(execution, index, &row, error);
  if (result == SPAWNER_OK) {
    floor_fill(&execution->store.rows, &row);
    if (store_append(&execution->store, &row, error) != 0) {
      result = SPAWNER_FAILED;
    } else if (!execution->quiet) {
      const struct rows *rows = &execution->store.rows;
      progress_finish_run(&execution->progress, &rows->list[rows->count - 1]);
    }
  }
  gcm_row_clear(&row);
  return result;
}

static enum spawner_result do_runs(struct execution *execution, struct message *error) {
  enum spawner_result result = SPAWNER_OK;
  for (size_t i = 0; i < execution->plan->count && result == SPAWNER_OK; i++) {
    if (interrupt_came()) {
      return SPAWNER_INTERRUPTED;
    }
    if (!execution->store.done[i]) {
      result = do_run(execution, i, error);
    }
  }
  return result;
}

/* Between an opened store and its closing: scratch folder, progress, runs. */
static enum spawner_result carry_out(struct execution *execution, struct message *error) {
  if (scratch_make(execution->folder, &execution->scratch, error) != 0) {
    return SPAWNER_FAILED;
  }
  if (!execution->quiet) {
    bool is_terminal = isatty(STDERR_FILENO) == 1;
    progress_begin(&execution->progress, stderr, is_terminal, execution->plan->count,
                   execution->store.rows.count);
    if (is_terminal) { /* otherwise nothing moves, and runs are left undisturbed */
      execution->spawner->tick = tick;
      execution->spawner->context = &execution->progress;
    }
  }
  enum spawner_result result = do_runs(execution, error);
  if (result != SPAWNER_OK) {
    /* First, so that no run is left to write in the folder, not even if the spawner was killed. */
    spawner_stop(execution->spawner);
    descendants_kill();
  }
  execution->spawner->tick = NULL;
  if (!execution->quiet) {
    progress_end(&execution->progress);
  }
  scratch_remove(&execution->scratch);
  return result;
}

enum command_exit execute_campaign(const char *folder, const struct campaign *campaign,
                                   const struct plan *plan, struct spawner *spawner, bool quiet) {
  struct execution execution = {
      .folder = folder, .campaign = campaign, .plan = plan, .spawner = spawner, .quiet = quiet};
  struct message error;
  if (store_open(folder, campaign, plan, &execution.store, &error) != 0) {
    message_print(&error);
    return COMMAND_EXIT_FAILED;
  }
  enum command_exit exit_code = COMMAND_EXIT_FAILED;
  switch (carry_out(&execution, &error)) {
  case SPAWNER_OK:
    exit_code = summarise(folder, &execution.store.rows, quiet);
    break;
  case SPAWNER_INTERRUPTED:
    message_say("stopped after %zu of %zu runs; go on with: gcmark resume %s",
                execution.store.rows.count, plan->count, folder);
    exit_code = COMMAND_EXIT_INTERRUPTED;
    break;
  case SPAWNER_FAILED:
    message_print(&error);
    break;
  }
  if (store_close(&execution.store, &error) != 0) {
    message_print(&error);
    exit_code = COMMAND_EXIT_FAILED;
  }
  return exit_code;
}
