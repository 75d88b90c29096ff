/* The C library's own switch. */
#include <stdlib.h>
#include <ucontext.h>

#include "benchmarks/ctx.h"

static ucontext_t here, there;

static void bounce(void) {
  for (;;) swapcontext(&there, &here);
}

static double run(long turns) {
  static char *stack;
  enum { STACK_BYTES = 65536 };
  double start;
  if (!stack) {
    stack = malloc(STACK_BYTES);
    if (!stack || getcontext(&there) < 0)
      return bench_failed("ucontext", "no context");
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = STACK_BYTES;
    makecontext(&there, bounce, 0);
    swapcontext(&here, &there);
  }
  start = bench_now();
  for (long i = 0; i < turns; i++) swapcontext(&here, &there);
  return bench_now() - start;
}

static const struct row rows[] = {
    {"ucontext", "swapcontext, which makes a system call", run,
     BENCH_REFERENCE},
};

const struct rows ctx_ucontext_rows = BENCH_ROWS(rows);
