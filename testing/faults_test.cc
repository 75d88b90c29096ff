// What happens when the system says no: the Nth call of malloc, calloc, mmap,
// madvise, mprotect or pthread_setspecific fails, for every N that a tour
// through the whole interface reaches, once or from then on.
//
//  - The linker leads these calls here (--wrap in the BUILD file); memory that
//    is held is counted on the way.
//  - Every trial is a child process, so that what the library does once a
//    process is done, and may fail, in each.
//  - A failure is absorbed, or told as CORO_ENOMEM or CORO_EGUARD.  Afterwards
//    nothing is held, and the same tour succeeds.
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <atomic>
#include <cerrno>

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coro/coro.h"
#include "coro/frame.h"
#include "coro/stack.h"
#include "testing/conformance/core.h"

namespace {

constexpr int kGuardInstall = 102; // MADV_GUARD_INSTALL
constexpr std::size_t kGuardBytes = 65536;

// --- The calls that fail ---------------------------------------------------

enum class Kernel {
  kAsItIs,
  kWithoutGuards,   // EINVAL for advice that it does not know
  kAgreesToAll,     // qemu-user: 0, and nothing happens
  kRefusesOnLocked, // guards work, but not where they are needed
};

std::atomic<long> calls;        // since the last Arm()
std::atomic<long> fails_at;     // 0: none
std::atomic<bool> fails_always; // from fails_at on
std::atomic<long> protections;  // mprotect to PROT_NONE
std::atomic<long> guards;       // guards placed by advice
std::atomic<bool> no_protection;
std::atomic<Kernel> kernel{Kernel::kAsItIs};

// This thread is in the library, as far as the test can know.  Where a program
// is linked statically, the C library and the tools' runtimes make these calls
// as well, and theirs neither fail nor count.
thread_local bool inside;

void Arm(long at, bool always) {
  calls = 0;
  fails_always = always;
  fails_at = at;
}

bool Fails() {
  if (!inside) return false;
  const long call = ++calls, at = fails_at;
  return at != 0 && (fails_always ? call >= at : call == at);
}

// What the library holds: blocks of memory and mappings, by address.
struct Held {
  void *at[4096];
  int count;
  std::atomic_flag lock;
};
Held held;

void Lock() {
  while (held.lock.test_and_set()) sched_yield();
}

void Hold(void *at) {
  if (!inside || !at) return;
  Lock();
  if (held.count == 4096) std::_Exit(92);
  held.at[held.count++] = at;
  held.lock.clear();
}

void Release(void *at) {
  if (!at) return;
  Lock();
  for (int i = held.count - 1; i >= 0; i--)
    if (held.at[i] == at) {
      held.at[i] = held.at[--held.count];
      break;
    }
  held.lock.clear();
}

int HeldCount() {
  Lock();
  const int count = held.count;
  held.lock.clear();
  return count;
}

} // namespace

