/* SPDX-License-Identifier: MIT */
#include "spawner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/driver/exchange.h"
#include "harness/driver/interrupt.h"
#include "harness/driver/supervisor.h"

int spawner_start(struct spawner *spawner, struct message *error) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    return message_set(error, "cannot make a socket pair: %s", strerror(errno));
  }
  pid_t pid = fork();
  if (pid < 0) {
    int reason = errno;
    close(sockets[0]);
    close(sockets[1]);
    return message_set(error, "cannot start the spawner: %s", strerror(reason));
  }
  if (pid == 0) {
    supervisor_main(sockets[1]);
  }
  close(sockets[1]);
  *spawner = (struct spawner){.pid = pid, .socket = sockets[0]};
  return 0;
}

/* The arguments and preload, one after the other, each with its NUL. */
static char *join_text(const struct spawner_request *request, uint32_t *length) {
  const char *preload = request->preload == NULL ? "" : request->preload;
  size_t bytes = strlen(preload) + 1;
  for (size_t i = 0; i < request->argument_count; i++) {
    bytes += strlen(request->arguments[i]) + 1;
  }
  char *text = malloc(bytes);
  if (text == NULL) {
    return NULL;
  }
  char *at = text;
  for (size_t i = 0; i < request->argument_count; i++) {
    at = stpcpy(at, request->arguments[i]) + 1;
  }
  stpcpy(at, preload);
  *length = (uint32_t)bytes;
  return text;
}

int spawner_send(struct spawner *spawner, const struct spawner_request *request,
                 struct message *error) {
  struct supervisor_request header;
  memset(&header, 0, sizeof header); /* the padding travels too */
  header.argument_count = (uint32_t)request->argument_count;
  header.timeout_s = request->timeout_s;
  header.memory_limit_bytes = request->memory_limit_bytes;
  header.capture_output = request->capture_output;
  header.has_preload = request->preload != NULL;
  char *text = join_text(request, &header.text_bytes);
  if (text == NULL) {
    return message_set(error, "out of memory");
  }
  int sent = exchange_send(spawner->socket, &header, sizeof header) == 0 &&
             exchange_send(spawner->socket, text, header.text_bytes) == 0;
  free(text);
  return sent ? 0 : message_set(error, "the spawner process is gone");
}

static int receive_reply(int socket, struct spawner_reply *reply) {
  struct spawner_outcome *outcome = &reply->outcome;
  if (exchange_receive(socket, outcome, sizeof *outcome) != 0 ||
      outcome->error_length > SPAWNER_ERROR_TAIL || outcome->output_length > SPAWNER_OUTPUT_LIMIT ||
      exchange_receive(socket, reply->error_tail, outcome->error_length) != 0) {
    return -1;
  }
  reply->output = malloc((size_t)outcome->output_length + 1);
  if (reply->output == NULL) {
    return -1;
  }
  reply->output[outcome->output_length] = '\0';
  return exchange_receive(socket, reply->output, outcome->output_length);
}

enum spawner_result spawner_receive(struct spawner *spawner, struct spawner_reply *reply,
                                    struct message *error) {
  memset(reply, 0, sizeof *reply);
  struct pollfd ready = {.fd = spawner->socket, .events = POLLIN};
  const struct timespec interval = {.tv_nsec = 200000000};
  int found = 0;
  while ((found = interrupt_poll(&ready, 1, spawner->tick == NULL ? NULL : &interval)) <= 0) {
    if (found == 0) {
      spawner->tick(spawner->context);
    } else if (interrupt_came()) {
      return SPAWNER_INTERRUPTED;
    } else if (errno != EINTR) {
      message_set(error, "cannot wait for the spawner: %s", strerror(errno));
      return SPAWNER_FAILED;
    }
  }
  if (receive_reply(spawner->socket, reply) != 0) {
    spawner_reply_clear(reply);
    message_set(error, "the spawner process died");
    return SPAWNER_FAILED;
  }
  return SPAWNER_OK;
}

void spawner_reply_clear(struct spawner_reply *reply) {
  free(reply->output);
  memset(reply, 0, sizeof *reply);
}

void spawner_stop(struct spawner *spawner) {
  if (spawner->pid <= 0) {
    return;
  }
  close(spawner->socket);
  while (waitpid(spawner->pid, NULL, 0) < 0 && errno == EINTR) {
  }
  *spawner = (struct spawner){.socket = -1};
}
