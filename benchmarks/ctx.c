/*
 * What a context switch costs: the root resumes one coroutine, which suspends,
 * for ever.  README.md says what each row is.
 */
#include "benchmarks/ctx.h"

static const struct rows *const rows[] = {
    &ctx_floor_rows,    &ctx_inline_rows, &ctx_out_of_line_rows,
    &ctx_ucontext_rows, &ctx_boost_rows,  &ctx_state_threads_rows,
    &ctx_lua_rows,      &ctx_go_rows,     NULL,
};

const struct bench bench_this = {
    .name = "ctx",
    .unit = "ns/ctxswitch",
    .what = "ns per context switch; a round trip has two",
    .per_turn = 2,
    .headline = "inline",
    .base = "floor",
    .headline_head = "x inline",
    .base_head = "x floor",
    .rows = rows,
};