extern "C" {
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void __real_free(void *memory);
void *__real_mmap(void *at, size_t bytes, int protection, int flags, int file,
                  off_t offset);
int __real_munmap(void *at, size_t bytes);
int __real_madvise(void *at, size_t bytes, int advice);
int __real_mprotect(void *at, size_t bytes, int protection);
int __real_pthread_setspecific(pthread_key_t key, const void *value);

void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void __wrap_free(void *memory);
void *__wrap_mmap(void *at, size_t bytes, int protection, int flags, int file,
                  off_t offset);
int __wrap_munmap(void *at, size_t bytes);
int __wrap_madvise(void *at, size_t bytes, int advice);
int __wrap_mprotect(void *at, size_t bytes, int protection);
int __wrap_pthread_setspecific(pthread_key_t key, const void *value);

void *__wrap_malloc(size_t bytes) {
  void *memory = Fails() ? nullptr : __real_malloc(bytes);
  Hold(memory);
  return memory;
}

void *__wrap_calloc(size_t count, size_t bytes) {
  void *memory = Fails() ? nullptr : __real_calloc(count, bytes);
  Hold(memory);
  return memory;
}

void __wrap_free(void *memory) {
  Release(memory);
  __real_free(memory);
}

void *__wrap_mmap(void *at, size_t bytes, int protection, int flags, int file,
                  off_t offset) {
  if (Fails()) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  void *memory = __real_mmap(at, bytes, protection, flags, file, offset);
  if (memory != MAP_FAILED) Hold(memory);
  return memory;
}

int __wrap_munmap(void *at, size_t bytes) {
  Release(at); // before another thread can get the address
  return __real_munmap(at, bytes);
}

int __wrap_madvise(void *at, size_t bytes, int advice) {
  if (Fails()) {
    errno = ENOMEM;
    return -1;
  }
  if (!inside) return __real_madvise(at, bytes, advice);
  switch (kernel) {
  case Kernel::kAgreesToAll:
    return 0;
  case Kernel::kWithoutGuards:
    if (advice >= kGuardInstall) {
      errno = EINVAL;
      return -1;
    }
    break;
  case Kernel::kRefusesOnLocked:
    if (advice == kGuardInstall) {
      if (bytes < kGuardBytes) return 0; // the probe, one page
      errno = EINVAL;
      return -1;
    }
    break;
  default:
    break;
  }
  const int rc = __real_madvise(at, bytes, advice);
  if (rc == 0 && advice == kGuardInstall) ++guards;
  return rc;
}

int __wrap_mprotect(void *at, size_t bytes, int protection) {
  if (Fails() || (inside && no_protection)) {
    errno = ENOMEM;
    return -1;
  }
  if (inside && protection == PROT_NONE) ++protections;
  return __real_mprotect(at, bytes, protection);
}

int __wrap_pthread_setspecific(pthread_key_t key, const void *value) {
  return Fails() ? ENOMEM : __real_pthread_setspecific(key, value);
}
} // extern "C"

