/* SPDX-License-Identifier: MIT
 *
 * Running the real gcmark on the misbehaving runners, in a folder of the test's own.
 */
#ifndef GCMARK_TESTS_DRIVER_SUPPORT_H
#define GCMARK_TESTS_DRIVER_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/driver/rows.h"

enum { SUPPORT_MOST_ARGUMENTS = 32 };

/* How one gcmark ended, and what it printed. */
struct finished {
  int exit_code; /* -1 if a signal ended it */
  char *out;
  char *err;
};

/*
 * cmocka's set-up and tear-down of a group: makes the folder and goes there, adopts orphans, and
 * puts the runners in GCMARK_PATH; removes the folder again.
 */
int support_begin(void **state);
int support_end(void **state);

/* Starts gcmark with its output going to files. The arguments end with NULL. */
pid_t support_start(const char *const *arguments);

/* Waits for it. */
void support_finish(pid_t pid, struct finished *finished);

/* Both. */
void support_run(struct finished *finished, const char *const *arguments);
#define RUN(finished, ...) support_run((finished), (const char *const[]){__VA_ARGS__, NULL})
#define START(...) support_start((const char *const[]){__VA_ARGS__, NULL})

void support_clear(struct finished *finished);

/* Fails unless there is nothing below this process: gcmark has ended, and so must all of it. */
void support_assert_no_descendants(void);

/* Waits until everything below this process has ended by itself (fails after a minute). */
void support_await_descendants(void);

/* Waits until a process has a child, and returns it. */
pid_t support_await_child(pid_t parent);

/* Reads its runs.csv, which must be complete. */
void support_read_rows(const char *campaign_folder, struct rows *rows);

/* Fails unless the rows are runs 0 .. count - 1, each once. */
void support_assert_complete(const struct rows *rows, size_t count);

/* Fails unless the folder holds campaign.json, environment.json and runs.csv and nothing else. */
void support_assert_tidy(const char *campaign_folder);

/* Fails unless the text is one line that has the part. */
void support_assert_line(const char *text, const char *part);

/* The status of the first row of round 1 or later with that workload; "" if there is none. */
const char *support_status(const struct rows *rows, const char *workload);

void support_remove(const char *path);

#endif
