#include "testing/conformance/machine/death.h"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void Say(const std::string &text) {
  if (write(2, text.data(), text.size()) < 0) std::abort();
}

namespace {

[[noreturn]] void RunHere(const Scenario &scenario, int output) {
  const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  dup2(output, 2);
  // Catch2 handles it, and so may a sanitizer.
  std::signal(SIGABRT, SIG_DFL);
  scenario.run();
  _exit(0);
}

} // namespace

Death Run(const Scenario &scenario) {
  Death death = {false, ""};
  int ends[2];
  int status = 0;
  char buffer[512];
  ssize_t n;
  if (pipe(ends) != 0) throw std::runtime_error("pipe");
  const pid_t child = fork();
  if (child == 0) RunHere(scenario, ends[1]);
  close(ends[1]);
  while ((n = read(ends[0], buffer, sizeof buffer)) > 0)
    death.text.append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  if (child < 0 || waitpid(child, &status, 0) != child)
    throw std::runtime_error("fork");
  death.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  return death;
}
