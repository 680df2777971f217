/* SPDX-License-Identifier: MIT */
#ifndef GCM_DRIVER_WRAP_H
#define GCM_DRIVER_WRAP_H

#include <stdio.h>

/* Prints text in lines of at most width columns, broken at blanks; the first line starts with
 * `first`, the others with `rest`. A word longer than a line is broken. ASCII counts as one
 * column a byte. Write errors are left to the stream. */
void wrap_print(FILE *out, unsigned width, const char *first, const char *rest, const char *text);

#endif
