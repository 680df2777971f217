/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_EXCHANGE_H
#define GCMARK_DRIVER_EXCHANGE_H

#include <stddef.h>

/* Sends or receives exactly that many bytes on a stream socket. -1 if the other end is gone. */
int exchange_send(int socket, const void *bytes, size_t length);
int exchange_receive(int socket, void *bytes, size_t length);

#endif
