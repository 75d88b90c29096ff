/* Yield and inject: a running average.  Each number that is put in comes back
 * as the average so far; NULL puts an end to it. */
#include <stdio.h>

#include "coro/coro.h"

static void average(void *arg) {
  double sum = 0, mean = 0;
  void *injected;
  (void)arg;
  /* The first yield only waits for the first number. */
  for (int n = 1; coro_yield(&mean, &injected) == 0 && injected; n++) {
    sum += *(double *)injected;
    mean = sum / n;
  }
}

int main(void) {
  double numbers[] = {10, 20, 60};
  void *yielded;
  coro *c;
  if (coro_new(&c, average, NULL, NULL) < 0) return 1;
  if (coro_resume(c) != CORO_SUSPENDED) return 1; /* up to the first yield */
  for (int i = 0; i < 3; i++) {
    if (coro_resume_with(c, &numbers[i], &yielded) != CORO_SUSPENDED) return 1;
    printf("in %.0f, out %.0f\n", numbers[i], *(double *)yielded);
  }
  if (coro_resume_with(c, NULL, &yielded) != CORO_DONE) return 1;
  printf("the end gives %s\n", yielded ? "a value" : "no value");
  return coro_free(c) < 0;
}
