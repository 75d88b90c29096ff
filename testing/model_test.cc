// Random graphs of coroutines against a model.
//
// Whoever runs, the root or one of 64 coroutines, picks the next operation at
// random: resume, suspend, finish, abandon, reset, free, make, defer, rightly
// or not.  The model says beforehand which code that gives and what everyone's
// status is afterwards; after each operation all of it is compared.
//
//  - `stack` holds who waits for whom: the last entry runs, the root is none.
//  - Each resume has a record in its frame; whoever leaves fills in the one of
//    the resume that it returns to, so a function of coro_suspend_with() that
//    goes on with the same coroutine has a record of its own.
//  - A failure prints the seed and ends the process: nobody could say who runs.
//
// CORO_SEED=N repeats one run, CORO_OPERATIONS=N sets its length.
#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "coro/coro.h"
#include "coro/stack.h"
#include "testing/conformance/core.h"

namespace {

constexpr int kSlots = 64;
constexpr int kRoot = -1;
constexpr int kGone = -1; // a status beside those of coro_state
constexpr int kHandlers = 6;
constexpr std::size_t kStackBytes = 65536;

struct Call {
  int event;
  void *value;
};

struct Slot {
  coro *c;
  int status;
  std::uint64_t id;
  int run; // of its life, counts resets
  std::intptr_t deferred[kHandlers];
  int handlers;
  void *injected; // what its yield has to give
  void *result;
  std::size_t storage_bytes;
  bool ending, finishing; // abandoned; returned, with handlers to run
  int nested;             // calls of coro_undefer() that it is in
  alignas(64) char memory[kStackBytes];
};

struct Model {
  std::uint64_t seed, random;
  int patience; // how rarely a coroutine suspends or ends: graphs grow deep
  long left, done;
  int stack[kSlots];
  Call *calls[kSlots];
  int depth, deepest;
  std::intptr_t tokens;
  int allocations;
  long counts[16];
  Slot slots[kSlots];
};

Model m;

std::uint64_t Random() {
  std::uint64_t z = (m.random += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

int Below(int n) {
  return static_cast<int>(Random() % static_cast<unsigned>(n));
}

[[noreturn]] void Fail(int line, const char *what, long long actual,
                       long long expected) {
  std::fprintf(stderr,
               "model_test.cc:%d: operation %ld: %s is %lld, not %lld\n"
               "repeat with CORO_SEED=%llu\n",
               line, m.done, what, actual, expected,
               static_cast<unsigned long long>(m.seed));
  std::_Exit(1);
}

#define EXPECT(actual, expected)                                               \
  do {                                                                         \
    const auto actual_ = static_cast<long long>(actual);                       \
    const auto expected_ = static_cast<long long>(expected);                   \
    if (actual_ != expected_) Fail(__LINE__, #actual, actual_, expected_);     \
  } while (0)

#define EXPECT_SAME(actual, expected)                                          \
  EXPECT(reinterpret_cast<std::intptr_t>(actual),                              \
         reinterpret_cast<std::intptr_t>(expected))

int Running() { return m.depth ? m.stack[m.depth - 1] : kRoot; }

void Compare() {
  const int running = Running();
  EXPECT_SAME(coro_current(), running == kRoot ? nullptr : m.slots[running].c);
  for (Slot &slot : m.slots)
    if (slot.status != kGone) {
      EXPECT(coro_status(slot.c), slot.status);
      EXPECT(coro_id(slot.c), slot.id);
    }
}

// --- Calls of either form --------------------------------------------------

int (*volatile resume_function)(coro *) = coro_resume;
int (*volatile suspend_function)() = coro_suspend;

int Resume(coro *c) { return Below(2) ? coro_resume(c) : resume_function(c); }
int Suspend() { return Below(2) ? coro_suspend() : suspend_function(); }

// --- The model's own moves -------------------------------------------------

void Push(int i, Call *call) {
  const int resumer = Running();
  if (resumer != kRoot) m.slots[resumer].status = CORO_NORMAL;
  m.stack[m.depth] = i;
  m.calls[m.depth] = call;
  m.depth++;
  if (m.depth > m.deepest) m.deepest = m.depth;
  m.slots[i].status = CORO_RUNNING;
}

void Pop(int status, int event, void *value) {
  const int i = Running();
  m.calls[m.depth - 1]->event = event;
  m.calls[m.depth - 1]->value = value;
  m.depth--;
  m.slots[i].status = status;
  if (Running() != kRoot) m.slots[Running()].status = CORO_RUNNING;
}

// What a resume of slot i gives, 0 if it is allowed.
int Refusal(int i) {
  switch (m.slots[i].status) {
  case kGone:
    return CORO_EINVAL;
  case CORO_RUNNING:
    return CORO_ESELF;
  case CORO_NORMAL:
    return CORO_ENESTED;
  case CORO_DONE:
    return CORO_EDONE;
  default:
    return 0;
  }
}

coro *Handle(int i) {
  return m.slots[i].status == kGone ? nullptr : m.slots[i].c;
}

// --- Operations ------------------------------------------------------------

void Act();
void Body(void *arg);

void *Allocate(void *context, std::size_t bytes) {
  ++*static_cast<int *>(context);
  return std::malloc(bytes);
}

void Deallocate(void *context, void *memory, std::size_t bytes) {
  --*static_cast<int *>(context);
  std::memset(memory, 0xa5, bytes < 4096 ? bytes : 4096);
  std::memset(static_cast<char *>(memory) + bytes - 512, 0xa5, 512);
  std::free(memory);
}

const coro_allocator allocator = {Allocate, Deallocate, &m.allocations};

void New(int i) {
  Slot &slot = m.slots[i];
  coro_options options = {};
  const int kind = core_has_own_stacks() ? 0 : Below(4);
  if (slot.status != kGone) return;
  slot.storage_bytes = Below(2) ? 0 : static_cast<std::size_t>(1 + Below(200));
  options.storage_bytes = slot.storage_bytes;
  options.storage_align = std::size_t(1) << Below(9);
  options.stack_bytes = kStackBytes << (kind < 2 ? Below(2) : 0);
  options.name = "model";
  if (kind == 2) options.stack = slot.memory;
  if (kind == 3) options.allocator = &allocator;
  EXPECT(coro_new(&slot.c, Body, &slot, &options), 0);
  slot.status = CORO_READY;
  slot.id = coro_id(slot.c);
  slot.run = 0;
  slot.handlers = 0;
  slot.result = nullptr;
  slot.ending = slot.finishing = false;
  slot.nested = 0;
}

void CheckStorage(const Slot &slot) {
  const auto *bytes = static_cast<unsigned char *>(coro_storage(slot.c));
  EXPECT(bytes != nullptr, slot.storage_bytes > 0);
  if (!bytes) return;
  EXPECT(bytes[0], slot.run ? slot.id & 0xff : 0);
  EXPECT(bytes[slot.storage_bytes - 1], slot.run ? slot.id & 0xff : 0);
}

void CheckResult(const Slot &slot) {
  void *result = &m;
  EXPECT(coro_result(slot.c, &result), 0);
  EXPECT_SAME(result, slot.result);
}

void ResumeSlot(int i) {
  const int refusal = Refusal(i);
  Slot &slot = m.slots[i];
  Call call = {refusal, nullptr};
  void *yielded = &m, *injected = nullptr;
  const bool with = Below(2);
  int rc;
  if (with && Below(4)) injected = &m.slots[Below(kSlots)];
  if (refusal == 0) {
    slot.injected = injected;
    Push(i, &call);
  }
  rc = with ? coro_resume_with(Handle(i), injected, &yielded)
            : Resume(Handle(i));
  EXPECT(rc, call.event);
  // The call is off the model's list when control comes back.
  // NOLINTNEXTLINE(clang-analyzer-core.StackAddressEscape)
  if (with) EXPECT_SAME(yielded, refusal ? &m : call.value);
}

void SuspendWithNothing(void *arg) {
  EXPECT_SAME(arg, &m);
  Compare();
}

// Runs as the resumer of slot arg, which has just suspended.
void SuspendWith(void *arg) {
  Slot &slot = *static_cast<Slot *>(arg);
  const int i = static_cast<int>(&slot - m.slots);
  Compare();
  EXPECT(slot.status, CORO_SUSPENDED);
  // Such functions run inside each other on one stack.
  if (coro_stack_remaining() > kStackBytes / 2) {
    if (Below(2))
      ResumeSlot(i);
    else
      Act();
  }
  Compare();
}

// Leaves the running coroutine in one of the ways there are, and checks what
// comes in.  At the root, or while its handlers run, each is refused.
void SuspendRunning() {
  const int i = Running();
  const int refusal = i == kRoot          ? CORO_EROOT
                      : m.slots[i].ending ? CORO_EENDING
                                          : 0;
  void *value = &m.slots[Below(kSlots)], *injected = &m;
  const int run = i == kRoot ? 0 : m.slots[i].run;
  const int how = Below(4);
  int rc;
  if (refusal == 0) {
    Pop(CORO_SUSPENDED, CORO_SUSPENDED, how == 0 ? value : nullptr);
  }
  switch (how) {
  case 0:
    rc = coro_yield(value, &injected);
    break;
  case 1:
    // The function needs to know whom it is about.
    rc = i == kRoot || refusal ? coro_suspend_with(SuspendWithNothing, &m)
                               : coro_suspend_with(SuspendWith, &m.slots[i]);
    break;
  case 2:
    rc = coro_suspend_with(SuspendWithNothing, &m);
    break;
  default:
    rc = Suspend();
  }
  EXPECT(rc, refusal);
  EXPECT(Running(), i);
  if (i != kRoot) EXPECT(m.slots[i].run, run);
  if (how == 0) EXPECT_SAME(injected, refusal ? &m : m.slots[i].injected);
}

// The last handler after a return is the coroutine's end, unless the handler
// was taken off and run by coro_undefer().
void Handler(void *arg) {
  Slot &slot = m.slots[Running()];
  EXPECT(slot.handlers > 0, 1);
  EXPECT_SAME(arg, reinterpret_cast<void *>(slot.deferred[slot.handlers - 1]));
  slot.handlers--;
  Compare();
  if (Below(4) == 0) Act();
  if (slot.ending && Below(4) == 0) SuspendRunning();
  if (slot.finishing && !slot.ending && !slot.nested && !slot.handlers)
    Pop(CORO_DONE, CORO_DONE, nullptr);
}

void Defer() {
  const int i = Running();
  const std::intptr_t token = ++m.tokens;
  if (i != kRoot && m.slots[i].handlers == kHandlers) return;
  EXPECT(coro_defer(Handler, reinterpret_cast<void *>(token)),
         i == kRoot ? CORO_EROOT : 0);
  if (i != kRoot) m.slots[i].deferred[m.slots[i].handlers++] = token;
}

void Undefer() {
  const int i = Running();
  const int run = Below(2);
  int expected = 0;
  if (i == kRoot)
    expected = CORO_EROOT;
  else if (m.slots[i].handlers == 0)
    expected = CORO_EINVAL;
  else if (!run)
    m.slots[i].handlers--; // else the handler does so
  if (i != kRoot) m.slots[i].nested++;
  EXPECT(coro_undefer(run), expected);
  if (i != kRoot) m.slots[i].nested--;
}

void Abandon(int i) {
  Slot &slot = m.slots[i];
  Call call = {0, nullptr};
  const int status = slot.status;
  int expected = 0;
  if (status == kGone) expected = CORO_EINVAL;
  if (status == CORO_RUNNING || status == CORO_NORMAL) expected = CORO_EBUSY;
  if (status == CORO_SUSPENDED) {
    slot.ending = true;
    slot.nested = 0;
    Push(i, &call);
  }
  EXPECT(coro_abandon(Handle(i)), expected);
  if (status == CORO_SUSPENDED) {
    EXPECT(Running(), i);
    EXPECT(slot.handlers, 0);
    Pop(CORO_DONE, CORO_DONE, nullptr);
    CheckResult(slot);
  }
  if (status == CORO_READY) slot.status = CORO_DONE;
}

void Reset(int i) {
  Slot &slot = m.slots[i];
  int expected = CORO_EBUSY;
  if (slot.status == kGone) expected = CORO_EINVAL;
  if (slot.status == CORO_DONE) expected = 0;
  EXPECT(coro_reset(Handle(i), Body, &slot), expected);
  if (expected) return;
  slot.status = CORO_READY;
  slot.ending = slot.finishing = false;
  slot.nested = 0;
  slot.result = nullptr;
  CheckResult(slot);
}

void Free(int i) {
  Slot &slot = m.slots[i];
  int expected = CORO_EBUSY;
  if (slot.status == kGone) expected = CORO_EINVAL;
  if (slot.status == CORO_DONE || slot.status == CORO_READY) expected = 0;
  EXPECT(coro_free(Handle(i)), expected);
  if (expected == 0) slot.status = kGone;
}

void SetResult() {
  const int i = Running();
  void *result = &m.slots[Below(kSlots)];
  EXPECT(coro_set_result(result), i == kRoot ? CORO_EROOT : 0);
  if (i != kRoot) {
    m.slots[i].result = result;
    CheckResult(m.slots[i]);
  }
}

// One operation of whoever runs.
void Act() {
  const int i = Below(kSlots);
  const int operation = Below(15);
  if (m.left <= 0) return;
  m.left--;
  m.done++;
  m.counts[operation]++;
  switch (operation) {
  case 0:
  case 1:
  case 2:
  case 3:
    ResumeSlot(i);
    break;
  case 4:
  case 5:
  case 6:
    if (Below(m.patience) < 6) SuspendRunning();
    break;
  case 7:
    Abandon(i);
    break;
  case 8:
    Reset(i);
    break;
  case 9:
    Free(i);
    break;
  case 10:
  case 11:
    New(i);
    break;
  case 12:
    Defer();
    break;
  case 13:
    Undefer();
    break;
  default:
    SetResult();
  }
  Compare();
}

void Body(void *arg) {
  Slot &slot = *static_cast<Slot *>(arg);
  const int i = static_cast<int>(&slot - m.slots);
  // Locals that have to be there after every switch.
  volatile int mine = i;
  EXPECT(Running(), i);
  CheckStorage(slot);
  if (slot.run == 0 && slot.storage_bytes) {
    auto *bytes = static_cast<unsigned char *>(coro_current_storage());
    std::memset(bytes, static_cast<int>(slot.id & 0xff), slot.storage_bytes);
  }
  slot.run++;
  while (m.left > 0 && Below(m.patience)) {
    Act();
    EXPECT(mine, i);
    EXPECT(Running(), i);
  }
  slot.finishing = true;
  if (!slot.handlers) Pop(CORO_DONE, CORO_DONE, nullptr);
}

void Run(std::uint64_t seed, long operations) {
  std::memset(m.counts, 0, sizeof m.counts);
  m.seed = m.random = seed;
  m.patience = 8 << seed % 5;
  m.left = operations;
  m.done = 0;
  m.depth = m.deepest = 0;
  for (Slot &slot : m.slots) slot.status = kGone;
  while (m.left > 0) Act();
  EXPECT(Running(), kRoot);
  for (int i = 0; i < kSlots; i++) {
    Abandon(i);
    Free(i);
    Compare();
  }
  EXPECT(m.allocations, 0);
  if (operations < 10000) return;
  EXPECT(m.deepest > 3, 1);
  for (int operation = 0; operation < 15; operation++)
    EXPECT(m.counts[operation] > 0, 1);
}

} // namespace

TEST_CASE("67: a random graph of coroutines does what the model says") {
  const char *seed = std::getenv("CORO_SEED");
  const char *length = std::getenv("CORO_OPERATIONS");
  const long operations = length           ? std::strtol(length, nullptr, 0)
                          : core_is_slow() ? 10000
                                           : 100000;
  if (seed) {
    Run(std::strtoull(seed, nullptr, 0), operations);
    return;
  }
  for (std::uint64_t s = 1; s <= 10; s++) {
    Run(s, operations);
    CHECK(m.done == operations);
  }
}