namespace {

struct Errand {
  void *(*fn)(void *);
  void *arg;
};

void *RunErrand(void *arg) {
  const Errand *errand = static_cast<Errand *>(arg);
  inside = true;
  void *result = errand->fn(errand->arg);
  inside = false;
  return result;
}

// On a thread, whose end gives back what it holds.
void OnAThread(void *(*fn)(void *), void *arg) {
  const bool was_inside = inside;
  Errand errand = {fn, arg};
  pthread_t thread;
  inside = false;
  if (pthread_create(&thread, nullptr, RunErrand, &errand) != 0) std::_Exit(90);
  pthread_join(thread, nullptr);
  inside = was_inside;
}

// --- The tour --------------------------------------------------------------

struct Tour {
  bool clean;   // nothing may fail
  int failures; // that were told
  const char *wrong;
  int line;
};

// Codes that a call may give, depending on what fails.
bool Allowed(Tour *tour, int rc, int line) {
  if (rc >= 0) return true;
  tour->failures++;
  if ((tour->clean || (rc != CORO_ENOMEM && rc != CORO_EGUARD)) &&
      !tour->wrong) {
    tour->wrong = coro_error_name(rc);
    tour->line = line;
  }
  return false;
}

#define GO(call) Allowed(tour, (call), __LINE__)
#define MUST(condition)                                                        \
  do {                                                                         \
    if (!(condition) && !tour->wrong) {                                        \
      tour->wrong = #condition;                                                \
      tour->line = __LINE__;                                                   \
    }                                                                          \
  } while (0)

struct Body {
  Tour *tour;
  int handlers, expected, steps;
};

void Handler(void *arg) { static_cast<Body *>(arg)->handlers++; }

void DeferAndSuspend(void *arg) {
  Body *body = static_cast<Body *>(arg);
  Tour *tour = body->tour;
  for (int i = 0; i < 3; i++)
    if (GO(coro_defer(Handler, body))) body->expected++;
  body->steps++;
  coro_yield(body, nullptr);
  body->steps++;
  if (coro_undefer(0) == 0) body->expected--;
  coro_suspend();
  body->steps++;
}

CORO_FRAME(adder, int, int, int, (int, from))
CORO_FRAME_BODY(adder) {
  int in = 0;
  if (adder_yield(self, self->from, &in) < 0) return -1;
  return self->from + in;
}

void Nothing(void *) {}

void *Allocate(void *, std::size_t bytes) { return std::malloc(bytes); }
void Deallocate(void *, void *memory, std::size_t) { std::free(memory); }
const coro_allocator allocator = {Allocate, Deallocate, nullptr};

void *FreeElsewhere(void *arg) {
  coro_free(static_cast<coro *>(arg));
  return nullptr;
}

// Runs a coroutine to its end or abandons it in the middle.
void RunOne(Tour *tour, const coro_options *options, bool to_the_end) {
  Body body = {tour, 0, 0, 0};
  coro *const untouched = reinterpret_cast<coro *>(&body);
  coro *c = untouched;
  void *yielded = nullptr;
  if (!GO(coro_new(&c, DeferAndSuspend, &body, options))) {
    MUST(c == untouched);
    return;
  }
  MUST(coro_resume_with(c, nullptr, &yielded) == CORO_SUSPENDED);
  MUST(yielded == &body);
  MUST(coro_resume(c) == CORO_SUSPENDED);
  if (to_the_end)
    MUST(coro_resume(c) == CORO_DONE);
  else
    MUST(coro_abandon(c) == 0);
  MUST(body.handlers == body.expected);
  MUST(body.steps == (to_the_end ? 3 : 2));
  MUST(coro_reset(c, Nothing, nullptr) == 0);
  MUST(coro_resume(c) == CORO_DONE);
  MUST(coro_free(c) == 0);
}

void RunMany(Tour *tour, std::size_t stack_bytes) {
  constexpr int kMany = 24; // more than a first slab has
  coro *all[kMany];
  int made = 0;
  coro_options options = {};
  options.stack_bytes = stack_bytes;
  for (int i = 0; i < kMany; i++)
    if (GO(coro_new(&all[made], Nothing, nullptr, &options))) made++;
  for (int i = 0; i < made; i++) MUST(coro_resume(all[i]) == CORO_DONE);
  for (int i = 0; i < made; i++) MUST(coro_free(all[i]) == 0);
}

void *RunTour(void *arg) {
  Tour *tour = static_cast<Tour *>(arg);
  coro_options options = {};
  coro_env env = {};
  coro *c = nullptr;
  adder *f = nullptr;
  int v = 0;

  RunOne(tour, nullptr, true);
  RunOne(tour, nullptr, false);
  options.storage_bytes = 1000;
  options.storage_align = 512;
  options.name = "faulty";
  RunOne(tour, &options, true);
  for (std::size_t bytes = 16384; bytes <= (std::size_t(1) << 20); bytes *= 4)
    RunMany(tour, bytes);

  options.allocator = &allocator;
  RunOne(tour, &options, false);
  env.allocator = &allocator;
  env.stack_bytes = 32768;
  MUST(coro_env_set(&env) == 0);
  RunOne(tour, nullptr, true);
  MUST(coro_env_set(nullptr) == 0);

  coro_stack stack = {tour, 7, nullptr};
  if (GO(coro_stack_alloc(&stack, 131072))) {
    std::memset(stack.memory, 0xa5, stack.bytes);
    options = {};
    options.stack = stack.memory;
    options.stack_bytes = stack.bytes;
    RunOne(tour, &options, true);
    MUST(coro_stack_free(&stack) == 0);
  } else {
    MUST(stack.memory == tour && stack.bytes == 7);
  }

  if (GO(adder_new(&f, 3))) {
    MUST(adder_start(f, &v) == CORO_SUSPENDED && v == 3);
    MUST(adder_end(f, 4, &v) == CORO_DONE && v == 7);
    MUST(adder_free(f) == 0);
  }

  if (GO(coro_new(&c, Nothing, nullptr, nullptr))) OnAThread(FreeElsewhere, c);
  MUST(coro_current() == nullptr);
  return nullptr;
}

// --- Trials in children ----------------------------------------------------

enum { kPassed = 0, kNotReached = 20, kWrong = 30, kHeld = 31, kDead = 32 };

// The exit code, or minus the signal.
template <typename Trial> int InAChild(Trial trial) {
  int status = 0;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) std::_Exit(trial());
  if (child < 0 || waitpid(child, &status, 0) != child) return 91;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int Report(const char *when, long n, const Tour &tour) {
  std::fprintf(stderr, "faults_test.cc:%d: fault %ld, %s: %s\n", tour.line, n,
               when, tour.wrong);
  return kWrong;
}

int NothingHeld(long n) {
  if (HeldCount() == 0) return kPassed;
  std::fprintf(stderr, "fault %ld: %d blocks and mappings are held\n", n,
               HeldCount());
  return kHeld;
}

int Trial(long n, bool always) {
  Tour faulty = {}, after = {};
  Arm(n, always);
  OnAThread(RunTour, &faulty);
  const bool reached = calls >= n;
  Arm(0, false);
  if (faulty.wrong) return Report("during", n, faulty);
  if (NothingHeld(n)) return kHeld;
  after.clean = true;
  OnAThread(RunTour, &after);
  if (after.wrong) return Report("afterwards", n, after);
  if (NothingHeld(n)) return kHeld;
  return reached ? kPassed : kNotReached;
}

// Every fault until the tour ends before it.  Returns how many there are.
long EveryFault(bool always, Kernel with) {
  const long step = core_is_slow() ? 11 : 1;
  for (long n = 1; n < 2000; n += step) {
    const int result = InAChild([=] {
      kernel = with;
      return Trial(n, always);
    });
    INFO("fault " << n << (always ? " and all that follow" : ""));
    if (result == kNotReached) return n - 1;
    REQUIRE(result == kPassed);
  }
  FAIL("the tour never ends");
  return 0;
}

// --- Guards ----------------------------------------------------------------

void Die(int) { kill(getpid(), SIGKILL); }

// 1 if touching this byte is a fault.  A handler, since tools have their own.
bool IsGuarded(volatile char *byte) {
  return InAChild([byte] {
           struct sigaction action = {};
           action.sa_handler = Die;
           sigaction(SIGSEGV, &action, nullptr);
           sigaction(SIGBUS, &action, nullptr);
           *byte = 1;
           return 0;
         }) == -SIGKILL;
}

bool HasGuard(const coro_stack &stack) {
  char *low = static_cast<char *>(stack.memory);
  std::memset(low, 0xa5, stack.bytes);
  return IsGuarded(low - 1) && IsGuarded(low - kGuardBytes / 2) &&
         IsGuarded(low - kGuardBytes) && !IsGuarded(low);
}

void *AllocateTwo(void *arg) {
  int *result = static_cast<int *>(arg);
  coro_stack first = {}, second = {};
  *result = kWrong;
  if (coro_stack_alloc(&first, 65536) < 0) return nullptr;
  if (coro_stack_alloc(&second, 8192) < 0) return nullptr;
  if (HasGuard(first) && HasGuard(second)) *result = kPassed;
  coro_stack_free(&first);
  coro_stack_free(&second);
  return nullptr;
}

// How guards are placed with this kernel: by advice or by protection.
int GuardsOf(Kernel with, bool by_protection) {
  return InAChild([=] {
    int result = kDead;
    kernel = with;
    OnAThread(AllocateTwo, &result);
    if (result != kPassed) return result;
    if (by_protection != (protections > 0)) return 40;
    return by_protection && guards > 1 ? 41 : NothingHeld(0);
  });
}

// --- Threads that end ------------------------------------------------------

struct Left {
  coro *c[8];
  coro_stack stack;
};

void *LeaveInUse(void *arg) {
  Left *left = static_cast<Left *>(arg);
  for (coro *&c : left->c) coro_new(&c, Nothing, nullptr, nullptr);
  coro_stack_alloc(&left->stack, 16384);
  return nullptr;
}

} // namespace

