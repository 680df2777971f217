/* SPDX-License-Identifier: MIT
 *
 * gcmark: the driver. A table of contents; command_NAME.c has each command.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/driver/commands.h"
#include "harness/driver/descendants.h"
#include "harness/driver/interrupt.h"
#include "harness/driver/options.h"
#include "harness/driver/spawner.h"
#include "harness/message.h"
#include "harness/nearest.h"

static const struct command commands[] = {
    {COMMAND_LIST, "list", "", 0, 0, false, "Shows the collectors and workloads that can be run.",
     "  gcmark list\n"
     "  gcmark list --columns\n",
     command_list},
    {COMMAND_RUN, "run", "", 0, 0, true,
     "Runs every workload on every collector, round after round, each run in its own process;\n"
     "writes DIR/runs.csv as it goes and prints tables at the end.",
     "  gcmark run\n"
     "  gcmark run --collectors rc,boehm:markers=2 --workloads rings,splay --rounds 10\n"
     "  gcmark run -c rc -a system,jemalloc,mimalloc --size quick --out /tmp/allocators\n",
     command_run},
    {COMMAND_RESUME, "resume", "DIR", 1, 1, true,
     "Finishes a campaign that was stopped, whatever stopped it.",
     "  gcmark resume results/2026-07-31T14-05-09Z\n", command_resume},
    {COMMAND_SELFTEST, "selftest", "[COLLECTOR...]", 0, 1024, true,
     "Runs the conformance tests of the collectors named, or of all.",
     "  gcmark selftest\n"
     "  gcmark selftest rc --workloads\n",
     command_selftest},
    {COMMAND_ENV, "env", "", 0, 0, false,
     "Describes this machine and the runners, as environment.json of a campaign does.",
     "  gcmark env\n", command_env},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out) {
  fprintf(out, "gcmark: what memory management costs, and what it leaves behind\n\n"
               "usage: gcmark COMMAND [options]\n\n");
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    fprintf(out, "  %-10s %.*s\n", commands[i].name, (int)strcspn(commands[i].summary, ";\n"),
            commands[i].summary);
  }
  fprintf(out, "\ngcmark COMMAND --help has the options; gcmark --version the version.\n");
}

static const struct command *find_command(const char *name) {
  const char *names[COMMAND_COUNT];
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    names[i] = commands[i].name;
    if (strcmp(name, names[i]) == 0) {
      return &commands[i];
    }
  }
  message_say("unknown command '%s': did you mean '%s'?", name,
              nearest(name, names, COMMAND_COUNT));
  return NULL;
}

/* Files we open must not end up as 0, 1 or 2. */
static void fill_standard_files(void) {
  int file = 0;
  do {
    file = open("/dev/null", O_RDWR | O_CLOEXEC);
  } while (file >= 0 && file <= STDERR_FILENO);
  if (file >= 0) {
    close(file);
  }
}

static enum command_exit finish_text(void) {
  if (fflush(stdout) != 0 || ferror(stdout)) {
    message_say("cannot write to standard output");
    return COMMAND_EXIT_FAILED;
  }
  return COMMAND_EXIT_OK;
}

static enum command_exit run_command(const struct command *command, int argc, char **argv,
                                     struct spawner *spawner) {
  struct options options;
  struct message error;
  if (options_parse(command, argc, argv, &options, &error) != 0) {
    message_print(&error);
    return COMMAND_EXIT_USAGE;
  }
  if (options_given(&options, OPTION_help)) {
    options_help(stdout, command);
    return finish_text();
  }
  if (command->spawns) {
    /* A full disk and a closed pipe are errors to be told, not ways to die. */
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
  }
  if (interrupt_install() != 0) {
    message_say("cannot set up: %s", strerror(errno));
    return COMMAND_EXIT_FAILED;
  }
  return command->run(&options, spawner);
}

int main(int argc, char **argv) {
  struct spawner spawner = {.socket = -1};
  struct message error;
  fill_standard_files();
  if (argc < 2) {
    print_usage(stderr);
    return COMMAND_EXIT_USAGE;
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("gcmark %s\n", GCMARK_VERSION);
    return (int)finish_text();
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    print_usage(stdout);
    return (int)finish_text();
  }
  const struct command *command = find_command(argv[1]);
  if (command == NULL) {
    return COMMAND_EXIT_USAGE;
  }
  /* Before the first process of our own. */
  if (descendants_adopt() != 0) {
    message_say("cannot set up: %s", strerror(errno));
    return COMMAND_EXIT_FAILED;
  }
  /* While this process is small: see spawner.h. */
  if (command->spawns && spawner_start(&spawner, &error) != 0) {
    message_print(&error);
    return COMMAND_EXIT_FAILED;
  }
  enum command_exit exit_code = run_command(command, argc - 1, argv + 1, &spawner);
  spawner_stop(&spawner);
  descendants_kill();
  return (int)exit_code;
}
