/* SPDX-License-Identifier: MIT
 *
 * libgc through its own inline macro: the manager of the `boehm` twins.
 */
#ifndef GCMARK_TESTS_DIRECT_BOEHM_H
#define GCMARK_TESTS_DIRECT_BOEHM_H

#include "direct.h"

#include <gc/gc.h>
#include <gc/gc_inline.h>

struct context {
  void *lists[GC_TINY_FREELISTS];
  uint64_t objects;
};

#define NEW(result, context, bytes)                                                                \
  do {                                                                                             \
    GC_FAST_MALLOC_GRANS(result, GC_WORDS_TO_WHOLE_GRANULES((bytes) / sizeof(GC_word)),            \
                         (context)->lists, 0, GC_I_NORMAL, GC_malloc(bytes),                       \
                         *(void **)(result) = NULL);                                               \
    (context)->objects++;                                                                          \
  } while (0)

void *direct_open(void) {
  static struct context context; /* static data is a root */
  GC_set_all_interior_pointers(0);
  GC_INIT();
  return &context;
}

#endif
