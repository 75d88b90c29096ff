// testing/conformance/machine/death.h - running what stops the process.
//
// A scenario runs in a process of its own: forked from the test on POSIX, the
// test's program once more on Windows.
#ifndef TESTING_CONFORMANCE_MACHINE_DEATH_H_
#define TESTING_CONFORMANCE_MACHINE_DEATH_H_

#include <string>

struct Scenario {
  const char *name; // without blanks
  void (*run)();
};

struct Death {
  bool aborted;     // by abort(), and not by an exit or another signal
  std::string text; // what it wrote to stderr
};

// Runs the scenario until it aborts.  One that returns has not aborted.
Death Run(const Scenario &scenario);

// Writes to stderr at once.
void Say(const std::string &text);

#endif
