/* SPDX-License-Identifier: MIT
 *
 * Amounts as people type them on the command line. Each parser names what it was parsing (an
 * option, say) and the limits when it refuses; limits are inclusive.
 */
#ifndef GCMARK_HARNESS_QUANTITY_H
#define GCMARK_HARNESS_QUANTITY_H

#include <stdint.h>

#include "harness/message.h"

/* Digits only. */
int quantity_whole(const char *what, const char *text, uint64_t minimum, uint64_t maximum,
                   uint64_t *value, struct message *error);

/* Bytes: digits with an optional K, M, G or T (powers of 1024; either case). */
int quantity_bytes(const char *what, const char *text, uint64_t minimum, uint64_t maximum,
                   uint64_t *bytes, struct message *error);

/* Seconds: a decimal number with an optional ms, s, m or h; seconds without one. */
int quantity_seconds(const char *what, const char *text, double minimum, double maximum,
                     double *seconds, struct message *error);

#endif
