/* SPDX-License-Identifier: MIT
 *
 * What became of a run: from what the spawner saw and the record that was left, the PARENT columns
 * and, if the record is to be believed, the RUNNER columns.
 */
#ifndef GCMARK_DRIVER_OUTCOME_H
#define GCMARK_DRIVER_OUTCOME_H

#include "harness/columns.h"
#include "harness/driver/spawner.h"
#include "harness/message.h"

/* -1 only if memory ran out. The limits of the request are named where they ended the run. */
int outcome_fill(const struct spawner_request *request, const struct spawner_reply *reply,
                 const char *record_path, struct gcm_row *row, struct message *error);

/* The last line that is not empty, in ASCII; "" if there is none. */
void outcome_last_line(const char *text, size_t length, struct message *line);

/* Sets status and, if it is not NULL, message. */
int outcome_set_status(struct gcm_row *row, const char *status, const char *message);

#endif
