// Compiles the programs in pages of Markdown, runs them, and compares what they
// print with the page.
//
//   snippets_test COMPILER ARGUMENTS [--faults] PAGE...
//
// ARGUMENTS is a file with one argument for the compiler a line (compile_args in
// defs.bzl).  In a page
//
//  - a block ```c or ```cpp is a whole translation unit: C11 or C++11 without a
//    warning.
//  - If a block ```text comes next, with nothing between, the unit is a program
//    that prints this, stdout and stderr, and returns 0; after ```text aborts
//    it ends by abort() instead.
//  - With --faults each program is wrong, and the word behind c or cpp says in
//    which way it must be caught: compile, status or output.
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct program {
  std::string page;
  int line = 0;
  bool cpp = false;
  std::string fault; // with --faults: how it must be caught
  std::string text;
  bool runs = false;
  bool aborts = false;
  std::string output;
};

struct run_result {
  int status = 0;
  std::string output;
};

// In single quotes, for the shell.
std::string quoted(const std::string &word) {
  std::string q = "'";
  for (char ch : word)
    q += ch == '\'' ? std::string("'\\''") : std::string(1, ch);
  return q + "'";
}

run_result run(const std::string &command) {
  run_result r;
  // The braces: without them 2>&1 would be for the last command only.
  // A shell is what it takes to run a compiler as a user does.
  // NOLINTNEXTLINE(cert-env33-c)
  FILE *pipe = popen(("{ " + command + "; } 2>&1").c_str(), "r");
  if (!pipe) throw std::runtime_error("popen failed");
  char piece[4096];
  size_t n;
  while ((n = fread(piece, 1, sizeof piece, pipe)) > 0)
    r.output.append(piece, n);
  r.status = pclose(pipe);
  return r;
}

std::vector<std::string> lines_of(const std::string &path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot open " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_fence(const std::string &line) {
  return line.compare(0, 3, "```") == 0;
}

std::vector<program> programs_of(const std::string &page) {
  const std::vector<std::string> lines = lines_of(page);
  std::vector<program> found;
  bool may_have_output = false; // a program came just before
  for (size_t i = 0; i < lines.size(); i++) {
    if (!is_fence(lines[i])) {
      if (!lines[i].empty()) may_have_output = false;
      continue;
    }
    std::string language, word, text;
    std::istringstream info(lines[i].substr(3));
    info >> language >> word;
    const int line = static_cast<int>(i) + 1;
    for (i++; i < lines.size() && !is_fence(lines[i]); i++)
      text += lines[i] + "\n";
    if (i == lines.size())
      throw std::runtime_error(page + ": a block is not closed");
    if (language == "c" || language == "cpp") {
      program p;
      p.page = page;
      p.line = line;
      p.cpp = language == "cpp";
      p.fault = word;
      p.text = text;
      found.push_back(p);
      may_have_output = true;
    } else {
      if (language == "text" && may_have_output) {
        found.back().runs = true;
        found.back().aborts = word == "aborts";
        found.back().output = text;
      }
      may_have_output = false;
    }
  }
  // A page that is read wrongly must not pass.
  if (found.empty()) throw std::runtime_error(page + ": has no program");
  return found;
}

class checker {
public:
  checker(const std::string &compiler, const std::string &arguments)
      : compiler_(quoted(compiler)) {
    char here[4096];
    if (!getcwd(here, sizeof here)) throw std::runtime_error("getcwd failed");
    include_ = quoted(std::string("-I") + here);
    for (const std::string &line : lines_of(arguments)) {
      if (line.empty()) continue;
      const bool is_file = line[0] != '-';
      (line.compare(0, 2, "-D") == 0 ? defines_ : libraries_) +=
          " " + quoted(is_file ? std::string(here) + "/" + line : line);
    }
    const char *tmp = getenv("TEST_TMPDIR");
    folder_ = tmp ? tmp : ".";
    enter_ = "cd " + quoted(folder_) + " && ";
  }

  // "" if all is as the page says, else the fault, which is told on stdout.
  std::string fault_of(const program &p) {
    // The name that reports show is the one that the pages have.
    const std::string source = p.cpp ? "program.cc" : "program.c";
    std::ofstream file(folder_ + "/" + source);
    file << p.text;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + source);
    std::string command = enter_ + compiler_ + " -O2 " +
                          (p.cpp ? "-x c++ -std=c++11" : "-std=c11") +
                          " -Wall -Wextra -Werror " + include_ + defines_;
    command += p.runs ? " -o program " + source + " -x none" + libraries_ +
                            (p.cpp ? " -lstdc++" : "")
                      : " -c -o program.o " + source;
    run_result r = run(command);
    if (r.status != 0) return told("compile", "is not compiled", r.output);
    if (!p.runs) return "";
    // exec: the signal that ends the program must be what is seen here.
    r = run(enter_ + "ulimit -c 0 && exec ./program");
    const bool as_said =
        p.aborts ? WIFSIGNALED(r.status) && WTERMSIG(r.status) == SIGABRT
                 : WIFEXITED(r.status) && WEXITSTATUS(r.status) == 0;
    if (!as_said)
      return told("status", "ends with status " + std::to_string(r.status),
                  r.output);
    if (r.output != p.output)
      return told("output", "does not print what the page says, but", r.output);
    return "";
  }

private:
  static std::string told(const std::string &fault, const std::string &what,
                          const std::string &output) {
    std::cout << "  " << what << "\n" << output;
    return fault;
  }

  std::string compiler_, include_, defines_, libraries_, folder_, enter_;
};

int check_pages(const std::vector<std::string> &words) {
  if (words.size() < 3) throw std::runtime_error("COMPILER ARGUMENTS PAGE...");
  const char *cc = getenv("CC");
  checker check(cc && *cc ? cc : words[0], words[1]);
  bool faults = false;
  int failed = 0;
  for (size_t i = 2; i < words.size(); i++) {
    if (words[i] == "--faults") {
      faults = true;
      continue;
    }
    for (const program &p : programs_of(words[i])) {
      std::cout << p.page << ":" << p.line << std::endl;
      if (faults == p.fault.empty())
        throw std::runtime_error("a word too many or too few behind ```c");
      if (check.fault_of(p) == p.fault) continue;
      std::cout << "  FAILED: expected " << (faults ? p.fault : "no")
                << " fault\n";
      failed++;
    }
  }
  std::cout << failed << " failed\n";
  return failed != 0;
}

} // namespace

int main(int argc, char **argv) {
  try {
    return check_pages(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception &e) {
    std::cout << "FAILED: " << e.what() << "\n";
    return 1;
  }
}
