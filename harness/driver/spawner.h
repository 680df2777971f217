/* SPDX-License-Identifier: MIT
 *
 * The spawner: a small process, forked before the driver grows, that starts and supervises runs
 * one at a time. It exists because ru_maxrss of a child starts from its parent's high-water mark,
 * which survives exec: measured from the driver itself, every peak would be at least the driver's.
 *
 * It ends when the driver does, however that ends, and takes every descendant of the run with it.
 */
#ifndef GCMARK_DRIVER_SPAWNER_H
#define GCMARK_DRIVER_SPAWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/message.h"

enum {
  SPAWNER_ERROR_TAIL = 4096,         /* bytes kept of a run's standard error: the last ones */
  SPAWNER_OUTPUT_LIMIT = 1024 * 1024 /* bytes kept of a captured standard output: the first ones */
};

struct spawner {
  pid_t pid;
  int socket;
  void (*tick)(void *context); /* called a few times a second while a reply is awaited; or NULL */
  void *context;               /* of tick */
};

struct spawner_request {
  const char *const *arguments; /* [0] is the path of the executable */
  size_t argument_count;
  const char *preload;         /* LD_PRELOAD of the run; NULL for none, whatever the driver has */
  double timeout_s;            /* 0: no limit */
  uint64_t memory_limit_bytes; /* of resident memory; 0: no limit */
  bool capture_output;         /* standard output comes back; otherwise it goes to /dev/null */
};

enum spawner_end {
  SPAWNER_EXITED,
  SPAWNER_SIGNALED,    /* by a signal that is not ours */
  SPAWNER_TIMED_OUT,   /* we killed it */
  SPAWNER_OVER_MEMORY, /* we killed it */
  SPAWNER_NOT_STARTED, /* the executable could not be run */
};

/* The part of a reply that travels as it is. */
struct spawner_outcome {
  enum spawner_end end;
  int code;                   /* exit code, signal, or (not started) errno */
  double started_at_s;        /* CLOCK_REALTIME */
  double started_monotonic_s; /* before fork */
  double ended_monotonic_s;   /* after the process was reaped */
  double user_s;
  double system_s;
  uint64_t maxrss_bytes;
  bool output_cut; /* there was more output than SPAWNER_OUTPUT_LIMIT */
  uint32_t error_length;
  uint32_t output_length;
};

struct spawner_reply {
  struct spawner_outcome outcome;
  char error_tail[SPAWNER_ERROR_TAIL + 1]; /* NUL-terminated; may hold other NULs */
  char *output;                            /* NUL-terminated, malloc; NULL unless captured */
};

enum spawner_result { SPAWNER_OK, SPAWNER_INTERRUPTED, SPAWNER_FAILED };

/* Forks the spawner. */
int spawner_start(struct spawner *spawner, struct message *error);

/* Sends one request; its reply must be received before the next. */
int spawner_send(struct spawner *spawner, const struct spawner_request *request,
                 struct message *error);

/*
 * Waits for the reply; release it with spawner_reply_clear(). Returns early when a signal asks the
 * driver to stop, or when the spawner has died; then only spawner_stop() may follow.
 */
enum spawner_result spawner_receive(struct spawner *spawner, struct spawner_reply *reply,
                                    struct message *error);

void spawner_reply_clear(struct spawner_reply *reply);

/* Ends the spawner and whatever it is running, and waits for it. Harmless if never started. */
void spawner_stop(struct spawner *spawner);

#endif
