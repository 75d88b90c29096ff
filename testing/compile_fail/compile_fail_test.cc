// Programs that must not compile, each beside a twin that must: what the types
// of frame.h are there for.
//
// The compilers are $CC and $CXX, or those of gcc and clang that are installed.
// The twins compile without a warning; so must their likes, but for the error
// that is meant.
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

extern char **environ;

namespace {

enum Language { C = 1, CXX = 2, BOTH = 3 };

struct Program {
  const char *sentence;
  Language language;
  const char *good, *bad; // the same line, right and wrong
};

// Two struct types: C converts numbers and void pointers, but no structs.
const char *const kBefore = R"(
#include "coro/coro.h"
#include "coro/frame.h"
#include "coro/stack.h"

typedef struct apple { int a; } apple;
typedef struct pear { int p; } pear;

/* returns pear, yields apple, is injected pear; takes (apple, int) */
CORO_FRAME(tree, pear, apple, pear, (apple, seed), (int, years))
CORO_FRAME_BODY(tree) {
  pear p;
  tree_yield(self, self->seed, &p);
  return p;
}

CORO_FRAME(silent, void, void, void)
CORO_FRAME_BODY(silent) { silent_yield(self); }

CORO_FRAME_TYPE(shape, pear, apple, void, (int, n))

void use(tree *t, silent *s, shape *h, coro *c, apple a, pear p);
void use(tree *t, silent *s, shape *h, coro *c, apple a, pear p) {
)";
const char *const kAfter = R"(
  (void)t; (void)s; (void)h; (void)c; (void)a; (void)p;
}
)";

// Whole programs in place of a line start with a '#'.
const Program kPrograms[] = {
    {"next injects the frame's type only", BOTH, "tree_next(t, p, &a);",
     "tree_next(t, a, &a);"},
    {"next yields to a pointer of the frame's type only", BOTH,
     "tree_next(t, p, &a);", "tree_next(t, p, &p);"},
    {"start yields to a pointer of the frame's type only", BOTH,
     "tree_start(t, &a);", "tree_start(t, &p);"},
    {"start injects nothing", BOTH, "tree_start(t, &a);",
     "tree_start(t, p, &a);"},
    {"end returns to a pointer of the frame's type only", BOTH,
     "tree_end(t, p, &p);", "tree_end(t, p, &a);"},
    {"returned takes a pointer of the frame's type only", BOTH,
     "tree_returned(t, &p);", "tree_returned(t, &a);"},
    {"yielded takes a pointer of the frame's type only", BOTH,
     "tree_yielded(t, &a);", "tree_yielded(t, &p);"},
    {"yield takes the frame's type only", BOTH, "tree_yield(t, a, &p);",
     "tree_yield(t, p, &p);"},
    {"yield injects to a pointer of the frame's type only", BOTH,
     "tree_yield(t, a, &p);", "tree_yield(t, a, &a);"},
    {"new takes arguments of the frame's types only", BOTH,
     "tree_new(&t, a, 1);", "tree_new(&t, p, 1);"},
    {"new takes no argument too many", BOTH, "tree_new(&t, a, 1);",
     "tree_new(&t, a, 1, 2);"},
    {"new takes no argument too few", BOTH, "tree_new(&t, a, 1);",
     "tree_new(&t, a);"},
    {"reset takes all arguments", BOTH, "tree_reset(t, a, 1);",
     "tree_reset(t, a);"},
    {"init_on takes all arguments", BOTH, "tree_init_on(&t, c, 9, a, 1);",
     "tree_init_on(&t, c, 9, a);"},
    {"frames of different types do not mix", BOTH, "tree_free(t);",
     "tree_free(s);"},
    {"a frame is no coroutine", BOTH, "coro_free(tree_coro(t));",
     "coro_free(t);"},
    {"a coroutine is no frame", BOTH, "tree_free(tree_from(c));",
     "tree_free(c);"},
    {"a void yield has no value", BOTH, "silent_yield(s);",
     "silent_yield(s, a);"},
    {"a void inject takes nothing in", BOTH, "silent_next(s);",
     "silent_next(s, a);"},
    {"a void result is not written", BOTH, "silent_end(s);",
     "silent_end(s, &a);"},
    {"a frame without arguments takes none", BOTH, "silent_new(&s);",
     "silent_new(&s, 1);"},
    {"a body of another frame is refused", BOTH,
     "shape_new_with(&h, (shape_fn)0, 0, 1);",
     "shape_new_with(&h, (tree_fn)0, 0, 1);"},
    {"a frame without a body has no new", BOTH,
     "shape_new_with(&h, (shape_fn)0, 0, 1);", "shape_new(&h, 1);"},
    {"a body that does not exist is missed", BOTH,
     "#include \"coro/frame.h\"\n"
     "CORO_FRAME(lone, void, void, void)\n"
     "CORO_FRAME_BODY(lone) { (void)self; }\n"
     "int make(lone **f);\n"
     "int make(lone **f) { return lone_new(f); }\n",
     "#include \"coro/frame.h\"\n"
     "CORO_FRAME(lone, void, void, void)\n"
     "int make(lone **f);\n"
     "int make(lone **f) { return lone_new(f); }\n"},
    {"thirteen arguments are too many", BOTH,
     "#include \"coro/frame.h\"\n"
     "CORO_FRAME(m, void, void, void, (int, a), (int, b), (int, c), (int, d),\n"
     "(int, e), (int, f), (int, g), (int, h), (int, i), (int, j), (int, k),\n"
     "(int, l))\n"
     "CORO_FRAME_BODY(m) { (void)self; }\n",
     "#include \"coro/frame.h\"\n"
     "CORO_FRAME(m, void, void, void, (int, a), (int, b), (int, c), (int, d),\n"
     "(int, e), (int, f), (int, g), (int, h), (int, i), (int, j), (int, k),\n"
     "(int, l), (int, n))\n"
     "CORO_FRAME_BODY(m) { (void)self; }\n"},
    {"an argument that is not trivially copyable is refused", CXX,
     "#include \"coro/frame.h\"\n"
     "struct text { char bytes[9]; };\n"
     "CORO_FRAME(m, void, void, void, (text, a))\n"
     "CORO_FRAME_BODY(m) { (void)self; }\n",
     "#include \"coro/frame.h\"\n"
     "struct text { char bytes[9]; text(const text &); ~text(); };\n"
     "CORO_FRAME(m, void, void, void, (text, a))\n"
     "CORO_FRAME_BODY(m) { (void)self; }\n"},
    {"a value that is not trivially copyable is refused", CXX,
     "#include \"coro/frame.h\"\n"
     "struct text { char *p; };\n"
     "CORO_FRAME(m, text, text, text)\n"
     "CORO_FRAME_BODY(m) { (void)self; return text(); }\n",
     "#include \"coro/frame.h\"\n"
     "struct text { char *p; text(); text(const text &); ~text(); };\n"
     "CORO_FRAME(m, text, text, text)\n"
     "CORO_FRAME_BODY(m) { (void)self; return text(); }\n"},
    {"the code of a body takes one pointer", BOTH,
     "coro_new(&c, (coro_fn)0, 0, 0);", "coro_new(&c, a, 0, 0);"},
    {"a coroutine is not freed by value", BOTH, "coro_free(c);",
     "coro_free(*c);"},
};

