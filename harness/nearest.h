/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_HARNESS_NEAREST_H
#define GCMARK_HARNESS_NEAREST_H

#include <stddef.h>

/*
 * The candidate with the fewest edits (insertion, deletion, substitution, swap of neighbours) from
 * word; the first of them on a tie. NULL only if there are no candidates.
 */
const char *nearest(const char *word, const char *const *candidates, size_t count);

/* Edits between two words. Only the first 63 bytes of each count. */
unsigned nearest_distance(const char *a, const char *b);

#endif
