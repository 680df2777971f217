/* SPDX-License-Identifier: MIT
 *
 * The inside of the spawner process (spawner.h is its outside), and what travels between the two:
 * a struct supervisor_request followed by its text, answered by a struct spawner_outcome followed
 * by the tail of standard error and the captured output.
 */
#ifndef GCMARK_DRIVER_SUPERVISOR_H
#define GCMARK_DRIVER_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

struct supervisor_request {
  uint32_t argument_count;
  uint32_t text_bytes; /* the arguments and then preload (or nothing), each with its NUL */
  double timeout_s;
  uint64_t memory_limit_bytes;
  bool capture_output;
  bool has_preload;
};

/* Serves requests until the other end of the socket closes. */
_Noreturn void supervisor_main(int socket);

#endif
