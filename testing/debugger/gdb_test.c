/*
 * 56: gdb's backtrace goes from inside nested coroutines through their entries
 * to main() and ends there without complaint: at breakpoints, and after every
 * single instruction of a few switches.  Where the backend's entry is the end,
 * it ends there.
 *
 * Runs `gdb -batch` on the probes.  Passes, and says so, where there is no gdb.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"

#if defined(CORO_BACKEND_ASM)
enum { GOES_ON = 1 };
#else
enum { GOES_ON = 0 };
#endif

enum { STEPS = 150, TEXT = 1 << 20 };

static char text[TEXT];

/* A mark in the output before each backtrace. */
#define MARK "--- "
static const char commands[] = "set pagination off\n"
                               "set width 0\n"
                               "set confirm off\n"
                               "break stop_here\n"
                               "run\n"
                               "echo --- \\n\n"
                               "backtrace\n"
                               "set $i = 0\n"
                               "while $i < %d\n"
                               "  stepi\n"
                               "  echo --- \\n\n"
                               "  backtrace\n"
                               "  set $i = $i + 1\n"
                               "end\n"
                               "continue\n"
                               "echo --- \\n\n"
                               "backtrace\n"
                               "continue\n"
                               "echo --- \\n\n"
                               "backtrace\n"
                               "continue\n";

static int has_gdb(void) {
  /* NOLINTNEXTLINE(cert-env33-c): a fixed command. */
  return system("gdb --version >/dev/null 2>&1") == 0;
}

/* Leaves what gdb says in `text`. */
static void run_gdb(const char *probe) {
  char line[512], script[300];
  const char *folder = getenv("TEST_TMPDIR");
  FILE *file;
  size_t n;
  snprintf(script, sizeof script, "%s/gdb_commands", folder ? folder : "/tmp");
  file = fopen(script, "w");
  REQUIRE(file);
  fprintf(file, commands, STEPS);
  REQUIRE(fclose(file) == 0);
  snprintf(line, sizeof line, "gdb -nx -batch -x '%s' '%s' 2>&1", script,
           probe);
  file = popen(line, "r"); /* NOLINT(cert-env33-c) */
  REQUIRE(file);
  n = fread(text, 1, sizeof text - 1, file);
  text[n] = '\0';
  CHECK_INT(pclose(file), 0);
}

/* The name in a line like "#1  0x0123 in name (argument=1) at file:2". */
static void name_of(const char *line, char *name, size_t bytes) {
  const char *p = strstr(line, " in ");
  const char *end = strchr(line, '\n');
  size_t n = 0;
  name[0] = '\0';
  if (p && (!end || p < end))
    p += 4;
  else {
    p = line + 1;
    while (*p >= '0' && *p <= '9') p++;
    while (*p == ' ') p++;
  }
  if (*p == '<') p++; /* <signal handler called> */
  while (p[n] && p[n] != ' ' && p[n] != '\n' && n + 1 < bytes) n++;
  memcpy(name, p, n);
  name[n] = '\0';
}

static const char *const shown[] = {"stop_here",  "inner_body", "resume_inner",
                                    "outer_body", "signal",     "main"};

/* The names of the backtrace at p that are in `shown`, in one line. */
static void summarise(const char *p, char *out, size_t bytes, int *frames) {
  out[0] = '\0';
  *frames = 0;
  while ((p = strchr(p, '\n')) && strncmp(++p, MARK, 4) != 0) {
    char name[64];
    if (*p != '#') continue;
    ++*frames;
    name_of(p, name, sizeof name);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
      if (strcmp(name, shown[i]) == 0 &&
          strlen(out) + strlen(name) + 2 < bytes) {
        if (out[0]) strcat(out, " ");
        strcat(out, name);
      }
  }
}

static int ends_with(const char *s, const char *end) {
  const size_t n = strlen(s), m = strlen(end);
  return n >= m && strcmp(s + n - m, end) == 0;
}

static void check_probe(const char *probe) {
  char first[256] = "", last[256] = "", before_last[256] = "";
  const char *p = text;
  int frames, backtraces = 0, bad = 0;
  run_gdb(probe);
  CHECK(!strstr(text, "corrupt stack"));
  CHECK(!strstr(text, "inner to this frame"));
  CHECK(!strstr(text, "Backtrace stopped"));
  CHECK(!strstr(text, "Cannot access memory"));
  CHECK(strstr(text, "exited normally"));
  while ((p = strstr(p, MARK))) {
    strcpy(before_last, last);
    summarise(p, last, sizeof last, &frames);
    if (!backtraces++) strcpy(first, last);
    if (frames > 30 || (GOES_ON && !ends_with(last, "main"))) {
      if (bad++ < 5) fprintf(stderr, "backtrace %d: %s\n", backtraces, last);
    }
    p += 4;
  }
  CHECK_INT(bad, 0);
  CHECK_INT(backtraces, STEPS + 3);
  if (GOES_ON) {
    CHECK(strcmp(first, "stop_here inner_body signal resume_inner outer_body "
                        "signal main") == 0);
    CHECK(strcmp(before_last, "stop_here inner_body signal resume_inner "
                              "outer_body signal main") == 0);
  } else
    CHECK(strncmp(first, "stop_here inner_body", 20) == 0);
  CHECK(strcmp(last, "stop_here main") == 0);
  /* A test of its own: the whole output where something was wrong. */
  if (bad || !strstr(text, "exited normally")) fputs(text, stderr);
}

static void plain(void) {
  if (has_gdb())
    check_probe("testing/debugger/probe_O0");
  else
    printf("skipped: gdb is not installed\n");
}

static void optimised(void) {
  if (has_gdb())
    check_probe("testing/debugger/probe_O2");
  else
    printf("skipped: gdb is not installed\n");
}

static const core_case gdb_cases[] = {
    {"56", "gdb sees through called switches to main", plain},
    {"56", "gdb sees through switches in place to main", optimised},
    {0},
};

const core_case *const core_tables[] = {gdb_cases, NULL};
