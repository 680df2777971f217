/* SPDX-License-Identifier: MIT
 *
 * The machine and the build a campaign ran on, for environment.json: what a reader needs to judge
 * the figures, or to explain why others measured something else.
 */
#ifndef GCM_DRIVER_ENVIRONMENT_H
#define GCM_DRIVER_ENVIRONMENT_H

#include <stddef.h>

#include <jansson.h>

/* An executable that takes part. All borrowed; hash and build may be NULL (unknown). */
struct environment_binary {
  const char *name;
  const char *path;
  const char *hash;
  json_t *build; /* what the runner says of its own build */
};

/* A new reference, or NULL if memory ran out. What cannot be read is JSON null. Amounts are in
 * bytes, "max" and "unlimited" stand where there is no limit. */
json_t *environment_describe(const struct environment_binary *binaries, size_t count);

/* The same with root in front of every path that is read, and these variables ("NAME=value",
 * ended by NULL) instead of the process's own: for tests. */
json_t *environment_describe_under(const char *root, char *const *variables,
                                   const struct environment_binary *binaries, size_t count);

#endif
