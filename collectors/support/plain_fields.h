/* SPDX-License-Identifier: MIT
 *
 * Fields for a manager whose references point to the first field, and that
 * needs to know of no load or store: an object with a tail has its length in
 * the word before.
 *
 *     [length] | references ... | bytes ...
 *              ^ gcm_ref
 */
#ifndef GCM_SUPPORT_PLAIN_FIELDS_H
#define GCM_SUPPORT_PLAIN_FIELDS_H

GCM_INLINE size_t gcm_length(gcm_mutator *m, gcm_ref object) {
  (void)m;
  return ((size_t *)object)[-1];
}

GCM_INLINE gcm_ref gcm_load(gcm_mutator *m, gcm_ref object, size_t index) {
  (void)m;
  return ((gcm_ref *)object)[index];
}

GCM_INLINE void gcm_store(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  (void)m;
  ((gcm_ref *)object)[index] = value.ref;
}

GCM_INLINE void gcm_init(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value) {
  gcm_store(m, object, index, value);
}

GCM_INLINE gcm_owned gcm_take_field(gcm_mutator *m, gcm_ref object, size_t index) {
  gcm_ref ref = gcm_load(m, object, index);
  gcm_store(m, object, index, gcm_null());
  return (gcm_owned){ref};
}

GCM_INLINE void *gcm_bytes(gcm_mutator *m, gcm_ref object, const gcm_type *type) {
  (void)m;
  return (gcm_ref *)object + type->refs;
}

#endif
