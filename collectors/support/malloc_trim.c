/* SPDX-License-Identifier: MIT */
#include "collectors/support/malloc_trim.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A function of a preloaded library, or null. POSIX lets an object pointer
 * carry a function's address; ISO C wants the copy. */
#define FIND(function, name)                                                                       \
  do {                                                                                             \
    void *found = dlsym(RTLD_DEFAULT, name);                                                       \
    memcpy(&(function), &found, sizeof found);                                                     \
  } while (0)

void gcm_malloc_trim(void) {
  int (*mallctl)(const char *, void *, size_t *, void *, size_t);
  void (*mi_collect)(bool);
  void (*release_free_memory)(void);
  FIND(mallctl, "mallctl");
  FIND(mi_collect, "mi_collect");
  FIND(release_free_memory, "MallocExtension_ReleaseFreeMemory");
  if (mallctl != NULL) {
    /* 4096 is MALLCTL_ARENAS_ALL (jemalloc 5). */
    mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
    mallctl("arena.4096.purge", NULL, NULL, NULL, 0);
  } else if (mi_collect != NULL) {
    mi_collect(true);
  } else if (release_free_memory != NULL) {
    release_free_memory();
  } else {
    malloc_trim(0);
  }
}
