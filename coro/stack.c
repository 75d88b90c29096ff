/* What stack.h says that no operating system need be asked for. */
#define CORO_NO_INLINE 1
#include "coro/stack.h"

#include "coro/stack_pool.h"

int coro_stack_alloc(coro_stack *out, size_t bytes) {
  struct coro__memory m;
  int rc;
  if (!out) return CORO_EINVAL;
  rc = coro__stack_take(&m, bytes ? bytes : CORO_STACK_DEFAULT);
  if (rc) return rc;
  out->memory = m.low;
  out->bytes = m.bytes;
  out->owner = m.owner;
  return 0;
}

int coro_stack_free(coro_stack *stack) {
  if (!stack || !stack->memory) return CORO_EINVAL;
  coro__stack_give((char *)stack->memory + stack->bytes, stack->bytes,
                   stack->owner);
  stack->memory = NULL;
  stack->bytes = 0;
  return 0;
}

size_t coro_stack_min(void) {
  /* 63 bytes may be lost to alignment at the top, 15 at the bottom. */
  return sizeof(coro) + 64 + 16 + coro__backend_stack_bytes;
}

size_t coro_stack_remaining(void) {
  coro *c = coro__ts.current;
  uintptr_t low, here = CORO__STACK_POINTER();
  if (c == &coro__root || CORO__OWN_STACKS)
    low = coro__system_stack_low();
  else
    low = (uintptr_t)c->stack;
  return low && here > low ? here - low : 0;
}
