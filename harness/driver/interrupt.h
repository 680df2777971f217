/* SPDX-License-Identifier: MIT
 *
 * Ctrl-C, SIGTERM and SIGHUP: blocked at all times except inside interrupt_poll(), so that no
 * write is cut short and nothing else needs to think of them.
 */
#ifndef GCMARK_DRIVER_INTERRUPT_H
#define GCMARK_DRIVER_INTERRUPT_H

#include <poll.h>
#include <stdbool.h>
#include <time.h>

/* -1 with errno. */
int interrupt_install(void);

/*
 * Waits until a file is ready (returns > 0), a signal came (-1 with EINTR), or the time has passed
 * (0); NULL: without limit.
 */
int interrupt_poll(struct pollfd *files, nfds_t count, const struct timespec *limit);

/* Whether one has come, now or before. */
bool interrupt_came(void);

#endif
