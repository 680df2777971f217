/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_LAUNCH_H
#define GCMARK_DRIVER_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

/* A process of ours, in a session of its own. */
struct launch {
  pid_t pid;
  int error_pipe;  /* the reading end of its standard error, non-blocking */
  int output_pipe; /* of its standard output; -1 if that goes to /dev/null */
};

/*
 * Starts arguments[0]. It dies with its parent, is the kernel's first choice when memory runs out,
 * leaves no core file, reads /dev/null, and has the default signals. Returns 0, or the errno that
 * tells why the program could not be run (then nothing is left of it).
 */
int launch(char *const *arguments, const char *preload, bool capture_output,
           struct launch *launched);

#endif
