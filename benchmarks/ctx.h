/*
 * benchmarks/ctx.h - the rows of ctx, one array a file.  Private.
 *
 * A turn is a round trip: the root resumes one coroutine, which suspends, for
 * ever; two switches.
 */
#ifndef BENCHMARKS_CTX_H_
#define BENCHMARKS_CTX_H_

#include "benchmarks/bench.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rows ctx_floor_rows, ctx_inline_rows, ctx_out_of_line_rows,
    ctx_ucontext_rows;
extern const struct rows ctx_boost_rows, ctx_go_rows, ctx_lua_rows,
    ctx_state_threads_rows;

#ifdef __cplusplus
}
#endif
#endif
