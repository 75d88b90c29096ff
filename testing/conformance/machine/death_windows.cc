#include "testing/conformance/machine/death.h"

#include <stdexcept>

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <catch2/catch.hpp>

namespace {

// What abort() ends the process with.
const DWORD kAborted = 3;

const char kVariable[] = "CORO_DEATH_SCENARIO";

} // namespace

extern const Scenario death_scenarios[];

void Say(const std::string &text) {
  DWORD written;
  WriteFile(GetStdHandle(STD_ERROR_HANDLE), text.data(),
            static_cast<DWORD>(text.size()), &written, nullptr);
}

// What the second process is told to run; hidden from the first.
TEST_CASE("scenario", "[.scenario]") {
  char name[64] = "";
  GetEnvironmentVariableA(kVariable, name, sizeof name);
  for (const Scenario *s = death_scenarios; s->run; ++s)
    if (std::string(name) == s->name) s->run();
}

Death Run(const Scenario &scenario) {
  Death death = {false, ""};
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, nullptr, TRUE};
  HANDLE from, to;
  char program[MAX_PATH];
  char buffer[512];
  DWORD n, code = 0;
  if (!CreatePipe(&from, &to, &inherited, 0)) throw std::runtime_error("pipe");
  SetHandleInformation(from, HANDLE_FLAG_INHERIT, 0);
  GetModuleFileNameA(nullptr, program, sizeof program);
  SetEnvironmentVariableA(kVariable, scenario.name);
  std::string command = std::string("\"") + program + "\" [.scenario]";
  STARTUPINFOA startup = {};
  startup.cb = sizeof startup;
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  startup.hStdError = to;
  PROCESS_INFORMATION process = {};
  const BOOL started =
      CreateProcessA(program, &command[0], nullptr, nullptr, TRUE, 0, nullptr,
                     nullptr, &startup, &process);
  CloseHandle(to);
  if (!started) throw std::runtime_error("CreateProcess");
  while (ReadFile(from, buffer, sizeof buffer, &n, nullptr) && n > 0)
    death.text.append(buffer, n);
  CloseHandle(from);
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &code);
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  death.aborted = code == kAborted;
  return death;
}
