/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/driver/file.h"

static const char prefix[] = ".running-";
enum { ROOM_BYTES = 16384, MOST_TRIES = 1000 };

static void remove_files(const char *folder) {
  DIR *entries = opendir(folder);
  const struct dirent *entry = NULL;
  while (entries != NULL && (entry = readdir(entries)) != NULL) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      unlinkat(dirfd(entries), entry->d_name, 0);
    }
  }
  if (entries != NULL) {
    closedir(entries);
  }
}

/* Tries again while a run that is about to die still adds files. */
static void remove_folder(const char *folder) {
  for (int i = 0; i < MOST_TRIES; i++) {
    remove_files(folder);
    if (rmdir(folder) == 0 || errno != ENOTEMPTY) {
      return;
    }
  }
}

static void remove_left_over(const char *campaign_folder) {
  DIR *entries = opendir(campaign_folder);
  const struct dirent *entry = NULL;
  while (entries != NULL && (entry = readdir(entries)) != NULL) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0) {
      char *folder = file_path(campaign_folder, entry->d_name);
      if (folder != NULL) {
        remove_folder(folder);
      }
      free(folder);
    }
  }
  if (entries != NULL) {
    closedir(entries);
  }
}

int scratch_make(const char *campaign_folder, struct scratch *scratch, struct message *error) {
  *scratch = (struct scratch){.campaign_folder = campaign_folder};
  remove_left_over(campaign_folder);
  char *absolute = realpath(campaign_folder, NULL);
  char *folder = NULL;
  if (absolute == NULL || asprintf(&folder, "%s/%sXXXXXX", absolute, prefix) < 0) {
    free(absolute);
    return message_set(error, "cannot find %s: %s", campaign_folder, strerror(errno));
  }
  free(absolute);
  if (mkdtemp(folder) == NULL) {
    message_set(error, "cannot make a folder in %s: %s", campaign_folder, strerror(errno));
    free(folder);
    return -1;
  }
  scratch->folder = folder;
  scratch->record_path = file_path(folder, "record.json");
  if (scratch->record_path == NULL) {
    scratch_remove(scratch);
    return message_set(error, "out of memory");
  }
  return 0;
}

void scratch_empty(const struct scratch *scratch) {
  remove_files(scratch->folder);
}

int scratch_room(const struct scratch *scratch) {
  int file = open(scratch->record_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return errno;
  }
  int reason = posix_fallocate(file, 0, ROOM_BYTES);
  close(file);
  unlink(scratch->record_path);
  return reason;
}

void scratch_remove(struct scratch *scratch) {
  if (scratch->folder != NULL) {
    remove_folder(scratch->folder);
  }
  free(scratch->folder);
  free(scratch->record_path);
  *scratch = (struct scratch){0};
}
