/* SPDX-License-Identifier: MIT
 *
 * The machine described from a made-up /proc and /sys under a temporary folder.
 */
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "harness/driver/environment.h"
#include "harness/driver/environment_source.h"

static const char root_template[] = "/tmp/gcmark-environment-XXXXXX";
static char root[sizeof root_template];
static json_t *described;

/* Makes the file and the folders above it. */
static void put(const char *path, const char *text) {
  char full[PATH_MAX];
  snprintf(full, sizeof full, "%s%s", root, path);
  for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
    *at = '\0';
    mkdir(full, 0700);
    *at = '/';
  }
  FILE *file = fopen(full, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

static void describe(char *const *variables, const struct environment_binary *binaries,
                     size_t count) {
  json_decref(described);
  described = environment_describe_under(root, variables, binaries, count);
  assert_non_null(described);
}

/* The value at section.key as compact JSON. */
static void expect(const char *section, const char *key, const char *json) {
  json_t *value = json_object_get(described, section);
  if (key != NULL) {
    value = json_object_get(value, key);
  }
  assert_non_null(value);
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
  assert_non_null(text);
  assert_string_equal(text, json);
  free(text);
}

static int make_root(void **state) {
  (void)state;
  memcpy(root, root_template, sizeof root);
  return mkdtemp(root) == NULL ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk) {
  (void)status;
  (void)kind;
  (void)walk;
  return remove(path);
}

static int remove_root(void **state) {
  (void)state;
  json_decref(described);
  described = NULL;
  return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void what_cannot_be_read_is_null(void **state) {
  (void)state;
  describe(NULL, NULL, 0);
  static const char *const unknown[][2] = {
      {"kernel", "release"},
      {"kernel", "address_randomisation"},
      {"kernel", "clocksource"},
      {"kernel", "perf_event_paranoid"},
      {"cpu", "model"},
      {"cpu", "microcode"},
      {"cpu", "processors_online"},
      {"cpu", "cores_per_package"},
      {"cpu", "governor"},
      {"cpu", "turbo"},
      {"cpu", "smt"},
      {"memory", "total_bytes"},
      {"memory", "swap_free_bytes"},
      {"memory", "huge_pages"},
      {"memory", "overcommit"},
      {"cgroup", "cpu_max_processors"},
      {"cgroup", "memory_max_bytes"},
      {"virtualisation", "hypervisor"},
      {"virtualisation", "vendor"},
      {"load", NULL},
      {"distribution", NULL},
  };
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
    expect(unknown[i][0], unknown[i][1], "null");
  }
  expect("variables", NULL, "{}");
  expect("binaries", NULL, "[]");
}

static void the_processor_is_described(void **state) {
  (void)state;
  put("/proc/cpuinfo", "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Example CPU @ 3.00GHz\n"
                       "microcode\t: 0x2b\ncpu cores\t: 4\nflags\t\t: fpu hypervisor_not avx\n");
  put("/sys/devices/system/cpu/online", "0-3,8,10-11\n");
  put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
  put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver", "intel_pstate\n");
  put("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  put("/sys/devices/system/cpu/cpufreq/boost", "1\n");
  put("/sys/devices/system/cpu/smt/active", "0\n");
  describe(NULL, NULL, 0);
  expect("cpu", "model", "\"Example CPU @ 3.00GHz\"");
  expect("cpu", "microcode", "\"0x2b\"");
  expect("cpu", "cores_per_package", "4");
  expect("cpu", "processors_online", "7");
  expect("cpu", "governor", "\"performance\"");
  expect("cpu", "frequency_driver", "\"intel_pstate\"");
  expect("cpu", "turbo", "false");
  expect("cpu", "smt", "false");
  expect("virtualisation", "hypervisor", "false");
}

static void governors_that_differ_are_mixed(void **state) {
  (void)state;
  put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
  put("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n");
  put("/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "powersave\n");
  put("/sys/devices/system/cpu/online", "nonsense");
  put("/sys/devices/system/cpu/cpufreq/boost", "1\n");
  put("/sys/devices/system/cpu/smt/active", "maybe\n");
  describe(NULL, NULL, 0);
  expect("cpu", "governor", "\"mixed\"");
  expect("cpu", "processors_online", "null");
  expect("cpu", "turbo", "true");
  expect("cpu", "smt", "null");
}

static void memory_kernel_and_load_are_described(void **state) {
  (void)state;
  put("/etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n");
  put("/proc/meminfo", "MemTotal:       16000 kB\nMemAvailable:   8000 kB\nSwapTotal: 0 kB\n");
  put("/proc/sys/vm/overcommit_memory", "0\n");
  put("/proc/sys/kernel/randomize_va_space", "2\n");
  put("/proc/sys/kernel/perf_event_paranoid", "-1\n");
  put("/proc/sys/kernel/osrelease", "6.1.0\xff\n");
  put("/proc/loadavg", "0.50 0.25 0.00 1/200 4242\n");
  put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  put("/sys/kernel/mm/transparent_hugepage/defrag", "nothing chosen\n");
  put("/sys/class/dmi/id/sys_vendor", "QEMU\n");
  put("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
  put("/proc/cpuinfo", "flags : fpu avx hypervisor\n");
  describe(NULL, NULL, 0);
  expect("distribution", NULL, "\"Debian GNU/Linux 12\"");
  expect("memory", "total_bytes", "16384000");
  expect("memory", "available_bytes", "8192000");
  expect("memory", "swap_total_bytes", "0");
  expect("memory", "swap_free_bytes", "null");
  expect("memory", "overcommit", "0");
  expect("memory", "huge_pages", "\"madvise\"");
  expect("memory", "huge_pages_defrag", "null");
  expect("kernel", "address_randomisation", "2");
  expect("kernel", "perf_event_paranoid", "-1");
  expect("kernel", "release", "\"6.1.0?\"");
  expect("kernel", "clocksource", "\"tsc\"");
  expect("load", NULL, "[0.5,0.25,0.0]");
  expect("virtualisation", "hypervisor", "true");
  expect("virtualisation", "vendor", "\"QEMU\"");
}

static void the_tightest_control_group_counts(void **state) {
  (void)state;
  put("/proc/self/cgroup", "0::/a/b/not-mounted\n");
  put("/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  put("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  put("/sys/fs/cgroup/a/memory.max", "1000000\n");
  put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  put("/sys/fs/cgroup/a/b/memory.max", "2000000\n");
  describe(NULL, NULL, 0);
  expect("cgroup", "cpu_max_processors", "1.5");
  expect("cgroup", "memory_max_bytes", "1000000");
}

static void room_is_what_the_tightest_group_has_left(void **state) {
  (void)state;
  struct environment_source source = {.root = root};
  put("/proc/self/cgroup", "0::/a/b\n");
  put("/sys/fs/cgroup/a/memory.max", "1000000\n");
  put("/sys/fs/cgroup/a/memory.current", "700000\n");
  put("/sys/fs/cgroup/a/memory.stat", "anon 1\nactive_file 100000\ninactive_file 200000\n");
  put("/sys/fs/cgroup/a/b/memory.max", "900000\n");
  assert_int_equal(environment_cgroup_room_bytes(&source), 600000);
  put("/sys/fs/cgroup/a/b/memory.current", "500000\n");
  assert_int_equal(environment_cgroup_room_bytes(&source), 400000);
  put("/sys/fs/cgroup/a/b/memory.current", "950000\n");
  assert_int_equal(environment_cgroup_room_bytes(&source), 0);
}

static void a_root_group_without_limits_allows_all(void **state) {
  (void)state;
  put("/proc/self/cgroup", "0::/\n");
  put("/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  describe(NULL, NULL, 0);
  expect("cgroup", "cpu_max_processors", "\"max\"");
  expect("cgroup", "memory_max_bytes", "\"max\"");
}

static void control_groups_of_version_1_are_read(void **state) {
  (void)state;
  put("/proc/self/cgroup", "7:cpu,cpuacct:/box\n5:memory:/box\n1:name=systemd:/\n0::/\n");
  put("/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "200000\n");
  put("/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
  put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  put("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
  describe(NULL, NULL, 0);
  expect("cgroup", "cpu_max_processors", "2.0");
  expect("cgroup", "memory_max_bytes", "\"max\"");
}

static void variables_of_memory_managers_are_kept(void **state) {
  (void)state;
  char *variables[] = {"GC_MARKERS=2",
                       "PATH=/bin",
                       "MALLOC_CONF=a:b=c",
                       "LD_PRELOAD=x.so",
                       "LD_PRELOADED=no",
                       "MIMALLOC_VERBOSE=1",
                       "TCMALLOC_DEBUG=",
                       "GLIBC_TUNABLES=a=b",
                       "MALLOC_\xff=\xfe",
                       "GC_WITHOUT_EQUALS",
                       NULL};
  describe(variables, NULL, 0);
  expect("variables", NULL,
         "{\"GC_MARKERS\":\"2\",\"MALLOC_CONF\":\"a:b=c\",\"LD_PRELOAD\":\"x.so\","
         "\"MIMALLOC_VERBOSE\":\"1\",\"TCMALLOC_DEBUG\":\"\",\"GLIBC_TUNABLES\":\"a=b\","
         "\"MALLOC_?\":\"?\"}");
}

static void binaries_keep_their_hash_and_build(void **state) {
  (void)state;
  json_t *build = json_pack("{s:s}", "compiler", "GNU 12");
  struct environment_binary binaries[] = {{"rc", "/bin/gcmark-rc", "abc", build},
                                          {"gcmark", "/bin/gcmark", NULL, NULL}};
  describe(NULL, binaries, 2);
  json_decref(build);
  expect("binaries", NULL,
         "[{\"name\":\"rc\",\"path\":\"/bin/gcmark-rc\",\"hash\":\"abc\",\"build\":{\"compiler\":"
         "\"GNU 12\"}},{\"name\":\"gcmark\",\"path\":\"/bin/gcmark\",\"hash\":null,"
         "\"build\":null}]");
}

static void this_machine_can_be_described(void **state) {
  (void)state;
  described = environment_describe(NULL, 0);
  assert_non_null(described);
  assert_true(json_is_string(json_object_get(json_object_get(described, "kernel"), "release")));
  assert_true(
      json_is_integer(json_object_get(json_object_get(described, "memory"), "total_bytes")));
  assert_true(
      json_is_integer(json_object_get(json_object_get(described, "cpu"), "processors_allowed")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_cannot_be_read_is_null, make_root, remove_root),
      cmocka_unit_test_setup_teardown(the_processor_is_described, make_root, remove_root),
      cmocka_unit_test_setup_teardown(governors_that_differ_are_mixed, make_root, remove_root),
      cmocka_unit_test_setup_teardown(memory_kernel_and_load_are_described, make_root, remove_root),
      cmocka_unit_test_setup_teardown(the_tightest_control_group_counts, make_root, remove_root),
      cmocka_unit_test_setup_teardown(room_is_what_the_tightest_group_has_left, make_root,
                                      remove_root),
      cmocka_unit_test_setup_teardown(a_root_group_without_limits_allows_all, make_root,
                                      remove_root),
      cmocka_unit_test_setup_teardown(control_groups_of_version_1_are_read, make_root, remove_root),
      cmocka_unit_test_setup_teardown(variables_of_memory_managers_are_kept, make_root,
                                      remove_root),
      cmocka_unit_test_setup_teardown(binaries_keep_their_hash_and_build, make_root, remove_root),
      cmocka_unit_test_setup_teardown(this_machine_can_be_described, make_root, remove_root),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
