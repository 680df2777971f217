/* SPDX-License-Identifier: MIT
 *
 * The allocators that can be put under a collector which takes its objects from malloc.
 */
#ifndef GCMARK_DRIVER_ALLOCATORS_H
#define GCMARK_DRIVER_ALLOCATORS_H

#include "harness/message.h"

enum { ALLOCATOR_MOST_LIBRARIES = 2 };

struct allocator {
  const char *name;
  /* The file to preload, by the version of its interface, newest first; none for the C library. */
  const char *libraries[ALLOCATOR_MOST_LIBRARIES];
  const char *packages; /* what to install to have it (Debian) */
};

/* NULL, with an error that names the nearest, if there is none of that name. */
const struct allocator *allocators_get(const char *name, struct message *error);

/* The path of the first library there is in the dynamic linker's folders, malloc; NULL if it is not
 * installed. */
char *allocators_locate(const struct allocator *allocator);

#endif
