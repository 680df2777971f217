/* SPDX-License-Identifier: MIT */
#ifndef GCMARK_DRIVER_FILE_H
#define GCMARK_DRIVER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/message.h"

/* FOLDER/NAME, malloc; NULL if memory ran out. */
char *file_path(const char *folder, const char *name);

/*
 * The whole file, NUL-terminated, malloc. Returns 0; 1 if there is no such file; -1 with error
 * (longer than limit bytes, unreadable).
 */
int file_read(const char *path, size_t limit, char **text, size_t *length, struct message *error);

/*
 * Writes FOLDER/NAME under a temporary name in the same folder, has it reach the disk, and renames
 * it: the file is there whole or not at all.
 */
int file_write_whole(const char *folder, const char *name, const char *text, size_t length,
                     struct message *error);

/* Has what was made or renamed in the folder reach the disk. -1 with errno. */
int file_sync_folder(const char *folder);

/* FNV-1a, 64 bits, of the content: tells two builds apart; no protection against malice. */
int file_hash(const char *path, uint64_t *hash, struct message *error);

#endif
