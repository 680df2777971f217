/* SPDX-License-Identifier: MIT */
#include "runners.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/driver/file.h"
#include "harness/driver/interrupt.h"
#include "harness/driver/spawner.h"
#include "harness/nearest.h"

static const char prefix[] = "gcmark-";
static const double describe_timeout_s = 5;

/* What is known of a file before it has described itself. */
struct candidate {
  char *path;
  const char *collector; /* points into path */
  struct spawner spawner;
};

struct candidates {
  struct candidate *list;
  size_t count;
};

static bool known(const struct candidates *candidates, const char *collector) {
  for (size_t i = 0; i < candidates->count; i++) {
    if (strcmp(candidates->list[i].collector, collector) == 0) {
      return true;
    }
  }
  return false;
}

static bool is_program(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static int add(struct candidates *candidates, const char *folder, const char *name) {
  char *path = file_path(folder, name);
  if (path != NULL && !is_program(path)) {
    free(path);
    return 0;
  }
  struct candidate *list =
      realloc(candidates->list, (candidates->count + 1) * sizeof *candidates->list);
  if (list != NULL) {
    candidates->list = list;
  }
  if (list == NULL || path == NULL) {
    free(path);
    return -1;
  }
  list[candidates->count++] =
      (struct candidate){.path = path, .collector = strrchr(path, '/') + sizeof prefix};
  return 0;
}

/* A folder that is not there holds no runners, as in $PATH. */
static int search(struct candidates *candidates, const char *folder) {
  char *absolute = realpath(folder, NULL);
  DIR *entries = absolute == NULL ? NULL : opendir(absolute);
  int result = 0;
  const struct dirent *entry = NULL;
  while (entries != NULL && result == 0 && (entry = readdir(entries)) != NULL) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
        !known(candidates, entry->d_name + strlen(prefix))) {
      result = add(candidates, absolute, entry->d_name);
    }
  }
  if (entries != NULL) {
    closedir(entries);
  }
  free(absolute);
  return result;
}

static int search_path(struct candidates *candidates, const char *path) {
  int result = 0;
  while (result == 0 && path != NULL && *path != '\0') {
    size_t length = strcspn(path, ":");
    char *folder = strndup(path, length);
    if (folder == NULL) {
      return -1;
    }
    result = length == 0 ? 0 : search(candidates, folder);
    free(folder);
    path += length + (path[length] == ':');
  }
  return result;
}

static int search_all(struct candidates *candidates) {
  char own[PATH_MAX];
  char installed[PATH_MAX + 32];
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  if (search_path(candidates, getenv("GCMARK_PATH")) != 0) {
    return -1;
  }
  if (length <= 0) {
    return 0;
  }
  own[length] = '\0';
  *strrchr(own, '/') = '\0';
  snprintf(installed, sizeof installed, "%s/../libexec/gcmark", own);
  return search(candidates, installed) != 0 ? -1 : search(candidates, own);
}

/* Each has a spawner of its own, so that all work at once and none leaves anything behind. */
static int ask(struct candidate *candidate, struct message *error) {
  const char *const arguments[] = {candidate->path, "--describe"};
  const struct spawner_request request = {.arguments = arguments,
                                          .argument_count = 2,
                                          .timeout_s = describe_timeout_s,
                                          .capture_output = true};
  return spawner_start(&candidate->spawner, error) == 0
             ? spawner_send(&candidate->spawner, &request, error)
             : -1;
}

static int check_outcome(const struct spawner_outcome *outcome, struct message *error) {
  switch (outcome->end) {
  case SPAWNER_EXITED:
    if (outcome->code != 0) {
      return message_set(error, "--describe exited with code %d", outcome->code);
    }
    return outcome->output_cut
               ? message_set(error, "--describe printed more than %d bytes", SPAWNER_OUTPUT_LIMIT)
               : 0;
  case SPAWNER_TIMED_OUT:
    return message_set(error, "--describe took longer than %g s", describe_timeout_s);
  case SPAWNER_NOT_STARTED:
    return message_set(error, "cannot be run: %s", strerror(outcome->code));
  case SPAWNER_SIGNALED:
  case SPAWNER_OVER_MEMORY:
    break;
  }
  return message_set(error, "--describe was ended by signal %d (%s)", outcome->code,
                     strsignal(outcome->code));
}

