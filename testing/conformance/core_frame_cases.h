/*
 * testing/conformance/core_frame_cases.h - typed coroutines: every combination
 * of types that are there or not, any number of arguments, types of all sizes,
 * every code.
 *
 * Written in what C11 and C++11 have in common: core_frame.c compiles it as the
 * one, core_frame_cxx.cc as the other.
 */
#ifndef TESTING_CONFORMANCE_CORE_FRAME_CASES_H_
#define TESTING_CONFORMANCE_CORE_FRAME_CASES_H_

#include "coro/frame.h"

#include <stdlib.h>
#include <string.h>

#include "coro/stack.h"
#include "testing/conformance/core_check.h"

/* --- Each of the three types void or not --------------------------------- */

static int trace;

CORO_FRAME(nnn, void, void, void)
CORO_FRAME(nni, void, void, int)
CORO_FRAME(nyn, void, int, void)
CORO_FRAME(nyi, void, int, int)
CORO_FRAME(rnn, int, void, void)
CORO_FRAME(rni, int, void, int)
CORO_FRAME(ryn, int, int, void)
CORO_FRAME(ryi, int, int, int)

CORO_FRAME_BODY(nnn) {
  trace = 1;
  CHECK_INT(nnn_yield(self), 0);
  trace = 2;
}
CORO_FRAME_BODY(nni) {
  int in = -1;
  CHECK_INT(nni_yield(self, &in), 0);
  trace = in;
}
CORO_FRAME_BODY(nyn) {
  CHECK_INT(nyn_yield(self, 11), 0);
  CHECK_INT(nyn_yield(self, 12), 0);
}
CORO_FRAME_BODY(nyi) {
  int in = -1;
  CHECK_INT(nyi_yield(self, 21, &in), 0);
  CHECK_INT(nyi_yield(self, 2 * in, NULL), 0);
}
CORO_FRAME_BODY(rnn) {
  CHECK_INT(rnn_yield(self), 0);
  return 31;
}
CORO_FRAME_BODY(rni) {
  int in = -1;
  CHECK_INT(rni_yield(self, &in), 0);
  return in + 1;
}
CORO_FRAME_BODY(ryn) {
  CHECK_INT(ryn_yield(self, 41), 0);
  return 42;
}
CORO_FRAME_BODY(ryi) {
  int in = -1;
  CHECK_INT(ryi_yield(self, 51, &in), 0);
  return in + 2;
}

static void void_in_no_place_or_all(void) {
  nnn *f = NULL;
  nni *g = NULL;
  nyn *h = NULL;
  nyi *k = NULL;
  int v = -1;
  REQUIRE(nnn_new(&f) == 0);
  CHECK_INT(nnn_yielded(f), CORO_EINVAL);
  CHECK_INT(nnn_returned(f), CORO_ENORESULT);
  CHECK_INT(nnn_start(f), CORO_SUSPENDED);
  CHECK_INT(trace, 1);
  CHECK_INT(nnn_yielded(f), 0);
  CHECK_INT(nnn_returned(f), CORO_ENORESULT);
  CHECK_INT(nnn_end(f), CORO_DONE);
  CHECK_INT(trace, 2);
  CHECK_INT(nnn_returned(f), 0);
  CHECK_INT(nnn_reset(f), 0);
  CHECK_INT(nnn_yielded(f), CORO_EINVAL);
  CHECK_INT(nnn_returned(f), CORO_ENORESULT);
  CHECK_INT(nnn_start(f), CORO_SUSPENDED);
  CHECK_INT(nnn_next(f), CORO_DONE);
  CHECK_INT(nnn_free(f), 0);

  REQUIRE(nni_new(&g) == 0);
  CHECK_INT(nni_start(g), CORO_SUSPENDED);
  CHECK_INT(nni_next(g, 7), CORO_DONE);
  CHECK_INT(trace, 7);
  CHECK_INT(nni_returned(g), 0);
  CHECK_INT(nni_reset(g), 0);
  CHECK_INT(nni_start(g), CORO_SUSPENDED);
  CHECK_INT(nni_end(g, 8), CORO_DONE);
  CHECK_INT(trace, 8);
  CHECK_INT(nni_free(g), 0);

  REQUIRE(nyn_new(&h) == 0);
  CHECK_INT(nyn_start(h, &v), CORO_SUSPENDED);
  CHECK_INT(v, 11);
  CHECK_INT(nyn_next(h, &v), CORO_SUSPENDED);
  CHECK_INT(v, 12);
  v = -1;
  CHECK_INT(nyn_yielded(h, &v), 0);
  CHECK_INT(v, 12);
  CHECK_INT(nyn_end(h), CORO_DONE);
  CHECK_INT(nyn_free(h), 0);

  REQUIRE(nyi_new(&k) == 0);
  CHECK_INT(nyi_start(k, &v), CORO_SUSPENDED);
  CHECK_INT(v, 21);
  CHECK_INT(nyi_next(k, 30, &v), CORO_SUSPENDED);
  CHECK_INT(v, 60);
  CHECK_INT(nyi_end(k, 0), CORO_DONE);
  CHECK_INT(nyi_free(k), 0);
}

