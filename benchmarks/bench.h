/*
 * benchmarks/bench.h - what a benchmark is made of: rows, each of which does
 * one thing many times and says how long that took, and a driver that measures
 * them in turn and prints a table.
 *
 * Rows are interleaved: clock frequency and the neighbours' load drift, so a
 * ratio is worth something only between rows of the same few seconds.  Within
 * a round each row is measured in several short samples, since what disturbs a
 * sample is less likely to hit a short one; the minimum over all samples is
 * what the code takes, the median says how far the machine disturbed it.
 */
#ifndef BENCHMARKS_BENCH_H_
#define BENCHMARKS_BENCH_H_

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum bench_kind {
  BENCH_FLOOR,     /* the least that this machine can do */
  BENCH_OURS,      /* this library */
  BENCH_REFERENCE, /* to compare with, no library that one would choose */
  BENCH_PEER       /* another library */
};

/* One row.  `run` does `turns` turns and returns the nanoseconds they took, or
 * a negative number when it failed; NULL: it cannot be run here, `note` says
 * why. */
struct row {
  const char *name;
  const char *note;
  double (*run)(long turns);
  enum bench_kind kind;
};

/* The rows of one file. */
struct rows {
  const struct row *row;
  size_t count;
};

#define BENCH_ROWS(array)                                                      \
  { (array), sizeof(array) / sizeof *(array) }

struct bench {
  const char *name;     /* of the program, for --help */
  const char *unit;     /* what the first line counts: "ns/ctxswitch" */
  const char *what;     /* what a number is, in words */
  double per_turn;      /* that many of them in one turn */
  const char *headline; /* the row whose minimum the first line has */
  const char *base;     /* the row that its targets are ratios to */
  const char *headline_head,
      *base_head;                 /* of the columns with ratios to them */
  const struct rows *const *rows; /* NULL ends them */
};

/* The benchmark that a program is; each has one. */
extern const struct bench bench_this;

/* All of main(), with the table written to `out`; returns its exit status. */
int bench_main(int argc, char **argv, const struct bench *bench, FILE *out);

/* Monotonic time, ns.  For rows. */
double bench_now(void);

/* Keeps the process on the CPU where it is.  Returns its number, or -1 if that
 * cannot be done here. */
int bench_pin(void);

/* The processor's name as the system knows it; "" if it does not tell. */
void bench_cpu_name(char *name, size_t bytes);

/* Runs the program beside this one (in argv[0]'s folder) called `program` with
 * two arguments, and returns the number that it prints, or -1. */
double bench_child(const char *program, const char *what, long turns);

/* argv[0], set by bench_main(). */
extern const char *bench_program;

/* A diagnosis for a row that fails. */
double bench_failed(const char *row, const char *why);

#ifdef __cplusplus
}
#endif
#endif
