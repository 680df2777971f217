/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness/driver/campaign.h"
#include "harness/driver/commands.h"
#include "harness/driver/compose.h"
#include "harness/driver/describe_environment.h"
#include "harness/driver/execute.h"
#include "harness/driver/file.h"
#include "harness/driver/options.h"
#include "harness/driver/plan.h"
#include "harness/driver/runners.h"
#include "harness/driver/store.h"

/* results/2026-07-31T14-05-09Z */
static void default_folder(char text[64]) {
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(text, 64, "results/%Y-%m-%dT%H-%M-%SZ", &utc);
}

/* Makes the folder and those above it. */
static int make_folders(const char *path, struct message *error) {
  char *copy = strdup(path);
  int result = copy == NULL ? message_set(error, "out of memory") : 0;
  for (char *at = copy; result == 0 && at != NULL;) {
    at = strchr(at + (*at == '/'), '/');
    if (at != NULL) {
      *at = '\0';
    }
    if (mkdir(copy, 0755) != 0 && errno != EEXIST) {
      result = message_set(error, "cannot make the folder %s: %s", copy, strerror(errno));
    }
    if (at != NULL) {
      *at = '/';
    }
  }
  free(copy);
  return result;
}

/* Whether the folder already has rows or a campaign; then with the error. */
static bool is_taken(const char *folder, struct message *error) {
  char *rows = file_path(folder, "runs.csv");
  bool taken = true;
  if (campaign_exists(folder)) {
    message_set(error, "%s already has a campaign; go on with it: gcmark resume %s", folder,
                folder);
  } else if (rows == NULL || access(rows, F_OK) == 0) {
    message_set(error, "%s already has a runs.csv, and no campaign.json to go on with", folder);
  } else {
    taken = false;
  }
  free(rows);
  return taken;
}

/* The locked folder becomes a campaign; campaign.json comes last and makes it one. */
static enum command_exit start(const char *folder, const struct runners *runners,
                               const struct campaign *campaign, const struct plan *plan,
                               struct spawner *spawner, bool quiet) {
  struct message error;
  if (is_taken(folder, &error)) { /* by another driver, since the first look */
    message_print(&error);
    return COMMAND_EXIT_USAGE;
  }
  if (describe_environment_write(folder, runners, &error) != 0 ||
      campaign_write(folder, campaign, &error) != 0) {
    message_print(&error);
    return COMMAND_EXIT_FAILED;
  }
  if (!quiet) {
    message_say("%zu runs in %s, order from --seed %" PRIu64, plan->count, folder, campaign->seed);
  }
  return execute_campaign(folder, campaign, plan, spawner, quiet);
}

static enum command_exit in_folder(const struct options *options, const struct runners *runners,
                                   const struct campaign *campaign, const struct plan *plan,
                                   struct spawner *spawner) {
  char name[64];
  struct message error;
  const char *folder = options_text(options, OPTION_out);
  if (folder == NULL) {
    default_folder(name);
    folder = name;
  }
  if (is_taken(folder, &error)) {
    message_print(&error);
    return COMMAND_EXIT_USAGE;
  }
  int lock = make_folders(folder, &error) == 0 ? store_lock(folder, &error) : -1;
  if (lock < 0) {
    message_print(&error);
    return COMMAND_EXIT_FAILED;
  }
  enum command_exit exit_code =
      start(folder, runners, campaign, plan, spawner, options_given(options, OPTION_quiet));
  close(lock);
  return exit_code;
}

enum command_exit command_run(const struct options *options, struct spawner *spawner) {
  struct message error;
  struct runners runners;
  struct campaign campaign = {0};
  struct plan plan = {0};
  enum command_exit exit_code = COMMAND_EXIT_USAGE;
  int found = runners_find(&runners, &error);
  if (found != 0) {
    if (found < 0) {
      message_print(&error);
    }
    return found < 0 ? COMMAND_EXIT_FAILED : COMMAND_EXIT_INTERRUPTED;
  }
  if (compose_campaign(options, &runners, &campaign, &error) != 0 ||
      plan_make(&campaign, &plan, &error) != 0) {
    message_print(&error);
  } else {
    exit_code = in_folder(options, &runners, &campaign, &plan, spawner);
  }
  plan_clear(&plan);
  campaign_clear(&campaign);
  runners_clear(&runners);
  return exit_code;
}
