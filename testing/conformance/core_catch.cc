// The runner for Catch2: each entry of core_tables is a test case of its own,
// registered before main() and named "number: sentence".
#include <catch2/catch.hpp>

#include <string>

#include "testing/conformance/core.h"

namespace {

class Invoker : public Catch::ITestInvoker {
public:
  explicit Invoker(const core_case *c) : case_(c) {}
  void invoke() const override { REQUIRE(core_run(case_) == 0); }

private:
  const core_case *case_;
};

// Catch2's own registration, which takes the invoker over and copies the name.
bool RegisterAll() {
  for (const core_case *const *table = core_tables; *table; ++table) {
    for (const core_case *c = *table; c->run; ++c) {
      const std::string name = std::string(c->number) + ": " + c->name;
      const Catch::AutoReg registered(new Invoker(c), CATCH_INTERNAL_LINEINFO,
                                      Catch::StringRef(),
                                      Catch::NameAndTags(name));
    }
  }
  return true;
}

const bool registered = RegisterAll();

} // namespace
