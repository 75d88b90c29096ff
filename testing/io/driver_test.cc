// What io/io.h says of the driver.
#include <catch2/catch.hpp>

#include <string>

#include "io/io.h"

TEST_CASE("io: the driver and the library that is linked say their names") {
  CHECK(std::string(coro_io_driver()) == "libevent");
  CHECK(std::string(coro_io_driver_version()).substr(0, 4) == "2.1.");
}
