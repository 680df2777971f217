/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/driver/commands.h"
#include "harness/driver/compose.h"
#include "harness/driver/options.h"
#include "harness/driver/outcome.h"
#include "harness/driver/record.h"
#include "harness/driver/runners.h"
#include "harness/driver/spawner.h"

struct selftest {
  struct spawner *spawner;
  double timeout_s;
  uint64_t memory_limit_bytes;
  bool every_workload;
  unsigned ok;
  unsigned failed;
  unsigned unsupported;
};

static void say(const char *verdict, const struct description *description,
                const struct description_workload *test, const char *why) {
  printf("%-12s %-12s %s%s%s\n", verdict, description->collector, test->name,
         *why == '\0' ? "" : ": ", why);
  fflush(stdout);
}

/* Why a test failed, in one line. */
static void explain(const struct selftest *selftest, const struct spawner_reply *reply,
                    struct message *why) {
  struct message line;
  const struct spawner_outcome *outcome = &reply->outcome;
  outcome_last_line(reply->error_tail, outcome->error_length, &line);
  switch (outcome->end) {
  case SPAWNER_EXITED:
    message_set(why, "exit code %d (%s): %.900s", outcome->code, record_status_word(outcome->code),
                line.text);
    break;
  case SPAWNER_SIGNALED:
    message_set(why, "signal %d (%s): %.900s", outcome->code, strsignal(outcome->code), line.text);
    break;
  case SPAWNER_TIMED_OUT:
    message_set(why, "took longer than %g s", selftest->timeout_s);
    break;
  case SPAWNER_OVER_MEMORY:
    message_set(why, "used more than %" PRIu64 " bytes", selftest->memory_limit_bytes);
    break;
  case SPAWNER_NOT_STARTED:
    message_set(why, "cannot be run: %s", strerror(outcome->code));
    break;
  }
}

static void judge(struct selftest *selftest, const struct runner *runner,
                  const struct description_workload *test, const struct spawner_reply *reply) {
  struct message why;
  bool exited = reply->outcome.end == SPAWNER_EXITED;
  if (exited && reply->outcome.code == RECORD_OK) {
    selftest->ok++;
    say("ok", &runner->description, test, "");
    return;
  }
  explain(selftest, reply, &why);
  if (exited && reply->outcome.code == RECORD_UNSUPPORTED) {
    selftest->unsupported++;
    say("unsupported", &runner->description, test, why.text);
  } else {
    selftest->failed++;
    say("FAIL", &runner->description, test, why.text);
  }
}

/* A checking collector collects at every safepoint: it gets the size made for that. */
static const char *test_size(const struct description *description) {
  return strcmp(description->family, "checking") == 0 ? "tiny" : "quick";
}

static enum spawner_result run_test(struct selftest *selftest, const struct runner *runner,
                                    const struct description_workload *test,
                                    struct message *error) {
  struct message why;
  struct spawner_reply reply;
  const char *need = description_unmet_need(test->needs, runner->description.capabilities);
  if (need != NULL) {
    message_set(&why, "needs the capability '%s'", need);
    selftest->unsupported++;
    say("unsupported", &runner->description, test, why.text);
    return SPAWNER_OK;
  }
  const char *const arguments[] = {runner->path, test->name, "--size",
                                   test_size(&runner->description)};
  const struct spawner_request request = {.arguments = arguments,
                                          .argument_count = 4,
                                          .timeout_s = selftest->timeout_s,
                                          .memory_limit_bytes = selftest->memory_limit_bytes};
  if (spawner_send(selftest->spawner, &request, error) != 0) {
    return SPAWNER_FAILED;
  }
  enum spawner_result result = spawner_receive(selftest->spawner, &reply, error);
  if (result == SPAWNER_OK) {
    judge(selftest, runner, test, &reply);
    spawner_reply_clear(&reply);
  }
  return result;
}

static enum spawner_result run_list(struct selftest *selftest, const struct runner *runner,
                                    const struct description_workload *tests, size_t count,
                                    struct message *error) {
  enum spawner_result result = SPAWNER_OK;
  for (size_t i = 0; i < count && result == SPAWNER_OK; i++) {
    result = run_test(selftest, runner, &tests[i], error);
  }
  return result;
}

static enum spawner_result run_runner(struct selftest *selftest, const struct runner *runner,
                                      struct message *error) {
  const struct description *description = &runner->description;
  if (description->conformance_count == 0) {
    message_say("collector '%s' has no conformance tests", description->collector);
    selftest->failed++;
  }
  enum spawner_result result =
      run_list(selftest, runner, description->conformance, description->conformance_count, error);
  if (result == SPAWNER_OK && selftest->every_workload) {
    result = run_list(selftest, runner, description->workloads, description->workload_count, error);
  }
  return result;
}

/* The collectors named, or all. */
static enum spawner_result run_all(struct selftest *selftest, const struct options *options,
                                   const struct runners *runners, struct message *error) {
  enum spawner_result result = SPAWNER_OK;
  for (int i = 0; i < options->operand_count && result == SPAWNER_OK; i++) {
    result = run_runner(selftest, runners_get(runners, options->operands[i], error), error);
  }
  for (size_t i = 0; options->operand_count == 0 && i < runners->count && result == SPAWNER_OK;
       i++) {
    result = run_runner(selftest, &runners->list[i], error);
  }
  return result;
}

static int check_usage(struct selftest *selftest, const struct options *options,
                       const struct runners *runners, struct message *error) {
  for (int i = 0; i < options->operand_count; i++) {
    if (runners_get(runners, options->operands[i], error) == NULL) {
      return -1;
    }
  }
  selftest->every_workload = options_given(options, OPTION_every_workload);
  return compose_limits(options, &selftest->timeout_s, &selftest->memory_limit_bytes, error);
}

static enum command_exit conclude(const struct selftest *selftest, enum spawner_result result,
                                  const struct message *error) {
  if (result != SPAWNER_OK) {
    if (result == SPAWNER_FAILED) {
      message_print(error);
    }
    return result == SPAWNER_FAILED ? COMMAND_EXIT_FAILED : COMMAND_EXIT_INTERRUPTED;
  }
  printf("%u ok, %u failed, %u unsupported\n", selftest->ok, selftest->failed,
         selftest->unsupported);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    message_say("cannot write to standard output");
    return COMMAND_EXIT_FAILED;
  }
  return selftest->failed == 0 && selftest->ok > 0 ? COMMAND_EXIT_OK : COMMAND_EXIT_FAILED;
}

enum command_exit command_selftest(const struct options *options, struct spawner *spawner) {
  struct selftest selftest = {.spawner = spawner};
  struct message error;
  struct runners runners;
  enum command_exit exit_code = COMMAND_EXIT_USAGE;
  int found = runners_find(&runners, &error);
  if (found != 0) {
    return conclude(&selftest, found < 0 ? SPAWNER_FAILED : SPAWNER_INTERRUPTED, &error);
  }
  if (check_usage(&selftest, options, &runners, &error) != 0) {
    message_print(&error);
  } else {
    enum spawner_result result = run_all(&selftest, options, &runners, &error);
    exit_code = conclude(&selftest, result, &error);
  }
  runners_clear(&runners);
  return exit_code;
}
