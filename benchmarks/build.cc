// What this benchmark was built with.  In C++, so that the program has a C++
// runtime: a switch then looks after exception globals that are in use, as it
// does in any C++ program.

#include "benchmarks/build.h"

#include <cstdio>
#include <exception>

#include "coro/coro.h"

// BENCH_MODE comes from the build.
#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)
#if defined(__OPTIMIZE__)
const char bench_mode[] = STRING(BENCH_MODE) ", optimised";
#else
const char bench_mode[] = STRING(BENCH_MODE) ", not optimised";
#endif

#if defined(__clang__)
const char bench_compiler[] = "clang " __clang_version__;
#elif defined(__GNUC__)
const char bench_compiler[] = "gcc " __VERSION__;
#else
const char bench_compiler[] = "another compiler";
#endif

const char *bench_backend() {
  static char text[64];
  std::snprintf(text, sizeof text, "%s backend, %s", coro_backend(),
                CORO__INLINE ? "inline" : "not inline in this build");
  return text;
}

namespace {

// Whether the globals that a coroutine's switch sees are this runtime's: inside
// a handler, a suspend and a resume must not lose the caught exception.
void throw_and_suspend(void *seen) {
  try {
    throw 1;
  } catch (int) {
    coro_suspend();
    *static_cast<bool *>(seen) = std::current_exception() != nullptr;
  }
}

} // namespace

const char *bench_exceptions() {
  static int known = -1;
  if (known < 0) {
    bool seen = false;
    coro *c = nullptr;
    known = 0;
    if (coro_new(&c, throw_and_suspend, &seen, nullptr) == 0) {
      if (coro_resume(c) == CORO_SUSPENDED) {
        const bool leaked = std::current_exception() != nullptr;
        coro_resume(c);
        known = seen && !leaked;
      }
      coro_free(c);
    }
  }
  return known ? "C++ exception state is each coroutine's"
               : "C++ exception state is not looked after";
}
