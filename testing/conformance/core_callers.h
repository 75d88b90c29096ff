/* testing/conformance/core_callers.h - the same callers of resume and suspend
 * twice: core_inline.c has them as the headers give them, core_outline.c with
 * the library's functions. */
#ifndef TESTING_CONFORMANCE_CORE_CALLERS_H_
#define TESTING_CONFORMANCE_CORE_CALLERS_H_

#include "coro/coro.h"

struct callers {
  const char *form;
  int (*resume)(coro *c);
  int (*suspend)(void);
  coro *(*current)(void);
  /* A body: arg is a struct steps. */
  void (*body)(void *arg);
};

/* A body suspends `left` times and counts; what it keeps in registers
 * meanwhile has to add up. */
struct steps {
  long left, done, sum;
  coro *self, *inner;
  int (*resume_inner)(coro *c);
};

extern const struct callers callers_inline, callers_outline;

#define CORE_CALLERS(NAME)                                                     \
  static int NAME##_resume(coro *c) { return coro_resume(c); }                 \
  static int NAME##_suspend(void) { return coro_suspend(); }                   \
  static coro *NAME##_current(void) { return coro_current(); }                 \
  static void NAME##_body(void *arg) {                                         \
    struct steps *s = (struct steps *)arg;                                     \
    long a = 1, b = 2, d = 3, e = 5, f = 7, g = 11;                            \
    while (s->left-- > 0) {                                                    \
      s->done++;                                                               \
      if (s->inner && s->resume_inner(s->inner) < 0) return;                   \
      if (coro_suspend() < 0 || coro_current() != s->self) return;             \
      a += 1;                                                                  \
      b += a;                                                                  \
      d ^= b;                                                                  \
      e += d;                                                                  \
      f -= e;                                                                  \
      g ^= f;                                                                  \
    }                                                                          \
    s->sum = a + b + d + e + f + g;                                            \
  }                                                                            \
  const struct callers callers_##NAME = {#NAME, NAME##_resume, NAME##_suspend, \
                                         NAME##_current, NAME##_body};

#endif
