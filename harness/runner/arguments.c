/* SPDX-License-Identifier: MIT
 *
 * The runner's command line: one table feeds getopt_long and --help.
 */
#include "runner.h"

#include "harness/message.h"
#include "harness/nearest.h"
#include "harness/quantity.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  OPTION_SIZE = 256,
  OPTION_HEAP,
  OPTION_SEED,
  OPTION_THREADS,
  OPTION_SET,
  OPTION_EXIT,
  OPTION_RECORD,
  OPTION_EVENTS,
  OPTION_DESCRIBE,
  OPTION_VERSION,
  OPTION_HELP,
};

static const struct {
  const char *name, *metavar;
  int key;
  const char *help;
} table[] = {
    {"size", "SIZE", OPTION_SIZE, "tiny, quick, default, large or a number [default]"},
    {"heap", "BYTES", OPTION_HEAP, "heap budget; suffixes K, M, G [no limit]"},
    {"seed", "N", OPTION_SEED, "seed of the workload's generator [1]"},
    {"threads", "N", OPTION_THREADS, "mutator threads [1]"},
    {"set", "NAME=VALUE", OPTION_SET, "an option of this collector; may be repeated"},
    {"exit", "HOW", OPTION_EXIT, "teardown: release everything; abandon: stop at once [teardown]"},
    {"record", "FILE", OPTION_RECORD, "write one JSON record instead of the summary"},
    {"events", "FILE", OPTION_EVENTS, "write the pauses as CSV"},
    {"describe", NULL, OPTION_DESCRIBE, "describe this runner as JSON"},
    {"version", NULL, OPTION_VERSION, "print the version"},
    {"help", NULL, OPTION_HELP, "print this"},
};
enum { TABLE_SIZE = sizeof table / sizeof *table };

static void print_workloads(const gcm_workload *(*registry)(size_t)) {
  const gcm_workload *workload;
  for (size_t i = 0; (workload = registry(i)) != NULL; i++) {
    printf("  %-18s %s\n", workload->name, workload->description);
  }
}

static void print_help(void) {
  printf("Usage: gcmark-" GCMARK_COLLECTOR " WORKLOAD [options]\n"
         "Run one workload on the collector " GCMARK_COLLECTOR " (%s).\n\nOptions:\n",
         gcm_collector.description);
  for (int i = 0; i < TABLE_SIZE; i++) {
    char left[48];
    snprintf(left, sizeof left, "--%s %s", table[i].name,
             table[i].metavar == NULL ? "" : table[i].metavar);
    printf("  %-18s %s\n", left, table[i].help);
  }
  printf("\nOptions of this collector (--set):\n");
  for (size_t i = 0; i < gcm_collector.option_count; i++) {
    const struct gcm_option *option = &gcm_collector.options[i];
    printf("  %-18s %s [%s]\n", option->name, option->help, option->default_value);
  }
  if (gcm_collector.option_count == 0) {
    printf("  none\n");
  }
  printf("\nWorkloads:\n");
  print_workloads(registry_workload);
  printf("\nExit codes: 0 done and checked, 1 internal failure, 2 usage, 3 out of heap,\n"
         "4 wrong result, 5 unsupported here.\n\n"
         "Examples:\n"
         "  gcmark-" GCMARK_COLLECTOR " binary-trees --size quick\n"
         "  hyperfine 'gcmark-" GCMARK_COLLECTOR " binary-trees --size 16'\n");
}

static const gcm_workload *find_in(const gcm_workload *(*registry)(size_t), const char *name) {
  const gcm_workload *workload;
  for (size_t i = 0; (workload = registry(i)) != NULL; i++) {
    if (strcmp(workload->name, name) == 0) {
      return workload;
    }
  }
  return NULL;
}

static const gcm_workload *find_workload(const char *name, struct message *error) {
  const gcm_workload *workload = find_in(registry_workload, name);
  if (workload == NULL) {
    workload = find_in(registry_conformance, name);
  }
  if (workload == NULL) {
    const char *names[128];
    size_t count = 0;
    for (; count < 128 && registry_workload(count) != NULL; count++) {
      names[count] = registry_workload(count)->name;
    }
    message_set(error, "unknown workload '%s': did you mean '%s'?", name,
                count == 0 ? "" : nearest(name, names, count));
  }
  return workload;
}

static int parse_size(struct arguments *arguments, const char *text, struct message *error) {
  const gcm_workload *workload = arguments->workload;
  const struct {
    const char *name;
    uint64_t size;
  } sizes[] = {{"tiny", workload->tiny},
               {"quick", workload->quick},
               {"default", workload->normal},
               {"large", workload->large}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    if (strcmp(text, sizes[i].name) == 0) {
      arguments->size = sizes[i].size;
      return 0;
    }
  }
  if (text[0] < '0' || text[0] > '9') {
    return message_set(error, "unknown size '%s': tiny, quick, default, large or a number", text);
  }
  return quantity_whole("--size", text, workload->minimum, workload->maximum, &arguments->size,
                        error);
}

static int check_option(const struct gcm_option *option, const char *value, struct message *error) {
  if (option->choices != NULL) {
    size_t count = 0;
    for (; option->choices[count] != NULL; count++) {
      if (strcmp(option->choices[count], value) == 0) {
        return 0;
      }
    }
    return message_set(error, "'%s' is not a value of option '%s': did you mean '%s'?", value,
                       option->name, nearest(value, option->choices, count));
  }
  uint64_t number;
  return quantity_whole(option->name, value, (uint64_t)option->minimum, (uint64_t)option->maximum,
                        &number, error);
}

