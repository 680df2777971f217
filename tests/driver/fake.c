/* SPDX-License-Identifier: MIT
 *
 * A runner that speaks docs/protocol.md and misbehaves by the name of its workload, or, under some
 * names of its own (gcmark-mute, ...), already at --describe.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct call {
  const char *workload;
  const char *record; /* NULL: none asked for */
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static unsigned long long peak_bytes(void) {
  char line[256];
  unsigned long long kibibytes = 0;
  FILE *file = fopen("/proc/self/status", "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "VmHWM: %llu", &kibibytes) == 1) {
      break;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  return kibibytes * 1024;
}

/* Writes text as the record, under a temporary name first. Returns the exit code. */
static int leave_record(const struct call *call, const char *text, int exit_code) {
  char partial[4096];
  if (call->record == NULL) {
    return exit_code;
  }
  snprintf(partial, sizeof partial, "%s.partial", call->record);
  FILE *file = fopen(partial, "we");
  if (file == NULL || fputs(text, file) == EOF || fclose(file) != 0 ||
      rename(partial, call->record) != 0) {
    fprintf(stderr, "cannot write %s: %s\n", call->record, strerror(errno));
    return 1;
  }
  return exit_code;
}

static int finish(const struct call *call, const char *status, const char *more, int exit_code) {
  char text[4096];
  snprintf(text, sizeof text,
           "{\"protocol\": 1, \"status\": \"%s\", \"size_n\": 7, \"run_wall_s\": 0.25,"
           " \"run_cpu_s\": 0.125, \"left_at_end_objects\": 3, \"left_at_end_bytes\": 96,"
           " \"peak_rss_bytes\": %llu, \"finished_monotonic_s\": %.9f%s}\n",
           status, peak_bytes(), now(), more);
  return leave_record(call, text, exit_code);
}

static int ok(const struct call *call) {
  return finish(call, "ok", ", \"answer\": \"42\", \"from_the_future\": [1]", 0);
}

static int failed(const struct call *call) {
  (void)call;
  fputs("first line\nthe reason\n\n", stderr);
  return 1;
}

static _Noreturn void sleep_for_ever(void) {
  for (;;) {
    pause();
  }
}

static int crash(const struct call *call) {
  (void)call;
  fputs("about to crash\n", stderr);
  raise(SIGSEGV);
  return 1;
}

static int late_crash(const struct call *call) {
  ok(call);
  return crash(call);
}

static int hang(const struct call *call) {
  (void)call;
  sleep_for_ever();
}

static int deaf(const struct call *call) {
  for (int number = 1; number < NSIG; number++) {
    signal(number, SIG_IGN);
  }
  return hang(call);
}

static int no_record(const struct call *call) {
  (void)call;
  return 0;
}

static int half_record(const struct call *call) {
  return leave_record(call, "{\"protocol\": 1, \"status\": \"ok\", \"run_wall_s\": 0.2", 0);
}

/* Dies before its rename: only the temporary file is left. */
static int partial_record(const struct call *call) {
  char partial[4096];
  snprintf(partial, sizeof partial, "%s.partial", call->record == NULL ? "" : call->record);
  FILE *file = call->record == NULL ? NULL : fopen(partial, "we");
  if (file != NULL) {
    fputs("{\"protocol\"", file);
    fclose(file);
  }
  return crash(call);
}

static int wrong_type(const struct call *call) {
  return finish(call, "ok", ", \"collections\": \"many\"", 0);
}

static int negative(const struct call *call) {
  return finish(call, "ok", ", \"collections\": -1", 0);
}

static int contradiction(const struct call *call) {
  return finish(call, "ok", "", 4);
}

static int other_clock(const struct call *call) {
  return leave_record(call, "{\"protocol\": 1, \"status\": \"ok\", \"finished_monotonic_s\": 1e12}",
                      0);
}

static int flood(const struct call *call) {
  char block[4096];
  memset(block, 'x', sizeof block);
  for (int i = 0; i < 2048; i++) {
    fwrite(block, 1, sizeof block, stdout);
    fwrite(block, 1, sizeof block, stderr);
  }
  return ok(call);
}

static int wrong(const struct call *call) {
  return finish(call, "wrong", ", \"answer\": \"41\", \"message\": \"41 is not\\n42\"", 4);
}

static int out_of_heap(const struct call *call) {
  return finish(call, "out-of-heap", ", \"heap_asked_bytes\": 64, \"heap_held_bytes\": 4096", 3);
}

/* Through volatile, or a compiler sees that nobody reads the blocks and makes none. */
static int memory_hog(const struct call *call) {
  (void)call;
  enum { BLOCK = 1 << 20, MOST = 4096, PAGE = 4096 };
  for (int i = 0; i < MOST; i++) {
    volatile char *block = malloc(BLOCK);
    for (int at = 0; block != NULL && at < BLOCK; at += PAGE) {
      block[at] = 1;
    }
  }
  sleep_for_ever();
}

/* A grandchild in a session of its own that keeps our standard error open. */
static void leave_orphan(void) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      deaf(NULL);
    }
    _exit(0);
  }
}

static int orphan(const struct call *call) {
  leave_orphan();
  return ok(call);
}

/* Whether two links of /proc lead to the same place. */
static bool same_link(const char *pid, const char *name) {
  char path[64];
  char own[4096] = "";
  char other[4096] = "";
  snprintf(path, sizeof path, "/proc/self/%s", name);
  ssize_t own_length = readlink(path, own, sizeof own - 1);
  snprintf(path, sizeof path, "/proc/%.20s/%s", pid, name);
  ssize_t other_length = readlink(path, other, sizeof other - 1);
  return own_length > 0 && own_length == other_length && strcmp(own, other) == 0;
}

