/* Arguments and a return value: a frame copies both, so that neither side
 * needs the other's locals.  Where a frame yields nothing and takes nothing in,
 * those parameters are not there. */
#include <stdio.h>

#include "coro/frame.h"

typedef struct point {
  double x, y;
} point;

/* Returns point, yields void, is injected void. */
CORO_FRAME(move, point, void, void, (point, from), (double, dx), (int, steps))

CORO_FRAME_BODY(move) {
  point p = self->from;
  for (int i = 0; i < self->steps; i++) {
    p.x += self->dx;
    if (move_yield(self) < 0) break;
  }
  return p;
}

int main(void) {
  move *m;
  point end = {0, 0};
  int runs = 1;
  if (move_new(&m, (point){1, 2}, 0.5, 3) < 0) return 1;
  if (move_returned(m, &end) != CORO_ENORESULT) return 1;
  for (int rc = move_start(m); rc == CORO_SUSPENDED; rc = move_next(m)) runs++;
  if (move_returned(m, &end) < 0) return 1;
  printf("%d runs, ends at %.1f %.1f\n", runs, end.x, end.y);

  /* The same stack once more, with other arguments. */
  if (move_reset(m, end, -1.0, 1) < 0) return 1;
  if (move_start(m) != CORO_SUSPENDED) return 1;
  if (move_end(m, &end) != CORO_DONE) return 1;
  printf("and back to %.1f %.1f\n", end.x, end.y);
  return move_free(m) < 0;
}
