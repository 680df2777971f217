/* SPDX-License-Identifier: MIT */
#include "allocators.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/driver/file.h"
#include "harness/nearest.h"

static const struct allocator allocators[] = {
    {"system", {NULL}, NULL},
    {"jemalloc", {"libjemalloc.so.2"}, "libjemalloc2"},
    {"mimalloc", {"libmimalloc.so.3", "libmimalloc.so.2"}, "libmimalloc2.0 (or libmimalloc3)"},
    {"tcmalloc", {"libtcmalloc_minimal.so.4"}, "libtcmalloc-minimal4 (or libtcmalloc-minimal4t64)"},
};

enum { ALLOCATOR_COUNT = sizeof allocators / sizeof allocators[0] };

const struct allocator *allocators_get(const char *name, struct message *error) {
  const char *names[ALLOCATOR_COUNT];
  for (size_t i = 0; i < ALLOCATOR_COUNT; i++) {
    names[i] = allocators[i].name;
    if (strcmp(name, names[i]) == 0) {
      return &allocators[i];
    }
  }
  message_set(error, "unknown allocator '%s': did you mean '%s'?", name,
              nearest(name, names, ALLOCATOR_COUNT));
  return NULL;
}

/* NULL if no folder has it, or memory ran out. */
static char *find_library(const char *library) {
  /* GCMARK_LIBRARY_ARCHITECTURE is Debian's multiarch folder, as x86_64-linux-gnu. */
  static const char *const folders[] = {"/usr/local/lib", "/usr/lib/" GCMARK_LIBRARY_ARCHITECTURE,
                                        "/lib/" GCMARK_LIBRARY_ARCHITECTURE, "/usr/lib64",
                                        "/usr/lib"};
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    char *path = file_path(folders[i], library);
    if (path == NULL || access(path, R_OK) == 0) {
      return path;
    }
    free(path);
  }
  return NULL;
}

char *allocators_locate(const struct allocator *allocator) {
  char *path = NULL;
  for (size_t i = 0; path == NULL && i < ALLOCATOR_MOST_LIBRARIES; i++) {
    path = allocator->libraries[i] == NULL ? NULL : find_library(allocator->libraries[i]);
  }
  return path;
}
