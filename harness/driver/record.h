/* SPDX-License-Identifier: MIT
 *
 * The record a runner leaves of its run (docs/protocol.md).
 */
#ifndef GCMARK_DRIVER_RECORD_H
#define GCMARK_DRIVER_RECORD_H

#include <stddef.h>

#include "harness/columns.h"
#include "harness/message.h"

/* The statuses a record can have, and the exit code that goes with each. */
enum record_exit_code {
  RECORD_OK = 0,
  RECORD_FAILED = 1,
  RECORD_USAGE = 2, /* leaves no record */
  RECORD_OUT_OF_HEAP = 3,
  RECORD_WRONG = 4,
  RECORD_UNSUPPORTED = 5
};

/* The word for an exit code; "failed" for one that the protocol does not have. */
const char *record_status_word(int exit_code);

/*
 * Reads a record: sets the RUNNER columns it has, and status and message. The status must be the
 * one that goes with the exit code. On -1 nothing of the row may be used.
 */
int record_read(const char *text, size_t length, int exit_code, struct gcm_row *row,
                struct message *error);

#endif
