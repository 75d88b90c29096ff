/*
 * State Threads: coroutines under a scheduler of their own.  The library has no
 * plain yield: two threads wake each other by condition variables, which is
 * the shortest way through its run queue.
 */
#include "benchmarks/ctx.h"
#include "benchmarks/spawn.h"

#if defined(CORO_HAVE_STATE_THREADS)
#include <st.h>

enum { STACK_BYTES = 65536 };

static st_cond_t here, there;

static int ready(void) {
  static int done;
  if (!done && st_init() == 0) done = 1;
  return done;
}

static void *bounce(void *arg) {
  for (;;) {
    st_cond_signal(here);
    st_cond_wait(there);
  }
  return arg;
}

static double run(long turns) {
  static int made;
  double start;
  if (!made) {
    if (!ready()) return bench_failed("State Threads", "st_init failed");
    here = st_cond_new();
    there = st_cond_new();
    if (!here || !there || !st_thread_create(bounce, NULL, 0, STACK_BYTES))
      return bench_failed("State Threads", "no thread");
    st_cond_wait(here);
    made = 1;
  }
  start = bench_now();
  for (long i = 0; i < turns; i++) {
    st_cond_signal(there);
    st_cond_wait(here);
  }
  return bench_now() - start;
}

static void *count(void *arg) {
  ++*(long *)arg;
  return NULL;
}

static double spawn(long turns) {
  long ran = 0;
  double start;
  if (!ready()) return bench_failed("State Threads", "st_init failed");
  start = bench_now();
  for (long i = 0; i < turns; i++) {
    st_thread_t t = st_thread_create(count, &ran, 1, STACK_BYTES);
    if (!t || st_thread_join(t, NULL) < 0) break;
  }
  start = bench_now() - start;
  return ran == turns ? start
                      : bench_failed("State Threads", "one did not run");
}

#define RUN run
#define SPAWN spawn
#define NOTE "two threads, st_cond_signal and st_cond_wait"
#define SPAWN_NOTE "st_thread_create and st_thread_join"
#else
#define RUN NULL
#define SPAWN NULL
#define NOTE "built without libst-dev"
#define SPAWN_NOTE NOTE
#endif

static const struct row ctx[] = {{"State Threads", NOTE, RUN, BENCH_PEER}};
static const struct row spawned[] = {
    {"State Threads", SPAWN_NOTE, SPAWN, BENCH_PEER}};

const struct rows ctx_state_threads_rows = BENCH_ROWS(ctx);
const struct rows spawn_state_threads_rows = BENCH_ROWS(spawned);
