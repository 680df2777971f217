/* SPDX-License-Identifier: MIT */
#include "descendants.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int descendants_adopt(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
}

/* The parent of a process, from /proc/PID/stat; -1 if the process is gone. */
static pid_t parent_of(const char *pid) {
  char path[64];
  char text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) {
    return -1;
  }
  text[length] = '\0';
  /* The name in parentheses may itself contain anything; what follows the last one may not. */
  const char *after_name = strrchr(text, ')');
  if (after_name == NULL || strlen(after_name) < 5) {
    return -1;
  }
  return (pid_t)strtol(after_name + 4, NULL, 10);
}

/* Returns how many children could be sent SIGKILL. */
static int kill_children(void) {
  int killed = 0;
  DIR *processes = opendir("/proc");
  if (processes == NULL) {
    return 0;
  }
  const struct dirent *entry = NULL;
  while ((entry = readdir(processes)) != NULL) {
    if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == getpid() &&
        kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL) == 0) {
      killed++;
    }
  }
  closedir(processes);
  return killed;
}

void descendants_kill(void) {
  for (;;) {
    pid_t reaped = waitpid(-1, NULL, WNOHANG | __WALL);
    if (reaped < 0 && errno == ECHILD) {
      return;
    }
    if (reaped != 0) {
      continue;
    }
    /* Each child that dies hands its own children to us, so this ends with the deepest. */
    if (kill_children() == 0) {
      return;
    }
    waitpid(-1, NULL, __WALL);
  }
}
