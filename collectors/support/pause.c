/* SPDX-License-Identifier: MIT */
#include "collectors/support/pause.h"

#include <sys/mman.h>
#include <time.h>

enum { LIST_CAPACITY = 1 << 20 };

static struct gcm_pause *list;
static struct gcm_pause_summary summary;
static struct gcm_pause current;

static uint64_t now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

bool gcm_pause_open(void) {
  void *pages = mmap(NULL, LIST_CAPACITY * sizeof *list, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) {
    return false;
  }
  list = pages;
  return true;
}

/* The wall clock is read outermost, so that it spans all that the pause costs
 * the mutator. */
void gcm_pause_begin(enum gcm_pause_kind kind) {
  current.kind = kind;
  current.begin = now(CLOCK_MONOTONIC);
  current.cpu = now(CLOCK_PROCESS_CPUTIME_ID);
}

void gcm_pause_end(void) {
  current.cpu = now(CLOCK_PROCESS_CPUTIME_ID) - current.cpu;
  current.end = now(CLOCK_MONOTONIC);
  uint64_t wall = current.end - current.begin;
  summary.count++;
  summary.wall += wall;
  summary.cpu += current.cpu;
  if (wall > summary.longest) {
    summary.longest = wall;
  }
  if (list != NULL && summary.listed < LIST_CAPACITY) {
    list[summary.listed++] = current;
  }
}

struct gcm_pause_summary gcm_pause_read(void) {
  summary.list = list;
  return summary;
}
