/*
 * 65: the tool of this configuration finds a bug inside a coroutine, names it,
 * and has nothing to say about the same program without the bug.
 *
 * A build with a sanitizer has that; any other is run under Valgrind where that
 * is installed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"

/* gcc says nothing to a program of UBSan; but it is linked with this. */
extern void __ubsan_handle_shift_out_of_bounds(void) __attribute__((weak));

static int has_ubsan(void) {
#if CORO__SANITIZED
  return 0; /* or is a part of what there is */
#else
  return __ubsan_handle_shift_out_of_bounds != NULL;
#endif
}

/* A shell's command line is what a user would write. */
static int has_valgrind(void) {
  /* NOLINTNEXTLINE(cert-env33-c) */
  return system("valgrind --version >/dev/null 2>&1") == 0;
}

static int wants_valgrind(void) {
  return !CORO__SANITIZED && !has_ubsan() && has_valgrind();
}

static char output[65536];

/* Runs it with `bug` and leaves what it says in `output`; 0 if it was well. */
static int run(const char *bug) {
  char line[256];
  FILE *file;
  size_t n;
  int status;
  snprintf(line, sizeof line, "%s testing/planted/planted %s 2>&1",
           wants_valgrind() ? "valgrind --quiet --error-exitcode=99 "
                              "--leak-check=full"
                            : "exec",
           bug);
  file = popen(line, "r"); /* NOLINT(cert-env33-c) */
  if (!file) abort();
  n = fread(output, 1, sizeof output - 1, file);
  output[n] = '\0';
  status = pclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void finds(const char *bug, const char *report) {
  CHECK(run(bug) != 0);
  if (strstr(output, report)) return;
  core_fail(__FILE__, __LINE__, report);
  fprintf(stderr, "for %s:\n%s\n", bug, output);
}

static void clean(void) {
  CHECK_INT(run("clean"), 0);
  if (strcmp(output, "done\n") == 0) return;
  core_fail(__FILE__, __LINE__, "a clean program has no report");
  fputs(output, stderr);
}

#if defined(CORO__ASAN)

static void use_after_return(void) {
  finds("use-after-return", "AddressSanitizer: stack-use-after-return");
}

static void overrun_array(void) {
  finds("overrun-array", "AddressSanitizer: stack-buffer-overflow");
}

static void leak(void) {
  finds("leak", "LeakSanitizer: detected memory leaks");
}

static void overrun_stack(void) {
  finds("overrun-stack", "AddressSanitizer: stack-overflow");
}

#elif defined(CORO__TSAN)

static void race(void) { finds("race", "ThreadSanitizer: data race"); }

#elif defined(CORO__MSAN)

static void uninitialised(void) {
  finds("uninitialised", "MemorySanitizer: use-of-uninitialized-value");
}

#else

static void tool(void) {
  if (has_ubsan()) {
    finds("shift", "shift exponent 40 is too large");
    return;
  }
  if (!has_valgrind()) {
    printf("skipped: valgrind is not installed\n");
    return;
  }
  finds("use-after-return", "Invalid read of size 4");
  finds("uninitialised", "depends on uninitialised value");
  finds("leak", "definitely lost");
  finds("overrun-stack", "Access not within mapped region");
}

#endif

static const core_case planted_cases[] = {
    {"65", "a clean program with coroutines has no report", clean},
#if defined(CORO__ASAN)
    {"65", "AddressSanitizer finds a use after return", use_after_return},
    {"65", "AddressSanitizer finds an overrun array", overrun_array},
    {"65", "LeakSanitizer finds what an abandoned stack pointed to", leak},
    {"65", "AddressSanitizer finds an overrun stack", overrun_stack},
#elif defined(CORO__TSAN)
    {"65", "ThreadSanitizer finds a race of a coroutine and a thread", race},
#elif defined(CORO__MSAN)
    {"65", "MemorySanitizer finds the use of a value nobody set",
     uninitialised},
#else
    {"65", "UndefinedBehaviorSanitizer, or Valgrind, finds what is its to find",
     tool},
#endif
    {0},
};

const core_case *const core_tables[] = {planted_cases, NULL};