static int parse_set(struct arguments *arguments, const char *text, bool *set,
                     struct message *error) {
  const char *equals = strchr(text, '=');
  if (equals == NULL) {
    return message_set(error, "--set '%s': expected option=value", text);
  }
  const char *names[RUNNER_OPTIONS_MAX];
  for (size_t i = 0; i < gcm_collector.option_count; i++) {
    const struct gcm_option *option = &gcm_collector.options[i];
    names[i] = option->name;
    if (strlen(option->name) == (size_t)(equals - text) &&
        strncmp(option->name, text, (size_t)(equals - text)) == 0) {
      if (set[i]) {
        return message_set(error, "option '%s' is set twice", option->name);
      }
      set[i] = true;
      arguments->options[i] = equals + 1;
      return check_option(option, equals + 1, error);
    }
  }
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
  const char *guess = nearest(name, names, gcm_collector.option_count);
  return guess == NULL
             ? message_set(error, "collector " GCMARK_COLLECTOR " has no options; '%s' given", name)
             : message_set(error, "unknown option '%s': did you mean '%s'?", name, guess);
}

static int parse_exit(struct arguments *arguments, const char *text, struct message *error) {
  if (strcmp(text, "teardown") != 0 && strcmp(text, "abandon") != 0) {
    return message_set(error, "--exit '%s': teardown or abandon", text);
  }
  arguments->abandon = text[0] == 'a';
  return 0;
}

static int parse_one(struct arguments *arguments, int key, const char *text, bool *set,
                     struct message *error) {
  uint64_t number = 0;
  switch (key) {
  case OPTION_SIZE:
    return parse_size(arguments, text, error);
  case OPTION_HEAP:
    if (quantity_bytes("--heap", text, 1, SIZE_MAX / 2, &number, error) != 0) {
      return -1;
    }
    arguments->heap_limit = number;
    return 0;
  case OPTION_SEED:
    return quantity_whole("--seed", text, 0, UINT64_MAX, &arguments->seed, error);
  case OPTION_THREADS:
    if (quantity_whole("--threads", text, 1, 1, &number, error) != 0) {
      return -1;
    }
    arguments->threads = (unsigned)number;
    return 0;
  case OPTION_SET:
    return parse_set(arguments, text, set, error);
  case OPTION_EXIT:
    return parse_exit(arguments, text, error);
  case OPTION_RECORD:
    arguments->record = text;
    return 0;
  default:
    arguments->events = text;
    return 0;
  }
}

/* Options in the order given; the workload is known by now. */
static int parse_options(struct arguments *arguments, int argc, char **argv,
                         const struct option *long_options, struct message *error) {
  bool set[RUNNER_OPTIONS_MAX] = {false};
  bool given[TABLE_SIZE] = {false};
  int key;
  optind = 1;
  while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
    bool *seen = &given[key - OPTION_SIZE];
    if (*seen && key != OPTION_SET) {
      return message_set(error, "--%s is given twice", table[key - OPTION_SIZE].name);
    }
    *seen = true;
    if (parse_one(arguments, key, optarg, set, error) != 0) {
      return -1;
    }
  }
  return 0;
}

static bool fail(const struct message *error, int *exit_code) {
  fprintf(stderr, "gcmark-" GCMARK_COLLECTOR ": %s (--help tells more)\n", error->text);
  *exit_code = RUNNER_USAGE;
  return false;
}

/* First pass: reject unknown options, serve --help and the like, and let
 * getopt move the workload to the end. 0 to go on, 1 to end with *exit_code. */
static int first_pass(int argc, char **argv, const struct option *long_options,
                      struct arguments *arguments, int *exit_code) {
  int key;
  *exit_code = RUNNER_OK;
  while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
    switch (key) {
    case OPTION_HELP:
      print_help();
      return 1;
    case OPTION_VERSION:
      puts("gcmark-" GCMARK_COLLECTOR " " GCMARK_VERSION);
      return 1;
    case OPTION_DESCRIBE:
      arguments->workload = NULL;
      *exit_code = -1;
      return 1;
    case '?':
      *exit_code = RUNNER_USAGE; /* getopt has said what */
      return 1;
    default:
      break;
    }
  }
  return 0;
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv, int *exit_code) {
  struct option long_options[TABLE_SIZE + 1] = {{0}};
  for (int i = 0; i < TABLE_SIZE; i++) {
    long_options[i] =
        (struct option){table[i].name, table[i].metavar == NULL ? no_argument : required_argument,
                        NULL, table[i].key};
  }
  *arguments = (struct arguments){.heap_limit = SIZE_MAX, .seed = 1, .threads = 1};
  if (gcm_collector.option_count > RUNNER_OPTIONS_MAX) {
    fprintf(stderr, "gcmark-" GCMARK_COLLECTOR ": more than %d options\n", RUNNER_OPTIONS_MAX);
    *exit_code = RUNNER_FAILED;
    return false;
  }
  for (size_t i = 0; i < gcm_collector.option_count; i++) {
    arguments->options[i] = gcm_collector.options[i].default_value;
  }
  if (first_pass(argc, argv, long_options, arguments, exit_code)) {
    return *exit_code == -1;
  }
  struct message error;
  if (optind != argc - 1) {
    message_set(&error, optind == argc ? "no workload given" : "more than one workload given");
    return fail(&error, exit_code);
  }
  arguments->workload = find_workload(argv[optind], &error);
  if (arguments->workload == NULL) {
    return fail(&error, exit_code);
  }
  arguments->size = arguments->workload->normal;
  if (arguments->workload->heap_limit != 0) {
    arguments->heap_limit = arguments->workload->heap_limit;
  }
  return parse_options(arguments, argc, argv, long_options, &error) == 0 || fail(&error, exit_code);
}
