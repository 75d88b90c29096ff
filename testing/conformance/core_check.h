/*
 * testing/conformance/core_check.h - what cases are written with.
 *
 *   CHECK(condition)            reports file and line, and goes on
 *   REQUIRE(condition)          the same, and returns from a void function:
 *                               from the case, or from a coroutine's body
 *   CHECK_INT(actual, expected) prints both
 *
 * Not for files that include Catch2, which has macros of the same names.
 */
#ifndef TESTING_CONFORMANCE_CORE_CHECK_H_
#define TESTING_CONFORMANCE_CORE_CHECK_H_

#include "testing/conformance/core.h"

#define CHECK(condition)                                                       \
  ((condition) ? (void)0 : core_fail(__FILE__, __LINE__, #condition))

#define REQUIRE(condition)                                                     \
  do {                                                                         \
    if (!(condition)) {                                                        \
      core_fail(__FILE__, __LINE__, #condition);                               \
      return;                                                                  \
    }                                                                          \
  } while (0)

#define CHECK_INT(actual, expected)                                            \
  core_check_int(__FILE__, __LINE__, #actual " == " #expected,                 \
                 (long long)(actual), (long long)(expected))

#endif
