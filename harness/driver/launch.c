/* SPDX-License-Identifier: MIT */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reading end first. */
struct pipes {
  int error[2];
  int output[2];
  int failure[2]; /* carries errno of a failed exec; closed by a successful one */
};

static void close_pipe(int ends[2]) {
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 0) {
      close(ends[i]);
      ends[i] = -1;
    }
  }
}

static void close_pipes(struct pipes *pipes) {
  close_pipe(pipes->error);
  close_pipe(pipes->output);
  close_pipe(pipes->failure);
}

/* Only the reading end is non-blocking: the program must see an ordinary pipe. */
static int make_pipe(int ends[2], bool nonblocking) {
  if (pipe2(ends, O_CLOEXEC) != 0) {
    ends[0] = ends[1] = -1;
    return -1;
  }
  return nonblocking ? fcntl(ends[0], F_SETFL, O_NONBLOCK) : 0;
}

static void reset_signals(void) {
  sigset_t none;
  for (int number = 1; number < NSIG; number++) {
    signal(number, SIG_DFL);
  }
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int write_text(const char *path, const char *text, size_t length) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  ssize_t written = write(file, text, length);
  close(file);
  return written == (ssize_t)length ? 0 : -1;
}

/* Between fork and exec. Returns only if something failed, with errno. */
static void become(char *const *arguments, const char *preload, pid_t parent,
                   const struct pipes *pipes) {
  setsid();
  if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) != 0) {
    return;
  }
  if (getppid() != parent) {
    _exit(1); /* the parent died before it could be a cause of death */
  }
  /* Where /proc does not allow this, the memory limit still holds. */
  (void)write_text("/proc/self/oom_score_adj", "1000", 4);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  int null = open("/dev/null", O_RDWR);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
      dup2(pipes->output[1] >= 0 ? pipes->output[1] : null, STDOUT_FILENO) < 0 ||
      dup2(pipes->error[1], STDERR_FILENO) < 0 || close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
    return;
  }
  /* It would end a runner's options at its first operand, the workload. */
  if (unsetenv("POSIXLY_CORRECT") != 0 ||
      (preload == NULL ? unsetenv("LD_PRELOAD") : setenv("LD_PRELOAD", preload, 1)) != 0) {
    return;
  }
  reset_signals();
  execv(arguments[0], arguments);
}

/* Reads the errno of the child, or 0 once it has become the program. */
static int await_exec(int failure_pipe) {
  int failure = 0;
  ssize_t length = 0;
  do {
    length = read(failure_pipe, &failure, sizeof failure);
  } while (length < 0 && errno == EINTR);
  return length == (ssize_t)sizeof failure ? failure : 0;
}

static int start(char *const *arguments, const char *preload, struct pipes *pipes,
                 struct launch *launched) {
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid < 0) {
    return errno;
  }
  if (pid == 0) {
    become(arguments, preload, parent, pipes);
    int failure = errno;
    (void)!write(pipes->failure[1], &failure, sizeof failure);
    _exit(127);
  }
  close(pipes->failure[1]);
  pipes->failure[1] = -1;
  int failure = await_exec(pipes->failure[0]);
  if (failure != 0) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    return failure;
  }
  launched->pid = pid;
  launched->error_pipe = pipes->error[0];
  launched->output_pipe = pipes->output[0];
  pipes->error[0] = pipes->output[0] = -1;
  return 0;
}

int launch(char *const *arguments, const char *preload, bool capture_output,
           struct launch *launched) {
  struct pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}};
  int failure = 0;
  if (make_pipe(pipes.error, true) != 0 || make_pipe(pipes.failure, false) != 0 ||
      (capture_output && make_pipe(pipes.output, true) != 0)) {
    failure = errno;
  } else {
    failure = start(arguments, preload, &pipes, launched);
  }
  close_pipes(&pipes);
  return failure;
}
