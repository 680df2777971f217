/* SPDX-License-Identifier: MIT
 *
 * Runs every broken workload in a process of its own: it has to fail with exit
 * code 1, and its message has to name its rule, no other, and the line. Every
 * rule has to be broken by some workload.
 */
#include "broken.h"
#include "collectors/check/check.h"
#include "harness/runner/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct broken_place *broken_place;
void (*broken_finalizer)(void *bytes);

static void finalize(void *bytes) {
  if (broken_finalizer != NULL) {
    broken_finalizer(bytes);
  }
}

const gcm_type broken_types[TYPE_COUNT] = {
    {.name = "pair", .id = PAIR, .refs = 2},
    {.name = "leaf", .id = LEAF, .bytes = 8},
    {.name = "bytes", .id = BYTES, .tail = GCM_TAIL_BYTES},
    {.name = "array", .id = ARRAY, .tail = GCM_TAIL_REFS},
    {.name = "promised", .id = PROMISED, .refs = 2, .acyclic = true},
    {.name = "closing", .id = CLOSING, .bytes = 8, .finalize = finalize},
};
const gcm_type *const broken_list[TYPE_COUNT] = {pair, leaf, bytes_type, array, promised, closing};

static const char *const rule_names[CHECK_RULE_COUNT] = {
#define RULE(name, words) [CHECK_##name] = #name,
#include "collectors/check/rules.def"
#undef RULE
};

static bool failed(const char *name, const char *what, const char *detail) {
  printf("FAIL %s: %s: %s\n", name, what, detail);
  return false;
}

/* The rule that a workload's name begins with; CHECK_RULE_COUNT for none. */
static int rule_of(const char *name) {
  size_t length = strcspn(name, "-");
  int rule = 0;
  while (rule < CHECK_RULE_COUNT &&
         (strlen(rule_names[rule]) != length || strncmp(rule_names[rule], name, length) != 0)) {
    rule++;
  }
  return rule;
}

/* In the child: run it, its messages going to `out`. Does not return. */
static _Noreturn void run_child(const gcm_workload *workload, int out) {
  static struct arguments arguments;
  arguments = (struct arguments){.workload = workload,
                                 .size = workload->normal,
                                 .heap_limit = SIZE_MAX,
                                 .seed = 1,
                                 .threads = 1,
                                 .options = {gcm_collector.options[0].default_value}};
  if (freopen("/dev/null", "w", stdout) == NULL || dup2(out, STDERR_FILENO) < 0) {
    _exit(99);
  }
  _exit(run_workload(&arguments));
}

/* Exit status and messages of a run; false if it could not be started. */
static bool observe(const gcm_workload *workload, int *status, char *messages, size_t capacity) {
  int ends[2];
  *broken_place = (struct broken_place){NULL, 0};
  fflush(NULL);
  if (pipe(ends) != 0) {
    return false;
  }
  pid_t child = fork();
  if (child == 0) {
    run_child(workload, ends[1]);
  }
  close(ends[1]);
  size_t length = 0;
  ssize_t got = 0;
  do {
    got = read(ends[0], messages + length, capacity - 1 - length);
    length += got > 0 ? (size_t)got : 0;
  } while (got > 0);
  messages[length] = '\0';
  close(ends[0]);
  return child > 0 && waitpid(child, status, 0) == child;
}

static bool judge(const gcm_workload *workload, int rule) {
  char messages[4096];
  int status;
  if (!observe(workload, &status, messages, sizeof messages)) {
    return failed(workload->name, "not started", "fork or pipe");
  }
  int expected = rule == CHECK_RULE_COUNT ? RUNNER_OK : RUNNER_FAILED;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != expected) {
    return failed(workload->name, "wrong exit code", messages);
  }
  if (rule == CHECK_RULE_COUNT) {
    return true;
  }
  char start[256];
  snprintf(start, sizeof start, ": rule: %s (", check_rules[rule]);
  const char *found = strstr(messages, ": rule: ");
  if (found == NULL || strncmp(found, start, strlen(start)) != 0) {
    return failed(workload->name, "wrong rule", messages);
  }
  if (broken_place->file == NULL) {
    return failed(workload->name, "never came to the broken line", messages);
  }
  char place[256];
  snprintf(place, sizeof place, "%s:%d)", broken_place->file, broken_place->line);
  if (broken_place->line != 0 && strstr(found, place) == NULL) {
    return failed(workload->name, place, messages);
  }
  return true;
}

int main(void) {
  broken_place =
      mmap(NULL, sizeof *broken_place, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (broken_place == MAP_FAILED) {
    perror("mmap");
    return 1;
  }
  unsigned broken[CHECK_RULE_COUNT + 1] = {0};
  bool ok = true;
  const gcm_workload *workload;
  for (size_t i = 0; (workload = registry_workload(i)) != NULL; i++) {
    int rule = rule_of(workload->name);
    broken[rule]++;
    ok &= judge(workload, rule);
  }
  for (int rule = 0; rule <= CHECK_RULE_COUNT; rule++) {
    const char *name = rule < CHECK_RULE_COUNT ? rule_names[rule] : "CLEAN";
    printf("%-16s %u\n", name, broken[rule]);
    if (broken[rule] == 0) {
      ok = failed(name, "no workload", "breaks it");
    }
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
