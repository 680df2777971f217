/* SPDX-License-Identifier: MIT
 *
 * A campaign that is killed, interrupted or runs out of disk loses no complete row, doubles none,
 * leaves no process and no temporary file, and can be finished.
 */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/driver/random.h"
#include "tests/driver/support.h"

enum { KILL_POINTS = 60, ROUNDS = 8, RUNS = 1 + 3 * ROUNDS };

static const char *const whole[] = {"run", "-c", "fake", "-w",     "ok,brief,orphan",
                                    "-r",  "8",  "-o",   "killed", NULL};
static const char *const rest[] = {"resume", "killed", NULL};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void wait_nanoseconds(uint64_t nanoseconds) {
  struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000U),
                          .tv_nsec = (long)(nanoseconds % 1000000000U)};
  nanosleep(&time, NULL);
}

static void assert_finished(void) {
  struct rows rows;
  support_read_rows("killed", &rows);
  support_assert_complete(&rows, RUNS);
  for (size_t i = 0; i < rows.count; i++) {
    assert_string_equal(rows.list[i].values[GCM_COLUMN_status].text, "ok");
    assert_int_equal(rows.list[i].values[GCM_COLUMN_run].uint, i);
    if (i > 0) {
      assert_true(rows.list[i].values[GCM_COLUMN_floor_rss_bytes].present);
    }
  }
  rows_clear(&rows);
  support_assert_tidy("killed");
}

/* What continues the campaign: run if it was killed before there was one, else resume. */
static const char *const *next_command(void) {
  return access("killed/campaign.json", F_OK) == 0 ? rest : whole;
}

/* Starts or resumes the campaign and kills it somewhere. Whether the kill came in time. */
static bool kill_once(struct random *random, uint64_t range_ns) {
  struct finished finished;
  pid_t pid = support_start(next_command());
  wait_nanoseconds(random_below(random, range_ns));
  kill(pid, SIGKILL);
  support_finish(pid, &finished);
  bool killed = finished.exit_code == -1;
  support_clear(&finished);
  return killed;
}

static void test_kill_anywhere(void **state) {
  (void)state;
  struct finished finished;
  struct random random;
  uint64_t seed = (uint64_t)time(NULL) ^ ((uint64_t)getpid() << 32);
  const char *given = getenv("GCMARK_TEST_SEED");
  seed = given == NULL ? seed : strtoull(given, NULL, 10);
  print_message("GCMARK_TEST_SEED=%llu\n", (unsigned long long)seed);
  random_seed(&random, seed, 0);
  double begin = now();
  support_run(&finished, whole);
  uint64_t range_ns = (uint64_t)((now() - begin) * 1e9);
  support_clear(&finished);
  int killed = 0;
  while (killed < KILL_POINTS) {
    support_remove("killed");
    killed += kill_once(&random, range_ns);
    if (random_below(&random, 4) == 0) {
      killed += kill_once(&random, range_ns); /* at once: the first one may still be cleaning up */
    } else {
      support_await_descendants();
    }
    support_finish(support_start(next_command()), &finished);
    if (finished.exit_code != 0) {
      fail_msg("not finished after a kill: %s", finished.err);
    }
    support_clear(&finished);
    support_await_descendants();
    assert_finished();
  }
}

static size_t count_lines(const char *path) {
  char *line = NULL;
  size_t size = 0;
  size_t lines = 0;
  FILE *file = fopen(path, "re");
  while (file != NULL && getline(&line, &size, file) > 0) {
    lines++;
  }
  if (file != NULL) {
    fclose(file);
  }
  free(line);
  return lines;
}

/* Waits until a child of the spawner is no longer a copy of it but the runner. */
static void await_program(pid_t pid) {
  char path[64];
  char program[4096] = "";
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  while (readlink(path, program, sizeof program - 1) > 0 && strstr(program, "fake") == NULL) {
    memset(program, 0, sizeof program);
    sched_yield();
  }
}

/* Waits until the run after the floor, one that hangs, is under way. Returns the spawner. */
static pid_t await_hang(pid_t driver, const char *folder) {
  char path[64];
  pid_t spawner = support_await_child(driver);
  snprintf(path, sizeof path, "%s/runs.csv", folder);
  while (count_lines(path) < 2) { /* the header and the floor */
    sched_yield();
  }
  await_program(support_await_child(spawner));
  return spawner;
}

static void test_kill_leaves_no_process(void **state) {
  (void)state;
  struct finished finished;
  pid_t pid = START("run", "-c", "fake", "-w", "orphan-hang", "-r", "1", "-o", "orphans");
  await_hang(pid, "orphans");
  kill(pid, SIGKILL);
  support_finish(pid, &finished);
  support_await_descendants();
  support_clear(&finished);
}

static void test_kill_of_the_spawner(void **state) {
  (void)state;
  struct finished finished;
  pid_t pid = START("run", "-c", "fake", "-w", "orphan-hang", "-r", "1", "-o", "spawner", "-q");
  kill(await_hang(pid, "spawner"), SIGKILL);
  support_finish(pid, &finished);
  support_assert_no_descendants();
  assert_int_equal(finished.exit_code, 1);
  support_assert_line(finished.err, "spawner");
  support_assert_tidy("spawner");
  support_clear(&finished);
}

/* With nobody left to clean up, the kernel ends the run. */
static void test_kill_of_both(void **state) {
  (void)state;
  struct finished finished;
  pid_t pid = START("run", "-c", "fake", "-w", "deaf", "-r", "1", "-o", "both", "-q");
  pid_t spawner = await_hang(pid, "both");
  kill(spawner, SIGSTOP);
  kill(pid, SIGKILL);
  kill(spawner, SIGKILL);
  support_finish(pid, &finished);
  support_await_descendants();
  support_clear(&finished);
}

