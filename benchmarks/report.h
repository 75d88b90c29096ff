/*
 * benchmarks/report.h - what was measured, as a table and as JSON.  Private to
 * the driver.
 */
#ifndef BENCHMARKS_REPORT_H_
#define BENCHMARKS_REPORT_H_

#include "benchmarks/bench.h"

/* The one that bench_main() was given. */
extern const struct bench *bench_current;

struct measured {
  const struct row *row;
  long turns; /* of one sample */
  double *ns; /* one number a sample */
  size_t samples;
};

/* How it was measured. */
struct run {
  int cpu; /* pinned to it; -1: not pinned */
  long rounds;
  int samples;
  double sample_ns;
};

void report_table(FILE *f, const struct run *run, const struct measured *m,
                  int n);

/* Returns 0, or -1 with errno set. */
int report_json(const struct run *run, const struct measured *m, int n,
                const char *path);

#endif
