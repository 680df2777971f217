/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void note(int signal) {
  (void)signal;
  came = 1;
}

static void fill(sigset_t *signals) {
  sigemptyset(signals);
  sigaddset(signals, SIGINT);
  sigaddset(signals, SIGTERM);
  sigaddset(signals, SIGHUP);
}

int interrupt_install(void) {
  sigset_t signals;
  fill(&signals);
  struct sigaction action = {.sa_handler = note};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0 ||
      sigaction(SIGHUP, &action, NULL) != 0) {
    return -1;
  }
  return sigprocmask(SIG_BLOCK, &signals, NULL);
}

int interrupt_poll(struct pollfd *files, nfds_t count, const struct timespec *limit) {
  sigset_t mask;
  sigprocmask(SIG_SETMASK, NULL, &mask);
  sigdelset(&mask, SIGINT);
  sigdelset(&mask, SIGTERM);
  sigdelset(&mask, SIGHUP);
  return ppoll(files, count, limit, &mask);
}

bool interrupt_came(void) {
  sigset_t pending;
  if (came == 0 && sigpending(&pending) == 0 &&
      (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 ||
       sigismember(&pending, SIGHUP) == 1)) {
    came = 1;
  }
  return came != 0;
}
