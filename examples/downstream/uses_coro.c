/* A program outside of the workspace that takes coroutines from @coro//coro. */
#include <stdio.h>

#include "coro/coro.h"

static void count(void *arg) {
  for (int *n = arg; *n < 3; ++*n) coro_suspend();
}

int main(void) {
  int n = 0;
  int sum = 0;
  coro *c;
  if (coro_new(&c, count, &n, NULL) < 0) return 1;
  while (coro_resume(c) == CORO_SUSPENDED) sum += n;
  printf("%s: the sum is %d\n", coro_backend(), sum);
  return coro_free(c) < 0 || sum != 0 + 1 + 2;
}
