/* The library's own coroutines, and one inline switch to compare with. */
#include "benchmarks/spawn.h"
#include "coro/coro.h"

static void bounce(void *arg) {
  (void)arg;
  for (;;) coro_suspend();
}

/* As in ctx; there a turn is two switches, here it is one. */
static double run_switch(long turns) {
  static coro *bouncer;
  coro *c = bouncer;
  double start;
  if (!c) {
    if (coro_new(&bouncer, bounce, NULL, NULL) < 0)
      return bench_failed("one switch", "no coroutine");
    c = bouncer;
    coro_resume(c);
  }
  start = bench_now();
  for (long i = 0; i < turns; i += 2) coro_resume(c);
  return bench_now() - start;
}

static void count(void *arg) { ++*(long *)arg; }

static double run_new(long turns) {
  long ran = 0;
  double start = bench_now();
  for (long i = 0; i < turns; i++) {
    coro *c;
    if (coro_new(&c, count, &ran, NULL) < 0) break;
    coro_resume(c);
    coro_free(c);
  }
  start = bench_now() - start;
  return ran == turns ? start : bench_failed("make, run, free", "one did not");
}

static double run_reset(long turns) {
  long ran = 0;
  coro *c;
  double start;
  if (coro_new(&c, count, &ran, NULL) < 0)
    return bench_failed("reset, run", "no coroutine");
  coro_resume(c);
  start = bench_now();
  for (long i = 0; i < turns; i++) {
    if (coro_reset(c, count, &ran) < 0) break;
    coro_resume(c);
  }
  start = bench_now() - start;
  coro_free(c);
  return ran == turns + 1 ? start : bench_failed("reset, run", "one did not");
}

#if defined(CORO_BACKEND_WINFIBER)
#define RUN_INIT NULL
#define INIT_NOTE "the winfiber backend makes its own stacks"
#else
/* Static: nothing is done to the memory between two runs. */
static _Alignas(64) char memory[65536];

static double run_init(long turns) {
  long ran = 0;
  double start = bench_now();
  for (long i = 0; i < turns; i++) {
    coro *c;
    if (coro_init(&c, memory, sizeof memory, count, &ran, NULL) < 0) break;
    coro_resume(c);
    coro_fini(c);
  }
  start = bench_now() - start;
  if (ran == turns) return start;
  return bench_failed("the caller's memory", "one did not run");
}

#define RUN_INIT run_init
#define INIT_NOTE "coro_init, coro_resume, coro_fini: nothing is allocated"
#endif

static const struct row rows[] = {
    {"one switch", "inline, as in ctx", run_switch, BENCH_REFERENCE},
    {"make, run, free", "coro_new, coro_resume, coro_free; a warm pool",
     run_new, BENCH_OURS},
    {"the caller's memory", INIT_NOTE, RUN_INIT, BENCH_OURS},
    {"reset, run", "coro_reset, coro_resume: the same coroutine again",
     run_reset, BENCH_OURS},
};

const struct rows spawn_coro_rows = BENCH_ROWS(rows);
