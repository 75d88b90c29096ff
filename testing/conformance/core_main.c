/*
 * The plain runner: needs a C compiler and nothing else.
 *
 *   core_main [TEXT]
 *
 * runs the cases whose "number: name" contains TEXT, all without it; prints
 * each, and at last `N passed, N failed`.  The exit code is the number of cases
 * that failed, at most 99.
 */
#include <stdio.h>
#include <string.h>

#include "coro/coro.h"
#include "testing/conformance/core.h"

int main(int argc, char **argv) {
  const char *filter = argc > 1 ? argv[1] : "";
  int passed = 0, failed = 0;
  const core_case *const *table;
  const core_case *c;
  printf("coro %s, backend %s\n", coro_version(), coro_backend());
  for (table = core_tables; *table; table++)
    for (c = *table; c->run; c++) {
      char name[256];
      snprintf(name, sizeof name, "%s: %s", c->number, c->name);
      if (!strstr(name, filter)) continue;
      /* Before it runs: a crash is then the last one named. */
      printf("%s\n", name);
      fflush(stdout);
      if (core_run(c) == 0)
        passed++;
      else {
        failed++;
        printf("FAILED %s\n", name);
      }
    }
  printf("%d passed, %d failed\n", passed, failed);
  if (passed + failed == 0) return 1;
  return failed > 99 ? 99 : failed;
}
