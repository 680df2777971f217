/* SPDX-License-Identifier: MIT */
#include "runner.h"

#include <stdio.h>

static int run(int argc, char **argv) {
  struct arguments arguments;
  int exit_code;
  if (!arguments_parse(&arguments, argc, argv, &exit_code)) {
    return exit_code;
  }
  if (arguments.workload == NULL) {
    return describe() == 0 ? RUNNER_OK : RUNNER_FAILED;
  }
  return run_workload(&arguments);
}

int main(int argc, char **argv) {
  int exit_code = run(argc, argv);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "gcmark-" GCMARK_COLLECTOR ": cannot write to standard output\n");
    return exit_code == RUNNER_OK ? RUNNER_FAILED : exit_code;
  }
  return exit_code;
}
