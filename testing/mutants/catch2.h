// testing/mutants/catch2.h - as much of Catch2 as the tests of exceptions use,
// for `run`, which compiles them many times and without Bazel.
#ifndef TESTING_MUTANTS_CATCH2_H_
#define TESTING_MUTANTS_CATCH2_H_

#include <cstdio>
#include <string>
#include <vector>

struct TestCase {
  const char *name;
  void (*run)();
};

inline std::vector<TestCase> test_cases;
inline int failures;

struct Register {
  Register(const char *name, void (*run)()) {
    test_cases.push_back({name, run});
  }
};

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEST_CASE(name)                                                        \
  void JOIN(Run, __LINE__)();                                                  \
  const Register JOIN(registered, __LINE__)(name, JOIN(Run, __LINE__));        \
  void JOIN(Run, __LINE__)()

#define CHECK(...)                                                             \
  do {                                                                         \
    if (!(__VA_ARGS__)) {                                                      \
      ++failures;                                                              \
      std::printf("line %d: %s\n", __LINE__, #__VA_ARGS__);                    \
    }                                                                          \
  } while (0)
#define REQUIRE(...) CHECK(__VA_ARGS__)
#define CHECK_FALSE(...) CHECK(!(__VA_ARGS__))

#define CHECK_THAT(text, matcher) CHECK((matcher).Matches(text))

namespace Catch {

struct Contains {
  std::string part;
  bool wanted;
  explicit Contains(const std::string &text, bool in = true)
      : part(text), wanted(in) {}
  bool Matches(const std::string &text) const {
    return (text.find(part) != std::string::npos) == wanted;
  }
  Contains operator!() const { return Contains(part, !wanted); }
};

} // namespace Catch

int main() {
  for (const TestCase &test : test_cases) test.run();
  return failures ? 1 : 0;
}

#endif
