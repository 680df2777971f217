/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/driver/descendants.h"
#include "harness/driver/file.h"

static char folder[] = "/tmp/gcmark-test-XXXXXX";
static const char out_file[] = ".out";
static const char err_file[] = ".err";

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where) {
  (void)status;
  (void)type;
  (void)where;
  return remove(path);
}

void support_remove(const char *path) {
  nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int support_begin(void **state) {
  (void)state;
  return mkdtemp(folder) == NULL || chdir(folder) != 0 ||
                 prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) != 0 ||
                 setenv("GCMARK_PATH", RUNNERS, 1) != 0
             ? -1
             : 0;
}

int support_end(void **state) {
  (void)state;
  support_remove(folder);
  return 0;
}

/* Made before the fork, so that it is there however early the child is killed. */
static int make_file(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  assert_true(file >= 0);
  return file;
}

pid_t support_start(const char *const *arguments) {
  const char *argv[SUPPORT_MOST_ARGUMENTS + 2] = {GCMARK};
  for (int i = 0; arguments[i] != NULL; i++) {
    assert_true(i < SUPPORT_MOST_ARGUMENTS);
    argv[i + 1] = arguments[i];
  }
  int out = make_file(out_file);
  int err = make_file(err_file);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    if (dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0) {
      execv(GCMARK, (char *const *)argv); /* execv changes nothing in it */
    }
    _exit(127);
  }
  close(out);
  close(err);
  return pid;
}

static char *take_file(const char *path) {
  char *text = NULL;
  size_t length = 0;
  struct message error;
  assert_int_equal(file_read(path, 1 << 26, &text, &length, &error), 0);
  assert_int_equal(unlink(path), 0);
  return text;
}

void support_finish(pid_t pid, struct finished *finished) {
  int status = 0;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  finished->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  finished->out = take_file(out_file);
  finished->err = take_file(err_file);
}

void support_run(struct finished *finished, const char *const *arguments) {
  support_finish(support_start(arguments), finished);
  support_assert_no_descendants();
}

void support_clear(struct finished *finished) {
  free(finished->out);
  free(finished->err);
  *finished = (struct finished){0};
}

void support_assert_no_descendants(void) {
  pid_t left = waitpid(-1, NULL, WNOHANG | __WALL);
  if (left >= 0 || errno != ECHILD) {
    descendants_kill();
    fail_msg("a process outlived gcmark (%d)", (int)left);
  }
}

static volatile sig_atomic_t waited_in_vain;

static void give_up(int number) {
  (void)number;
  waited_in_vain = 1;
}

/* Bounds a wait that only a failure makes long. */
static void begin_wait(void) {
  struct sigaction action = {.sa_handler = give_up}; /* without SA_RESTART: waitpid returns */
  waited_in_vain = 0;
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  alarm(60);
}

static void end_wait(const char *what) {
  alarm(0);
  if (waited_in_vain != 0) {
    descendants_kill();
    fail_msg("waited in vain for %s", what);
  }
}

void support_await_descendants(void) {
  begin_wait();
  while (waited_in_vain == 0 && waitpid(-1, NULL, __WALL) > 0) {
  }
  end_wait("all processes to end");
}

static pid_t child_of(pid_t parent) {
  char path[64];
  char text[64] = "";
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
  if (file >= 0) {
    close(file);
  }
  return length <= 0 ? 0 : (pid_t)strtol(text, NULL, 10);
}

pid_t support_await_child(pid_t parent) {
  pid_t child = 0;
  begin_wait();
  while (waited_in_vain == 0 && (child = child_of(parent)) == 0) {
  }
  end_wait("a child process");
  return child;
}

void support_read_rows(const char *campaign_folder, struct rows *rows) {
  char *path = file_path(campaign_folder, "runs.csv");
  char *text = NULL;
  size_t length = 0;
  size_t complete = 0;
  struct message error = {"no file"};
  if (file_read(path, 1 << 26, &text, &length, &error) != 0 ||
      rows_read(path, text, length, rows, &complete, &error) != 0) {
    fail_msg("%s", error.text);
  }
  assert_int_equal(complete, length);
  free(text);
  free(path);
}

void support_assert_complete(const struct rows *rows, size_t count) {
  bool *seen = calloc(count + 1, sizeof *seen);
  assert_non_null(seen);
  assert_int_equal(rows->count, count);
  for (size_t i = 0; i < rows->count; i++) {
    uint64_t run = rows->list[i].values[GCM_COLUMN_run].uint;
    assert_true(run < count);
    assert_false(seen[run]);
    seen[run] = true;
  }
  free(seen);
}

void support_assert_tidy(const char *campaign_folder) {
  static const char *const expected[] = {"campaign.json", "environment.json", "runs.csv", ".",
                                         ".."};
  int found = 0;
  DIR *entries = opendir(campaign_folder);
  assert_non_null(entries);
  const struct dirent *entry = NULL;
  while ((entry = readdir(entries)) != NULL) {
    bool known = false;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
      known = known || strcmp(entry->d_name, expected[i]) == 0;
    }
    if (!known) {
      fail_msg("left over in %s: %s", campaign_folder, entry->d_name);
    }
    found++;
  }
  closedir(entries);
  assert_int_equal(found, sizeof expected / sizeof expected[0]);
}

void support_assert_line(const char *text, const char *part) {
  const char *end = strchr(text, '\n');
  if (strncmp(text, "gcmark: ", 8) != 0 || end == NULL || end[1] != '\0' ||
      strstr(text, part) == NULL) {
    fail_msg("not one line with '%s': %s", part, text);
  }
}

const char *support_status(const struct rows *rows, const char *workload) {
  for (size_t i = 0; i < rows->count; i++) {
    const struct gcm_value *values = rows->list[i].values;
    if (values[GCM_COLUMN_round].uint > 0 &&
        strcmp(values[GCM_COLUMN_workload].text, workload) == 0) {
      return values[GCM_COLUMN_status].text;
    }
  }
  return "";
}
