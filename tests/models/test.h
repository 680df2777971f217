/* SPDX-License-Identifier: MIT
 *
 * What every test of this folder includes: cmocka, and what it needs before it.
 */
#ifndef GCM_TESTS_MODELS_TEST_H
#define GCM_TESTS_MODELS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* FNV-1a, 64 bits, of an integer's `bytes` low bytes, little-endian. */
#define FNV_START UINT64_C(0xcbf29ce484222325)
static inline uint64_t fnv(uint64_t hash, uint64_t value, int bytes) {
  for (; bytes > 0; bytes--, value >>= 8) {
    hash = (hash ^ (value & 0xff)) * UINT64_C(0x100000001b3);
  }
  return hash;
}

#endif
