// Catch2's own half, and main().
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