/* Fails if another process of this program, started from the same folder, is still there. */
static int alone(const struct call *call) {
  DIR *processes = opendir("/proc");
  const struct dirent *entry = NULL;
  bool company = processes == NULL;
  while (processes != NULL && (entry = readdir(processes)) != NULL) {
    bool other = isdigit((unsigned char)entry->d_name[0]) &&
                 strtol(entry->d_name, NULL, 10) != (long)getpid();
    company =
        company || (other && same_link(entry->d_name, "exe") && same_link(entry->d_name, "cwd"));
  }
  if (processes != NULL) {
    closedir(processes);
  }
  return company ? failed(call) : ok(call);
}

static int orphan_hang(const struct call *call) {
  leave_orphan();
  return hang(call);
}

static int odd_exit(const struct call *call) {
  (void)call;
  return 77;
}

static int usage(const struct call *call) {
  (void)call;
  fputs("no such thing\n", stderr);
  return 2;
}

static int unsupported(const struct call *call) {
  return finish(call, "unsupported", ", \"message\": \"not here\"", 5);
}

/* Says which malloc it was given. */
static int preload(const struct call *call) {
  char more[512];
  const char *library = getenv("LD_PRELOAD");
  snprintf(more, sizeof more, ", \"answer\": \"%s\"", library == NULL ? "none" : library);
  return finish(call, "ok", more, 0);
}

static int brief(const struct call *call) {
  nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  return ok(call);
}

static const struct {
  const char *name;
  int (*run)(const struct call *call);
  const char *needs;
} workloads[] = {
    {"nothing", ok, ""},
    {"ok", ok, ""},
    {"brief", brief, ""},
    {"alone", alone, ""},
    {"crash", crash, ""},
    {"late-crash", late_crash, ""},
    {"hang", hang, ""},
    {"deaf", deaf, ""},
    {"no-record", no_record, ""},
    {"half-record", half_record, ""},
    {"partial-record", partial_record, ""},
    {"wrong-type", wrong_type, ""},
    {"negative", negative, ""},
    {"contradiction", contradiction, ""},
    {"other-clock", other_clock, ""},
    {"flood", flood, ""},
    {"wrong", wrong, ""},
    {"out-of-heap", out_of_heap, ""},
    {"memory-hog", memory_hog, ""},
    {"orphan", orphan, ""},
    {"orphan-hang", orphan_hang, ""},
    {"failed", failed, ""},
    {"odd-exit", odd_exit, ""},
    {"usage", usage, ""},
    {"unsupported", unsupported, ""},
    {"preload", preload, ""},
    {"cyclic", ok, "\"cycles\""},
};

enum { WORKLOAD_COUNT = sizeof workloads / sizeof workloads[0] };

static void print_workload(const char *name, const char *needs, bool last) {
  printf("{\"name\": \"%s\", \"description\": \"misbehaves: %s\", \"sizes\": {\"quick\": 1,"
         " \"default\": 7, \"large\": 9}, \"minimum\": 1, \"maximum\": 10, \"needs\": [%s]}%s",
         name, name, needs, last ? "" : ", ");
}

static void describe(const char *collector) {
  const char *capabilities =
      strcmp(collector, "plain") == 0 ? "" : "\"heap-limit\", \"malloc\", \"weak\"";
  int count = strcmp(collector, "plain") == 0 ? 2 : WORKLOAD_COUNT;
  printf("{\"protocol\": 1, \"collector\": \"%s\", \"description\": \"a runner for tests\","
         " \"family\": \"checking\", \"build\": {\"compiler\": \"any\", \"flags\": \"\"},"
         " \"capabilities\": [%s], \"options\": [{\"name\": \"depth\", \"type\": \"integer\","
         " \"default\": \"1\", \"minimum\": 1, \"maximum\": 64, \"help\": \"a number\"},"
         " {\"name\": \"mode\", \"type\": \"choice\", \"default\": \"slow\","
         " \"choices\": [\"slow\", \"fast\"], \"help\": \"a word\"}], \"workloads\": [",
         collector, capabilities);
  for (int i = 0; i < count; i++) {
    print_workload(workloads[i].name, workloads[i].needs, i + 1 == count);
  }
  printf("], \"conformance\": [");
  print_workload("ok", "", false);
  print_workload("cyclic", "\"cycles\"", strcmp(collector, "fake") != 0);
  if (strcmp(collector, "fake") == 0) {
    print_workload("failed", "", false);
    print_workload("deaf", "", true);
  }
  printf("]}\n");
}

static int describe_as(const char *collector) {
  if (strcmp(collector, "mute") == 0) {
    return 0;
  }
  if (strcmp(collector, "stuck") == 0) {
    leave_orphan();
    sleep_for_ever();
  }
  if (strcmp(collector, "dying") == 0) {
    abort();
  }
  if (strcmp(collector, "mistyped") == 0) {
    printf("{\"protocol\": 1, \"collector\": 7}\n");
    return 0;
  }
  describe(strcmp(collector, "liar") == 0 ? "someone-else" : collector);
  return 0;
}

int main(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/');
  const char *collector = strstr(slash == NULL ? argv[0] : slash, "gcmark-") + strlen("gcmark-");
  struct call call = {.workload = argc > 1 ? argv[1] : ""};
  if (strcmp(call.workload, "--describe") == 0) {
    return describe_as(collector);
  }
  for (int i = 2; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--record") == 0) {
      call.record = argv[i + 1];
    }
  }
  for (int i = 0; i < WORKLOAD_COUNT; i++) {
    if (strcmp(call.workload, workloads[i].name) == 0) {
      return workloads[i].run(&call);
    }
  }
  return usage(&call);
}
