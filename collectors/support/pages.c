/* SPDX-License-Identifier: MIT */
#include "collectors/support/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static char *map(size_t bytes) {
  void *pages =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

/* Map too much, then cut both ends off. */
static char *map_aligned(size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  bytes = (bytes + page - 1) / page * page;
  char *pages = map(bytes + GCM_HUGE_PAGE);
  if (pages == NULL) {
    return NULL;
  }
  size_t before = -(uintptr_t)pages & (GCM_HUGE_PAGE - 1);
  size_t after = GCM_HUGE_PAGE - before;
  if (before > 0) {
    munmap(pages, before);
  }
  if (after > 0) {
    munmap(pages + before + bytes, after);
  }
  return pages + before;
}

void *gcm_pages_map(size_t bytes, enum gcm_page_size size) {
  char *pages = size == GCM_PAGES_HUGE ? map_aligned(bytes) : map(bytes);
  if (pages != NULL) {
    /* A kernel without transparent huge pages refuses the advice; the mapping
     * is good all the same. */
    (void)madvise(pages, bytes, size == GCM_PAGES_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  }
  return pages;
}

void gcm_pages_unmap(void *pages, size_t bytes) {
  munmap(pages, bytes);
}