std::string Directory() {
  const char *directory = std::getenv("TEST_TMPDIR");
  return directory ? directory : "/tmp";
}

// The exit code of a command, its output in `output`; 127 when there is none.
int Run(const std::vector<std::string> &words, std::string *output) {
  const std::string log =
      Directory() + "/compile_fail." + std::to_string(getpid()) + ".log";
  std::vector<char *> argv;
  argv.reserve(words.size() + 1);
  for (const std::string &word : words)
    argv.push_back(const_cast<char *>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  int status = 0;
  const int error =
      posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error) return 127;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 126;
  std::stringstream text;
  text << std::ifstream(log).rdbuf();
  *output = text.str();
  unlink(log.c_str());
  return WEXITSTATUS(status);
}

// Compiles to nothing; -Werror since some compilers only warn of a pointer to
// the wrong struct.
int Compile(const std::string &compiler, bool cxx, const std::string &program,
            std::string *output) {
  const std::string file = Directory() + "/compile_fail." +
                           std::to_string(getpid()) + (cxx ? ".cc" : ".c");
  {
    std::ofstream out(file);
    if (program[0] == '#')
      out << program;
    else
      out << kBefore << program << kAfter;
  }
  const int code =
      Run({compiler, cxx ? "-std=c++11" : "-std=c11", "-pedantic", "-Wall",
           "-Wextra", "-Werror", "-I.", "-fsyntax-only", file},
          output);
  unlink(file.c_str());
  return code;
}

std::vector<std::string> Compilers(bool cxx) {
  const char *given = std::getenv(cxx ? "CXX" : "CC");
  std::vector<std::string> found;
  std::string output;
  if (given) return {given};
  for (const char *name : {cxx ? "g++" : "gcc", cxx ? "clang++" : "clang"})
    if (Run({name, "--version"}, &output) == 0) found.emplace_back(name);
  if (found.empty()) found.emplace_back(cxx ? "c++" : "cc");
  return found;
}

void Check(bool cxx) {
  for (const std::string &compiler : Compilers(cxx))
    for (const Program &program : kPrograms) {
      if (!(program.language & (cxx ? CXX : C))) continue;
      std::string output;
      INFO(compiler << ": " << program.sentence);
      const int good = Compile(compiler, cxx, program.good, &output);
      {
        INFO(output);
        CHECK(good == 0);
      }
      const int bad = Compile(compiler, cxx, program.bad, &output);
      INFO("compiled: " << program.bad);
      CHECK(bad == 1);
      CHECK(output.find("error") != std::string::npos);
    }
}

} // namespace

TEST_CASE("frame.h: wrong types are no C11") { Check(false); }

TEST_CASE("frame.h: wrong types are no C++11") { Check(true); }
