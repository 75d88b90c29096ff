/*
 * 48, 53: what the compiler keeps in registers, and how it passes arguments.
 * The same computation runs with switches and without; the results must be
 * equal to the last bit.  Built at several levels of optimisation.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "testing/conformance/machine/machine.h"

#if defined(__GNUC__)
typedef int64_t integer_pair __attribute__((vector_size(16)));
typedef double real_pair __attribute__((vector_size(16)));
#else
typedef int64_t integer_pair;
typedef double real_pair;
#endif

/* --- 48: live values ----------------------------------------------------- */

struct computation {
  uint64_t seed;
  int steps;
  coro *other; /* that is resumed at each step, if any */
  const machine_form *form;
  /* What it ends with. */
  int64_t integers[8];
  double reals[8];
  float singles[2];
  long double longs[3];
  integer_pair integer_pairs[2];
  real_pair real_pairs[2];
};

#define INTEGER(i) ((int64_t)machine_opaque(c->seed * (i) + 7))
#define REAL(i) ((double)(machine_opaque(c->seed + (i)) % 1000) / 7)

/* More values than there are registers of each kind, all live at STEP. */
#define COMPUTATION(NAME, STEP)                                                \
  static void NAME(void *p) {                                                  \
    struct computation *c = p;                                                 \
    int64_t i0 = INTEGER(1), i1 = INTEGER(2), i2 = INTEGER(3),                 \
            i3 = INTEGER(4), i4 = INTEGER(5), i5 = INTEGER(6),                 \
            i6 = INTEGER(7), i7 = INTEGER(8);                                  \
    double r0 = REAL(0), r1 = REAL(1), r2 = REAL(2), r3 = REAL(3),             \
           r4 = REAL(4), r5 = REAL(5), r6 = REAL(6), r7 = REAL(7);             \
    float s0 = (float)REAL(8), s1 = (float)REAL(9);                            \
    long double l0 = (long double)REAL(10) / 3,                                \
                l1 = (long double)REAL(11) / 3,                                \
                l2 = (long double)REAL(12) / 3;                                \
    integer_pair v0 = (integer_pair){0} + INTEGER(13),                         \
                 v1 = (integer_pair){0} + INTEGER(14);                         \
    real_pair w0 = (real_pair){0} + REAL(15), w1 = (real_pair){0} + REAL(16);  \
    for (int i = 0; i < c->steps; i++) {                                       \
      STEP;                                                                    \
      i0 ^= i1 >> 1, i1 ^= i2 << 1, i2 ^= i3 >> 3, i3 ^= i4 + i;               \
      i4 ^= i5 >> 1, i5 ^= i6 << 1, i6 ^= i7 >> 3, i7 ^= i0;                   \
      r0 = r0 * 0.75 + r1, r1 = r1 * 0.5 + r2, r2 = r2 * 0.625 + r3;           \
      r3 = r3 * 0.5 - r4, r4 = r4 * 0.75 + r5, r5 = r5 * 0.5 + r6;             \
      r6 = r6 * 0.25 - r7, r7 = r7 * 0.5 + r0;                                 \
      s0 = s0 * 0.5F + s1, s1 = s1 * 0.25F + (float)i;                         \
      l0 = l0 * 0.75L + l1, l1 = l1 / 3 + l2, l2 = l2 * 0.5L - l0;             \
      v0 ^= v1 << 1, v1 ^= v0 >> 1;                                            \
      w0 = w0 * 0.5 + w1, w1 = w1 * 0.75 - w0;                                 \
    }                                                                          \
    c->integers[0] = i0, c->integers[1] = i1, c->integers[2] = i2;             \
    c->integers[3] = i3, c->integers[4] = i4, c->integers[5] = i5;             \
    c->integers[6] = i6, c->integers[7] = i7;                                  \
    c->reals[0] = r0, c->reals[1] = r1, c->reals[2] = r2, c->reals[3] = r3;    \
    c->reals[4] = r4, c->reals[5] = r5, c->reals[6] = r6, c->reals[7] = r7;    \
    c->singles[0] = s0, c->singles[1] = s1;                                    \
    c->longs[0] = l0, c->longs[1] = l1, c->longs[2] = l2;                      \
    c->integer_pairs[0] = v0, c->integer_pairs[1] = v1;                        \
    c->real_pairs[0] = w0, c->real_pairs[1] = w1;                              \
  }

COMPUTATION(compute, (void)0)
COMPUTATION(compute_and_suspend, coro_suspend())
COMPUTATION(compute_and_call_suspend, c->form->suspend())
COMPUTATION(compute_and_resume, coro_resume(c->other))
COMPUTATION(compute_and_call_resume, c->form->resume(c->other))

static int same_bytes(const void *a, const void *b, size_t bytes) {
  return memcmp(a, b, bytes) == 0;
}

/* To the last bit; but a long double has padding. */
static int same(const struct computation *a, const struct computation *b) {
  for (int i = 0; i < 3; i++)
    if (a->longs[i] > b->longs[i] || a->longs[i] < b->longs[i]) return 0;
  return same_bytes(a->integers, b->integers, sizeof a->integers) &&
         same_bytes(a->reals, b->reals, sizeof a->reals) &&
         same_bytes(a->singles, b->singles, sizeof a->singles) &&
         same_bytes(a->integer_pairs, b->integer_pairs,
                    sizeof a->integer_pairs) &&
         same_bytes(a->real_pairs, b->real_pairs, sizeof a->real_pairs);
}

