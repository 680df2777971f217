/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/file.h"
#include "harness/driver/record.h"

enum { LONGEST_RECORD = 1024 * 1024 };

int outcome_set_status(struct gcm_row *row, const char *status, const char *message) {
  if (gcm_row_set_text(row, GCM_COLUMN_status, status) != 0) {
    return -1;
  }
  return message == NULL ? 0 : gcm_row_set_text(row, GCM_COLUMN_message, message);
}

void outcome_last_line(const char *text, size_t length, struct message *line) {
  size_t end = length;
  while (end > 0 && (unsigned char)text[end - 1] <= ' ') {
    end--;
  }
  size_t begin = end;
  while (begin > 0 && text[begin - 1] != '\n' && end - begin < sizeof line->text - 1) {
    begin--;
  }
  size_t used = 0;
  for (size_t i = begin; i < end; i++) {
    bool printable = text[i] >= ' ' && text[i] <= '~';
    char shown = '?';
    if (printable) {
      shown = text[i];
    }
    line->text[used++] = shown;
  }
  line->text[used] = '\0';
}

/* The difference of two clock readings, without the digits beyond the clock's nanoseconds. */
static double elapsed(double begin_s, double end_s) {
  return round((end_s - begin_s) * 1e9) / 1e9;
}

static void fill_observed(const struct spawner_outcome *outcome, struct gcm_row *row) {
  gcm_row_set_real(row, GCM_COLUMN_started_at_s, outcome->started_at_s);
  if (outcome->end == SPAWNER_NOT_STARTED) {
    return;
  }
  if (outcome->end == SPAWNER_EXITED) {
    gcm_row_set_uint(row, GCM_COLUMN_exit_code, (uint64_t)outcome->code);
  } else {
    gcm_row_set_uint(row, GCM_COLUMN_signal, (uint64_t)outcome->code);
  }
  gcm_row_set_real(row, GCM_COLUMN_process_wall_s,
                   elapsed(outcome->started_monotonic_s, outcome->ended_monotonic_s));
  gcm_row_set_real(row, GCM_COLUMN_process_user_s, outcome->user_s);
  gcm_row_set_real(row, GCM_COLUMN_process_system_s, outcome->system_s);
  gcm_row_set_uint(row, GCM_COLUMN_maxrss_bytes, outcome->maxrss_bytes);
}

/* More than 1 % and 512 KiB apart: both are stored, and the doubt is flagged. */
static void compare_peaks(struct gcm_row *row) {
  const struct gcm_value *inside = &row->values[GCM_COLUMN_peak_rss_bytes];
  const struct gcm_value *outside = &row->values[GCM_COLUMN_maxrss_bytes];
  if (!inside->present || !outside->present) {
    return;
  }
  uint64_t larger = inside->uint > outside->uint ? inside->uint : outside->uint;
  uint64_t apart = larger - (inside->uint > outside->uint ? outside->uint : inside->uint);
  gcm_row_set_uint(row, GCM_COLUMN_peak_disagrees,
                   apart > 512 * 1024 && (double)apart > 0.01 * (double)larger);
}

/* The record's own clock must lie inside the run as we saw it. */
static int check_clock(const struct spawner_outcome *outcome, const struct gcm_row *record,
                       struct message *error) {
  const struct gcm_value *finished = &record->values[GCM_COLUMN_finished_monotonic_s];
  if (finished->present && (finished->real < outcome->started_monotonic_s ||
                            finished->real > outcome->ended_monotonic_s)) {
    return message_set(error, "record: 'finished_monotonic_s' lies outside the run");
  }
  return 0;
}

/* Moves what the record says into the row. */
static void take_record(const struct spawner_outcome *outcome, struct gcm_row *record,
                        struct gcm_row *row) {
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    if (record->values[i].present) {
      row->values[i] = record->values[i];
      record->values[i] = (struct gcm_value){0};
    }
  }
  const struct gcm_value *finished = &row->values[GCM_COLUMN_finished_monotonic_s];
  if (finished->present) {
    gcm_row_set_real(row, GCM_COLUMN_exit_s, elapsed(finished->real, outcome->ended_monotonic_s));
  }
  compare_peaks(row);
}

/* It exited. The record decides, if there is one; the exit code, if there is none. */
static int judge_exit(const struct spawner_reply *reply, const char *record_path,
                      struct gcm_row *row, struct message *error) {
  const struct spawner_outcome *outcome = &reply->outcome;
  struct gcm_row record = {0};
  struct message doubt;
  struct message line;
  char *text = NULL;
  size_t length = 0;
  outcome_last_line(reply->error_tail, outcome->error_length, &line);
  if (line.text[0] == '\0') {
    message_set(&line, "exit code %d and nothing on standard error", outcome->code);
  }
  int found = file_read(record_path, LONGEST_RECORD, &text, &length, &doubt);
  if (found == 1) {
    return outcome->code == 0
               ? outcome_set_status(row, "no-record", "exited with code 0 and left no record")
               : outcome_set_status(row, record_status_word(outcome->code), line.text);
  }
  if (found == 0) {
    found = record_read(text, length, outcome->code, &record, &doubt);
    free(text);
  }
  if (found != 0 || check_clock(outcome, &record, &doubt) != 0) {
    gcm_row_clear(&record);
    return outcome_set_status(row, "bad-record", doubt.text);
  }
  take_record(outcome, &record, row);
  if (outcome->code != 0 && !row->values[GCM_COLUMN_message].present &&
      gcm_row_set_text(row, GCM_COLUMN_message, line.text) != 0) {
    return message_set(error, "out of memory");
  }
  return 0;
}

static int judge_signal(const struct spawner_reply *reply, struct gcm_row *row) {
  struct message line;
  struct message text;
  int number = reply->outcome.code;
  outcome_last_line(reply->error_tail, reply->outcome.error_length, &line);
  const char *hint = number == 9 ? "; perhaps the kernel ran out of memory" : "";
  message_set(&text, "signal %d (%s)%s%s%.900s", number, strsignal(number), hint,
              line.text[0] == '\0' ? "" : ": ", line.text);
  return outcome_set_status(row, "crash", text.text);
}

int outcome_fill(const struct spawner_request *request, const struct spawner_reply *reply,
                 const char *record_path, struct gcm_row *row, struct message *error) {
  const struct spawner_outcome *outcome = &reply->outcome;
  struct message text;
  int result = 0;
  fill_observed(outcome, row);
  switch (outcome->end) {
  case SPAWNER_EXITED:
    result = judge_exit(reply, record_path, row, error);
    break;
  case SPAWNER_SIGNALED:
    result = judge_signal(reply, row);
    break;
  case SPAWNER_TIMED_OUT:
    message_set(&text, "ran longer than the timeout of %g s", request->timeout_s);
    result = outcome_set_status(row, "timeout", text.text);
    break;
  case SPAWNER_OVER_MEMORY:
    message_set(&text, "resident memory above the limit of %" PRIu64 " bytes",
                request->memory_limit_bytes);
    result = outcome_set_status(row, "memory-limit", text.text);
    break;
  case SPAWNER_NOT_STARTED:
    message_set(&text, "cannot run %s: %s", request->arguments[0], strerror(outcome->code));
    result = outcome_set_status(row, "missing", text.text);
    break;
  }
  return result == 0 ? 0 : message_set(error, "out of memory");
}