static void interrupt_with(int number, const char *folder) {
  struct finished finished;
  struct rows rows;
  pid_t pid = START("run", "-c", "fake", "-w", "orphan-hang", "-r", "1", "-o", folder, "-q");
  await_hang(pid, folder);
  kill(pid, number);
  support_finish(pid, &finished);
  support_assert_no_descendants();
  assert_int_equal(finished.exit_code, 130);
  support_assert_line(finished.err, "gcmark resume");
  support_assert_tidy(folder);
  support_read_rows(folder, &rows);
  assert_int_equal(rows.count, 1);
  rows_clear(&rows);
  support_clear(&finished);
}

static void test_interrupt(void **state) {
  (void)state;
  interrupt_with(SIGINT, "interrupted");
}

static void test_terminate(void **state) {
  (void)state;
  interrupt_with(SIGTERM, "terminated");
}

static void test_one_driver_at_a_time(void **state) {
  (void)state;
  struct finished second;
  struct finished first;
  pid_t pid = START("run", "-c", "fake", "-w", "hang", "-r", "1", "-o", "locked", "-q");
  await_hang(pid, "locked");
  rename(".out", ".first-out");
  rename(".err", ".first-err");
  support_finish(START("resume", "locked", "-q"), &second);
  assert_int_equal(second.exit_code, 1);
  support_assert_line(second.err, "another gcmark");
  rename(".first-out", ".out");
  rename(".first-err", ".err");
  kill(pid, SIGINT);
  support_finish(pid, &first);
  support_clear(&first);
  support_clear(&second);
}

static void assert_full_then_resumed(struct finished *finished, const char *folder, size_t runs) {
  struct rows rows;
  assert_int_equal(finished->exit_code, 1);
  support_assert_line(finished->err, "free some space and go on with: gcmark resume");
  support_assert_tidy(folder);
  support_read_rows(folder, &rows);
  assert_true(rows.count < runs);
  rows_clear(&rows);
}

/* A limit on the size of files stands for a disk that fills up while rows are appended. */
static void test_full_disk_while_appending(void **state) {
  (void)state;
  struct finished finished;
  struct rows rows;
  struct rlimit before;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){20480, before.rlim_max}), 0);
  RUN(&finished, "run", "-c", "fake", "-w", "ok", "-r", "100", "-o", "full", "-q");
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_full_then_resumed(&finished, "full", 101);
  support_clear(&finished);
  RUN(&finished, "resume", "full", "-q");
  assert_int_equal(finished.exit_code, 0);
  support_read_rows("full", &rows);
  support_assert_complete(&rows, 101);
  rows_clear(&rows);
  support_clear(&finished);
}

/* A real full disk, where this process may mount one. */
static void test_full_file_system(void **state) {
  (void)state;
  struct finished finished;
  struct rows rows;
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
    skip();
  }
  assert_int_equal(system("mkdir disk"), 0);
  assert_int_equal(mount("none", "disk", "tmpfs", 0, "size=64k"), 0);
  RUN(&finished, "run", "-c", "fake", "-w", "ok", "-r", "200", "-o", "disk/full", "-q");
  assert_full_then_resumed(&finished, "disk/full", 201);
  support_clear(&finished);
  assert_int_equal(mount("none", "disk", "tmpfs", MS_REMOUNT, "size=8m"), 0);
  RUN(&finished, "resume", "disk/full", "-q");
  assert_int_equal(finished.exit_code, 0);
  support_read_rows("disk/full", &rows);
  support_assert_complete(&rows, 201);
  rows_clear(&rows);
  support_clear(&finished);
  assert_int_equal(umount("disk"), 0);
}

/* A shell that became gcmark by exec had jobs of its own: they are not the campaign's. */
static void assert_spares(const char *arguments) {
  char command[1024];
  pid_t job = 0;
  snprintf(command, sizeof command, "sleep 600 & echo $! >job; exec " GCMARK " %s >/dev/null 2>&1",
           arguments);
  assert_int_equal(system(command), 0);
  FILE *file = fopen("job", "re");
  assert_non_null(file);
  assert_int_equal(fscanf(file, "%d", &job), 1);
  fclose(file);
  remove("job");
  /* It was handed to us when gcmark ended, and still runs. */
  assert_int_equal(waitpid(job, NULL, WNOHANG), 0);
  assert_int_equal(kill(job, SIGKILL), 0);
  assert_int_equal(waitpid(job, NULL, 0), job);
}

static void test_jobs_from_before_are_spared(void **state) {
  (void)state;
  assert_spares("list");
  assert_spares("list --help");
  assert_spares("run -q -c fake -w ok,orphan -r 1 -o spared");
  support_assert_no_descendants();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_kill_anywhere),
      cmocka_unit_test(test_kill_leaves_no_process),
      cmocka_unit_test(test_kill_of_the_spawner),
      cmocka_unit_test(test_kill_of_both),
      cmocka_unit_test(test_interrupt),
      cmocka_unit_test(test_terminate),
      cmocka_unit_test(test_one_driver_at_a_time),
      cmocka_unit_test(test_full_disk_while_appending),
      cmocka_unit_test(test_full_file_system),
      cmocka_unit_test(test_jobs_from_before_are_spared),
  };
  return cmocka_run_group_tests(tests, support_begin, support_end);
}
