/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "harness/nearest.h"

static const struct {
  const char *name; /* with its dashes */
  int letter;
  const char *metavar;
  unsigned commands;
  const char *default_text;
  const char *help;
} table[OPTION_COUNT] = {
#define OPTION(id, name, letter, metavar, commands, default_text, help)                            \
  {"--" name, letter, metavar, commands, default_text, help},
#include "harness/driver/options.def"
#undef OPTION
};

enum { FIRST_LONG = 256 }; /* getopt's value of an option: this plus its id */

/* What getopt_long wants, of one command. */
struct getopt_table {
  struct option longs[OPTION_COUNT + 1];
  const char *names[OPTION_COUNT];
  size_t count;
  char letters[2 * OPTION_COUNT + 2];
};

static void fill(const struct command *command, struct getopt_table *out) {
  memset(out, 0, sizeof *out);
  char *letter = out->letters;
  *letter++ = ':'; /* tell a missing value from an unknown option */
  for (int i = 0; i < OPTION_COUNT; i++) {
    if ((table[i].commands & (unsigned)command->id) == 0) {
      continue;
    }
    out->names[out->count] = table[i].name + 2;
    out->longs[out->count++] =
        (struct option){.name = table[i].name + 2,
                        .has_arg = table[i].metavar == NULL ? no_argument : required_argument,
                        .val = FIRST_LONG + i};
    if (table[i].letter != 0) {
      *letter++ = (char)table[i].letter;
      if (table[i].metavar != NULL) {
        *letter++ = ':';
      }
    }
  }
}

static int by_letter(const struct command *command, int letter) {
  for (int i = 0; i < OPTION_COUNT; i++) {
    if (table[i].letter == letter && (table[i].commands & (unsigned)command->id) != 0) {
      return i;
    }
  }
  return OPTION_COUNT;
}

/* "--rouds=3" without its dashes and value. */
static void bare_name(const char *argument, char name[64]) {
  argument += strspn(argument, "-");
  size_t length = strcspn(argument, "=");
  length = length < 63 ? length : 63;
  memcpy(name, argument, length);
  name[length] = '\0';
}

/* getopt leaves in optopt what it refused: a letter, an option that exists, or 0. */
static int refuse(const struct command *command, const struct getopt_table *known, int code,
                  const char *argument, struct message *error) {
  char name[64];
  if (optopt >= FIRST_LONG) {
    return message_set(error, code == ':' ? "%s needs a value" : "%s takes no value",
                       table[optopt - FIRST_LONG].name);
  }
  if (optopt != 0) {
    return code == ':' ? message_set(error, "-%c needs a value", optopt)
                       : message_set(error, "%s has no option '-%c': see gcmark %s --help",
                                     command->name, optopt, command->name);
  }
  bare_name(argument, name);
  return message_set(error, "%s has no option '--%s': did you mean '--%s'?", command->name, name,
                     nearest(name, known->names, known->count));
}

static int check_operands(const struct command *command, const struct options *options,
                          struct message *error) {
  if (options->operand_count > command->most_operands) {
    return message_set(error, "unexpected '%s': see gcmark %s --help",
                       options->operands[command->most_operands], command->name);
  }
  if (options->operand_count < command->least_operands && !options_given(options, OPTION_help)) {
    return message_set(error, "missing %s: see gcmark %s --help", command->operands, command->name);
  }
  return 0;
}

int options_parse(const struct command *command, int argc, char **argv, struct options *options,
                  struct message *error) {
  struct getopt_table known;
  int code = 0;
  *options = (struct options){0};
  fill(command, &known);
  opterr = 0;
  optind = 0; /* glibc: forget an earlier command line */
  while ((code = getopt_long(argc, argv, known.letters, known.longs, NULL)) != -1) {
    if (code == ':' || code == '?') {
      return refuse(command, &known, code, argv[optind - 1], error);
    }
    int id = code >= FIRST_LONG ? code - FIRST_LONG : by_letter(command, code);
    if (options->given[id] != NULL) {
      return message_set(error, "%s is given twice", table[id].name);
    }
    options->given[id] = optarg == NULL ? "" : optarg;
  }
  options->operands = argv + optind;
  options->operand_count = argc - optind;
  return check_operands(command, options, error);
}

const char *options_text(const struct options *options, enum option_id option) {
  return options->given[option] != NULL ? options->given[option] : table[option].default_text;
}

bool options_given(const struct options *options, enum option_id option) {
  return options->given[option] != NULL;
}

const char *options_name(enum option_id option) {
  return table[option].name;
}

/* Prints words after an indent that is already there, going on below it. */
static void print_wrapped(FILE *out, const char *text, int indent, int width) {
  int column = indent;
  while (*text != '\0') {
    int length = (int)strcspn(text, " ");
    if (column > indent && column + length > width) {
      fprintf(out, "\n%*s", indent, "");
      column = indent;
    }
    fprintf(out, "%.*s", length, text);
    column += length;
    text += length;
    if (*text == ' ') {
      text++;
      if (column + 1 < width) {
        fputc(' ', out);
      }
      column++;
    }
  }
  fputc('\n', out);
}

static void print_option(FILE *out, int id) {
  enum { TEXT_COLUMN = 32, WIDTH = 100 };
  char help[512];
  int column =
      table[id].letter != 0 ? fprintf(out, "  -%c, ", table[id].letter) : fprintf(out, "      ");
  column += fprintf(out, "%s%s%s", table[id].name, table[id].metavar == NULL ? "" : " ",
                    table[id].metavar == NULL ? "" : table[id].metavar);
  fprintf(out, "%*s", column < TEXT_COLUMN ? TEXT_COLUMN - column : 1, "");
  if (table[id].default_text != NULL) {
    snprintf(help, sizeof help, "%s [%s]", table[id].help, table[id].default_text);
  } else {
    snprintf(help, sizeof help, "%s", table[id].help);
  }
  print_wrapped(out, help, TEXT_COLUMN, WIDTH);
}

void options_help(FILE *out, const struct command *command) {
  fprintf(out, "usage: gcmark %s [options]%s%s\n\n%s\n\noptions:\n", command->name,
          command->operands[0] == '\0' ? "" : " ", command->operands, command->summary);
  for (int i = 0; i < OPTION_COUNT; i++) {
    if ((table[i].commands & (unsigned)command->id) != 0) {
      print_option(out, i);
    }
  }
  fprintf(out, "\nexamples:\n%s", command->examples);
}
