/* SPDX-License-Identifier: MIT
 *
 * Saying which rule was broken, where, and what the object is; and doing so too
 * when the first sign is a fault on an address that objects have left.
 */
#include "check.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>

const char *const check_rules[CHECK_RULE_COUNT] = {
#define RULE(name, words) [CHECK_##name] = words,
#include "rules.def"
#undef RULE
};

/* Reporting writes a record: far more than SIGSTKSZ. */
enum { FAULT_STACK_BYTES = 512 << 10 };

struct text {
  char bytes[480];
  size_t length;
};

static void __attribute__((format(printf, 2, 0)))
add_list(struct text *text, const char *format, va_list arguments) {
  size_t room = sizeof text->bytes - text->length;
  int length = vsnprintf(text->bytes + text->length, room, format, arguments);
  if (length > 0) {
    text->length += (size_t)length < room ? (size_t)length : room - 1;
  }
}

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add_list(text, format, arguments);
  va_end(arguments);
}

static void begin(struct text *text, enum check_rule rule, const char *where) {
  *text = (struct text){.length = 0};
  add(text, "rule: %s (%s)", check_rules[rule], where);
}

void check_broken(enum check_rule rule, const char *where, const check_node *node,
                  const char *format, ...) {
  struct text text;
  begin(&text, rule, where);
  if (node != NULL) {
    add(&text, ": %s #%" PRIu64 ", made at %s", node->type->name, node->serial, node->made);
  }
  add(&text, ": ");
  va_list arguments;
  va_start(arguments, format);
  add_list(&text, format, arguments);
  va_end(arguments);
  check_heap.config->failed(text.bytes);
}

void check_broken_address(const char *where, const void *address) {
  struct text text;
  const struct check_place *place = NULL;
  const char *left = NULL;
  bool known = check_space_history(address, &place, &left);
  bool stale = known ? left != NULL : check_space_reserved(address);
  begin(&text, stale ? CHECK_STALE : CHECK_WILD, where);
  add(&text, ": %p", address);
  if (place != NULL) {
    add(&text, ", in or behind %s #%" PRIu64, place->type->name, place->serial);
  }
  if (known && stale) {
    add(&text, ": left by everything at the safepoint at %s", left);
  } else {
    add(&text, stale ? ": left too long ago to tell more" : ": no object begins there");
  }
  check_heap.config->failed(text.bytes);
}

void check_failed(const char *why) {
  check_heap.config->failed(why);
}

/* A fault elsewhere is the workload's own crash: it comes again, and is fatal. */
static void on_fault(int signal_number, siginfo_t *info, void *context) {
  (void)context;
  if (!check_space_reserved(info->si_addr)) {
    signal(signal_number, SIG_DFL);
    return;
  }
  gcm_mutator *m = check_heap.mutator;
  struct text where = {.length = 0};
  add(&where, "after %s", m == NULL ? CHECK_UNKNOWN : m->where);
  if (check_heap.finalizing) {
    check_broken(CHECK_FINALIZER, where.bytes, NULL, "it reaches for another object");
  }
  check_broken_address(where.bytes, info->si_addr);
}

bool check_watch_faults(void) {
  void *stack =
      mmap(NULL, FAULT_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) {
    return false;
  }
  stack_t alternate = {.ss_sp = stack, .ss_size = FAULT_STACK_BYTES};
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  return sigaltstack(&alternate, NULL) == 0 && sigaction(SIGSEGV, &action, NULL) == 0;
}
