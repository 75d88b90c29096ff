// Runs a benchmark, the one that is linked in, as its main() does, and looks at
// what it says; no time is judged.

#include "benchmarks/bench.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "coro/coro.h"

namespace {

std::string scratch(const char *name) {
  const char *folder = std::getenv("TEST_TMPDIR");
  return std::string(folder ? folder : ".") + "/" + name;
}

std::string contents(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What stands between `head` and the next `end`; a missing head is a failure.
std::string after(const std::string &text, const std::string &head, char end) {
  const std::size_t at = text.find(head);
  REQUIRE(at != std::string::npos);
  const std::size_t start = at + head.size();
  return text.substr(start, text.find(end, start) - start);
}

struct Outcome {
  int status;
  std::string out;
};

Outcome run(std::vector<std::string> arguments) {
  const std::string path = scratch("out");
  // Where the tests of Go's rows find their program.
  const std::string program =
      *bench_program ? bench_program : std::string("./benchmarks/bench");
  arguments.insert(arguments.begin(), program);
  std::vector<char *> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string &a : arguments) argv.push_back(&a[0]);
  argv.push_back(nullptr);
  FILE *const out = std::fopen(path.c_str(), "wb");
  REQUIRE(out);
  const int status = bench_main(static_cast<int>(arguments.size()), argv.data(),
                                &bench_this, out);
  REQUIRE(std::fclose(out) == 0);
  bench_program = "";
  return {status, contents(path)};
}

struct Row {
  std::string name;
  bool here;
};

std::vector<Row> all_rows() {
  std::vector<Row> all;
  for (auto file = bench_this.rows; *file; ++file)
    for (std::size_t r = 0; r < (*file)->count; r++)
      all.push_back({(*file)->row[r].name, (*file)->row[r].run != nullptr});
  return all;
}

// One run for all cases that look at its output.
struct Measured {
  Outcome outcome;
  std::string json;
};

const Measured &measured() {
  static const Measured once = [] {
    const std::string path = scratch("samples.json");
    Outcome outcome = run({"--quick", "--json", path});
    return Measured{outcome, contents(path)};
  }();
  return once;
}

} // namespace

TEST_CASE("benchmark: a quick run succeeds") {
  REQUIRE(measured().outcome.status == 0);
}

TEST_CASE("benchmark: the first line is the unit and a positive number") {
  const std::string line =
      measured().outcome.out.substr(0, measured().outcome.out.find('\n'));
  const std::string unit = std::string(bench_this.unit) + ": ";
  REQUIRE(line.compare(0, unit.size(), unit) == 0);
  const std::string number = line.substr(unit.size());
  REQUIRE(number.find_first_not_of("0123456789.") == std::string::npos);
  REQUIRE(number.find('.') + 3 == number.size());
  REQUIRE(std::stod(number) > 0);
}

TEST_CASE("benchmark: every row is in the table, or said not to be here") {
  const std::string &out = measured().outcome.out;
  REQUIRE(!all_rows().empty());
  for (const Row &row : all_rows()) {
    INFO(row.name);
    if (row.here)
      REQUIRE(out.find("\n" + row.name + " ") != std::string::npos);
    else
      REQUIRE(out.find("\nnot here: " + row.name + ": ") != std::string::npos);
  }
}

TEST_CASE("benchmark: the library's own rows can be run on every backend") {
  std::set<std::string> here;
  for (const Row &row : all_rows())
    if (row.here) here.insert(row.name);
  if (std::string(bench_this.name) == "ctx") {
    REQUIRE(here.count("inline") == 1);
    REQUIRE(here.count("inline, six live values") == 1);
    REQUIRE(here.count("out of line") == 1);
    REQUIRE(here.count("out of line, six live values") == 1);
  } else {
    REQUIRE(here.count("one switch") == 1);
    REQUIRE(here.count("make, run, free") == 1);
    REQUIRE(here.count("reset, run") == 1);
    // That backend takes nobody's memory.
    REQUIRE((here.count("the caller's memory") == 1) ==
            (std::string(coro_backend()) != "winfiber"));
  }
  REQUIRE(here.count(bench_this.headline) == 1);
}

TEST_CASE("benchmark: the table says what was built and for which backend") {
  const std::string &out = measured().outcome.out;
  const std::string built = after(out, "\nbuilt      ", ',');
  REQUIRE((built == "fastbuild" || built == "opt" || built == "dbg"));
  REQUIRE(out.find(std::string(coro_backend()) + " backend, ") !=
          std::string::npos);
  REQUIRE(out.find("C++ exception state is each coroutine's") !=
          std::string::npos);
}

TEST_CASE("benchmark: the JSON has every row's samples, all positive") {
  const std::string &json = measured().json;
  const std::set<std::string> kinds = {"floor", "ours", "peer", "reference"};
  std::set<std::string> seen;
  const std::string head = "{\"name\": \"";
  for (std::size_t at = json.find(head); at != std::string::npos;
       at = json.find(head, at + 1)) {
    const std::string row = json.substr(at, json.find('}', at) - at);
    INFO(row);
    seen.insert(after(row, head, '"'));
    REQUIRE(kinds.count(after(row, "\"kind\": \"", '"')) == 1);
    REQUIRE(std::stol(after(row, "\"turns\": ", ',')) > 0);
    std::stringstream samples(after(row, "\"samples\": [", ']'));
    std::vector<double> ns;
    for (std::string sample; std::getline(samples, sample, ',');)
      ns.push_back(std::stod(sample));
    REQUIRE(ns.size() == 4); // two rounds of two
    std::sort(ns.begin(), ns.end());
    REQUIRE(ns.front() > 0);
    REQUIRE(std::stod(after(row, "\"min\": ", ',')) == ns.front());
    REQUIRE(std::stod(after(row, "\"median\": ", ',')) ==
            Approx((ns[1] + ns[2]) / 2).epsilon(1e-4));
  }
  for (const Row &r : all_rows()) {
    INFO(r.name);
    REQUIRE((seen.count(r.name) == 1) == r.here);
  }
}

TEST_CASE("benchmark: what it does not know is refused with status 2") {
  REQUIRE(run({"--fast"}).status == 2);
  REQUIRE(run({"extra"}).status == 2);
  REQUIRE(run({"--rounds"}).status == 2);
  REQUIRE(run({"--rounds", "0"}).status == 2);
  REQUIRE(run({"--rounds", "7x"}).status == 2);
  REQUIRE(run({"--json"}).status == 2);
  REQUIRE(run({"--count", bench_this.headline}).status == 2);
  REQUIRE(run({"--count", bench_this.headline, "-1"}).status == 2);
  REQUIRE(run({"--count", "no such row", "5"}).status == 2);
  REQUIRE(run({"--fast"}).out.empty());
}

TEST_CASE("benchmark: --help and --list print and measure nothing") {
  const Outcome help = run({"--help"});
  REQUIRE(help.status == 0);
  REQUIRE(help.out.find("--count ROW N") != std::string::npos);
  const Outcome list = run({"--list"});
  REQUIRE(list.status == 0);
  for (const Row &row : all_rows())
    REQUIRE(list.out.find(row.name) != std::string::npos);
}

TEST_CASE("benchmark: --count does the turns of one row and prints nothing") {
  const Outcome counted = run({"--count", bench_this.headline, "10"});
  REQUIRE(counted.status == 0);
  REQUIRE(counted.out.empty());
}

TEST_CASE("benchmark: a file that cannot be written is status 1") {
  REQUIRE(run({"--quick", "--rounds", "1", "--json",
               scratch("no/such/folder/x.json")})
              .status == 1);
}
