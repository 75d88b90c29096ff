/*
 * What a coroutine costs that does nothing: make, run to its end, free.
 * README.md says what each row is.
 */
#include "benchmarks/spawn.h"

static const struct rows *const rows[] = {
    &spawn_coro_rows, &spawn_boost_rows, &spawn_state_threads_rows,
    &spawn_lua_rows,  &spawn_go_rows,    NULL,
};

const struct bench bench_this = {
    .name = "spawn",
    .unit = "ns/spawn",
    .what = "ns per coroutine made, run to its end and freed",
    .per_turn = 1,
    .headline = "make, run, free",
    .base = "one switch",
    .headline_head = "x ours",
    .base_head = "x switch",
    .rows = rows,
};
