/*
 * Running a case, and counting what failed.
 *
 *  - The count is atomic: cases have threads.
 *  - A failure is printed by one call, so that lines of two threads stay whole.
 */
#include "testing/conformance/core.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "coro/coro.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#if !defined(RUNNING_ON_VALGRIND)
#define RUNNING_ON_VALGRIND 0
#endif

static atomic_int failures;

int core_run(const core_case *c) {
  int before = atomic_load(&failures);
  c->run();
  return atomic_load(&failures) - before;
}

void core_fail(const char *file, int line, const char *what) {
  atomic_fetch_add(&failures, 1);
  fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
}

void core_check_int(const char *file, int line, const char *what,
                    long long actual, long long expected) {
  if (actual == expected) return;
  atomic_fetch_add(&failures, 1);
  fprintf(stderr, "%s:%d: failed: %s: %lld, not %lld\n", file, line, what,
          actual, expected);
}

int core_is_slow(void) { return CORO__SANITIZED || (int)RUNNING_ON_VALGRIND; }

int core_has_own_stacks(void) {
  return strcmp(coro_backend(), "winfiber") == 0;
}
