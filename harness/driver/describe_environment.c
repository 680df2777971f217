/* SPDX-License-Identifier: MIT */
#include "describe_environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/compose.h"
#include "harness/driver/environment.h"
#include "harness/driver/file.h"

struct digits {
  char text[17];
};

/* The binaries point into runners and hashes. */
static int list_binaries(const struct runners *runners, struct digits *hashes,
                         struct environment_binary *binaries, struct message *error) {
  for (size_t i = 0; i < runners->count; i++) {
    const struct runner *runner = &runners->list[i];
    if (compose_hash(runner->path, hashes[i].text, error) != 0) {
      return -1;
    }
    binaries[i] = (struct environment_binary){.name = runner->description.collector,
                                              .path = runner->path,
                                              .hash = hashes[i].text,
                                              .build = runner->description.build};
  }
  return 0;
}

static char *to_text(json_t *environment, struct message *error) {
  char *text = environment == NULL
                   ? NULL
                   : json_dumps(environment, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
  char *line = NULL;
  if (text == NULL || asprintf(&line, "%s\n", text) < 0) {
    line = NULL;
    message_set(error, "cannot describe the environment: out of memory");
  }
  free(text);
  json_decref(environment);
  return line;
}

char *describe_environment_text(const struct runners *runners, struct message *error) {
  struct digits *hashes = calloc(runners->count + 1, sizeof *hashes);
  struct environment_binary *binaries = calloc(runners->count + 1, sizeof *binaries);
  char *text = NULL;
  if (hashes == NULL || binaries == NULL) {
    message_set(error, "out of memory");
  } else if (list_binaries(runners, hashes, binaries, error) == 0) {
    text = to_text(environment_describe(binaries, runners->count), error);
  }
  free(binaries);
  free(hashes);
  return text;
}

int describe_environment_write(const char *folder, const struct runners *runners,
                               struct message *error) {
  char *text = describe_environment_text(runners, error);
  int result =
      text == NULL ? -1 : file_write_whole(folder, "environment.json", text, strlen(text), error);
  free(text);
  return result;
}
