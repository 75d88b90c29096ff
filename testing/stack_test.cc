// The pool of stacks under load; conformance/core_stack.c has the promises one
// by one, faults_test.cc the guards.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "coro/coro.h"
#include "coro/stack.h"
#include "testing/conformance/core.h"

namespace {

using Range = std::pair<std::uintptr_t, std::uintptr_t>;

Range RangeOf(const coro_stack &stack) {
  const auto low = reinterpret_cast<std::uintptr_t>(stack.memory);
  return {low, low + stack.bytes};
}

// No two overlap, and 64 KiB are between any two.
bool Apart(const std::vector<coro_stack> &stacks) {
  std::vector<Range> ranges;
  ranges.reserve(stacks.size());
  for (const coro_stack &stack : stacks) ranges.push_back(RangeOf(stack));
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 1; i < ranges.size(); i++)
    if (ranges[i].first < ranges[i - 1].second + 65536) return false;
  return true;
}

std::uint64_t Next(std::uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

void Nothing(void *) {}

} // namespace

TEST_CASE("stack.h: thousands of stacks have guards between them") {
  const int count = core_is_slow() ? 300 : 3000;
  std::vector<coro_stack> stacks;
  if (core_has_own_stacks()) return;
  for (int i = 0; i < count; i++) {
    coro_stack stack;
    REQUIRE(coro_stack_alloc(&stack, std::size_t(4096) << i % 5) == 0);
    static_cast<char *>(stack.memory)[0] = 1;
    static_cast<char *>(stack.memory)[stack.bytes - 1] = 1;
    stacks.push_back(stack);
  }
  CHECK(Apart(stacks));
  for (coro_stack &stack : stacks) REQUIRE(coro_stack_free(&stack) == 0);
}

TEST_CASE("stack.h: a stack that is freed is the next to be handed out") {
  coro_stack first, second, again;
  if (core_has_own_stacks()) return;
  REQUIRE(coro_stack_alloc(&first, 65536) == 0);
  REQUIRE(coro_stack_alloc(&second, 65536) == 0);
  const void *memory = first.memory;
  REQUIRE(coro_stack_free(&second) == 0);
  REQUIRE(coro_stack_free(&first) == 0);
  REQUIRE(coro_stack_alloc(&again, 65536) == 0);
  CHECK(again.memory == memory);
  REQUIRE(coro_stack_free(&again) == 0);
}

TEST_CASE("stack.h: stacks in use keep what is written, in any order of use") {
  const int rounds = core_is_slow() ? 2000 : 50000;
  std::uint64_t random = 1;
  std::vector<std::pair<coro_stack, char>> used;
  if (core_has_own_stacks()) return;
  const auto intact = [](const std::pair<coro_stack, char> &entry) {
    const char *low = static_cast<char *>(entry.first.memory);
    return low[0] == entry.second &&
           low[entry.first.bytes - 1] == entry.second &&
           low[entry.first.bytes / 2] == entry.second;
  };
  int broken = 0;
  for (int i = 0; i < rounds; i++) {
    if (used.size() < 40 && Next(&random) % 2) {
      coro_stack stack;
      const char mark = static_cast<char>(Next(&random));
      REQUIRE(coro_stack_alloc(&stack, 1 + Next(&random) % 40000) == 0);
      char *low = static_cast<char *>(stack.memory);
      low[0] = low[stack.bytes - 1] = low[stack.bytes / 2] = mark;
      used.emplace_back(stack, mark);
    } else if (!used.empty()) {
      std::swap(used[Next(&random) % used.size()], used.back());
      broken += !intact(used.back());
      REQUIRE(coro_stack_free(&used.back().first) == 0);
      used.pop_back();
    }
  }
  CHECK(broken == 0);
  for (auto &entry : used) REQUIRE(coro_stack_free(&entry.first) == 0);
}

TEST_CASE("stack.h: threads free each other's stacks, also after their end") {
  const int rounds = core_is_slow() ? 200 : 5000;
  std::mutex lock;
  std::vector<coro *> shared;
  int failures = 0;
  const auto work = [&](std::uint64_t random) {
    for (int i = 0; i < rounds; i++) {
      coro *c = nullptr;
      const bool give = Next(&random) % 2;
      if (give && coro_new(&c, Nothing, nullptr, nullptr) < 0) c = nullptr;
      const std::lock_guard<std::mutex> locked(lock);
      if (give) {
        if (c)
          shared.push_back(c);
        else
          failures++;
      } else if (!shared.empty()) {
        std::swap(shared[Next(&random) % shared.size()], shared.back());
        if (coro_free(shared.back()) != 0) failures++;
        shared.pop_back();
      }
    }
  };
  for (int generation = 0; generation < 3; generation++) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; i++) threads.emplace_back(work, i);
    for (std::thread &thread : threads) thread.join();
  }
  CHECK(failures == 0);
  for (coro *c : shared) CHECK(coro_free(c) == 0);
}
