/* SPDX-License-Identifier: MIT
 *
 * What cannot be asked for: one clear line that names the thing and the nearest valid one, exit
 * code 2, and nothing written.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/driver/support.h"

static const struct {
  const char *part; /* of the line */
  const char *arguments[8];
} cases[] = {
    {"unknown command 'rum': did you mean 'run'?", {"rum"}},
    {"run has no option '--rouds': did you mean '--rounds'?", {"run", "--rouds", "3"}},
    {"list has no option '--rounds'", {"list", "--rounds", "3"}},
    {"run has no option '-z'", {"run", "-z"}},
    {"--rounds needs a value", {"run", "--rounds"}},
    {"-c needs a value", {"run", "-c"}},
    {"--quiet takes no value", {"run", "--quiet=yes"}},
    {"--rounds is given twice", {"run", "--rounds", "3", "-r", "3"}},
    {"--quiet is given twice", {"run", "-q", "--quiet"}},
    {"unexpected 'rings'", {"run", "rings"}},
    {"missing DIR", {"resume"}},
    {"unexpected 'b'", {"resume", "a", "b"}},
    {"no campaign in nowhere", {"resume", "nowhere"}},
    {"unknown collector 'fale': did you mean 'fake'?", {"run", "-c", "fale"}},
    {"unknown collector 'fale': did you mean 'fake'?", {"selftest", "fale"}},
    {"--collectors: an empty entry", {"run", "-c", "fake,,plain"}},
    {"--collectors: 'fake' is given twice", {"run", "-c", "fake,fake"}},
    {"'fake:mode=fast:depth=2' is given twice",
     {"run", "-c", "fake:depth=2:mode=fast,fake:mode=fast:depth=2"}},
    {"--collectors: 'fake' is given twice", {"run", "-c", "fake:depth=1,fake"}},
    {"no option 'deep': did you mean 'depth'?", {"run", "-c", "fake:deep=1"}},
    {"'depth' is not of the form option=value", {"run", "-c", "fake:depth"}},
    {"option 'depth' of collector 'fake': '65' is not a whole number from 1 to 64",
     {"run", "-c", "fake:depth=65"}},
    {"'1x' is not a whole number", {"run", "-c", "fake:depth=1x"}},
    {"option 'depth' of collector 'fake' is given twice", {"run", "-c", "fake:depth=1:depth=2"}},
    {"cannot be 'fest': did you mean 'fast'?", {"run", "-c", "fake:mode=fest"}},
    {"unknown workload 'flod': did you mean 'flood'?", {"run", "-c", "fake", "-w", "flod"}},
    {"--workloads: 'ok' is given twice", {"run", "-c", "fake", "-w", "ok,ok"}},
    {"no size 'quik': did you mean 'quick'?", {"run", "-c", "fake", "-w", "ok", "-s", "quik"}},
    {"'11' is not a whole number from 1 to 10", {"run", "-c", "fake", "-w", "ok", "-s", "11"}},
    {"--rounds: '0' is not a whole number from 1 to 10000", {"run", "-c", "fake", "-r", "0"}},
    {"--rounds: '-1'", {"run", "-c", "fake", "-r", "-1"}},
    {"--rounds: '99999999999999999999'", {"run", "-c", "fake", "-r", "99999999999999999999"}},
    {"--threads: '0'", {"run", "-c", "fake", "-t", "0"}},
    {"--threads: no workload uses more than 1 yet", {"run", "-c", "fake", "-t", "2"}},
    {"--heap: '64Q' is not a number of bytes", {"run", "-c", "fake", "--heap", "64Q"}},
    {"--heap: an empty entry", {"run", "-c", "fake", "--heap", "64M,"}},
    {"'heaps_bytes' holds 67108864 twice", {"run", "-c", "fake", "--heap", "64M,65536K"}},
    {"unknown allocator 'jemaloc': did you mean 'jemalloc'?",
     {"run", "-c", "fake", "-a", "jemaloc"}},
    {"'allocators' holds 'system' twice", {"run", "-c", "fake", "-a", "system,system"}},
    {"--seed: 'x'", {"run", "-c", "fake", "--seed", "x"}},
    {"--timeout: '0'", {"run", "-c", "fake", "--timeout", "0"}},
    {"--timeout: '5 minutes'", {"run", "-c", "fake", "--timeout", "5 minutes"}},
    {"--memory-limit: '1K'", {"run", "-c", "fake", "--memory-limit", "1K"}},
    {"--memory-limit: '0'", {"run", "-c", "fake", "--memory-limit", "0%"}},
    {"--exit: 'abandn' is not a way to exit: did you mean 'abandon'?",
     {"run", "-c", "fake", "--exit", "abandn"}},
    {"more than 1000000", {"run", "-c", "fake,plain", "-r", "10000", "--heap", "1M,2M,3M,4M"}},
};

static void assert_empty_folder(void) {
  DIR *entries = opendir(".");
  assert_non_null(entries);
  const struct dirent *entry = NULL;
  while ((entry = readdir(entries)) != NULL) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      fail_msg("written: %s", entry->d_name);
    }
  }
  closedir(entries);
}

static void test_usage_errors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct finished finished;
    support_run(&finished, cases[i].arguments);
    if (finished.exit_code != 2) {
      fail_msg("exit code %d for '%s': %s", finished.exit_code, cases[i].part, finished.err);
    }
    support_assert_line(finished.err, cases[i].part);
    assert_string_equal(finished.out, "");
    support_clear(&finished);
    assert_empty_folder();
  }
}

static void test_no_command(void **state) {
  (void)state;
  struct finished finished;
  support_run(&finished, (const char *const[]){NULL});
  assert_int_equal(finished.exit_code, 2);
  assert_non_null(strstr(finished.err, "usage: gcmark COMMAND"));
  support_clear(&finished);
}