static void check_outcome(const struct computation *c) {
  struct computation reference;
  memset(&reference, 0, sizeof reference);
  reference.seed = c->seed;
  reference.steps = c->steps;
  compute(&reference);
  CHECK(same(c, &reference));
}

enum { STEPS = 100 };

/* One computation in a coroutine, one around its resumes. */
static void two_sides(coro_fn outer, coro_fn inner, const machine_form *form) {
  for (uint64_t seed = 1; seed <= 10; seed++) {
    struct computation in, out;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    in.seed = seed;
    out.seed = seed + 1000;
    in.steps = out.steps = STEPS;
    in.form = out.form = form;
    REQUIRE(coro_new(&out.other, inner, &in, NULL) == 0);
    outer(&out);
    CHECK_INT(coro_resume(out.other), CORO_DONE);
    check_outcome(&out);
    check_outcome(&in);
    CHECK_INT(coro_free(out.other), 0);
  }
}

static void values_in_place(void) {
  two_sides(compute_and_resume, compute_and_suspend, NULL);
}

static void values_around_calls(void) {
  for (int i = 0; i < MACHINE_FORMS; i++) {
    const machine_form *form = &machine_forms[i];
    two_sides(compute_and_call_resume, compute_and_call_suspend, form);
    two_sides(compute_and_resume, compute_and_call_suspend, form);
    two_sides(compute_and_call_resume, compute_and_suspend, form);
  }
}

enum { COROUTINES = 6 };

/* Several, of different lengths, taking turns. */
static void interleaved_values(void) {
  struct computation c[COROUTINES];
  coro *coroutines[COROUTINES];
  int left = COROUTINES;
  memset(c, 0, sizeof c);
  for (int i = 0; i < COROUTINES; i++) {
    coro_fn body = i % 2 ? compute_and_suspend : compute_and_call_suspend;
    c[i].seed = (uint64_t)i * 99 + 1;
    c[i].steps = STEPS + i;
    c[i].form = &machine_forms[i % MACHINE_FORMS];
    REQUIRE(coro_new(&coroutines[i], body, &c[i], NULL) == 0);
  }
  while (left) {
    left = 0;
    for (int i = 0; i < COROUTINES; i++)
      if (coro_status(coroutines[i]) != CORO_DONE)
        left += coro_resume(coroutines[i]) == CORO_SUSPENDED;
  }
  for (int i = 0; i < COROUTINES; i++) {
    check_outcome(&c[i]);
    CHECK_INT(coro_free(coroutines[i]), 0);
  }
}

/* --- 53: variadic calls -------------------------------------------------- */

static double sum(int count, ...) {
  va_list args;
  double total = 0;
  va_start(args, count);
  for (int i = 0; i < count; i++) total += va_arg(args, double);
  va_end(args);
  return total;
}

/* By a pointer, so that the call is one: x86_64's says in al how many vector
 * registers it uses. */
static double (*volatile call_sum)(int count, ...) = sum;

struct variadic {
  char text[64];
  double eight, none;
  const machine_form *form;
};

static void call_after_suspend(void *p) {
  struct variadic *v = p;
  v->form->suspend();
  snprintf(v->text, sizeof v->text, "%d %.2f %s %.3e %.1f", 1, 2.25, "three",
           4e4, 5.5);
  coro_suspend();
  v->eight = call_sum(8, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.5);
  coro_suspend();
  v->none = call_sum(0) + 1;
}

static void variadic_calls(void) {
  for (int i = 0; i < MACHINE_FORMS; i++) {
    struct variadic inner, outer;
    coro *c;
    memset(&inner, 0, sizeof inner);
    memset(&outer, 0, sizeof outer);
    inner.form = &machine_forms[i];
    REQUIRE(coro_new(&c, call_after_suspend, &inner, NULL) == 0);
    coro_resume(c);
    snprintf(outer.text, sizeof outer.text, "%.2f %d %.0f", 0.25, 7, 1e3);
    coro_resume(c);
    outer.eight = call_sum(8, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.25);
    coro_resume(c);
    outer.none = call_sum(0) + 1;
    machine_forms[i].resume(c);
    CHECK(strcmp(inner.text, "1 2.25 three 4.000e+04 5.5") == 0 ||
          strcmp(inner.text, "1 2.25 three 4.000e+004 5.5") == 0);
    CHECK(strcmp(outer.text, "0.25 7 1000") == 0);
    CHECK_INT(inner.eight * 2, 73);
    CHECK_INT(outer.eight * 4, 145);
    CHECK_INT(inner.none, 1);
    CHECK_INT(outer.none, 1);
    CHECK_INT(coro_free(c), 0);
  }
}

const core_case machine_values_cases[] = {
    {"48", "live values of every type survive a switch written in place",
     values_in_place},
    {"48", "live values of every type survive a called switch",
     values_around_calls},
    {"48", "live values of six interleaved coroutines stay apart",
     interleaved_values},
    {"53", "variadic calls with doubles work right after a switch",
     variadic_calls},
    {0},
};