static void void_but_for_the_result(void) {
  rnn *f = NULL;
  rni *g = NULL;
  ryn *h = NULL;
  ryi *k = NULL;
  int v = -1, result = -1;
  REQUIRE(rnn_new(&f) == 0);
  CHECK_INT(rnn_start(f), CORO_SUSPENDED);
  CHECK_INT(rnn_returned(f, &result), CORO_ENORESULT);
  CHECK_INT(result, -1);
  CHECK_INT(rnn_end(f, &result), CORO_DONE);
  CHECK_INT(result, 31);
  CHECK_INT(rnn_free(f), 0);

  REQUIRE(rni_new(&g) == 0);
  CHECK_INT(rni_start(g), CORO_SUSPENDED);
  CHECK_INT(rni_end(g, 32, &result), CORO_DONE);
  CHECK_INT(result, 33);
  CHECK_INT(rni_free(g), 0);

  REQUIRE(ryn_new(&h) == 0);
  CHECK_INT(ryn_start(h, &v), CORO_SUSPENDED);
  CHECK_INT(v, 41);
  CHECK_INT(ryn_end(h, &result), CORO_DONE);
  CHECK_INT(result, 42);
  CHECK_INT(ryn_free(h), 0);

  REQUIRE(ryi_new(&k) == 0);
  CHECK_INT(ryi_start(k, &v), CORO_SUSPENDED);
  CHECK_INT(v, 51);
  CHECK_INT(ryi_end(k, 52, &result), CORO_DONE);
  CHECK_INT(result, 54);
  CHECK_INT(ryi_free(k), 0);
}

/* --- Start, yield, inject ------------------------------------------------ */

/* Yields the squares of odd numbers, from the injected one on. */
CORO_FRAME(squares, long, int, int, (int, from), (int, times))

CORO_FRAME_BODY(squares) {
  long sum = 0;
  int n = self->from, i;
  for (i = 0; i < self->times; i++) {
    int step = 0;
    sum += n;
    if (squares_yield(self, n * n, &step) < 0) return -1;
    n += step;
  }
  return sum;
}

static void start_yield_inject_end(void) {
  squares *f = NULL;
  int v = 0;
  long result = 0;
  REQUIRE(squares_new(&f, 1, 3) == 0);
  CHECK_INT(f->from, 1);
  CHECK_INT(f->times, 3);
  CHECK_INT(squares_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 1);
  CHECK_INT(squares_next(f, 1, &v), CORO_SUSPENDED);
  CHECK_INT(v, 4);
  CHECK_INT(squares_next(f, 3, &v), CORO_SUSPENDED);
  CHECK_INT(v, 25);
  CHECK_INT(squares_end(f, 0, &result), CORO_DONE);
  CHECK_INT(result, 8);
  CHECK_INT(squares_free(f), 0);
}

