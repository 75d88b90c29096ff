/* The default stack is large enough for what the C library does on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"
#include "testing/conformance/core_resolve.h"

/* Runs fn(arg) in a coroutine of the default size. */
static void run(coro_fn fn, void *arg) {
  coro *c;
  int rc;
  REQUIRE(coro_new(&c, fn, arg, NULL) == 0);
  while ((rc = coro_resume(c)) == CORO_SUSPENDED) continue;
  CHECK_INT(rc, CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

static void print_floats(void *arg) {
  char text[512];
  (void)arg;
  snprintf(text, sizeof text, "%.3f %g %e %a", 3.14159, 1e300, -2.5e-300, 0.5);
  CHECK(strncmp(text, "3.142 1e+300 -2.5", 17) == 0);
  coro_suspend();
  snprintf(text, sizeof text, "%.200f", 1e100);
  CHECK_INT(strlen(text), 101 + 1 + 200);
  coro_suspend();
  /* Unbuffered, which takes three times the stack. */
  CHECK_INT(fprintf(stderr, "%f %.17g %Lf\n", 0.1, 0.1, 0.25L), 38);
  CHECK(strtod("  2.5e3 rest", NULL) == 2500.0);
}

static void floats_are_printed(void) { run(print_floats, NULL); }

static int by_value(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  coro_suspend(); /* from a callback of the library's, too */
  return x < y ? -1 : x > y;
}

static void sort(void *arg) { qsort(arg, 1000, sizeof(int), by_value); }

static void qsort_works(void) {
  int numbers[1000];
  unsigned n = 1;
  for (int i = 0; i < 1000; i++) {
    n = n * 1103515245u + 12345u;
    numbers[i] = (int)(n >> 8 & 0xffff);
  }
  run(sort, numbers);
  for (int i = 1; i < 1000; i++) CHECK(numbers[i - 1] <= numbers[i]);
}

/* An address resolves everywhere; a name may not, but must not crash. */
static void resolve(void *arg) {
  int *n = arg;
  n[0] = core_resolve("127.0.0.1");
  coro_suspend();
  n[1] = core_resolve("localhost");
}

static void getaddrinfo_works(void) {
  int n[2] = {0, 0};
  run(resolve, n);
  CHECK(n[0] > 0);
  CHECK(n[1] > 0 || n[1] == -1);
}

extern const core_case core_libc_cases[];
const core_case core_libc_cases[] = {
    {"43", "the default stack holds printf of floats", floats_are_printed},
    {"43", "the default stack holds qsort, with suspends in its callback",
     qsort_works},
    {"43", "the default stack holds getaddrinfo", getaddrinfo_works},
    {0, 0, 0}};
