/*
 * The floors: two bare switches, and the live values' work without a switch.
 * The contexts are reached by pointers, since a switch that knows both of its
 * stacks when it is compiled is of no use to anybody.
 */
#include "benchmarks/ctx.h"
#include "benchmarks/floor.h"
#include "benchmarks/live.h"

#if BENCH_HAVE_FLOOR

/* What the other side is started with. */
static struct bench_floor_context contexts[2];
static struct bench_floor_context *volatile here = &contexts[0];
static struct bench_floor_context *volatile there = &contexts[1];
static _Alignas(64) char stack[16384];

static void bounce(void) {
  struct bench_floor_context *from = there, *to = here;
  for (;;) bench_floor_switch(from, to);
}

static double run(long turns) {
  struct bench_floor_context *from = here, *to = there;
  double start;
  bench_floor_make(to, stack, sizeof stack, bounce);
  bench_floor_switch(from, to);
  start = bench_now();
  for (long i = 0; i < turns; i++) bench_floor_switch(from, to);
  return bench_now() - start;
}

static void bounce_exchange(void) {
  struct bench_floor_context *c = there;
  for (;;) bench_floor_exchange(c);
}

static double run_exchange(long turns) {
  struct bench_floor_context *c = there;
  double start;
  bench_floor_make(c, stack, sizeof stack, bounce_exchange);
  bench_floor_exchange(c);
  start = bench_now();
  for (long i = 0; i < turns; i++) bench_floor_exchange(c);
  return bench_now() - start;
}

static long live_turns;
static uint64_t live_result;

static void bounce_live(void) {
  struct bench_floor_context *from = there, *to = here;
  struct live v = live_start(LIVE_OTHER_SEED);
  for (long i = live_turns; i; i--) {
    live_step(&v);
    bench_floor_switch(from, to);
  }
  live_result = live_sum(&v);
  for (;;) bench_floor_switch(from, to);
}

static double run_live(long turns) {
  struct bench_floor_context *from = here, *to = there;
  struct live v = live_start(LIVE_SEED);
  double start;
  bench_floor_make(to, stack, sizeof stack, bounce_live);
  live_turns = turns;
  start = bench_now();
  for (long i = turns; i; i--) {
    live_step(&v);
    bench_floor_switch(from, to);
  }
  start = bench_now() - start;
  bench_floor_switch(from, to);
  if (!live_right(live_sum(&v), live_result, turns))
    return bench_failed("floor, six live values", "a value was lost");
  return start;
}

#define RUN_EXCHANGE run_exchange
#define EXCHANGE_NOTE "one context, its address kept: the least there is"
#define RUN run
#define RUN_LIVE run_live
#define NOTE "stack pointer, frame pointer, jump: no API"
#define LIVE_NOTE "the same around work on six values"
#else
#define RUN_EXCHANGE NULL
#define RUN NULL
#define RUN_LIVE NULL
#define NOTE "written for x86_64 and aarch64, not for Windows"
#define EXCHANGE_NOTE NOTE
#define LIVE_NOTE NOTE
#endif

/* Two steps, one for each side of a round trip. */
static double run_work(long turns) {
  volatile uint64_t seed = 1;
  struct live v = live_start(seed), w = live_start(seed + 6);
  double start = bench_now();
  for (long i = 0; i < turns; i++) {
    live_step(&v);
    live_step(&w);
#if defined(__GNUC__)
    /* One after the other, as a switch has it. */
    __asm__ __volatile__("" ::: "memory");
#endif
  }
  seed = live_sum(&v) + live_sum(&w);
  return bench_now() - start;
}

static const struct row rows[] = {
    {"floor", NOTE, RUN, BENCH_FLOOR},
    {"floor, one context", EXCHANGE_NOTE, RUN_EXCHANGE, BENCH_FLOOR},
    {"floor, six live values", LIVE_NOTE, RUN_LIVE, BENCH_FLOOR},
    {"six live values, no switch", "that work alone", run_work,
     BENCH_REFERENCE},
};

const struct rows ctx_floor_rows = BENCH_ROWS(rows);