static void result_is_read_repeatedly(void) {
  squares *f = NULL;
  int v = 0, i;
  long result;
  REQUIRE(squares_new(&f, 5, 1) == 0);
  CHECK_INT(squares_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(squares_end(f, 0, NULL), CORO_DONE);
  for (i = 0; i < 3; i++) {
    result = -1;
    CHECK_INT(squares_returned(f, &result), 0);
    CHECK_INT(result, 5);
    v = -1;
    CHECK_INT(squares_yielded(f, &v), 0);
    CHECK_INT(v, 25);
  }
  CHECK_INT(squares_returned(f, NULL), 0);
  CHECK_INT(squares_yielded(f, NULL), 0);
  CHECK_INT(squares_free(f), 0);
}

/* A call that ends otherwise than its name says writes nothing. */
static void pointers_are_written_for_what_happened(void) {
  squares *f = NULL;
  int v = -7;
  long result = -7;
  REQUIRE(squares_new(&f, 3, 2) == 0);
  CHECK_INT(squares_yielded(f, &v), CORO_EINVAL);
  CHECK_INT(squares_returned(f, &result), CORO_ENORESULT);
  CHECK_INT(squares_start(f, NULL), CORO_SUSPENDED);
  CHECK_INT(squares_end(f, 1, &result), CORO_SUSPENDED); /* yields instead */
  CHECK_INT(result, -7);
  CHECK_INT(squares_yielded(f, &v), 0);
  CHECK_INT(v, 16);
  v = -7;
  CHECK_INT(squares_next(f, 1, &v), CORO_DONE); /* returns instead */
  CHECK_INT(v, -7);
  CHECK_INT(squares_returned(f, &result), 0);
  CHECK_INT(result, 7);
  result = -7;
  CHECK_INT(squares_start(f, &v), CORO_EDONE);
  CHECK_INT(squares_next(f, 1, &v), CORO_EDONE);
  CHECK_INT(squares_end(f, 1, &result), CORO_EDONE);
  CHECK_INT(v, -7);
  CHECK_INT(result, -7);
  CHECK_INT(squares_reset(f, 1, 0), 0);
  CHECK_INT(squares_start(f, &v), CORO_DONE); /* never yields */
  CHECK_INT(v, -7);
  CHECK_INT(squares_yielded(f, &v), CORO_EINVAL);
  CHECK_INT(v, -7);
  CHECK_INT(squares_returned(f, &result), 0);
  CHECK_INT(result, 0);
  CHECK_INT(squares_free(f), 0);
}

/* A body that suspends by other means yields nothing. */
CORO_FRAME(waiting, int, int, int)

static void look(void *arg) { ++*(int *)arg; }

CORO_FRAME_BODY(waiting) {
  int in = 0, looks = 0;
  CHECK_INT(coro_suspend(), 0);
  CHECK_INT(waiting_yield(self, 5, &in), 0);
  CHECK_INT(coro_suspend_with(look, &looks), 0);
  CHECK_INT(coro_suspend(), 0);
  return in + looks;
}

static void plain_suspend_yields_nothing(void) {
  waiting *f = NULL;
  int v = -7, result = -7;
  REQUIRE(waiting_new(&f) == 0);
  CHECK_INT(waiting_start(f, &v), CORO_EAGAIN);
  CHECK_INT(v, -7);
  CHECK_INT(waiting_yielded(f, &v), CORO_EINVAL);
  CHECK_INT(waiting_start(f, &v), CORO_ESTARTED);
  CHECK_INT(waiting_next(f, 1, &v), CORO_SUSPENDED);
  CHECK_INT(v, 5);
  v = -7;
  CHECK_INT(waiting_next(f, 20, &v), CORO_EAGAIN);
  CHECK_INT(v, -7);
  CHECK_INT(waiting_end(f, 1, &result), CORO_EAGAIN);
  CHECK_INT(result, -7);
  CHECK_INT(waiting_yielded(f, &v), 0); /* the last that it did yield */
  CHECK_INT(v, 5);
  CHECK_INT(waiting_end(f, 1, &result), CORO_DONE);
  CHECK_INT(result, 21);
  CHECK_INT(waiting_free(f), 0);
}

/* The frame is gone when the call that resumed it goes on. */
static void *from_static(void *context, size_t bytes) {
  static char memory[65536 + 16];
  (void)context;
  return bytes <= 65536 ? memory + (16 - (uintptr_t)memory % 16) % 16 : NULL;
}

static void scribble(void *context, void *memory, size_t bytes) {
  ++*(int *)context;
  memset(memory, 0xa5, bytes);
}

CORO_FRAME(leaving, int, int, void, (struct leaving **, self))

static void free_frame(void *arg) {
  leaving *f = *(leaving **)arg;
  CHECK_INT(leaving_abandon(f), 0);
  CHECK_INT(leaving_free(f), 0);
}

CORO_FRAME_BODY(leaving) {
  CHECK_INT(leaving_yield(self, 1), 0);
  CHECK_INT(coro_suspend_with(free_frame, self->self), 0);
  return 2;
}

static void freed_frame_yields_nothing(void) {
  coro_allocator allocator = {from_static, scribble, NULL};
  coro_options o;
  leaving *f = NULL;
  int freed = 0, v = -7;
  memset(&o, 0, sizeof o);
  allocator.context = &freed;
  if (!core_has_own_stacks()) o.allocator = &allocator;
  REQUIRE(leaving_new_with(&f, NULL, &o, &f) == 0);
  CHECK_INT(leaving_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 1);
  CHECK_INT(leaving_next(f, &v), CORO_EAGAIN);
  CHECK_INT(v, 1);
  CHECK_INT(freed, !core_has_own_stacks());
}

/* --- Up to twelve arguments ---------------------------------------------- */

typedef struct pair {
  int x;
  double y;
} pair;

CORO_FRAME(args1, int, void, void, (int, a))
CORO_FRAME(args2, int, void, void, (int, a), (int, b))
CORO_FRAME(args3, int, void, void, (int, a), (int, b), (int, c))
CORO_FRAME(args4, int, void, void, (int, a), (int, b), (int, c), (int, d))
CORO_FRAME(args5, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e))
CORO_FRAME(args6, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e), (int, f))
CORO_FRAME(args7, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e), (int, f), (int, g))
CORO_FRAME(args8, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e), (int, f), (int, g), (int, h))
CORO_FRAME(args9, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e), (int, f), (int, g), (int, h), (int, i))
CORO_FRAME(args10, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e), (int, f), (int, g), (int, h), (int, i), (int, j))
CORO_FRAME(args11, int, void, void, (int, a), (int, b), (int, c), (int, d),
           (int, e), (int, f), (int, g), (int, h), (int, i), (int, j), (int, k))
CORO_FRAME(args12, int, int, pair, (char, a), (short, b), (int, c), (long, d),
           (float, e), (double, f), (pair, g), (const char *, h), (int *, i),
           (unsigned char, j), (long long, k), (struct pair *, l))

