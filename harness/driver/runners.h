/* SPDX-License-Identifier: MIT
 *
 * The runners to be found: executables gcmark-<collector> in the folders of $GCMARK_PATH, then in
 * libexec/gcmark beside the driver's own folder, then in that folder itself (the build folder).
 * The first one of a name wins.
 */
#ifndef GCMARK_DRIVER_RUNNERS_H
#define GCMARK_DRIVER_RUNNERS_H

#include <stddef.h>

#include "harness/driver/description.h"
#include "harness/message.h"

struct runner {
  char *path; /* absolute */
  struct description description;
};

/* Sorted by collector. */
struct runners {
  struct runner *list;
  size_t count;
};

/*
 * Finds and describes them all. One that cannot be described is reported on standard error and
 * left out. Returns 0, -1 with error, or 1 when interrupted.
 */
int runners_find(struct runners *runners, struct message *error);

void runners_clear(struct runners *runners);

/* The runner of a collector, or NULL with an error that names the nearest. */
const struct runner *runners_get(const struct runners *runners, const char *collector,
                                 struct message *error);

#endif
