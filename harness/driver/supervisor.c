/* SPDX-License-Identifier: MIT */
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/driver/descendants.h"
#include "harness/driver/exchange.h"
#include "harness/driver/launch.h"
#include "harness/driver/spawner.h"

/* How often the resident memory of a run is looked at. */
static const double memory_interval_s = 0.005;

/* One run in progress. */
struct watch {
  struct launch launch;
  int process; /* pidfd */
  int memory;  /* /proc/PID/statm, or -1 without a limit */
  double deadline_s;
  uint64_t memory_limit_bytes;
  bool killed;
  struct spawner_outcome outcome;
  char error_tail[SPAWNER_ERROR_TAIL];
  char *output; /* malloc; NULL unless captured */
};

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Appends to the tail, dropping from its front. */
static void keep_tail(struct watch *watch, const char *bytes, size_t length) {
  if (length > SPAWNER_ERROR_TAIL) {
    bytes += length - SPAWNER_ERROR_TAIL;
    length = SPAWNER_ERROR_TAIL;
  }
  size_t held = watch->outcome.error_length;
  size_t kept = held + length > SPAWNER_ERROR_TAIL ? SPAWNER_ERROR_TAIL - length : held;
  memmove(watch->error_tail, watch->error_tail + (held - kept), kept);
  memcpy(watch->error_tail + kept, bytes, length);
  watch->outcome.error_length = (uint32_t)(kept + length);
}

static void keep_head(struct watch *watch, const char *bytes, size_t length) {
  size_t room = SPAWNER_OUTPUT_LIMIT - watch->outcome.output_length;
  if (length > room) {
    watch->outcome.output_cut = true;
    length = room;
  }
  memcpy(watch->output + watch->outcome.output_length, bytes, length);
  watch->outcome.output_length += (uint32_t)length;
}

/*
 * Reads what a pipe holds now; closes it at its end. Bounded, so that a run which never stops
 * writing cannot keep the supervisor from its deadline.
 */
static void drain(struct watch *watch, int *pipe) {
  char bytes[4096];
  for (int i = 0; i < 256 && *pipe >= 0; i++) {
    ssize_t length = read(*pipe, bytes, sizeof bytes);
    if (length > 0) {
      if (pipe == &watch->launch.error_pipe) {
        keep_tail(watch, bytes, (size_t)length);
      } else {
        keep_head(watch, bytes, (size_t)length);
      }
    } else if (length < 0 && errno == EAGAIN) {
      return;
    } else if (length == 0 || errno != EINTR) {
      close(*pipe);
      *pipe = -1;
    }
  }
}

