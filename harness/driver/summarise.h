/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_SUMMARISE_H
#define GCMARK_DRIVER_SUMMARISE_H

#include <stdbool.h>

#include "harness/driver/commands.h"
#include "harness/driver/rows.h"

/*
 * Prints what a finished campaign found, unless quiet, and where it is. COMMAND_EXIT_OK if every
 * row is ok or unsupported.
 */
enum command_exit summarise(const char *folder, const struct rows *rows, bool quiet);

#endif
