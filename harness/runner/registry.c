/* SPDX-License-Identifier: MIT
 *
 * The workloads and conformance cases of this executable: the linker gathers
 * the pointers that GCM_WORKLOAD and GCM_CONFORMANCE place in sections.
 */
#include "runner.h"

/* Weak: an executable without any has no such section. */
#define SECTION_BOUND extern const gcm_workload *const __attribute__((weak))
SECTION_BOUND __start_gcm_workloads[];
SECTION_BOUND __stop_gcm_workloads[];
SECTION_BOUND __start_gcm_conformance[];
SECTION_BOUND __stop_gcm_conformance[];

const gcm_workload *registry_workload(size_t position) {
  const gcm_workload *const *entry = __start_gcm_workloads + position;
  return entry < __stop_gcm_workloads ? *entry : NULL;
}

const gcm_workload *registry_conformance(size_t position) {
  const gcm_workload *const *entry = __start_gcm_conformance + position;
  return entry < __stop_gcm_conformance ? *entry : NULL;
}
