/*
 * The library's own switch.  Compiled twice: as it is, and with CORO_NO_INLINE
 * as the rows "out of line", a call of the static library.
 */
#include "benchmarks/ctx.h"
#include "benchmarks/live.h"
#include "coro/coro.h"

#if defined(CORO_NO_INLINE)
#define ROWS ctx_out_of_line_rows
#define NAME "out of line"
#define NOTE "the whole API by a call of the library"
#else
#define ROWS ctx_inline_rows
#define NAME "inline"
#define NOTE "the whole API from the header"
#endif
#define LIVE_NAME NAME ", six live values"

static void bounce(void *arg) {
  (void)arg;
  for (;;) coro_suspend();
}

static double run(long turns) {
  static coro *bouncer;
  coro *c = bouncer;
  double start;
  if (!c) {
    if (coro_new(&bouncer, bounce, NULL, NULL) < 0)
      return bench_failed(NAME, "no coroutine");
    c = bouncer;
    coro_resume(c);
  }
  start = bench_now();
  for (long i = 0; i < turns; i++) coro_resume(c);
  start = bench_now() - start;
  if (coro_status(c) != CORO_SUSPENDED)
    return bench_failed(NAME, "it does not bounce");
  return start;
}

struct other {
  long turns;
  uint64_t sum;
};

static void bounce_live(void *arg) {
  struct other *o = arg;
  struct live v = live_start(LIVE_OTHER_SEED);
  for (long i = o->turns; i; i--) {
    live_step(&v);
    coro_suspend();
  }
  o->sum = live_sum(&v);
}

static double run_live(long turns) {
  struct live v = live_start(LIVE_SEED);
  struct other o = {turns, 0};
  coro *c;
  double start;
  if (coro_new(&c, bounce_live, &o, NULL) < 0)
    return bench_failed(LIVE_NAME, "no coroutine");
  start = bench_now();
  for (long i = turns; i; i--) {
    live_step(&v);
    coro_resume(c);
  }
  start = bench_now() - start;
  if (coro_resume(c) != CORO_DONE || !live_right(live_sum(&v), o.sum, turns))
    start = bench_failed(LIVE_NAME, "a value was lost");
  coro_free(c);
  return start;
}

static const struct row rows[] = {
    {NAME, NOTE, run, BENCH_OURS},
    {LIVE_NAME, "the same around work on six values", run_live, BENCH_OURS},
};

const struct rows ROWS = BENCH_ROWS(rows);
