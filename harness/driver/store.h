/* SPDX-License-Identifier: MIT
 *
 * runs.csv of a campaign: one row appended with one write() as soon as its run has ended, and on
 * the disk before the next begins. Whatever happens, the file is complete rows, and behind them at
 * most the beginning of one, which goes away when the campaign is resumed.
 */
#ifndef GCMARK_DRIVER_STORE_H
#define GCMARK_DRIVER_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/driver/campaign.h"
#include "harness/driver/plan.h"
#include "harness/driver/rows.h"
#include "harness/message.h"

struct store {
  const char *folder; /* borrowed */
  int file;
  off_t length;     /* of the complete rows */
  struct rows rows; /* all of them, in the file's order */
  bool *done;       /* by number of the run */
};

/*
 * Takes the campaign's folder for this driver alone, until the returned descriptor is closed or
 * the driver ends. -1 with error, also when another driver has it.
 */
int store_lock(const char *folder, struct message *error);

/*
 * Opens FOLDER/runs.csv, or creates it with its header; cuts off an incomplete last row. Rows must
 * belong to the plan, each run at most once.
 */
int store_open(const char *folder, const struct campaign *campaign, const struct plan *plan,
               struct store *store, struct message *error);

/* Appends the row and keeps it (the caller's is empty afterwards). -1: the file is as before. */
int store_append(struct store *store, struct gcm_row *row, struct message *error);

/* The error for something that could not be written in the campaign's folder, by errno. */
int store_cannot_write(const char *folder, const char *name, int reason, struct message *error);

int store_close(struct store *store, struct message *error);

#endif