CORO_FRAME_BODY(args1) { return self->a; }
CORO_FRAME_BODY(args2) { return self->a + 2 * self->b; }
CORO_FRAME_BODY(args3) { return self->a + 2 * self->b + 3 * self->c; }
CORO_FRAME_BODY(args4) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d;
}
CORO_FRAME_BODY(args5) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e;
}
CORO_FRAME_BODY(args6) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e +
         6 * self->f;
}
CORO_FRAME_BODY(args7) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e +
         6 * self->f + 7 * self->g;
}
CORO_FRAME_BODY(args8) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e +
         6 * self->f + 7 * self->g + 8 * self->h;
}
CORO_FRAME_BODY(args9) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e +
         6 * self->f + 7 * self->g + 8 * self->h + 9 * self->i;
}
CORO_FRAME_BODY(args10) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e +
         6 * self->f + 7 * self->g + 8 * self->h + 9 * self->i + 10 * self->j;
}
CORO_FRAME_BODY(args11) {
  return self->a + 2 * self->b + 3 * self->c + 4 * self->d + 5 * self->e +
         6 * self->f + 7 * self->g + 8 * self->h + 9 * self->i + 10 * self->j +
         11 * self->k;
}
CORO_FRAME_BODY(args12) {
  pair in = {0, 0};
  CHECK_INT(self->a, 'a');
  CHECK_INT(self->b, -2);
  CHECK_INT(self->c, 3);
  CHECK_INT(self->d, -4);
  CHECK(self->e == 5.5f);
  CHECK(self->f == 6.25);
  CHECK_INT(self->g.x, 7);
  CHECK(self->g.y == 7.5);
  CHECK(strcmp(self->h, "eight") == 0);
  CHECK_INT(*self->i, 9);
  CHECK_INT(self->j, 255);
  CHECK_INT(self->k, 1LL << 60);
  self->l->x = 12;
  CHECK_INT(args12_yield(self, self->c, &in), 0);
  CHECK(in.y == 2.5);
  return in.x;
}

