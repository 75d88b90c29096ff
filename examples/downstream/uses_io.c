/* A program outside of the workspace that depends on @coro//io, and through it
 * on @coro//coro and libevent. */
#include <stdio.h>

#include "coro/coro.h"
#include "io/io.h"

static void say(void *arg) {
  (void)arg;
  printf("%s on %s %s\n", coro_backend(), coro_io_driver(),
         coro_io_driver_version());
}

int main(void) {
  coro *c;
  if (coro_new(&c, say, NULL, NULL) < 0) return 1;
  return coro_resume(c) != CORO_DONE || coro_free(c) < 0;
}
