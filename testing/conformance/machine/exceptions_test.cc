// 54: C++ exceptions inside coroutines: each coroutine has its own, caught and
// in flight, across suspends and resumes.
#include <catch2/catch.hpp>

#include <cxxabi.h>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "coro/coro.h"

namespace {

// Resumes all in turn until all are done.
void RunInTurn(const std::vector<coro *> &coroutines) {
  int left = 1;
  while (left) {
    left = 0;
    for (coro *c : coroutines)
      if (coro_status(c) != CORO_DONE) left += coro_resume(c) == CORO_SUSPENDED;
  }
}

coro *Make(coro_fn fn, void *arg) {
  coro *c = nullptr;
  REQUIRE(coro_new(&c, fn, arg, nullptr) == 0);
  return c;
}

// What a body has found out; bodies have no assertions, since a failed one
// throws.
struct Notes {
  std::string name;
  int depth = 0;
  int rounds = 0;
  int flaws = 0;
  std::vector<std::string> seen;

  void Check(bool good) { flaws += !good; }
};

std::string Current() {
  const std::exception_ptr current = std::current_exception();
  if (!current) return "";
  try {
    std::rethrow_exception(current);
  } catch (const std::exception &e) {
    return e.what();
  } catch (...) {
    return "?";
  }
}

// Suspends when it goes, unwinding included.
struct SuspendsAtEnd {
  Notes *notes;
  explicit SuspendsAtEnd(Notes *n) : notes(n) {}
  ~SuspendsAtEnd() {
    const int before = std::uncaught_exceptions();
    coro_suspend();
    notes->Check(std::uncaught_exceptions() == before);
  }
};

void ThrowFrom(Notes *notes, int depth) {
  const SuspendsAtEnd here(notes);
  coro_suspend();
  if (depth == 0) throw std::runtime_error(notes->name);
  ThrowFrom(notes, depth - 1);
}

void ThrowAndCatch(void *p) {
  auto *notes = static_cast<Notes *>(p);
  for (int i = 0; i < notes->rounds; i++) {
    try {
      ThrowFrom(notes, notes->depth);
      notes->flaws++;
    } catch (const std::runtime_error &e) {
      coro_suspend();
      notes->seen.emplace_back(e.what());
      notes->Check(Current() == notes->name);
      coro_suspend();
      notes->Check(Current() == notes->name);
    }
    notes->Check(Current().empty());
    notes->Check(std::uncaught_exceptions() == 0);
  }
}

// Handlers within handlers, with suspends at every stage.
void NestHandlers(void *p) {
  auto *notes = static_cast<Notes *>(p);
  const std::string inner = notes->name + " inner";
  for (int i = 0; i < notes->rounds; i++) {
    try {
      try {
        throw std::runtime_error(notes->name);
      } catch (const std::exception &outer) {
        coro_suspend();
        try {
          coro_suspend();
          throw std::logic_error(inner);
        } catch (const std::logic_error &e) {
          coro_suspend();
          notes->Check(e.what() == inner);
          notes->Check(Current() == inner);
        }
        notes->Check(Current() == notes->name);
        notes->Check(outer.what() == notes->name);
        coro_suspend();
        throw;
      }
    } catch (const std::runtime_error &e) {
      coro_suspend();
      notes->seen.emplace_back(e.what());
      notes->Check(Current() == notes->name);
    }
    notes->Check(Current().empty());
  }
}

std::vector<Notes> SixNotes() {
  std::vector<Notes> notes(6);
  for (size_t i = 0; i < notes.size(); i++) {
    notes[i].name = "exception of " + std::to_string(i);
    notes[i].depth = static_cast<int>(i);
    notes[i].rounds = 3 + static_cast<int>(i % 3);
  }
  return notes;
}

void CheckNotes(const std::vector<Notes> &all) {
  for (const Notes &notes : all) {
    CHECK(notes.flaws == 0);
    CHECK(notes.seen == std::vector<std::string>(
                            static_cast<size_t>(notes.rounds), notes.name));
  }
}

void RunBodies(std::vector<Notes> *notes, coro_fn even, coro_fn odd) {
  std::vector<coro *> coroutines;
  for (size_t i = 0; i < notes->size(); i++)
    coroutines.push_back(Make(i % 2 ? odd : even, &(*notes)[i]));
  RunInTurn(coroutines);
  for (coro *c : coroutines) CHECK(coro_free(c) == 0);
}

TEST_CASE("54: a coroutine throws and catches with suspends between") {
  std::vector<Notes> notes(1);
  notes[0].name = "alone";
  notes[0].rounds = 3;
  notes[0].depth = 2;
  RunBodies(&notes, ThrowAndCatch, ThrowAndCatch);
  CheckNotes(notes);
}

TEST_CASE("54: six coroutines have exceptions in flight at the same time") {
  std::vector<Notes> notes = SixNotes();
  RunBodies(&notes, ThrowAndCatch, ThrowAndCatch);
  CheckNotes(notes);
}

TEST_CASE("54: handlers nest and rethrow with suspends in them") {
  std::vector<Notes> notes = SixNotes();
  RunBodies(&notes, NestHandlers, NestHandlers);
  CheckNotes(notes);
}

TEST_CASE("54: coroutines in handlers and in destructors take turns") {
  std::vector<Notes> notes = SixNotes();
  RunBodies(&notes, ThrowAndCatch, NestHandlers);
  CheckNotes(notes);
}

// --- The resumer's side --------------------------------------------------

TEST_CASE("54: a handler resumes coroutines and keeps its exception") {
  std::vector<Notes> notes = SixNotes();
  std::vector<coro *> coroutines;
  for (size_t i = 0; i < notes.size(); i++)
    coroutines.push_back(Make(i % 2 ? NestHandlers : ThrowAndCatch, &notes[i]));
  for (coro *c : coroutines) REQUIRE(coro_resume(c) == CORO_SUSPENDED);
  try {
    throw std::runtime_error("the root's");
  } catch (const std::exception &e) {
    RunInTurn(coroutines);
    CHECK(std::string(e.what()) == "the root's");
    CHECK(Current() == "the root's");
    try {
      throw;
    } catch (const std::exception &again) {
      CHECK(std::string(again.what()) == "the root's");
    }
  }
  CHECK(Current().empty());
  for (coro *c : coroutines) CHECK(coro_free(c) == 0);
  CheckNotes(notes);
}

struct ResumesAtEnd {
  coro *c;
  int *uncaught;
  ResumesAtEnd(coro *coroutine, int *count) : c(coroutine), uncaught(count) {}
  ~ResumesAtEnd() {
    RunInTurn({c});
    *uncaught = std::uncaught_exceptions();
  }
};

TEST_CASE("54: a destructor resumes a coroutine during unwinding") {
  std::vector<Notes> notes(1);
  int uncaught = -1;
  notes[0].name = "inside";
  notes[0].rounds = 2;
  coro *c = Make(ThrowAndCatch, &notes[0]);
  std::string caught;
  try {
    const ResumesAtEnd resumes(c, &uncaught);
    throw std::runtime_error("outside");
  } catch (const std::exception &e) {
    caught = e.what();
  }
  CHECK(caught == "outside");
  CHECK(uncaught == 1);
  CHECK(std::uncaught_exceptions() == 0);
  CheckNotes(notes);
  CHECK(coro_free(c) == 0);
}

void LookAround(void *p) {
  auto *notes = static_cast<Notes *>(p);
  for (;;) {
    notes->Check(!std::current_exception());
    notes->Check(std::uncaught_exceptions() == 0);
    notes->rounds++;
    coro_suspend();
  }
}

TEST_CASE("54: a coroutine does not see the exception its resumer handles") {
  Notes notes;
  coro *c = Make(LookAround, &notes);
  try {
    throw std::runtime_error("mine");
  } catch (...) {
    coro_resume(c);
    coro_resume(c);
  }
  coro_resume(c);
  CHECK(notes.rounds == 3);
  CHECK(notes.flaws == 0);
  CHECK(coro_abandon(c) == 0);
  CHECK(coro_free(c) == 0);
}

void SuspendInHandler(void *p) {
  try {
    throw std::runtime_error(static_cast<const char *>(p));
  } catch (...) {
    coro_suspend();
  }
}

TEST_CASE("54: a resumer does not see the exception its coroutine handles") {
  char name[] = "the coroutine's";
  coro *c = Make(SuspendInHandler, name);
  REQUIRE(coro_resume(c) == CORO_SUSPENDED);
  CHECK_FALSE(std::current_exception());
  CHECK(std::uncaught_exceptions() == 0);
  try {
    throw std::runtime_error("the root's");
  } catch (...) {
    CHECK(coro_resume(c) == CORO_DONE);
    CHECK(Current() == "the root's");
  }
  CHECK(coro_free(c) == 0);
}

// The throw follows the switch in the same function, whose table of call sites
// does not know the switch.
void ThrowAfterSwitch(void *p) {
  auto *notes = static_cast<Notes *>(p);
  try {
    coro_suspend();
    if (notes->rounds) throw std::runtime_error(notes->name);
  } catch (const std::exception &e) {
    notes->seen.emplace_back(e.what());
  }
}

TEST_CASE("54: a throw right after a switch finds its handler") {
  Notes notes;
  std::string caught;
  notes.name = "after";
  notes.rounds = 1;
  coro *c = Make(ThrowAfterSwitch, &notes);
  try {
    REQUIRE(coro_resume(c) == CORO_SUSPENDED);
    if (coro_resume(c) == CORO_DONE) throw std::runtime_error("resumer's");
  } catch (const std::runtime_error &e) {
    caught = e.what();
  }
  CHECK(caught == "resumer's");
  CHECK(notes.seen == std::vector<std::string>{"after"});
  CHECK(coro_free(c) == 0);
}

// --- Exceptions that travel as values ------------------------------------

struct Parcel {
  std::exception_ptr exception;
  std::string seen;
};

void Pack(void *p) {
  auto *parcel = static_cast<Parcel *>(p);
  try {
    throw std::runtime_error("packed");
  } catch (...) {
    parcel->exception = std::current_exception();
    coro_suspend();
  }
  coro_suspend();
}

void Unpack(void *p) {
  auto *parcel = static_cast<Parcel *>(p);
  coro_suspend();
  try {
    std::rethrow_exception(parcel->exception);
  } catch (const std::exception &e) {
    coro_suspend();
    parcel->seen = e.what();
  }
}

TEST_CASE("54: an exception_ptr goes from coroutine to coroutine and out") {
  Parcel parcel;
  std::string caught;
  coro *from = Make(Pack, &parcel);
  coro *to = Make(Unpack, &parcel);
  RunInTurn({from, to});
  CHECK(parcel.seen == "packed");
  try {
    std::rethrow_exception(parcel.exception);
  } catch (const std::exception &e) {
    caught = e.what();
  }
  CHECK(caught == "packed");
  CHECK(coro_free(from) == 0);
  CHECK(coro_free(to) == 0);
}

// --- Nested, and in the library's callbacks ------------------------------

struct Level {
  int depth;
  int caught = 0;
  int flaws = 0;
};

void Descend(void *p) {
  auto *level = static_cast<Level *>(p);
  const std::string mine = "level " + std::to_string(level->depth);
  try {
    throw std::runtime_error(mine);
  } catch (const std::exception &e) {
    if (level->depth > 0) {
      Level below = {level->depth - 1};
      coro *c = nullptr;
      if (coro_new(&c, Descend, &below, nullptr) < 0) return;
      while (coro_resume(c) == CORO_SUSPENDED) coro_suspend();
      coro_free(c);
      level->caught += below.caught;
      level->flaws += below.flaws;
    }
    coro_suspend();
    level->flaws += Current() != mine || e.what() != mine;
    level->caught++;
  }
}

TEST_CASE("54: nested coroutines each handle an exception of their own") {
  Level top = {20};
  coro *c = Make(Descend, &top);
  RunInTurn({c});
  CHECK(top.caught == 21);
  CHECK(top.flaws == 0);
  CHECK(coro_free(c) == 0);
}

void CatchInHandler(void *p) {
  auto *notes = static_cast<Notes *>(p);
  notes->Check(!std::current_exception());
  try {
    throw std::runtime_error("in a deferred handler");
  } catch (const std::exception &e) {
    notes->seen.emplace_back(e.what());
  }
}

void CatchInCallback(void *p) {
  auto *notes = static_cast<Notes *>(p);
  try {
    throw std::runtime_error("in a callback");
  } catch (const std::exception &e) {
    notes->seen.emplace_back(e.what());
  }
}

void DeferAndReturn(void *p) {
  coro_defer(CatchInHandler, p);
  coro_suspend_with(CatchInCallback, p);
}

// An exception that stays where it is when its coroutine is abandoned.
int *left_behind;

void DeferAndStay(void *p) {
  coro_defer(CatchInHandler, p);
  try {
    throw 42;
  } catch (int &exception) {
    left_behind = &exception;
    coro_suspend();
  }
}

TEST_CASE("54: deferred handlers and callbacks throw and catch") {
  Notes notes;
  coro *c = Make(DeferAndReturn, &notes);
  RunInTurn({c});
  CHECK(notes.seen ==
        std::vector<std::string>{"in a callback", "in a deferred handler"});
  CHECK(notes.flaws == 0);
  CHECK(coro_free(c) == 0);
}

TEST_CASE("54: abandoning in a handler leaves the others' exceptions alone") {
  Notes notes;
  coro *c = Make(DeferAndStay, &notes);
  REQUIRE(coro_resume(c) == CORO_SUSPENDED);
  try {
    throw std::runtime_error("the root's");
  } catch (...) {
    CHECK(coro_abandon(c) == 0);
    CHECK(Current() == "the root's");
  }
  // Nobody else frees it.
  CHECK(*left_behind == 42);
  abi::__cxa_free_exception(left_behind);
  CHECK_FALSE(std::current_exception());
  CHECK(std::uncaught_exceptions() == 0);
  CHECK(notes.seen == std::vector<std::string>{"in a deferred handler"});
  CHECK(notes.flaws == 0);
  // The coroutine may be used again, with nothing in flight.
  CHECK(coro_reset(c, CatchInHandler, &notes) == 0);
  CHECK(coro_resume(c) == CORO_DONE);
  CHECK(notes.flaws == 0);
  CHECK(coro_free(c) == 0);
}

// --- 44: where the stacks lie ------------------------------------------------

struct Neighbours {
  std::vector<coro *> coroutines;
  Notes *mine;
};

// Handles an exception of its own while the others throw and catch.
void ResumeNeighbours(void *p) {
  auto *neighbours = static_cast<Neighbours *>(p);
  try {
    throw std::runtime_error("the middle's");
  } catch (const std::exception &e) {
    RunInTurn(neighbours->coroutines);
    neighbours->mine->seen.emplace_back(e.what());
    neighbours->mine->Check(Current() == "the middle's");
  }
}

TEST_CASE("44: exceptions work on stacks below and above the resumer's") {
  const size_t bytes = 65536;
  std::vector<char> memory(3 * bytes);
  std::vector<Notes> notes = SixNotes();
  Notes mine;
  Neighbours neighbours = {{}, &mine};
  coro *middle = nullptr;
  int rc = coro_init(&middle, &memory[bytes], bytes, ResumeNeighbours,
                     &neighbours, nullptr);
  if (rc == CORO_ENOTSUP) return; // a backend with stacks of its own
  REQUIRE(rc == 0);
  notes.resize(2);
  for (size_t i = 0; i < 2; i++) {
    coro *c = nullptr;
    rc = coro_init(&c, &memory[2 * i * bytes], bytes,
                   i ? NestHandlers : ThrowAndCatch, &notes[i], nullptr);
    REQUIRE(rc == 0);
    neighbours.coroutines.push_back(c);
  }
  CHECK(coro_resume(middle) == CORO_DONE);
  CHECK(mine.seen == std::vector<std::string>{"the middle's"});
  CHECK(mine.flaws == 0);
  CheckNotes(notes);
  for (coro *c : neighbours.coroutines) CHECK(coro_fini(c) == 0);
  CHECK(coro_fini(middle) == 0);
}

} // namespace
