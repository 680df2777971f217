/* SPDX-License-Identifier: MIT
 *
 * The command line: options.def is the table, commands.h has the commands.
 */
#ifndef GCMARK_DRIVER_OPTIONS_H
#define GCMARK_DRIVER_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/driver/commands.h"
#include "harness/message.h"

enum option_id {
#define OPTION(id, ...) OPTION_##id,
#include "harness/driver/options.def"
#undef OPTION
  OPTION_COUNT
};

/* Texts point into argv. */
struct options {
  const char *given[OPTION_COUNT]; /* NULL: not given; a switch that was given is "" */
  char **operands;
  int operand_count;
};

/*
 * Reads what follows the name of the command (argv[0] is that name). An option that the command
 * does not have, that is given twice or lacks its value, or a number of operands that the command
 * does not take, is an error.
 */
int options_parse(const struct command *command, int argc, char **argv, struct options *options,
                  struct message *error);

/* What was given, or the default; NULL if there is neither. */
const char *options_text(const struct options *options, enum option_id option);
bool options_given(const struct options *options, enum option_id option);

/* "--name", for messages. */
const char *options_name(enum option_id option);

/* The help of one command. */
void options_help(FILE *out, const struct command *command);

#endif
