// frame.h with what only C++ has: namespaces, scoped enumerations, classes,
// lambdas.  conformance/core_frame.c has the cases that are the same in C, and
// is compiled as C++11 too.
#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <type_traits>

#include "coro/frame.h"

namespace outer {
namespace {

enum class Fruit { kApple, kPear };

class Point {
public:
  Point() = default;
  Point(int x, int y) : x_(x), y_(y) {}
  int Sum() const { return x_ + y_; }

private:
  int x_ = 0, y_ = 0;
};

using Row = std::array<int, 5>;

// Yields points, is injected fruit, returns a row; takes a pointer to a member
// function, a reference in a pointer's place, a flag.
using Method = int (Point::*)() const;

CORO_FRAME(orchard, Row, Point, Fruit, (Method, method), (std::string *, log),
           (bool, loud))

CORO_FRAME_BODY(orchard) {
  Row row = {};
  // The members of the body's own are as in any function.
  const std::string mark = self->loud ? "!" : ".";
  for (int i = 0; i < 5; i++) {
    Fruit fruit = Fruit::kApple;
    const Point point(i, 10 * i);
    if (orchard_yield(self, point, &fruit) < 0) break;
    *self->log += (fruit == Fruit::kPear ? "pear" : "apple") + mark;
    row[static_cast<std::size_t>(i)] = (point.*self->method)();
  }
  return row;
}

CORO_FRAME_TYPE(sum, long, void, int, (long, start))

} // namespace
} // namespace outer

using outer::Fruit;
using outer::Point;
using outer::Row;
using namespace outer; // the functions that CORO_FRAME defines there

TEST_CASE("frame.h: classes, arrays and scoped enumerations are types") {
  std::string log;
  orchard *f = nullptr;
  Point point;
  Row row = {};
  REQUIRE(orchard_new(&f, &Point::Sum, &log, true) == 0);
  REQUIRE(orchard_start(f, &point) == CORO_SUSPENDED);
  CHECK(point.Sum() == 0);
  for (int i = 1; i < 5; i++) {
    REQUIRE(orchard_next(f, i % 2 ? Fruit::kPear : Fruit::kApple, &point) ==
            CORO_SUSPENDED);
    CHECK(point.Sum() == 11 * i);
  }
  REQUIRE(orchard_end(f, Fruit::kPear, &row) == CORO_DONE);
  CHECK(row == Row{{0, 11, 22, 33, 44}});
  CHECK(log == "pear!apple!pear!apple!pear!");
  CHECK(orchard_free(f) == 0);
}

TEST_CASE("frame.h: a lambda without captures is a body") {
  sum *f = nullptr;
  long result = 0;
  const auto body = [](sum *self) -> long {
    long total = self->start;
    int in = 0;
    while (sum_yield(self, &in) == 0 && in) total += in;
    return total;
  };
  REQUIRE(sum_new_with(&f, body, nullptr, 100) == 0);
  REQUIRE(sum_start(f) == CORO_SUSPENDED);
  for (int i = 1; i <= 10; i++) REQUIRE(sum_next(f, i) == CORO_SUSPENDED);
  REQUIRE(sum_end(f, 0, &result) == CORO_DONE);
  CHECK(result == 155);
  CHECK(sum_free(f) == 0);
}

TEST_CASE("frame.h: a frame is a plain struct with the arguments as members") {
  static_assert(std::is_trivially_copyable<orchard>::value, "raw memory");
  static_assert(std::is_same<decltype(sum::start), long>::value, "a member");
  static_assert(std::is_same<sum_fn, long (*)(sum *)>::value, "the body");
  static_assert(std::is_same<orchard_return, Row>::value, "what it returns");
  sum *f = nullptr;
  const auto body = [](sum *self) -> long { return self->start; };
  REQUIRE(sum_new_with(&f, body, nullptr, 7) == 0);
  f->start = 8; // until it runs they may be changed
  REQUIRE(sum_start(f) == CORO_DONE);
  long result = 0;
  CHECK(sum_returned(f, &result) == 0);
  CHECK(result == 8);
  CHECK(sum_from(sum_coro(f)) == f);
  CHECK(orchard_from(sum_coro(f)) == nullptr);
  CHECK(sum_free(f) == 0);
}
