/* SPDX-License-Identifier: MIT
 *
 * The page source: anonymous zeroed memory from the system, in large pieces.
 */
#ifndef GCM_SUPPORT_PAGES_H
#define GCM_SUPPORT_PAGES_H

#include <stddef.h>

enum gcm_page_size { GCM_PAGES_SMALL, GCM_PAGES_HUGE };

/* The size of a transparent huge page on the machines this is built for, bytes. */
enum { GCM_HUGE_PAGE = 2 << 20 };

/* Map `bytes` of zeroed memory, backed by pages of the size asked for whatever
 * the machine's default (a huge page is a request the kernel may decline).
 * GCM_PAGES_HUGE gives an address that is a multiple of GCM_HUGE_PAGE. Null,
 * errno set, on failure. */
void *gcm_pages_map(size_t bytes, enum gcm_page_size size);

/* Give back a whole mapping. */
void gcm_pages_unmap(void *pages, size_t bytes);

#endif
