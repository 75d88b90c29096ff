// Boost.Context: its public fiber, and the two functions of assembly below it.

#include "benchmarks/ctx.h"
#include "benchmarks/spawn.h"

#if defined(CORO_HAVE_BOOST_CONTEXT)
#include <boost/context/detail/fcontext.hpp>
#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>

#include <cstdlib>
#include <memory>
#include <utility>

namespace {

namespace ctx = boost::context;

constexpr std::size_t kStackBytes = 65536;

// --- fiber ---------------------------------------------------------------

double run_fiber(long turns) {
  // Never destroyed: that would unwind its stack at exit.
  static ctx::fiber *const kept = new ctx::fiber([](ctx::fiber &&root) {
    for (;;) root = std::move(root).resume();
    return std::move(root);
  });
  ctx::fiber f = std::move(*kept);
  f = std::move(f).resume();
  const double start = bench_now();
  for (long i = 0; i < turns; i++) f = std::move(f).resume();
  const double ns = bench_now() - start;
  *kept = std::move(f);
  return ns;
}

double spawn_fiber(long turns) {
  static ctx::pooled_fixedsize_stack pool(kStackBytes);
  long ran = 0;
  const double start = bench_now();
  for (long i = 0; i < turns; i++) {
    ctx::fiber f(std::allocator_arg, pool, [&ran](ctx::fiber &&root) {
      ++ran;
      return std::move(root);
    });
    f = std::move(f).resume();
  }
  const double ns = bench_now() - start;
  return ran == turns ? ns : bench_failed("boost fiber", "one did not run");
}

// --- fcontext ------------------------------------------------------------

void bounce(ctx::detail::transfer_t from) {
  for (;;) from = ctx::detail::jump_fcontext(from.fctx, nullptr);
}

double run_fcontext(long turns) {
  static char *const stack = static_cast<char *>(std::malloc(kStackBytes));
  if (!stack) return bench_failed("boost fcontext", "no memory");
  ctx::detail::transfer_t to = {
      ctx::detail::make_fcontext(stack + kStackBytes, kStackBytes, bounce),
      nullptr};
  to = ctx::detail::jump_fcontext(to.fctx, nullptr);
  const double start = bench_now();
  for (long i = 0; i < turns; i++)
    to = ctx::detail::jump_fcontext(to.fctx, nullptr);
  return bench_now() - start;
}

void count(ctx::detail::transfer_t from) {
  ++*static_cast<long *>(from.data);
  ctx::detail::jump_fcontext(from.fctx, nullptr);
}

double spawn_fcontext(long turns) {
  static char *const stack = static_cast<char *>(std::malloc(kStackBytes));
  if (!stack) return bench_failed("boost fcontext", "no memory");
  long ran = 0;
  const double start = bench_now();
  for (long i = 0; i < turns; i++)
    ctx::detail::jump_fcontext(
        ctx::detail::make_fcontext(stack + kStackBytes, kStackBytes, count),
        &ran);
  const double ns = bench_now() - start;
  return ran == turns ? ns : bench_failed("boost fcontext", "one did not run");
}

const char kFiber[] = "boost::context::fiber";
const char kFcontext[] = "jump_fcontext: no state, no checks";
const char kSpawnFiber[] = "boost::context::fiber on pooled_fixedsize_stack";
const char kSpawnFcontext[] = "make_fcontext on one stack used again";

} // namespace
#else
namespace {

double (*const run_fiber)(long) = nullptr;
double (*const spawn_fiber)(long) = nullptr;
double (*const run_fcontext)(long) = nullptr;
double (*const spawn_fcontext)(long) = nullptr;
const char kFiber[] = "built without libboost-context-dev";
const char *const kFcontext = kFiber;
const char *const kSpawnFiber = kFiber;
const char *const kSpawnFcontext = kFiber;

} // namespace
#endif

namespace {

const row ctx_rows[] = {
    {"boost fcontext", kFcontext, run_fcontext, BENCH_PEER},
    {"boost fiber", kFiber, run_fiber, BENCH_PEER},
};

const row spawn_rows[] = {
    {"boost fcontext", kSpawnFcontext, spawn_fcontext, BENCH_PEER},
    {"boost fiber", kSpawnFiber, spawn_fiber, BENCH_PEER},
};

} // namespace

extern "C" const rows ctx_boost_rows = BENCH_ROWS(ctx_rows);
extern "C" const rows spawn_boost_rows = BENCH_ROWS(spawn_rows);
