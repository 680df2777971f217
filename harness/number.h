/* SPDX-License-Identifier: MIT
 *
 * Numbers as text, the same in every locale.
 */
#ifndef GCMARK_HARNESS_NUMBER_H
#define GCMARK_HARNESS_NUMBER_H

#include <stdint.h>

enum { NUMBER_TEXT_SIZE = 32 };

/*
 * The shortest of 15, 16 or 17 significant digits that reads back as the same double. The value
 * must be finite.
 */
void number_format_real(char text[NUMBER_TEXT_SIZE], double value);

/* The whole text must be a decimal number: no sign of +, space, hexadecimal, nan or infinity. */
int number_parse_real(const char *text, double *value);

/* The whole text must be digits, and the value fit 64 bits. */
int number_parse_uint(const char *text, uint64_t *value);

#endif
