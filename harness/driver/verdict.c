/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <stddef.h>
#include <string.h>

static const struct verdict verdicts[] = {
    {"wrong", "wrong", "the answer is not the known one",
     "The collector lost or changed objects, or the workload is broken: run gcmark selftest on it. "
     "None of its figures count."},
    {"out-of-heap", "OOH", "out of heap: the objects do not fit in the budget",
     "Give more with --heap, or take the empty cell as the answer."},
    {"memory-limit", "memory", "resident memory passed --memory-limit and the driver ended it",
     "Choose a smaller --size or a higher --memory-limit."},
    {"timeout", "timeout", "longer than --timeout, ended by the driver",
     "Choose a smaller --size or a longer --timeout."},
    {"crash", "crash", "ended by a signal that the driver did not send",
     "Run it by itself under a debugger."},
    {"failed", "failed", "the runner reported an internal failure",
     "Run it by itself: it says more on standard error."},
    {"unsupported", "unsup.", "this collector cannot do what the workload needs",
     "Nothing to mend: leave the cell out."},
    {"missing", "missing", "the runner, or the library to preload, was not found",
     "Build or install it; GCMARK_PATH names further folders with runners."},
    {"usage", "usage", "the runner refused its command line",
     "Mend the option it names; if it names none, build runner and driver anew: their versions may "
     "differ."},
    {"no-record", "no rec.", "exited without leaving a record",
     "The runner breaks the protocol (docs/protocol.md)."},
    {"bad-record", "bad rec.", "its record cannot be read or contradicts its exit code",
     "The runner breaks the protocol (docs/protocol.md)."},
};

const struct verdict *verdict_find(const char *status) {
  for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
    if (strcmp(verdicts[i].status, status) == 0) {
      return &verdicts[i];
    }
  }
  return NULL;
}
