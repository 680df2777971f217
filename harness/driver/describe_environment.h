/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_DESCRIBE_ENVIRONMENT_H
#define GCMARK_DRIVER_DESCRIBE_ENVIRONMENT_H

#include "harness/driver/runners.h"
#include "harness/message.h"

/* The machine and the runners as JSON text, malloc, ending in a newline. NULL with error. */
char *describe_environment_text(const struct runners *runners, struct message *error);

/* Writes it to FOLDER/environment.json. */
int describe_environment_write(const char *folder, const struct runners *runners,
                               struct message *error);

#endif
