/*
 * benchmarks/spawn.h - the rows of spawn, one array a file.  Private.
 *
 * A turn makes a coroutine whose body returns at once, runs it to its end and
 * frees it.
 */
#ifndef BENCHMARKS_SPAWN_H_
#define BENCHMARKS_SPAWN_H_

#include "benchmarks/bench.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rows spawn_coro_rows;
extern const struct rows spawn_boost_rows, spawn_go_rows, spawn_lua_rows,
    spawn_state_threads_rows;

#ifdef __cplusplus
}
#endif
#endif
