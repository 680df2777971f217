/* SPDX-License-Identifier: MIT
 *
 * Reading the small text files of /proc and /sys into JSON values.
 */
#ifndef GCM_DRIVER_ENVIRONMENT_SOURCE_H
#define GCM_DRIVER_ENVIRONMENT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* Where to read, and whether memory ran out on the way. */
struct environment_source {
  const char *root; /* in front of every path; "" for the real machine */
  bool out_of_memory;
};

/* Enough for any of the files that are read, of /proc/cpuinfo for its first processors. */
#define ENVIRONMENT_TEXT_SIZE 65536

/* The file's first bytes, malloc, without white space at the end; NULL if it cannot be read. */
char *environment_text(struct environment_source *source, const char *path);

/* The value behind "key" and a colon at the start of a line of a text like /proc/cpuinfo or
 * /proc/meminfo, up to the end of the line; copied to out. False if there is no such line. */
bool environment_field(const char *text, const char *key, char *out, size_t size);

/* Replaces every byte that is not ASCII by a question mark. */
void environment_make_ascii(char *text);

/* Each a new reference: a string (bytes that are not UTF-8 replaced), a number, or null where
 * text is NULL or not a number. */
json_t *environment_string(struct environment_source *source, const char *text);
json_t *environment_number(struct environment_source *source, const char *text);

/* The same from a whole file; and the word in brackets: "always [madvise] never". */
json_t *environment_string_file(struct environment_source *source, const char *path);
json_t *environment_number_file(struct environment_source *source, const char *path);
json_t *environment_choice_file(struct environment_source *source, const char *path);

/* Gives the value to the object; NULL for either says that memory ran out. */
void environment_put(struct environment_source *source, json_t *object, const char *key,
                     json_t *value);

/* CPU time and memory that the control groups above this process allow, as an object. */
json_t *environment_cgroup(struct environment_source *source);

/* The memory they leave to this process beside what they hold already; UINT64_MAX without a limit.
 */
uint64_t environment_cgroup_room_bytes(struct environment_source *source);

#endif
