/* SPDX-License-Identifier: MIT */
#include "descendants.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descendants from before descendants_adopt(): a shell's jobs, if it became gcmark by exec. */
static pid_t *spared;
static size_t spared_count;
static bool adopted;

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

static bool is_spared(pid_t pid) {
  for (size_t i = 0; i < spared_count; i++) {
    if (spared[i] == pid) {
      return true;
    }
  }
  return false;
}

/* Does something to every process there is; -1 if they cannot be listed. */
static int for_each_process(int (*act)(const char *pid)) {
  int result = 0;
  DIR *processes = opendir("/proc");
  if (processes == NULL) {
    return -1;
  }
  const struct dirent *entry = NULL;
  while (result >= 0 && (entry = readdir(processes)) != NULL) {
    if (isdigit((unsigned char)entry->d_name[0])) {
      int done = act(entry->d_name);
      result = done < 0 ? -1 : result + done;
    }
  }
  closedir(processes);
  return result;
}

static bool is_descendant(const char *pid) {
  char text[32];
  pid_t parent = parent_of(pid);
  while (parent > 1 && parent != getpid()) {
    snprintf(text, sizeof text, "%d", parent);
    parent = parent_of(text);
  }
  return parent == getpid();
}

static int spare(const char *pid) {
  if (!is_descendant(pid)) {
    return 0;
  }
  pid_t *more = realloc(spared, (spared_count + 1) * sizeof *more);
  if (more == NULL) {
    return -1;
  }
  spared = more;
  spared[spared_count++] = (pid_t)strtol(pid, NULL, 10);
  return 1;
}

static bool has_children(void) {
  siginfo_t ignored;
  return waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

int descendants_adopt(void) {
  spared_count = 0; /* a forked process has none of its parent's */
  adopted = prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) == 0 &&
            (!has_children() || for_each_process(spare) >= 0);
  return adopted ? 0 : -1;
}

static int end_child(const char *text, bool reap) {
  pid_t pid = (pid_t)strtol(text, NULL, 10);
  if (parent_of(text) != getpid() || is_spared(pid) || kill(pid, SIGKILL) != 0) {
    return 0;
  }
  if (reap) {
    waitpid(pid, NULL, __WALL);
  }
  return 1;
}

static int kill_child(const char *pid) {
  return end_child(pid, false);
}

static int kill_and_reap_child(const char *pid) {
  return end_child(pid, true);
}

void descendants_kill(void) {
  /*
   * Each child that dies hands its own children to us, so this ends with the deepest. A spared
   * child is not reaped either: its number must not become another's.
   */
  while (adopted && has_children() && for_each_process(kill_child) > 0) {
    for_each_process(kill_and_reap_child);
  }
}
