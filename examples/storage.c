/* Storage: zeroed memory that belongs to a coroutine, found by whoever has its
 * handle and, from deep inside, without one. */
#include <stdio.h>

#include "coro/coro.h"

struct progress {
  int done, of;
};

/* Knows neither the body nor its argument. */
static void step(void) {
  struct progress *p = coro_current_storage();
  p->done++;
  coro_suspend();
}

static void work(void *arg) {
  struct progress *p = coro_current_storage();
  p->of = *(int *)arg;
  while (p->done < p->of) step();
}

int main(void) {
  coro_options options = {.storage_bytes = sizeof(struct progress)};
  int steps[] = {2, 3};
  coro *workers[2];
  for (int i = 0; i < 2; i++)
    if (coro_new(&workers[i], work, &steps[i], &options) < 0) return 1;
  for (int running = 2; running > 0;) {
    for (int i = 0; i < 2; i++) {
      const struct progress *p = coro_storage(workers[i]);
      int rc = coro_resume(workers[i]); /* refused once it is DONE */
      if (rc == CORO_SUSPENDED)
        printf("worker %d: %d of %d\n", i, p->done, p->of);
      else if (rc == CORO_DONE)
        running--;
    }
  }
  return coro_free(workers[0]) < 0 || coro_free(workers[1]) < 0;
}
