/* SPDX-License-Identifier: MIT
 *
 * A bump allocator as one would write it: the manager of the `none` twins.
 */
#ifndef GCMARK_TESTS_DIRECT_NONE_H
#define GCMARK_TESTS_DIRECT_NONE_H

#include "direct.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct context {
  char *free, *end;
  uint64_t objects;
};

enum { CHUNK = 32 << 20 };

static __attribute__((noinline)) void *refill(struct context *context, size_t bytes) {
  char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (chunk == MAP_FAILED || bytes > CHUNK) {
    perror("mmap");
    exit(1);
  }
  context->free = chunk + bytes;
  context->end = chunk + CHUNK;
  return chunk;
}

static inline void *bump(struct context *context, size_t bytes) {
  char *object = context->free;
  context->objects++;
  if (__builtin_expect(bytes > (size_t)(context->end - object), 0)) {
    return refill(context, bytes);
  }
  context->free = object + bytes;
  return object;
}

void *direct_open(void) {
  static struct context context;
  return &context;
}

#endif