static int understand(const struct candidate *candidate, const struct spawner_reply *reply,
                      struct description *description, struct message *error) {
  if (check_outcome(&reply->outcome, error) != 0 ||
      description_read("--describe", reply->output, reply->outcome.output_length, description,
                       error) != 0) {
    return -1;
  }
  if (strcmp(description->collector, candidate->collector) != 0) {
    message_set(error, "--describe: 'collector' must be '%s', as the file is named, is '%s'",
                candidate->collector, description->collector);
    description_clear(description);
    return -1;
  }
  return 0;
}

/* Takes the path of a candidate that could be described; reports one that could not. */
static int hear(struct candidate *candidate, struct runners *runners, struct message *error) {
  struct spawner_reply reply;
  enum spawner_result result = spawner_receive(&candidate->spawner, &reply, error);
  if (result != SPAWNER_OK) {
    return result == SPAWNER_INTERRUPTED ? 1 : -1;
  }
  struct message reason;
  struct runner *runner = &runners->list[runners->count];
  if (understand(candidate, &reply, &runner->description, &reason) == 0) {
    runner->path = candidate->path;
    candidate->path = NULL;
    runners->count++;
  } else {
    message_say("left out: runner %s: %s", candidate->path, reason.text);
  }
  spawner_reply_clear(&reply);
  return 0;
}

static int by_name(const void *a, const void *b) {
  const struct candidate *left = a;
  const struct candidate *right = b;
  return strcmp(left->collector, right->collector);
}

static int describe_all(struct candidates *candidates, struct runners *runners,
                        struct message *error) {
  int result = 0;
  runners->list = calloc(candidates->count + 1, sizeof *runners->list);
  if (runners->list == NULL) {
    return message_set(error, "out of memory");
  }
  qsort(candidates->list, candidates->count, sizeof *candidates->list, by_name);
  for (size_t i = 0; i < candidates->count && result == 0; i++) {
    result = ask(&candidates->list[i], error);
  }
  for (size_t i = 0; i < candidates->count && result == 0; i++) {
    result = hear(&candidates->list[i], runners, error);
  }
  return result;
}

int runners_find(struct runners *runners, struct message *error) {
  struct candidates candidates = {0};
  *runners = (struct runners){0};
  int result = search_all(&candidates);
  if (result != 0) {
    message_set(error, "out of memory");
  } else if (candidates.count > 0) {
    result = describe_all(&candidates, runners, error);
  }
  for (size_t i = 0; i < candidates.count; i++) {
    spawner_stop(&candidates.list[i].spawner);
    free(candidates.list[i].path);
  }
  free(candidates.list);
  if (result != 0) {
    runners_clear(runners);
  }
  return result;
}

void runners_clear(struct runners *runners) {
  for (size_t i = 0; i < runners->count; i++) {
    free(runners->list[i].path);
    description_clear(&runners->list[i].description);
  }
  free(runners->list);
  *runners = (struct runners){0};
}

const struct runner *runners_get(const struct runners *runners, const char *collector,
                                 struct message *error) {
  for (size_t i = 0; i < runners->count; i++) {
    if (strcmp(runners->list[i].description.collector, collector) == 0) {
      return &runners->list[i];
    }
  }
  const char **names = calloc(runners->count + 1, sizeof *names);
  for (size_t i = 0; i < runners->count && names != NULL; i++) {
    names[i] = runners->list[i].description.collector;
  }
  const char *closest = names == NULL ? NULL : nearest(collector, names, runners->count);
  if (closest == NULL) {
    message_set(error, "unknown collector '%s': no runners found (set GCMARK_PATH)", collector);
  } else {
    message_set(error, "unknown collector '%s': did you mean '%s'?", collector, closest);
  }
  free(names);
  return NULL;
}
