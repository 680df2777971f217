/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <errno.h>
#include <sys/socket.h>

int exchange_send(int socket, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t sent = send(socket, at, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) {
      continue;
    }
    if (sent <= 0) {
      return -1;
    }
    at += sent;
    length -= (size_t)sent;
  }
  return 0;
}

int exchange_receive(int socket, void *bytes, size_t length) {
  char *at = bytes;
  while (length > 0) {
    ssize_t received = recv(socket, at, length, 0);
    if (received < 0 && errno == EINTR) {
      continue;
    }
    if (received <= 0) {
      return -1;
    }
    at += received;
    length -= (size_t)received;
  }
  return 0;
}
