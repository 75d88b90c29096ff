/* A typed generator: it takes two ints, yields ints, is told after each one
 * whether to go on, and returns their sum. */
#include <stdbool.h>
#include <stdio.h>

#include "coro/frame.h"

/* Returns long, yields int, is injected bool. */
CORO_FRAME(counter, long, int, bool, (int, from), (int, step))

CORO_FRAME_BODY(counter) {
  long sum = 0;
  for (int i = self->from;; i += self->step) {
    bool more;
    sum += i;
    if (counter_yield(self, i, &more) < 0 || !more) return sum;
  }
}

int main(void) {
  counter *c;
  int v = 0;
  long sum = 0;
  if (counter_new(&c, 10, 5) < 0) return 1;
  if (counter_start(c, &v) != CORO_SUSPENDED) return 1;
  printf("first %d\n", v);
  if (counter_next(c, true, &v) != CORO_SUSPENDED) return 1;
  printf("then %d\n", v);
  if (counter_end(c, false, &sum) != CORO_DONE) return 1;
  printf("sum %ld\n", sum);
  return counter_free(c) < 0;
}
