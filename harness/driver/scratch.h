/* SPDX-License-Identifier: MIT
 *
 * The hidden folder inside a campaign's folder where runs leave their records. Each driver makes
 * its own, so that a run of a driver that was killed, in the moment it outlives it, cannot write
 * into ours.
 */
#ifndef GCMARK_DRIVER_SCRATCH_H
#define GCMARK_DRIVER_SCRATCH_H

#include "harness/message.h"

struct scratch {
  const char *campaign_folder; /* borrowed */
  char *folder;                /* absolute */
  char *record_path;           /* of the record of the current run, inside it */
};

/* Removes what earlier drivers left in the campaign's folder, and makes a new one. */
int scratch_make(const char *campaign_folder, struct scratch *scratch, struct message *error);

/* Removes the files in it. */
void scratch_empty(const struct scratch *scratch);

/*
 * Whether a record would fit on the disk: 0, or the errno that says why not. Asked before a run,
 * since a run that cannot leave its record would be taken for a failed one.
 */
int scratch_room(const struct scratch *scratch);

void scratch_remove(struct scratch *scratch);

#endif
