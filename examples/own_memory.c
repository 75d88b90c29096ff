/* Coroutines without an allocator: the control block, the storage and the stack
 * of each lie inside an array of the program's own. */
#include <stdint.h>
#include <stdio.h>

#include "coro/coro.h"
#include "coro/frame.h"
#include "coro/stack.h"

static _Alignas(64) unsigned char arena[3][32768];

static void hello(void *arg) {
  uintptr_t offset = (uintptr_t)coro_current() - (uintptr_t)arena;
  printf("%s, from %s\n", (const char *)arg,
         offset < sizeof arena ? "the arena" : "elsewhere");
}

/* Yields int, up to the one given. */
CORO_FRAME(upto, void, int, void, (int, last))

CORO_FRAME_BODY(upto) {
  for (int i = 1; i <= self->last; i++)
    if (upto_yield(self, i) < 0) return;
}

int main(void) {
  coro *c;
  upto *u;
  coro_stack stack;
  int v = 0;

  if (coro_init(&c, arena[0], sizeof arena[0], hello, "hello", NULL) < 0)
    return 1;
  if (coro_resume(c) != CORO_DONE || coro_fini(c) < 0) return 1;

  /* The typed form. */
  if (upto_init_on(&u, arena[1], sizeof arena[1], 3) < 0) return 1;
  for (int rc = upto_start(u, &v); rc == CORO_SUSPENDED; rc = upto_next(u, &v))
    printf("%d\n", v);
  if (upto_fini(u) < 0) return 1;

  /* Too little of it is refused before a byte is written. */
  if (coro_init(&c, arena[2], 100, hello, "hello", NULL) != CORO_ESMALL)
    return 1;

  /* Memory from the pool, which has a guard below it, used the same way. */
  if (coro_stack_alloc(&stack, 262144) < 0) return 1;
  if (coro_init(&c, stack.memory, stack.bytes, hello, "bye", NULL) < 0)
    return 1;
  if (coro_resume(c) != CORO_DONE || coro_fini(c) < 0) return 1;
  return coro_stack_free(&stack) < 0;
}
