/* Go's goroutines: peer_go.go, a program of its own, does the turns. */
#include "benchmarks/ctx.h"
#include "benchmarks/spawn.h"

#if defined(CORO_HAVE_GO)

static double child(const char *what, long turns) {
  double ns = bench_child("peer_go", what, turns);
  return ns < 0 ? bench_failed("Go", "peer_go did not run") : ns;
}

static double run_yield(long turns) { return child("yield", turns); }
static double run_channel(long turns) { return child("channel", turns); }
static double spawn(long turns) { return child("spawn", turns); }

#define RUN_YIELD run_yield
#define RUN_CHANNEL run_channel
#define SPAWN spawn
#define YIELD_NOTE "runtime.Gosched in two goroutines, one processor"
#define CHANNEL_NOTE "two unbuffered channels"
#define SPAWN_NOTE "go and sync.WaitGroup"
#else
#define RUN_YIELD NULL
#define RUN_CHANNEL NULL
#define SPAWN NULL
#define YIELD_NOTE "built without the go command"
#define CHANNEL_NOTE YIELD_NOTE
#define SPAWN_NOTE YIELD_NOTE
#endif

static const struct row ctx[] = {
    {"Go Gosched", YIELD_NOTE, RUN_YIELD, BENCH_PEER},
    {"Go channel", CHANNEL_NOTE, RUN_CHANNEL, BENCH_PEER},
};
static const struct row spawned[] = {
    {"Go goroutine", SPAWN_NOTE, SPAWN, BENCH_PEER}};

const struct rows ctx_go_rows = BENCH_ROWS(ctx);
const struct rows spawn_go_rows = BENCH_ROWS(spawned);