static void test_help(void **state) {
  (void)state;
  static const char *const commands[] = {"list", "run", "resume", "selftest", "env"};
  struct finished finished;
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    RUN(&finished, commands[i], "--help");
    assert_int_equal(finished.exit_code, 0);
    assert_string_equal(finished.err, "");
    assert_non_null(strstr(finished.out, "--help"));
    assert_non_null(strstr(finished.out, "examples:\n  gcmark "));
    for (const char *line = finished.out; *line != '\0'; line += strcspn(line, "\n") + 1) {
      assert_true(strcspn(line, "\n") <= 100);
    }
    support_clear(&finished);
  }
  RUN(&finished, "--version");
  assert_int_equal(finished.exit_code, 0);
  assert_int_equal(strncmp(finished.out, "gcmark ", 7), 0);
  support_clear(&finished);
}

static void test_texts_that_cannot_be_written(void **state) {
  (void)state;
  static const char *const commands[] = {"--help", "--version",      "list --help",
                                         "list",   "list --columns", "env"};
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    char command[1024];
    snprintf(command, sizeof command,
             GCMARK " %s 2>err >/dev/full; test $? = 1 && "
                    "grep -qx 'gcmark: cannot write to standard output' err && rm err",
             commands[i]);
    if (system(command) != 0) {
      fail_msg("%s", commands[i]);
    }
  }
  assert_empty_folder();
}

/* Where the system refuses, that is no usage error, and as clear. */
static void test_folders_that_cannot_be(void **state) {
  (void)state;
  static const char *const folders[] = {"/proc/campaign", "file/campaign", "/dev/null"};
  struct finished finished;
  fclose(fopen("file", "we"));
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    RUN(&finished, "run", "-c", "fake", "-w", "ok", "-o", folders[i]);
    assert_int_equal(finished.exit_code, 1);
    support_assert_line(finished.err, folders[i]);
    support_clear(&finished);
  }
  remove("file");
  assert_empty_folder();
}

static void test_a_campaign_is_not_overwritten(void **state) {
  (void)state;
  struct finished finished;
  RUN(&finished, "run", "-c", "fake", "-w", "ok", "-r", "1", "-q", "-o", "once");
  assert_int_equal(finished.exit_code, 0);
  assert_string_equal(finished.err, "");
  assert_string_equal(finished.out, "");
  support_clear(&finished);
  RUN(&finished, "run", "-c", "fake", "-w", "ok", "-r", "1", "-q", "-o", "once");
  assert_int_equal(finished.exit_code, 2);
  support_assert_line(finished.err, "gcmark resume once");
  support_clear(&finished);
  assert_int_equal(remove("once/campaign.json"), 0);
  RUN(&finished, "run", "-c", "fake", "-w", "ok", "-r", "1", "-q", "-o", "once");
  assert_int_equal(finished.exit_code, 2);
  support_assert_line(finished.err, "once already has a runs.csv");
  support_clear(&finished);
}

static void test_resume_of_another_build(void **state) {
  (void)state;
  struct finished finished;
  assert_int_equal(system("mkdir own && cp -L " RUNNERS "/gcmark-fake own/gcmark-built && "
                          "GCMARK_PATH=own " GCMARK " run -q -c built -w ok -r 1 -o built && "
                          "printf x >> own/gcmark-built"),
                   0);
  RUN(&finished, "resume", "built");
  assert_int_equal(finished.exit_code, 2);
  support_assert_line(finished.err, "runner of 'built' has changed");
  support_clear(&finished);
}

/* Replaces text in bad/campaign.json and resumes. */
static void assert_bad_campaign(const char *expression, const char *part) {
  struct finished finished;
  char command[512];
  snprintf(command, sizeof command,
           "cp good/campaign.json bad/campaign.json && sed -i '%s' bad/campaign.json", expression);
  assert_int_equal(system(command), 0);
  RUN(&finished, "resume", "bad");
  assert_int_equal(finished.exit_code, 2);
  support_assert_line(finished.err, "bad/campaign.json");
  support_assert_line(finished.err, part);
  support_clear(&finished);
  assert_int_equal(system("test \"$(ls -A bad)\" = campaign.json"), 0);
}

static void test_bad_campaigns(void **state) {
  (void)state;
  struct finished finished;
  RUN(&finished, "run", "-c", "fake", "-w", "ok", "-r", "1", "-q", "-o", "good");
  support_clear(&finished);
  assert_int_equal(system("mkdir bad"), 0);
  assert_bad_campaign("s/\"rounds\": 1/\"rounds\": \"1\"/", "'rounds' must be a whole number");
  assert_bad_campaign("s/\"rounds\": 1/\"rounds\": 0/", "'rounds' must be from 1 to 10000, is 0");
  assert_bad_campaign("s/\"rounds\"/\"round\"/", "'round' is not a key: did you mean 'rounds'?");
  assert_bad_campaign("s/\"rounds\"/\"seed\"/", "duplicate object key");
  assert_bad_campaign("s/\"schema\": 1/\"schema\": 9/", "'schema' must be from 1 to 1, is 9");
  assert_bad_campaign("$d", "line ");
  assert_bad_campaign("1,$d", "line ");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_usage_errors),
      cmocka_unit_test(test_no_command),
      cmocka_unit_test(test_help),
      cmocka_unit_test(test_texts_that_cannot_be_written),
      cmocka_unit_test(test_folders_that_cannot_be),
      cmocka_unit_test(test_a_campaign_is_not_overwritten),
      cmocka_unit_test(test_resume_of_another_build),
      cmocka_unit_test(test_bad_campaigns),
  };
  return cmocka_run_group_tests(tests, support_begin, support_end);
}
