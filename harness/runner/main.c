/* SPDX-License-Identifier: MIT */
#include "runner.h"

int main(int argc, char **argv) {
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
