/* SPDX-License-Identifier: MIT
 *
 * The allocators that can be put under a collector which takes its objects from malloc.
 */
#ifndef GCMARK_DRIVER_ALLOCATORS_H
#define GCMARK_DRIVER_ALLOCATORS_H

#include "harness/message.h"

struct allocator {
  const char *name;
  const char *library; /* the file to preload; NULL for the C library's own */
  const char *package; /* what to install to have it (Debian) */
};

/* NULL, with an error that names the nearest, if there is none of that name. */
const struct allocator *allocators_get(const char *name, struct message *error);

/* The library's path in the dynamic linker's folders, malloc; NULL if it is not installed. */
char *allocators_locate(const struct allocator *allocator);

#endif
