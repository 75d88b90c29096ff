// 55: an exception that would leave a coroutine stops the process, says which
// coroutine it was, and unwinds nothing.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "coro/coro.h"
#include "testing/conformance/machine/death.h"

extern const Scenario death_scenarios[];

namespace {

using Catch::Contains;

struct Unwound {
  ~Unwound() { Say("unwound\n"); }
};

void Throw(void * = nullptr) { throw std::runtime_error("the message"); }

void ThrowWithLocals(void *) {
  const Unwound unwound;
  Throw();
}

coro *Make(const char *name, coro_fn fn, void *arg = nullptr) {
  coro_options options = {};
  coro *c = nullptr;
  options.name = name;
  if (coro_new(&c, fn, arg, &options) < 0) Say("no coroutine\n");
  return c;
}

// As a caller that is ready for anything.
void ResumeAndCatch(coro *c) {
  const Unwound unwound;
  try {
    coro_resume(c);
    Say("returned\n");
  } catch (...) {
    Say("caught\n");
  }
}

void FromBody() { ResumeAndCatch(Make("thrower", ThrowWithLocals)); }

void Unnamed() { ResumeAndCatch(Make(nullptr, ThrowWithLocals)); }

// By the library's function rather than in place.
void FromFunction() {
  int (*volatile resume)(coro *) = coro_resume;
  coro *c = Make("thrower", ThrowWithLocals);
  try {
    resume(c);
  } catch (...) {
    Say("caught\n");
  }
}

void SuspendAndThrow(void *) {
  const Unwound unwound;
  coro_suspend();
  Throw();
}

void AfterSuspend() {
  coro *c = Make("sleeper", SuspendAndThrow);
  coro_resume(c);
  ResumeAndCatch(c);
}

void ThrowWhileHandling(void *) {
  try {
    Throw();
  } catch (...) {
    coro_suspend();
    throw;
  }
}

// With an exception of the resumer's being handled as well.
void Rethrown() {
  coro *c = Make("rethrower", ThrowWhileHandling);
  coro_resume(c);
  try {
    throw std::logic_error("the resumer's");
  } catch (...) {
    ResumeAndCatch(c);
  }
}

void ResumeInner(void *) { ResumeAndCatch(Make("inner", ThrowWithLocals)); }

void Nested() { ResumeAndCatch(Make("outer", ResumeInner)); }

void DeferThrow(void *) { coro_defer(Throw, nullptr); }

void FromDeferred() { ResumeAndCatch(Make("deferrer", DeferThrow)); }

void DeferThrowAndSuspend(void *) {
  const Unwound unwound;
  coro_defer(Throw, nullptr);
  try {
    coro_suspend();
  } catch (...) {
    Say("caught\n");
  }
}

void FromAbandoned() {
  coro *c = Make("abandoned", DeferThrowAndSuspend);
  coro_resume(c);
  try {
    coro_abandon(c);
  } catch (...) {
    Say("caught\n");
  }
}

void AfterReset() {
  coro *c = Make("again", [](void *) {});
  coro_resume(c);
  coro_reset(c, ThrowWithLocals, nullptr);
  ResumeAndCatch(c);
}

void WithTerminateHandler() {
  std::set_terminate([] {
    try {
      throw;
    } catch (const std::exception &e) {
      Say(std::string("terminated by ") + e.what() + "\n");
    }
    std::abort();
  });
  FromBody();
}

std::string ReportOf(const char *name) {
  return std::string("coro: an exception left the body in coroutine \"") +
         name + "\" (#";
}

// Neither a handler nor a destructor has run.
void CheckDeath(const char *scenario, const char *name) {
  const Scenario *s = death_scenarios;
  while (std::string(s->name) != scenario) ++s;
  const Death death = Run(*s);
  CHECK(death.aborted);
  CHECK_THAT(death.text, Contains(ReportOf(name)));
  CHECK_THAT(death.text, Contains("escape_test.cc:"));
  CHECK_THAT(death.text, !Contains("unwound"));
  CHECK_THAT(death.text, !Contains("caught\n"));
  CHECK_THAT(death.text, !Contains("returned"));
}

TEST_CASE("55: an exception that leaves the body is not the resumer's") {
  CheckDeath("body", "thrower");
  CheckDeath("function", "thrower");
  CheckDeath("unnamed", "");
}

TEST_CASE("55: an exception that leaves the body after a suspend is found") {
  CheckDeath("suspend", "sleeper");
  CheckDeath("rethrown", "rethrower");
}

TEST_CASE("55: an exception that leaves a body run by reset is found") {
  CheckDeath("reset", "again");
}

TEST_CASE("55: it is the innermost coroutine that is named") {
  CheckDeath("nested", "inner");
}

TEST_CASE("55: an exception that leaves a deferred handler is found") {
  CheckDeath("deferred", "deferrer");
  CheckDeath("abandoned", "abandoned");
}

TEST_CASE("55: the program's terminate handler sees the exception") {
  CheckDeath("terminate", "thrower");
  const Death death = Run({"terminate", WithTerminateHandler});
  CHECK_THAT(death.text, Contains("terminated by the message\n"));
}

TEST_CASE("55: a scenario that does not abort is told from one that does") {
  const Death death = Run({"calm", [] { Say("returned\n"); }});
  CHECK_FALSE(death.aborted);
}

} // namespace

const Scenario death_scenarios[] = {
    {"body", FromBody},
    {"function", FromFunction},
    {"unnamed", Unnamed},
    {"suspend", AfterSuspend},
    {"rethrown", Rethrown},
    {"reset", AfterReset},
    {"nested", Nested},
    {"deferred", FromDeferred},
    {"abandoned", FromAbandoned},
    {"terminate", WithTerminateHandler},
    {"calm", [] { Say("returned\n"); }},
    {nullptr, nullptr},
};
