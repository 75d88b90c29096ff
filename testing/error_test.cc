// error.h from C++; the suite in conformance/ has the cases that are the same
// in C.
#include <catch2/catch.hpp>

#include <cerrno>

#include <set>
#include <string>

#include "coro/error.h"

TEST_CASE("error.h: the codes are constants that a switch tells apart") {
  int seen = 0;
  switch (static_cast<coro_error>(CORO_EBUSY)) {
#define CASE(name, number, text)                                               \
  case name:                                                                   \
    static_assert((name) == (number) && (name) < 0, "as listed");              \
    seen = name;                                                               \
    break;
    CORO_ERRORS(CASE)
#undef CASE
  }
  CHECK(seen == CORO_EBUSY);
}

TEST_CASE("error.h: all texts and names are different") {
  std::set<std::string> texts, names;
  int codes = 0;
#define NOTE(name, number, text)                                               \
  texts.insert(coro_strerror(name));                                           \
  names.insert(coro_error_name(name));                                         \
  codes++;
  CORO_ERRORS(NOTE)
#undef NOTE
  CHECK(texts.size() == static_cast<std::size_t>(codes));
  CHECK(names.size() == static_cast<std::size_t>(codes));
  CHECK(texts.count(coro_strerror(0)) == 0);
  CHECK(texts.count(coro_strerror(1)) == 0);
  CHECK(texts.count(coro_strerror(-4711)) == 0);
  CHECK(names.count(coro_error_name(-4711)) == 0);
}

TEST_CASE("error.h: a text is the same at each call") {
  CHECK(coro_strerror(CORO_EINVAL) == coro_strerror(CORO_EINVAL));
  CHECK(coro_strerror(12345) == coro_strerror(54321));
}

#if defined(__linux__)
TEST_CASE("error.h: on Linux a code with a counterpart is minus errno") {
  CHECK(CORO_EAGAIN == -EAGAIN);
  CHECK(CORO_ENOMEM == -ENOMEM);
  CHECK(CORO_EBUSY == -EBUSY);
  CHECK(CORO_EINVAL == -EINVAL);
  CHECK(CORO_EOVERFLOW == -EOVERFLOW);
  CHECK(CORO_ENOTSUP == -ENOTSUP);
  CHECK(CORO_ETIMEDOUT == -ETIMEDOUT);
  CHECK(CORO_ECANCELED == -ECANCELED);
}
#endif
