/*
 * benchmarks/build.h - what this benchmark was built with.
 */
#ifndef BENCHMARKS_BUILD_H_
#define BENCHMARKS_BUILD_H_

#ifdef __cplusplus
extern "C" {
#endif

/* Bazel's compilation mode and what it means for the code measured. */
extern const char bench_mode[];

extern const char bench_compiler[];

/* The backend's name, and whether resume and suspend are inline. */
const char *bench_backend(void);

/* Whether a switch looks after the exception globals of a C++ runtime: it does
 * in a program that has one, and costs a little more. */
const char *bench_exceptions(void);

#ifdef __cplusplus
}
#endif
#endif
