/*
 * Linked beside a program, makes a test of it: what the program prints must be
 * what the file EXPECTED holds.
 *
 *  - The program's own main() is not touched: a constructor sends stdout to a
 *    file, and the last handler of exit() compares.
 *  - No shell and no script, so that it works under wine, under qemu and with
 *    every sanitizer as it does here.
 *  - A main() that does not return 0 fails the test whatever it printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

static char path[1024];

static void stop(const char *what, const char *which) {
  fprintf(stderr, "expect_output: %s: %s\n", what, which);
  _Exit(97);
}

/* As text: Windows ends its lines otherwise. */
static void read_file(const char *name, char *text) {
  FILE *f = fopen(name, "r");
  size_t n;
  if (!f) stop("cannot be opened", name);
  n = fread(text, 1, MOST - 1, f);
  text[n] = '\0';
  if (ferror(f) || !feof(f)) stop("cannot be read whole", name);
  fclose(f);
}

static void compare(void) {
  static char expected[MOST], printed[MOST];
  if (fflush(stdout) != 0) stop("cannot be written", path);
  read_file(EXPECTED, expected);
  read_file(path, printed);
  if (strcmp(expected, printed) == 0) return;
  fprintf(stderr, "--- %s\n%s--- was printed\n%s", EXPECTED, expected, printed);
  stop("not what was printed", EXPECTED);
}

__attribute__((constructor)) static void start(void) {
  const char *folder = getenv("TEST_TMPDIR");
  int n = snprintf(path, sizeof path, "%s/stdout", folder ? folder : ".");
  if (n < 0 || (size_t)n >= sizeof path) stop("a path too long", path);
  if (!freopen(path, "w", stdout)) stop("cannot be opened", path);
  if (atexit(compare) != 0) stop("cannot be called at the end", "compare");
}
