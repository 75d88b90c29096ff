/* A coroutine by hand: a body, and a loop that resumes it until it ends. */
#include <stdio.h>

#include "coro/coro.h"

static void count(void *arg) {
  for (int *n = arg; *n < 3; ++*n) coro_suspend();
}

int main(void) {
  int n = 0;
  coro *c;
  if (coro_new(&c, count, &n, NULL) < 0) return 1;
  while (coro_resume(c) == CORO_SUSPENDED) printf("%d\n", n);
  return coro_free(c) < 0;
}
