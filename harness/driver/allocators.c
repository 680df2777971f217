/* SPDX-License-Identifier: MIT */
#include "allocators.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/driver/file.h"
#include "harness/nearest.h"

static const struct allocator allocators[] = {
    {"system", NULL, NULL},
    {"jemalloc", "libjemalloc.so.2", "libjemalloc2"},
    {"mimalloc", "libmimalloc.so.2", "libmimalloc2.0"},
    {"tcmalloc", "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4"},
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

char *allocators_locate(const struct allocator *allocator) {
  /* GCMARK_LIBRARY_ARCHITECTURE is Debian's multiarch folder, as x86_64-linux-gnu. */
  static const char *const folders[] = {"/usr/local/lib", "/usr/lib/" GCMARK_LIBRARY_ARCHITECTURE,
                                        "/lib/" GCMARK_LIBRARY_ARCHITECTURE, "/usr/lib64",
                                        "/usr/lib"};
  for (size_t i = 0; allocator->library != NULL && i < sizeof folders / sizeof folders[0]; i++) {
    char *path = file_path(folders[i], allocator->library);
    if (path == NULL || access(path, R_OK) == 0) {
      return path;
    }
    free(path);
  }
  return NULL;
}
