/* SPDX-License-Identifier: MIT
 *
 * The commands of gcmark. main.c has the table; command_NAME.c has each.
 */
#ifndef GCMARK_DRIVER_COMMANDS_H
#define GCMARK_DRIVER_COMMANDS_H

#include <stdbool.h>

struct options;
struct spawner;

/* Bits, so that an option can name the commands that have it. */
enum command_id {
  COMMAND_LIST = 1,
  COMMAND_RUN = 2,
  COMMAND_RESUME = 4,
  COMMAND_SELFTEST = 8,
  COMMAND_ENV = 16,
  COMMAND_ALL = 31
};

enum command_exit {
  COMMAND_EXIT_OK = 0,
  COMMAND_EXIT_FAILED = 1, /* something ran and failed, or the system refused */
  COMMAND_EXIT_USAGE = 2,  /* nothing was started or written */
  COMMAND_EXIT_INTERRUPTED = 130
};

struct command {
  enum command_id id;
  const char *name;
  const char *operands; /* as help shows them; "" for none */
  int least_operands;
  int most_operands;
  bool spawns; /* needs the spawner */
  const char *summary;
  const char *examples; /* lines */
  enum command_exit (*run)(const struct options *options, struct spawner *spawner);
};

enum command_exit command_list(const struct options *options, struct spawner *spawner);
enum command_exit command_run(const struct options *options, struct spawner *spawner);
enum command_exit command_resume(const struct options *options, struct spawner *spawner);
enum command_exit command_selftest(const struct options *options, struct spawner *spawner);
enum command_exit command_env(const struct options *options, struct spawner *spawner);

#endif
