/* SPDX-License-Identifier: MIT
 *
 * check: the referee of the mutator API. Nothing here is fast: every call goes
 * out of line, with the place it was made at, so that a broken rule is reported
 * by file and line. An object is exactly its payload; all that check knows
 * about it lies elsewhere (check.h).
 */
#ifndef GCM_CHECK_COLLECTOR_H
#define GCM_CHECK_COLLECTOR_H

#include "collectors/heap.h"
#include "collectors/support/shadow_stack.h"

/* `where` is a literal, "file:line". */
gcm_local check_local_enter(const char *where, gcm_local *local, gcm_mutator *m, gcm_owned value);
void gcm_local_leave(gcm_local *local);
gcm_cursor check_cursor_enter(const char *where, gcm_cursor *cursor, gcm_mutator *m, gcm_ref ref);
void gcm_cursor_leave(gcm_cursor *cursor);
gcm_owned check_take(const char *where, gcm_mutator *m, gcm_local *local);
void check_set(const char *where, gcm_mutator *m, gcm_local *local, gcm_owned value);
void check_point(const char *where, gcm_mutator *m, gcm_cursor *cursor, gcm_ref ref);
gcm_owned check_new(const char *where, gcm_mutator *m, const gcm_type *type);
gcm_owned check_new_tail(const char *where, gcm_mutator *m, const gcm_type *type, size_t length);
size_t check_length(const char *where, gcm_mutator *m, gcm_ref object);
gcm_owned check_dup(const char *where, gcm_mutator *m, gcm_ref ref);
void check_drop(const char *where, gcm_mutator *m, gcm_owned value);
gcm_ref check_load(const char *where, gcm_mutator *m, gcm_ref object, size_t index);
void check_store(const char *where, gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value);
void check_init(const char *where, gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value);
gcm_owned check_take_field(const char *where, gcm_mutator *m, gcm_ref object, size_t index);
void *check_bytes(const char *where, gcm_mutator *m, gcm_ref object, const gcm_type *type);
gcm_owned check_weak_new(const char *where, gcm_mutator *m, gcm_ref target);
gcm_owned check_weak_get(const char *where, gcm_mutator *m, gcm_ref weak);
void check_safepoint(const char *where, gcm_mutator *m);
void check_collect(const char *where, gcm_mutator *m);

GCM_INLINE gcm_owned gcm_null(void) {
  return (gcm_owned){NULL};
}

/* The contract's own functions, for whoever takes the address of one; a plain
 * call meets the macros below instead. */
#define CHECK_UNKNOWN "an unknown place"
static inline gcm_owned gcm_take(gcm_mutator *m, gcm_local *local) {
  return check_take(CHECK_UNKNOWN, m, local);
}
static inline void gcm_set(gcm_mutator *m, gcm_local *local, gcm_owned value) {
  check_set(CHECK_UNKNOWN, m, local, value);
}
static inline void gcm_point(gcm_mutator *m, gcm_cursor *cursor, gcm_ref ref) {
  check_point(CHECK_UNKNOWN, m, cursor, ref);
}
static inline gcm_owned gcm_new(gcm_mutator *m, const gcm_type *type) {
  return check_new(CHECK_UNKNOWN, m, type);
}
static inline gcm_owned gcm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length) {
  return check_new_tail(CHECK_UNKNOWN, m, type, length);
}
static inline size_t gcm_length(gcm_mutator *m, gcm_ref object) {
  return check_length(CHECK_UNKNOWN, m, object);
}
static inline gcm_owned gcm_dup(gcm_mutator *m, gcm_ref ref) {
  return check_dup(CHECK_UNKNOWN, m, ref);
}
static inline void gcm_drop(gcm_mutator *m, gcm_owned value) {
  check_drop(CHECK_UNKNOWN, m, value);
}
static inline gcm_ref gcm_load(gcm_mutator *m, gcm_ref object, size_t index) {
  return check_load(CHECK_UNKNOWN, m, object, index);
}
static inline void gcm_store(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  check_store(CHECK_UNKNOWN, m, object, index, value);
}
static inline void gcm_init(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  check_init(CHECK_UNKNOWN, m, object, index, value);
}
static inline gcm_owned gcm_take_field(gcm_mutator *m, gcm_ref object, size_t index) {
  return check_take_field(CHECK_UNKNOWN, m, object, index);
}
static inline void *gcm_bytes(gcm_mutator *m, gcm_ref object, const gcm_type *type) {
  return check_bytes(CHECK_UNKNOWN, m, object, type);
}
static inline gcm_owned gcm_weak_new(gcm_mutator *m, gcm_ref target) {
  return check_weak_new(CHECK_UNKNOWN, m, target);
}
static inline gcm_owned gcm_weak_get(gcm_mutator *m, gcm_ref weak) {
  return check_weak_get(CHECK_UNKNOWN, m, weak);
}
static inline void gcm_safepoint(gcm_mutator *m) {
  check_safepoint(CHECK_UNKNOWN, m);
}

#define CHECK_TEXT_OF(line) #line
#define CHECK_TEXT(line) CHECK_TEXT_OF(line)
#define CHECK_WHERE __FILE__ ":" CHECK_TEXT(__LINE__)

#define gcm_local_enter(local, m, value) check_local_enter(CHECK_WHERE, local, m, value)
#define gcm_cursor_enter(cursor, m, ref) check_cursor_enter(CHECK_WHERE, cursor, m, ref)
#define gcm_take(m, local) check_take(CHECK_WHERE, m, local)
#define gcm_set(m, local, value) check_set(CHECK_WHERE, m, local, value)
#define gcm_point(m, cursor, ref) check_point(CHECK_WHERE, m, cursor, ref)
#define gcm_new(m, type) check_new(CHECK_WHERE, m, type)
#define gcm_new_tail(m, type, length) check_new_tail(CHECK_WHERE, m, type, length)
#define gcm_length(m, object) check_length(CHECK_WHERE, m, object)
#define gcm_dup(m, ref) check_dup(CHECK_WHERE, m, ref)
#define gcm_drop(m, value) check_drop(CHECK_WHERE, m, value)
#define gcm_load(m, object, index) check_load(CHECK_WHERE, m, object, index)
/* C leaves the order of arguments open. Here they are evaluated from the left, so
 * that a borrowed object beside a value that allocates is found by any compiler. */
#define CHECK_FROM_THE_LEFT(function, m, object, index, value)                                     \
  ({                                                                                               \
    gcm_ref check_object = object;                                                                 \
    size_t check_index = index;                                                                    \
    gcm_owned check_value = value;                                                                 \
    function(CHECK_WHERE, m, check_object, check_index, check_value);                              \
  })
#define gcm_store(m, object, index, value) CHECK_FROM_THE_LEFT(check_store, m, object, index, value)
#define gcm_init(m, object, index, value) CHECK_FROM_THE_LEFT(check_init, m, object, index, value)
#define gcm_take_field(m, object, index) check_take_field(CHECK_WHERE, m, object, index)
#define gcm_bytes(m, object, type) check_bytes(CHECK_WHERE, m, object, type)
#define gcm_weak_new(m, target) check_weak_new(CHECK_WHERE, m, target)
#define gcm_weak_get(m, weak) check_weak_get(CHECK_WHERE, m, weak)
#define gcm_safepoint(m) check_safepoint(CHECK_WHERE, m)
#define gcm_collect(m) check_collect(CHECK_WHERE, m)

#endif