/* The smaller ones take 1, 1, ... and the sum of their weights comes back. */
#define COUNTED(name, sum, ...)                                                \
  do {                                                                         \
    name *f = NULL;                                                            \
    int result = 0;                                                            \
    CHECK_INT(name##_new(&f, __VA_ARGS__), 0);                                 \
    if (!f) break;                                                             \
    CHECK_INT(name##_start(f), CORO_DONE);                                     \
    CHECK_INT(name##_returned(f, &result), 0);                                 \
    CHECK_INT(result, sum);                                                    \
    CHECK_INT(name##_reset(f, __VA_ARGS__), 0);                                \
    CHECK_INT(name##_start(f), CORO_DONE);                                     \
    CHECK_INT(name##_free(f), 0);                                              \
  } while (0)

static void one_to_eleven_arguments(void) {
  COUNTED(args1, 1, 1);
  COUNTED(args2, 3, 1, 1);
  COUNTED(args3, 6, 1, 1, 1);
  COUNTED(args4, 10, 1, 1, 1, 1);
  COUNTED(args5, 15, 1, 1, 1, 1, 1);
  COUNTED(args6, 21, 1, 1, 1, 1, 1, 1);
  COUNTED(args7, 28, 1, 1, 1, 1, 1, 1, 1);
  COUNTED(args8, 36, 1, 1, 1, 1, 1, 1, 1, 1);
  COUNTED(args9, 45, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  COUNTED(args10, 55, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  COUNTED(args11, 66, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
}

static void twelve_arguments(void) {
  args12 *f = NULL;
  pair l = {0, 0}, g = {7, 7.5}, in = {99, 2.5};
  int nine = 9, v = 0, result = 0;
  REQUIRE(args12_new(&f, 'a', -2, 3, -4, 5.5f, 6.25, g, "eight", &nine, 255,
                     1LL << 60, &l) == 0);
  CHECK_INT(args12_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 3);
  CHECK_INT(l.x, 12);
  CHECK_INT(args12_end(f, in, &result), CORO_DONE);
  CHECK_INT(result, 99);
  CHECK_INT(args12_free(f), 0);
}

/* --- Types of all kinds -------------------------------------------------- */

#if defined(__cplusplus)
#define ALIGNED(bytes) alignas(bytes)
#else
#define ALIGNED(bytes) _Alignas(bytes)
#endif

typedef struct one {
  char at[1];
} one;
typedef struct sixteen {
  ALIGNED(16) char at[16];
} sixteen;
typedef struct line {
  ALIGNED(128) char at[128];
} line;
typedef struct page {
  ALIGNED(4096) char at[4096];
} page;
typedef struct odd {
  char at[77];
} odd;

/* Injected, yielded and returned: three times the type, and an argument. */
#define ECHO(T)                                                                \
  CORO_FRAME(echo_##T, T, T, T, (T, first))                                    \
  CORO_FRAME_BODY(echo_##T) {                                                  \
    T value = self->first;                                                     \
    int i;                                                                     \
    for (i = 0; i < 3; i++)                                                    \
      CHECK_INT(echo_##T##_yield(self, value, &value), 0);                     \
    return value;                                                              \
  }                                                                            \
  static void echo_##T##_runs(void) {                                          \
    static T given[5], got;                                                    \
    echo_##T *f = NULL;                                                        \
    coro_options o;                                                            \
    int i;                                                                     \
    memset(&o, 0, sizeof o);                                                   \
    o.stack_bytes = 262144;                                                    \
    for (i = 0; i < 5; i++) memset(&given[i], 'a' + i, sizeof(T));             \
    REQUIRE(echo_##T##_new_with(&f, NULL, &o, given[0]) == 0);                 \
    CHECK_INT((uintptr_t)f % CORO__ALIGNOF(T), 0);                             \
    CHECK_INT(echo_##T##_start(f, &got), CORO_SUSPENDED);                      \
    CHECK(memcmp(&got, &given[0], sizeof got) == 0);                           \
    for (i = 1; i < 3; i++) {                                                  \
      CHECK_INT(echo_##T##_next(f, given[i], &got), CORO_SUSPENDED);           \
      CHECK(memcmp(&got, &given[i], sizeof got) == 0);                         \
    }                                                                          \
    CHECK_INT(echo_##T##_end(f, given[3], &got), CORO_DONE);                   \
    CHECK(memcmp(&got, &given[3], sizeof got) == 0);                           \
    memset(&got, 0, sizeof got);                                               \
    CHECK_INT(echo_##T##_returned(f, &got), 0);                                \
    CHECK(memcmp(&got, &given[3], sizeof got) == 0);                           \
    CHECK_INT(echo_##T##_yielded(f, &got), 0);                                 \
    CHECK(memcmp(&got, &given[2], sizeof got) == 0);                           \
    CHECK_INT(echo_##T##_free(f), 0);                                          \
  }

ECHO(one)
ECHO(sixteen)
ECHO(odd)
ECHO(line)
ECHO(page)

static void all_sizes_and_alignments(void) {
  echo_one_runs();
  echo_sixteen_runs();
  echo_odd_runs();
  echo_line_runs();
  echo_page_runs();
}

CORO_FRAME(doubler, double, double, double, (double, factor))

CORO_FRAME_BODY(doubler) {
  double in = 0;
  if (doubler_yield(self, self->factor, &in) < 0) return -1;
  while (in != 0)
    if (doubler_yield(self, in * self->factor, &in) < 0) return -1;
  return self->factor;
}

static void doubles_pass_unchanged(void) {
  doubler *f = NULL;
  double v = 0;
  REQUIRE(doubler_new(&f, 0.1) == 0);
  CHECK_INT(doubler_start(f, &v), CORO_SUSPENDED);
  CHECK(v == 0.1);
  CHECK_INT(doubler_next(f, 1e300, &v), CORO_SUSPENDED);
  CHECK(v == 1e300 * 0.1);
  CHECK_INT(doubler_next(f, -3.0, &v), CORO_SUSPENDED);
  CHECK(v == -3.0 * 0.1);
  CHECK_INT(doubler_end(f, 0.0, &v), CORO_DONE);
  CHECK(v == 0.1);
  CHECK_INT(doubler_free(f), 0);
}

typedef int (*int_fn)(int);
enum colour { red, green };

CORO_FRAME(kinds, void *, const char *, struct pair *, (int_fn, call),
           (enum colour, shade), (void *, untyped), (unsigned long, wide))

static int add_one(int n) { return n + 1; }

CORO_FRAME_BODY(kinds) {
  pair *in = NULL;
  CHECK_INT(kinds_yield(self, self->shade == green ? "green" : "red", &in), 0);
  if (!in) return NULL;
  in->x = self->call(in->x);
  return self->untyped;
}

static void pointers_enums_and_functions(void) {
  kinds *f = NULL;
  const char *v = NULL;
  pair p = {4, 0};
  void *result = NULL;
  REQUIRE(kinds_new(&f, add_one, green, &p, 1ul) == 0);
  CHECK_INT(kinds_start(f, &v), CORO_SUSPENDED);
  REQUIRE(v != NULL);
  CHECK(strcmp(v, "green") == 0);
  CHECK_INT(kinds_end(f, &p, &result), CORO_DONE);
  CHECK(result == &p);
  CHECK_INT(p.x, 5);
  CHECK_INT(kinds_free(f), 0);
}

/* --- Constructors -------------------------------------------------------- */

CORO_FRAME_TYPE(shape, int, int, void, (int, n))

static int shape_plus(shape *self) {
  CHECK_INT(shape_yield(self, self->n + 1), 0);
  return self->n + 2;
}

static int shape_times(shape *self) {
  CHECK_INT(shape_yield(self, self->n * 10), 0);
  return self->n * 100;
}

static void body_may_be_given(void) {
  static const struct {
    int (*body)(shape *);
    int yielded, result;
  } shapes[] = {{shape_plus, 8, 9}, {shape_times, 70, 700}};
  shape *f = NULL;
  int i, v = 0;
  CHECK_INT(shape_new_with(&f, NULL, NULL, 7), CORO_EINVAL);
  CHECK_INT(shape_new_with(NULL, shape_plus, NULL, 7), CORO_EINVAL);
  CHECK(f == NULL);
  for (i = 0; i < 2; i++) {
    REQUIRE(shape_new_with(&f, shapes[i].body, NULL, 7) == 0);
    CHECK_INT(shape_start(f, &v), CORO_SUSPENDED);
    CHECK_INT(v, shapes[i].yielded);
    CHECK_INT(shape_end(f, &v), CORO_DONE);
    CHECK_INT(v, shapes[i].result);
    CHECK_INT(shape_reset(f, 7), 0); /* the same body */
    CHECK_INT(shape_start(f, &v), CORO_SUSPENDED);
    CHECK_INT(v, shapes[i].yielded);
    CHECK_INT(shape_abandon(f), 0);
    CHECK_INT(shape_free(f), 0);
  }
}

static long squares_only_sum(squares *self) { return self->from + self->times; }

static void new_with_takes_options_and_body(void) {
  squares *f = NULL;
  coro_options o;
  long result = 0;
  int v = 0;
  memset(&o, 0, sizeof o);
  o.name = "of mine";
  o.storage_bytes = 1; /* ignored */
  o.storage_align = 8;
  REQUIRE(squares_new_with(&f, squares_only_sum, &o, 3, 4) == 0);
  CHECK(strcmp(coro_name(squares_coro(f)), "of mine") == 0);
  CHECK_INT(squares_start(f, &v), CORO_DONE);
  CHECK_INT(squares_returned(f, &result), 0);
  CHECK_INT(result, 7);
  CHECK_INT(squares_free(f), 0);
  REQUIRE(squares_new_with(&f, NULL, NULL, 3, 4) == 0);
  CHECK(strcmp(coro_name(squares_coro(f)), "squares") == 0);
  CHECK_INT(squares_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 9);
  CHECK_INT(squares_abandon(f), 0);
  CHECK_INT(squares_free(f), 0);
  o.stack_bytes = 8;
  f = NULL;
  CHECK_INT(squares_new_with(&f, NULL, &o, 3, 4), CORO_ESMALL);
  CHECK(f == NULL);
  CHECK_INT(squares_new(NULL, 1, 2), CORO_EINVAL);
}

static void init_on_uses_the_callers_memory(void) {
  static char memory[65536];
  squares *f = NULL;
  int v = 0;
  CHECK_INT(squares_init_on(&f, NULL, sizeof memory, 1, 2), CORO_EINVAL);
  CHECK_INT(squares_init_on(NULL, memory, sizeof memory, 1, 2), CORO_EINVAL);
  CHECK_INT(squares_init_on(&f, memory, 0, 1, 2), CORO_ESMALL);
  CHECK_INT(squares_init_on(&f, memory, 100, 1, 2), CORO_ESMALL);
  CHECK_INT(squares_init_on(&f, memory, coro_stack_min(), 1, 2), CORO_ESMALL);
  CHECK(f == NULL);
  if (core_has_own_stacks()) {
    CHECK_INT(squares_init_on(&f, memory, sizeof memory, 6, 2), CORO_ENOTSUP);
    CHECK(f == NULL);
    REQUIRE(squares_new(&f, 6, 2) == 0);
    CHECK_INT(squares_fini(f), CORO_EINVAL);
    CHECK_INT(squares_free(f), 0);
    return;
  }
  REQUIRE(squares_init_on(&f, memory, sizeof memory, 6, 2) == 0);
  CHECK((char *)f > memory && (char *)(f + 1) <= memory + sizeof memory);
  CHECK_INT(squares_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 36);
  CHECK_INT(squares_fini(f), CORO_EBUSY);
  CHECK_INT(squares_abandon(f), 0);
  CHECK_INT(squares_fini(f), 0);
  REQUIRE(squares_new(&f, 6, 2) == 0);
  CHECK_INT(squares_fini(f), CORO_EINVAL);
  CHECK_INT(squares_free(f), 0);
}

/* --- To the coroutine and back ------------------------------------------- */

static void nothing(void *arg) { (void)arg; }

static void from_knows_its_own(void) {
  squares *f = NULL;
  doubler *g = NULL;
  ryi *k = NULL;
  coro *plain = NULL;
  REQUIRE(squares_new(&f, 1, 1) == 0);
  REQUIRE(doubler_new(&g, 1) == 0);
  REQUIRE(ryi_new(&k) == 0);
  REQUIRE(coro_new(&plain, nothing, NULL, NULL) == 0);
  CHECK(squares_from(squares_coro(f)) == f);
  CHECK(doubler_from(doubler_coro(g)) == g);
  CHECK(ryi_from(ryi_coro(k)) == k);
  CHECK(squares_from(doubler_coro(g)) == NULL);
  CHECK(doubler_from(squares_coro(f)) == NULL);
  CHECK(squares_from(plain) == NULL);
  CHECK(squares_from(NULL) == NULL);
  CHECK(squares_coro(NULL) == NULL);
  CHECK_INT(coro_status(squares_coro(f)), CORO_READY);
  CHECK(coro_storage(squares_coro(f)) == f);
  CHECK_INT(coro_free(plain), 0);
  CHECK_INT(ryi_free(k), 0);
  CHECK_INT(doubler_free(g), 0);
  CHECK_INT(squares_free(f), 0);
}

/* Two types that differ by name only: compilers may merge their functions. */
CORO_FRAME(twin_a, void, void, void)
CORO_FRAME(twin_b, void, void, void)
CORO_FRAME_BODY(twin_a) { (void)self; }
CORO_FRAME_BODY(twin_b) { (void)self; }

static void from_tells_twins_apart(void) {
  twin_a *a = NULL;
  twin_b *b = NULL;
  REQUIRE(twin_a_new(&a) == 0);
  REQUIRE(twin_b_new(&b) == 0);
  CHECK(twin_a_from(twin_a_coro(a)) == a);
  CHECK(twin_b_from(twin_b_coro(b)) == b);
  CHECK(twin_a_from(twin_b_coro(b)) == NULL);
  CHECK(twin_b_from(twin_a_coro(a)) == NULL);
  CHECK_INT(twin_a_free(a), 0);
  CHECK_INT(twin_b_free(b), 0);
}

/* --- Misuse -------------------------------------------------------------- */

/* Volatile, so that analysers do not follow it into calls that refuse it. */
static squares *volatile no_frame;

static void null_frame_is_refused(void) {
  squares *none = no_frame;
  int v = -7;
  long result = -7;
  CHECK_INT(squares_start(none, &v), CORO_EINVAL);
  CHECK_INT(squares_next(none, 1, &v), CORO_EINVAL);
  CHECK_INT(squares_end(none, 1, &result), CORO_EINVAL);
  CHECK_INT(squares_yielded(none, &v), CORO_EINVAL);
  CHECK_INT(squares_returned(none, &result), CORO_EINVAL);
  CHECK_INT(squares_reset(none, 1, 1), CORO_EINVAL);
  CHECK_INT(squares_abandon(none), CORO_EINVAL);
  CHECK_INT(squares_free(none), CORO_EINVAL);
  CHECK_INT(squares_fini(none), CORO_EINVAL);
  CHECK_INT(squares_yield(none, 1, &v), CORO_EROOT);
  CHECK_INT(v, -7);
  CHECK_INT(result, -7);
}

static void wrong_state_is_refused(void) {
  squares *f = NULL;
  int v = -7;
  long result = -7;
  REQUIRE(squares_new(&f, 2, 2) == 0);
  CHECK_INT(squares_next(f, 1, &v), CORO_EUNSTARTED);
  CHECK_INT(squares_end(f, 1, &result), CORO_EUNSTARTED);
  CHECK_INT(squares_reset(f, 9, 9), CORO_EBUSY);
  CHECK_INT(f->from, 2); /* nothing was changed */
  CHECK_INT(coro_status(squares_coro(f)), CORO_READY);
  CHECK_INT(squares_yield(f, 1, &v), CORO_EROOT);
  CHECK_INT(v, -7);
  CHECK_INT(result, -7);
  CHECK_INT(squares_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 4);
  v = -7;
  CHECK_INT(squares_start(f, &v), CORO_ESTARTED);
  CHECK_INT(squares_reset(f, 9, 9), CORO_EBUSY);
  CHECK_INT(squares_free(f), CORO_EBUSY);
  CHECK_INT(v, -7);
  CHECK_INT(squares_abandon(f), 0);
  CHECK_INT(squares_returned(f, &result), CORO_ENORESULT);
  CHECK_INT(result, -7);
  CHECK_INT(squares_next(f, 1, &v), CORO_EDONE);
  CHECK_INT(squares_yielded(f, &v), 0);
  CHECK_INT(v, 4);
  CHECK_INT(squares_reset(f, 3, 1), 0);
  CHECK_INT(squares_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(v, 9);
  CHECK_INT(squares_end(f, 1, &result), CORO_DONE);
  CHECK_INT(result, 3);
  CHECK_INT(squares_free(f), 0);
}

/* self and a second frame, from inside the first. */
CORO_FRAME(misuser, int, int, int, (struct misuser **, outer), (int, level))

CORO_FRAME_BODY(misuser) {
  misuser *outer = self->outer ? *self->outer : NULL;
  int v = -7, result = -7;
  if (self->level == 0) {
    misuser *inner = NULL;
    CHECK_INT(misuser_start(self, &v), CORO_ESELF);
    CHECK_INT(misuser_next(self, 1, &v), CORO_ESELF);
    CHECK_INT(misuser_end(self, 1, &result), CORO_ESELF);
    CHECK_INT(misuser_abandon(self), CORO_EBUSY);
    CHECK_INT(misuser_free(self), CORO_EBUSY);
    CHECK_INT(misuser_reset(self, NULL, 9), CORO_EBUSY);
    CHECK_INT(misuser_new(&inner, &self, 1), 0);
    if (!inner) return -1;
    CHECK_INT(misuser_yield(inner, 1, &v), CORO_EINVAL); /* not running */
    CHECK_INT(misuser_yield(NULL, 1, &v), CORO_EINVAL);
    CHECK_INT(misuser_yielded(inner, &v), CORO_EINVAL);
    CHECK_INT(misuser_start(inner, &v), CORO_DONE);
    CHECK_INT(misuser_free(inner), 0);
  } else if (outer) {
    CHECK_INT(misuser_start(outer, &v), CORO_ENESTED);
    CHECK_INT(misuser_next(outer, 1, &v), CORO_ENESTED);
    CHECK_INT(misuser_end(outer, 1, &result), CORO_ENESTED);
    CHECK_INT(misuser_yield(outer, 1, &v), CORO_EINVAL);
  }
  CHECK_INT(v, -7);
  CHECK_INT(result, -7);
  return 0;
}

static void inside_misuse_is_refused(void) {
  misuser *f = NULL;
  int v = -7, result = -7;
  REQUIRE(misuser_new(&f, NULL, 0) == 0);
  CHECK_INT(misuser_start(f, &v), CORO_DONE);
  CHECK_INT(misuser_returned(f, &result), 0);
  CHECK_INT(result, 0);
  CHECK_INT(misuser_free(f), 0);
}

CORO_FRAME(cleaner, int, int, int, (int *, cleaned))

static void yield_in_a_handler(void *arg) {
  cleaner *self = (cleaner *)arg;
  int in = -7;
  CHECK_INT(cleaner_yield(self, 2, &in), CORO_EENDING);
  CHECK_INT(in, -7);
  ++*self->cleaned;
}

CORO_FRAME_BODY(cleaner) {
  CHECK_INT(coro_defer(yield_in_a_handler, self), 0);
  CHECK_INT(cleaner_yield(self, 1, NULL), 0);
  return 3;
}

static void yield_while_ending_is_refused(void) {
  cleaner *f = NULL;
  int cleaned = 0, v = 0;
  REQUIRE(cleaner_new(&f, &cleaned) == 0);
  CHECK_INT(cleaner_start(f, &v), CORO_SUSPENDED);
  CHECK_INT(cleaner_abandon(f), 0);
  CHECK_INT(cleaned, 1);
  CHECK_INT(cleaner_yielded(f, &v), 0); /* a refused yield is none */
  CHECK_INT(v, 1);
  CHECK_INT(cleaner_returned(f, &v), CORO_ENORESULT);
  CHECK_INT(cleaner_free(f), 0);
}

#if defined(__cplusplus)
#define CORE_FRAME_CASES core_frame_cxx_cases
#define FRAME_H "frame.h in C++"
#else
#define CORE_FRAME_CASES core_frame_cases
#define FRAME_H "frame.h"
#endif

extern const core_case CORE_FRAME_CASES[];
const core_case CORE_FRAME_CASES[] = {
    {FRAME_H, "nothing is returned: yield and inject void or not",
     void_in_no_place_or_all},
    {FRAME_H, "something is returned: yield and inject void or not",
     void_but_for_the_result},
    {"8, " FRAME_H, "start takes nothing, next injects and yields, end returns",
     start_yield_inject_end},
    {"7, " FRAME_H, "the returned value is read repeatedly",
     result_is_read_repeatedly},
    {FRAME_H, "pointers are written through for what happened only",
     pointers_are_written_for_what_happened},
    {FRAME_H, "a body that suspends otherwise yields nothing",
     plain_suspend_yields_nothing},
    {FRAME_H, "a frame that is freed while it is resumed yields nothing",
     freed_frame_yields_nothing},
    {FRAME_H, "one to eleven arguments reach the body",
     one_to_eleven_arguments},
    {FRAME_H, "twelve arguments of many types reach the body",
     twelve_arguments},
    {"9, " FRAME_H, "values of 1 to 4096 bytes keep size and alignment",
     all_sizes_and_alignments},
    {"10, " FRAME_H, "a double goes through a frame unchanged",
     doubles_pass_unchanged},
    {FRAME_H, "pointers, enums and functions are types like others",
     pointers_enums_and_functions},
    {FRAME_H, "the body may be given", body_may_be_given},
    {FRAME_H, "new_with takes a body and options",
     new_with_takes_options_and_body},
    {FRAME_H, "init_on uses the caller's memory",
     init_on_uses_the_callers_memory},
    {FRAME_H, "from knows the coroutines of its type", from_knows_its_own},
    {FRAME_H, "from tells types apart that have the same code",
     from_tells_twins_apart},
    {"21, " FRAME_H, "a NULL frame is refused", null_frame_is_refused},
    {FRAME_H, "a frame in the wrong state is refused and unchanged",
     wrong_state_is_refused},
    {FRAME_H, "misuse inside a body is refused", inside_misuse_is_refused},
    {"29, " FRAME_H, "a yield of an abandoned frame is refused",
     yield_while_ending_is_refused},
    {0, 0, 0}};

#endif
