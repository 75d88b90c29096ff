/*
 * coro/stack_pool.h - the pool's fast path, inline: making and freeing a
 * coroutine on a warm stack is a matter of a few loads and stores, and a call
 * that returns through memory would double it.  Private; stack_posix.c has the
 * idea, the invariants and everything that is slow.
 */
#ifndef CORO_STACK_POOL_H_
#define CORO_STACK_POOL_H_

#include "coro/backends/backend.h"
#include "coro/internal.h"

/* A piece of memory and who gets it back. */
struct coro__memory {
  char *low;
  size_t bytes;
  const void *owner;
};

/* At least `bytes` from the calling thread's pool; m->bytes is a power of two.
 * Returns 0, CORO_EINVAL, CORO_ENOMEM, CORO_EGUARD, or, where stacks are the
 * backend's, CORO_ENOTSUP. */
static inline int coro__stack_take(struct coro__memory *m, size_t bytes);

/* Given back by its end, which a coroutine knows without a load. */
static inline void coro__stack_give(char *high, size_t bytes,
                                    const void *owner);

#if CORO__OWN_STACKS

static inline int coro__stack_take(struct coro__memory *m, size_t bytes) {
  (void)m;
  (void)bytes;
  return CORO_ENOTSUP;
}

static inline void coro__stack_give(char *high, size_t bytes,
                                    const void *owner) {
  (void)high;
  (void)bytes;
  (void)owner;
}

#else

/* A stack's class is the exponent of its size. */
enum { CORO__CLASSES = 31 };

/* The topmost bytes of a free stack. */
struct coro__free_stack {
  struct coro__free_stack *next;
  size_t class;
};

/* The part of a pool that is used at every turn. */
struct coro__pool {
  struct coro__free_stack *free[CORO__CLASSES];
  size_t out; /* stacks in use */
};

extern CORO__THREAD_LOCAL struct coro__pool *coro__pool CORO__TLS_MODEL
    CORO__HIDDEN;

int coro__stack_take_slow(struct coro__memory *m,
                          size_t bytes) CORO__COLD CORO__HIDDEN;
void coro__stack_give_slow(struct coro__pool *pool,
                           struct coro__free_stack *stack)
    CORO__COLD CORO__HIDDEN;

/* The class of the smallest stack that holds `bytes`. */
static inline unsigned coro__class_of(size_t bytes) {
  return bytes <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(bytes - 1ull);
}

static inline char *coro__low_of(struct coro__free_stack *stack,
                                 unsigned class) {
  return (char *)(stack + 1) - ((size_t)1 << class);
}

static inline int coro__stack_take(struct coro__memory *m, size_t bytes) {
  struct coro__pool *pool = coro__pool;
  unsigned class = coro__class_of(bytes);
  struct coro__free_stack *stack;
  if (CORO__UNLIKELY(!pool || class >= CORO__CLASSES || !pool->free[class])) {
    struct coro__memory slow; /* so that *m can live in registers */
    int rc = coro__stack_take_slow(&slow, bytes);
    if (rc == 0) *m = slow;
    return rc;
  }
  stack = pool->free[class];
  pool->free[class] = stack->next;
  pool->out++;
  m->low = coro__low_of(stack, class);
  m->bytes = (size_t)1 << class;
  m->owner = pool;
  return 0;
}

static inline void coro__stack_give(char *high, size_t bytes,
                                    const void *owner) {
  struct coro__pool *pool = (struct coro__pool *)(uintptr_t)owner;
  struct coro__free_stack *stack = (struct coro__free_stack *)(void *)high - 1;
  unsigned class = coro__class_of(bytes);
  stack->class = class;
  if (CORO__UNLIKELY(pool != coro__pool)) {
    coro__stack_give_slow(pool, stack);
    return;
  }
  stack->next = pool->free[class];
  pool->free[class] = stack;
  pool->out--;
}

#endif
#endif
