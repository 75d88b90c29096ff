/* Clean-up: a handler that was deferred runs when the body returns, and also
 * when the coroutine is abandoned half-way. */
#include <stdio.h>
#include <stdlib.h>

#include "coro/coro.h"

static int buffers; /* not given back yet */

static void release(void *buffer) {
  free(buffer);
  buffers--;
  printf("released, %d left\n", buffers);
}

static void copy(void *arg) {
  char *in, *out;
  (void)arg;
  if (!(in = malloc(100))) return;
  buffers++;
  if (coro_defer(release, in) < 0) {
    release(in);
    return;
  }
  coro_suspend();
  if (!(out = malloc(100))) return;
  buffers++;
  if (coro_defer(release, out) < 0) {
    release(out);
    return;
  }
  coro_suspend();
  printf("copied\n");
}

int main(void) {
  coro *c;
  if (coro_new(&c, copy, NULL, NULL) < 0) return 1;

  printf("to its end:\n");
  while (coro_resume(c) == CORO_SUSPENDED) continue;

  printf("abandoned half-way:\n");
  if (coro_reset(c, copy, NULL) < 0) return 1;
  if (coro_resume(c) != CORO_SUSPENDED) return 1;
  if (coro_free(c) != CORO_EBUSY) return 1; /* there is a body to be ended */
  if (coro_abandon(c) < 0) return 1;
  return buffers != 0 || coro_free(c) < 0;
}
