/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/driver/campaign.h"
#include "harness/driver/commands.h"
#include "harness/driver/compose.h"
#include "harness/driver/execute.h"
#include "harness/driver/options.h"
#include "harness/driver/plan.h"
#include "harness/driver/store.h"

/* Measurements of two builds do not mix. */
static int check_hash(const char *what, const char *path, const char *expected,
                      struct message *error) {
  char digits[17];
  struct message reason;
  if (compose_hash(path, digits, &reason) != 0) {
    return message_set(error, "%s of this campaign cannot be read: %s", what, reason.text);
  }
  if (strcmp(digits, expected) != 0) {
    return message_set(error,
                       "%s has changed since the campaign began (%s): its measurements would not "
                       "mix; start another with: gcmark run",
                       what, path);
  }
  return 0;
}

static int check_binaries(const struct campaign *campaign, struct message *error) {
  char what[128];
  for (size_t i = 0; i < campaign->configuration_count; i++) {
    const struct campaign_configuration *configuration = &campaign->configurations[i];
    snprintf(what, sizeof what, "runner of '%s'", configuration->collector);
    if (check_hash(what, configuration->runner, configuration->hash, error) != 0) {
      return -1;
    }
  }
  for (size_t i = 0; i < campaign->allocator_count; i++) {
    const struct campaign_allocator *allocator = &campaign->allocators[i];
    snprintf(what, sizeof what, "allocator '%s'", allocator->name);
    if (allocator->library != NULL &&
        check_hash(what, allocator->library, allocator->hash, error) != 0) {
      return -1;
    }
  }
  return 0;
}

enum command_exit command_resume(const struct options *options, struct spawner *spawner) {
  const char *folder = options->operands[0];
  struct message error;
  struct campaign campaign;
  struct plan plan = {0};
  enum command_exit exit_code = COMMAND_EXIT_USAGE;
  int read = campaign_read(folder, &campaign, &error);
  if (read == 1) {
    message_set(&error, "no campaign in %s (no campaign.json)", folder);
  }
  if (read != 0 || check_binaries(&campaign, &error) != 0 ||
      plan_make(&campaign, &plan, &error) != 0) {
    message_print(&error);
  } else {
    int lock = store_lock(folder, &error);
    if (lock < 0) {
      message_print(&error);
      exit_code = COMMAND_EXIT_FAILED;
    } else {
      exit_code =
          execute_campaign(folder, &campaign, &plan, spawner, options_given(options, OPTION_quiet));
      close(lock);
    }
  }
  plan_clear(&plan);
  campaign_clear(&campaign);
  return exit_code;
}
