/* Windows has no ucontext. */
#include "benchmarks/ctx.h"

static const struct row rows[] = {
    {"ucontext", "POSIX systems have it", NULL, BENCH_REFERENCE},
};

const struct rows ctx_ucontext_rows = BENCH_ROWS(rows);
