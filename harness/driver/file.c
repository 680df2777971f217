/* SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *file_path(const char *folder, const char *name) {
  char *path = NULL;
  return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* Grows by doubling up to limit + 1, so that one byte too many is noticed. */
static int read_all(FILE *file, size_t limit, char **text, size_t *length) {
  size_t capacity = 4096;
  char *bytes = malloc(capacity + 1);
  size_t used = 0;
  while (bytes != NULL) {
    used += fread(bytes + used, 1, capacity - used, file);
    if (used < capacity || used > limit) {
      bytes[used] = '\0';
      *text = bytes;
      *length = used;
      return 0;
    }
    char *more = realloc(bytes, capacity * 2 + 1);
    if (more == NULL) {
      free(bytes);
    }
    bytes = more;
    capacity *= 2;
  }
  return -1;
}

int file_read(const char *path, size_t limit, char **text, size_t *length, struct message *error) {
  *text = NULL;
  FILE *file = fopen(path, "rbe");
  if (file == NULL) {
    return errno == ENOENT ? 1 : message_set(error, "cannot open %s: %s", path, strerror(errno));
  }
  errno = 0;
  int result = read_all(file, limit, text, length);
  if (result != 0) {
    message_set(error, "cannot read %s: out of memory", path);
  } else if (ferror(file)) {
    result = message_set(error, "cannot read %s: %s", path, strerror(errno));
  } else if (*length > limit) {
    result = message_set(error, "%s is longer than %zu bytes", path, limit);
  }
  fclose(file);
  if (result != 0) {
    free(*text);
    *text = NULL;
  }
  return result;
}

static int write_all(int file, const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(file, text, length);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return -1;
    }
    text += written;
    length -= (size_t)written;
  }
  return fsync(file);
}

int file_sync_folder(const char *folder) {
  int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  int result = fsync(file);
  close(file);
  return result;
}

static int write_and_rename(const char *folder, const char *partial, const char *path,
                            const char *text, size_t length) {
  int file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) {
    return -1;
  }
  int written = write_all(file, text, length);
  int reason = errno;
  if (close(file) == 0 && written == 0 && rename(partial, path) == 0) {
    return file_sync_folder(folder);
  }
  reason = written != 0 ? reason : errno;
  unlink(partial);
  errno = reason;
  return -1;
}

int file_write_whole(const char *folder, const char *name, const char *text, size_t length,
                     struct message *error) {
  char *path = file_path(folder, name);
  char *partial = NULL;
  int result = -1;
  if (path == NULL || asprintf(&partial, "%s/.%s.partial", folder, name) < 0) {
    partial = NULL;
    message_set(error, "out of memory");
  } else {
    result = write_and_rename(folder, partial, path, text, length);
    if (result != 0) {
      message_set(error, "cannot write %s: %s", path, strerror(errno));
    }
  }
  free(path);
  free(partial);
  return result;
}

int file_hash(const char *path, uint64_t *hash, struct message *error) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return message_set(error, "cannot open %s: %s", path, strerror(errno));
  }
  uint64_t value = 0xcbf29ce484222325U;
  unsigned char bytes[16384];
  ssize_t length = 0;
  while ((length = read(file, bytes, sizeof bytes)) > 0) {
    for (ssize_t i = 0; i < length; i++) {
      value = (value ^ bytes[i]) * 0x100000001b3U;
    }
  }
  int reason = errno;
  close(file);
  if (length < 0) {
    return message_set(error, "cannot read %s: %s", path, strerror(reason));
  }
  *hash = value;
  return 0;
}