TEST_CASE("174: each fault of a tour is absorbed or told, once") {
  const long faults = EveryFault(false, Kernel::kAsItIs);
  WARN(faults << " faults, one at a time");
  CHECK(faults > 50);
}

TEST_CASE("174: each fault of a tour is absorbed or told, from then on") {
  CHECK(EveryFault(true, Kernel::kAsItIs) > 50);
}

TEST_CASE("174: each fault is absorbed or told where guards are protections") {
  CHECK(EveryFault(false, Kernel::kWithoutGuards) > 50);
  CHECK(EveryFault(true, Kernel::kAgreesToAll) > 50);
}

TEST_CASE("stack.h: below a stack lies a guard of 64 KiB") {
  // By whichever means this kernel has.
  CHECK(InAChild([] {
          int result = kDead;
          OnAThread(AllocateTwo, &result);
          return result;
        }) == kPassed);
}

TEST_CASE("stack.h: without MADV_GUARD_INSTALL a guard is a protection") {
  CHECK(GuardsOf(Kernel::kWithoutGuards, true) == kPassed);
}

TEST_CASE("stack.h: advice that a kernel only pretends to take is no guard") {
  CHECK(GuardsOf(Kernel::kAgreesToAll, true) == kPassed);
}

TEST_CASE("stack.h: where locked memory takes no advice a protection is put") {
  CHECK(GuardsOf(Kernel::kRefusesOnLocked, true) == kPassed);
}

