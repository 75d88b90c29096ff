/* What the debugger looks at: two nested coroutines, built without and with
 * optimisation.  The empty statements keep calls from becoming jumps. */
#include "coro/coro.h"

/* More than are stepped through. */
enum { ROUNDS = 20 };

/* By name, for a breakpoint. */
void stop_here(int step);

__attribute__((noinline)) void stop_here(int step) {
  __asm__ __volatile__("" : : "r"(step) : "memory");
}

static coro *outer, *inner;

__attribute__((noinline)) static void inner_body(void *p) {
  (void)p;
  stop_here(1);
  for (int i = 0; i < ROUNDS; i++) coro_suspend();
  stop_here(2);
  __asm__ __volatile__("" : : : "memory");
}

__attribute__((noinline)) static void resume_inner(void) {
  coro_resume(inner);
  __asm__ __volatile__("" : : : "memory");
}

__attribute__((noinline)) static void outer_body(void *p) {
  (void)p;
  for (int i = 0; i < ROUNDS; i++) {
    resume_inner();
    coro_suspend();
  }
  resume_inner();
  __asm__ __volatile__("" : : : "memory");
}

int main(void) {
  if (coro_new(&inner, inner_body, 0, 0) < 0) return 1;
  if (coro_new(&outer, outer_body, 0, 0) < 0) return 1;
  for (int i = 0; i <= ROUNDS; i++) coro_resume(outer);
  stop_here(3);
  return coro_free(inner) < 0 || coro_free(outer) < 0;
}
