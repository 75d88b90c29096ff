// C++: exceptions are thrown and caught inside a coroutine, with suspends
// between, also while another coroutine handles one of its own.
#include <cstdio>
#include <stdexcept>
#include <string>

#include "coro/coro.h"

struct task {
  std::string name;
  std::string seen;
};

class guard {
public:
  explicit guard(const std::string &owner) : owner_(owner) {}
  ~guard() { std::printf("%s's guard is destroyed\n", owner_.c_str()); }

private:
  const std::string &owner_;
};

static void body(void *arg) {
  task *t = static_cast<task *>(arg);
  try {
    guard g(t->name);
    coro_suspend();
    throw std::runtime_error("thrown by " + t->name);
  } catch (const std::exception &e) {
    // Suspended inside a handler: the exception in flight is this coroutine's.
    coro_suspend();
    t->seen = e.what();
    try {
      throw;
    } catch (const std::runtime_error &again) {
      std::printf("%s sees: %s\n", t->name.c_str(), again.what());
    }
  }
}

int main() {
  task tasks[2] = {{"first", ""}, {"second", ""}};
  coro *c[2];
  for (int i = 0; i < 2; i++)
    if (coro_new(&c[i], body, &tasks[i], nullptr) < 0) return 1;
  // Three rounds, in turn: to the first suspend, into the handlers, to the end.
  for (int round = 0; round < 3; round++)
    for (coro *each : c)
      if (coro_resume(each) < 0) return 1;
  for (int i = 0; i < 2; i++) {
    if (tasks[i].seen != "thrown by " + tasks[i].name) return 1;
    if (coro_free(c[i]) < 0) return 1;
  }
  return 0;
}