/* Resident bytes of the run; 0 when it is already gone. */
static uint64_t resident_bytes(int statm) {
  char text[128];
  ssize_t length = pread(statm, text, sizeof text - 1, 0);
  if (length <= 0) {
    return 0;
  }
  text[length] = '\0';
  const char *second = strchr(text, ' ');
  return second == NULL ? 0 : strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void kill_run(struct watch *watch, enum spawner_end reason) {
  watch->outcome.end = reason;
  watch->killed = true;
  kill(-watch->launch.pid, SIGKILL);
  kill(watch->launch.pid, SIGKILL);
}

static void enforce_limits(struct watch *watch) {
  if (watch->killed) {
    return;
  }
  if (watch->deadline_s > 0 && now(CLOCK_MONOTONIC) >= watch->deadline_s) {
    kill_run(watch, SPAWNER_TIMED_OUT);
  } else if (watch->memory >= 0 && resident_bytes(watch->memory) > watch->memory_limit_bytes) {
    kill_run(watch, SPAWNER_OVER_MEMORY);
  }
}

/* How long poll may sleep: to the deadline, or to the next look at memory. NULL: for ever. */
static const struct timespec *patience(const struct watch *watch, struct timespec *time) {
  if (watch->killed || (watch->deadline_s <= 0 && watch->memory < 0)) {
    return NULL;
  }
  double wait_s = watch->memory >= 0 ? memory_interval_s : watch->deadline_s;
  if (watch->deadline_s > 0) {
    double left_s = watch->deadline_s - now(CLOCK_MONOTONIC);
    wait_s = left_s < wait_s ? left_s : wait_s;
  }
  wait_s = wait_s < 0 ? 0 : wait_s;
  time->tv_sec = (time_t)wait_s;
  time->tv_nsec = (long)((wait_s - (double)time->tv_sec) * 1e9);
  return time;
}

static _Noreturn void leave(void) {
  descendants_kill();
  _exit(0);
}

/* Returns when the process has ended; not at all when the driver has. */
static void wait_for_end(struct watch *watch, int socket) {
  for (;;) {
    struct pollfd files[] = {{.fd = watch->process, .events = POLLIN},
                             {.fd = socket, .events = POLLIN},
                             {.fd = watch->launch.error_pipe, .events = POLLIN},
                             {.fd = watch->launch.output_pipe, .events = POLLIN}};
    struct timespec time;
    if (ppoll(files, 4, patience(watch, &time), NULL) < 0 && errno != EINTR) {
      leave();
    }
    if (files[1].revents != 0) {
      leave(); /* the driver never speaks during a run: it is gone */
    }
    if (files[0].revents != 0) {
      return;
    }
    enforce_limits(watch);
    drain(watch, &watch->launch.error_pipe);
    drain(watch, &watch->launch.output_pipe);
  }
}

static double seconds(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static void reap(struct watch *watch) {
  struct spawner_outcome *outcome = &watch->outcome;
  struct rusage usage;
  int status = 0;
  while (wait4(watch->launch.pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  outcome->ended_monotonic_s = now(CLOCK_MONOTONIC);
  outcome->user_s = seconds(usage.ru_utime);
  outcome->system_s = seconds(usage.ru_stime);
  outcome->maxrss_bytes = (uint64_t)usage.ru_maxrss * 1024;
  outcome->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  if (WIFEXITED(status)) {
    outcome->end = SPAWNER_EXITED; /* also when it was quicker than our kill */
  } else if (!watch->killed || WTERMSIG(status) != SIGKILL) {
    outcome->end = SPAWNER_SIGNALED; /* so was a crash of its own */
  }
}

static int open_memory(pid_t pid, uint64_t limit_bytes) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/statm", pid);
  return limit_bytes == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
}

static void close_if_open(int file) {
  if (file >= 0) {
    close(file);
  }
}

static void supervise(const struct supervisor_request *request, char *const *arguments,
                      const char *preload, struct watch *watch, int socket) {
  struct spawner_outcome *outcome = &watch->outcome;
  outcome->started_at_s = now(CLOCK_REALTIME);
  outcome->started_monotonic_s = now(CLOCK_MONOTONIC);
  outcome->ended_monotonic_s = outcome->started_monotonic_s;
  int failure = launch(arguments, preload, request->capture_output, &watch->launch);
  if (failure != 0) {
    outcome->end = SPAWNER_NOT_STARTED;
    outcome->code = failure;
    return;
  }
  watch->deadline_s =
      request->timeout_s > 0 ? outcome->started_monotonic_s + request->timeout_s : 0;
  watch->memory_limit_bytes = request->memory_limit_bytes;
  watch->memory = open_memory(watch->launch.pid, request->memory_limit_bytes);
  watch->process = pidfd_open(watch->launch.pid, 0);
  if (watch->process < 0 || (request->memory_limit_bytes != 0 && watch->memory < 0)) {
    leave(); /* a run that cannot be watched must not go on; the driver sees us gone */
  }
  wait_for_end(watch, socket);
  reap(watch);
  drain(watch, &watch->launch.error_pipe);
  drain(watch, &watch->launch.output_pipe);
  close(watch->process);
  close_if_open(watch->memory);
  close_if_open(watch->launch.error_pipe);
  close_if_open(watch->launch.output_pipe);
  descendants_kill();
}

/* Points into text; NULL-terminated. NULL if memory ran out. */
static char **split_arguments(const struct supervisor_request *request, char *text,
                              char **preload) {
  size_t strings = (size_t)request->argument_count + (request->has_preload ? 1 : 0);
  char **arguments = calloc(strings + 1, sizeof *arguments);
  if (arguments == NULL) {
    return NULL;
  }
  char *at = text;
  for (size_t i = 0; i < strings; i++) {
    arguments[i] = at;
    at += strlen(at) + 1;
  }
  *preload = request->has_preload ? arguments[request->argument_count] : NULL;
  arguments[request->argument_count] = NULL;
  return arguments;
}

static int reply(int socket, const struct watch *watch) {
  return exchange_send(socket, &watch->outcome, sizeof watch->outcome) == 0 &&
                 exchange_send(socket, watch->error_tail, watch->outcome.error_length) == 0 &&
                 exchange_send(socket, watch->output, watch->outcome.output_length) == 0
             ? 0
             : -1;
}

static int serve(int socket) {
  static struct watch watch;
  struct supervisor_request request;
  if (exchange_receive(socket, &request, sizeof request) != 0) {
    return -1;
  }
  memset(&watch, 0, sizeof watch);
  char *preload = NULL;
  char **arguments = NULL;
  char *text = malloc(request.text_bytes);
  watch.output = request.capture_output ? malloc(SPAWNER_OUTPUT_LIMIT) : NULL;
  if (text != NULL && (!request.capture_output || watch.output != NULL) &&
      exchange_receive(socket, text, request.text_bytes) == 0) {
    arguments = split_arguments(&request, text, &preload);
  }
  int result = -1;
  if (arguments != NULL) {
    supervise(&request, arguments, preload, &watch, socket);
    result = reply(socket, &watch);
  }
  free(arguments);
  free(text);
  free(watch.output);
  return result;
}

_Noreturn void supervisor_main(int socket) {
  /*
   * Its own session: neither the terminal nor a signal to the driver's group reaches it, so it
   * lives to clean up. It knows that the driver is gone when the socket closes.
   */
  setsid();
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  /* Another spawner's socket held here would hide from that one that the driver is gone. */
  if (socket > 3) {
    close_range(3, (unsigned)socket - 1, 0);
  }
  close_range((unsigned)socket + 1, ~0U, 0);
  if (descendants_adopt() == 0) {
    while (serve(socket) == 0) {
    }
  }
  leave();
}