TEST_CASE("stack.h: a stack that cannot be guarded is CORO_EGUARD") {
  CHECK(InAChild([] {
          coro_stack stack = {nullptr, 7, nullptr};
          coro *c = nullptr;
          inside = true;
          kernel = Kernel::kWithoutGuards;
          no_protection = true;
          for (int i = 0; i < 3; i++) {
            if (coro_stack_alloc(&stack, 65536) != CORO_EGUARD) return 50;
            if (stack.memory || stack.bytes != 7) return 51;
            if (coro_new(&c, Nothing, nullptr, nullptr) != CORO_EGUARD)
              return 52;
            if (c) return 53;
          }
          no_protection = false;
          if (coro_stack_alloc(&stack, 65536) != 0) return 54;
          if (!HasGuard(stack)) return 55;
          return coro_stack_free(&stack) == 0 ? 0 : 56;
        }) == kPassed);
}

TEST_CASE("stack.h: a thread that ends gives its pool back") {
  CHECK(InAChild([] {
          Tour tour = {};
          tour.clean = true;
          for (int i = 0; i < 5; i++) {
            OnAThread(RunTour, &tour);
            if (tour.wrong) return Report("clean", 0, tour);
            if (NothingHeld(0)) return static_cast<int>(kHeld);
          }
          return 0;
        }) == kPassed);
}

TEST_CASE(
    "stack.h: what is in use when its thread ends goes when it is freed") {
  CHECK(InAChild([] {
          Left left = {};
          OnAThread(LeaveInUse, &left);
          if (HeldCount() == 0) return 60;
          for (coro *c : left.c) {
            if (HeldCount() == 0) return 61;
            if (coro_free(c) != 0) return 62;
          }
          if (HeldCount() == 0) return 63;
          if (coro_stack_free(&left.stack) != 0) return 64;
          return NothingHeld(0);
        }) == kPassed);
}

TEST_CASE("coro.h: resuming and suspending allocate nothing") {
  CHECK(InAChild([] {
          Tour tour = {};
          Body body = {&tour, 0, 0, 0};
          coro *c = nullptr;
          inside = true;
          if (coro_new(&c, DeferAndSuspend, &body, nullptr) < 0) return 70;
          if (coro_resume(c) != CORO_SUSPENDED) return 71; // defers
          calls = 0;
          if (coro_resume(c) != CORO_SUSPENDED) return 72;
          if (coro_abandon(c) != 0 || coro_free(c) != 0) return 73;
          if (coro_new(&c, Nothing, nullptr, nullptr) < 0) return 74;
          if (coro_resume(c) != CORO_DONE || coro_free(c) != 0) return 75;
          return calls == 0 ? 0 : 76;
        }) == kPassed);
}

TEST_CASE("coro.h: init allocates nothing") {
  static char memory[65536];
  CHECK(InAChild([] {
          coro *c = nullptr;
          inside = true;
          if (coro_init(&c, memory, sizeof memory, Nothing, nullptr, nullptr))
            return 80;
          if (coro_resume(c) != CORO_DONE || coro_fini(c) != 0) return 81;
          return calls == 0 ? 0 : 82;
        }) == kPassed);
}
