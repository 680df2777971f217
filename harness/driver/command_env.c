/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "harness/driver/commands.h"
#include "harness/driver/describe_environment.h"
#include "harness/driver/runners.h"
#include "harness/message.h"

enum command_exit command_env(const struct options *options, struct spawner *spawner) {
  (void)options;
  (void)spawner;
  struct message error;
  struct runners runners;
  int found = runners_find(&runners, &error);
  char *text = found == 0 ? describe_environment_text(&runners, &error) : NULL;
  if (found == 1) {
    return COMMAND_EXIT_INTERRUPTED;
  }
  enum command_exit exit_code = COMMAND_EXIT_OK;
  if (text == NULL || fputs(text, stdout) == EOF || fflush(stdout) != 0) {
    if (text != NULL) {
      message_set(&error, "cannot write to standard output");
    }
    message_print(&error);
    exit_code = COMMAND_EXIT_FAILED;
  }
  free(text);
  runners_clear(&runners);
  return exit_code;
}
