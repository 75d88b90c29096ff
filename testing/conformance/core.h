/*
 * testing/conformance/core.h - a table of cases in plain C, and how one is run.
 *
 * A case is a number of the catalogue (README.md), a sentence that is true, and
 * a function.  Files of cases include core_check.h and export an array that
 * ends with a zeroed entry; a program lists its arrays in core_tables[] and is
 * linked with core.c and one of two runners: core_main.c, a plain program, or
 * core_catch.cc, which makes each case one of Catch2's.
 */
#ifndef TESTING_CONFORMANCE_CORE_H_
#define TESTING_CONFORMANCE_CORE_H_

#ifdef __cplusplus
extern "C" {
#endif

typedef struct core_case {
  const char *number; /* "27", or the header whose promise it is: "stack.h" */
  const char *name;
  void (*run)(void);
} core_case;

/* The arrays of this program, with a NULL behind the last. */
extern const core_case *const core_tables[];

/* Runs one case; returns how many of its checks failed.  Each of those has been
 * printed to stderr. */
int core_run(const core_case *c);

/* What the macros of core_check.h call; any thread. */
void core_fail(const char *file, int line, const char *what);
void core_check_int(const char *file, int line, const char *what,
                    long long actual, long long expected);

/* 1 where a switch costs a hundred times more or the number of coroutines is
 * limited: under a sanitizer or Valgrind.  Long cases are shorter then. */
int core_is_slow(void);

/* 1 where the backend makes stacks itself and takes none from the caller. */
int core_has_own_stacks(void);

#ifdef __cplusplus
}
#endif
#endif
