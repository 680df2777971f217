/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/options.h"

static const struct command run = {.id = COMMAND_RUN, .name = "run", .operands = ""};
static const struct command resume = {.id = COMMAND_RESUME,
                                      .name = "resume",
                                      .operands = "DIR",
                                      .least_operands = 1,
                                      .most_operands = 1};

static int parse(const struct command *command, struct options *options, struct message *error,
                 const char *line) {
  static char copy[256];
  static char *argv[32];
  int argc = 0;
  snprintf(copy, sizeof copy, "%s", line);
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
    argv[argc++] = word;
  }
  argv[argc] = NULL;
  return options_parse(command, argc, argv, options, error);
}

static void test_given_and_default(void **state) {
  (void)state;
  struct options options;
  struct message error;
  assert_int_equal(parse(&run, &options, &error, "run -c rc --rounds=7 -q --size large"), 0);
  assert_string_equal(options_text(&options, OPTION_collectors), "rc");
  assert_string_equal(options_text(&options, OPTION_rounds), "7");
  assert_string_equal(options_text(&options, OPTION_size), "large");
  assert_string_equal(options_text(&options, OPTION_timeout), "300s");
  assert_null(options_text(&options, OPTION_heap));
  assert_true(options_given(&options, OPTION_quiet));
  assert_false(options_given(&options, OPTION_timeout));
}

static void test_operands(void **state) {
  (void)state;
  struct options options;
  struct message error;
  assert_int_equal(parse(&resume, &options, &error, "resume there -q"), 0);
  assert_int_equal(options.operand_count, 1);
  assert_string_equal(options.operands[0], "there");
  assert_int_equal(parse(&resume, &options, &error, "resume"), -1);
  assert_int_equal(parse(&resume, &options, &error, "resume --help"), 0);
  assert_int_equal(parse(&resume, &options, &error, "resume a b"), -1);
  assert_int_equal(parse(&resume, &options, &error, "resume -- -q"), 0);
  assert_string_equal(options.operands[0], "-q");
}

static void test_refusals(void **state) {
  (void)state;
  static const struct {
    const char *line;
    const char *part;
  } cases[] = {{"run --rounds 1 --rounds 2", "--rounds is given twice"},
               {"run -r 1 --rounds 2", "--rounds is given twice"},
               {"run -qq", "--quiet is given twice"},
               {"run -qz", "no option '-z'"},
               {"run --colectors rc", "did you mean '--collectors'?"},
               {"run --columns", "run has no option '--columns'"},
               {"run --size", "--size needs a value"},
               {"run -s", "-s needs a value"},
               {"run --quiet=1", "--quiet takes no value"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct options options;
    struct message error = {""};
    assert_int_equal(parse(&run, &options, &error, cases[i].line), -1);
    if (strstr(error.text, cases[i].part) == NULL) {
      fail_msg("no '%s' in: %s", cases[i].part, error.text);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_given_and_default),
      cmocka_unit_test(test_operands),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
