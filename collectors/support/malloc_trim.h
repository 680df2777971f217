/* SPDX-License-Identifier: MIT
 *
 * Asking whichever malloc lies underneath to give memory back.
 */
#ifndef GCM_SUPPORT_MALLOC_TRIM_H
#define GCM_SUPPORT_MALLOC_TRIM_H

/* Found by what the process has loaded (jemalloc, mimalloc, tcmalloc), else
 * glibc's malloc_trim. */
void gcm_malloc_trim(void);

#endif
