/*
 * The pool of guarded stacks: one a thread.
 *
 * Stacks are cut from slabs that are reserved in bulk.  A slot is a guard and,
 * above it, a stack whose size is a power of two of pages: its class.
 *
 *     slab   | guard | stack | guard | stack | ...
 *
 *  - A slot gets its guard when it is first handed out, and keeps it.  A stack
 *    without a guard is never handed out.
 *  - A free stack lies on its class's list, last in, first out, linked through
 *    its topmost bytes: those that its last user touched first.
 *  - Only the owner's thread touches a pool; others leave what they free on
 *    `returned`, under the lock.
 *  - `out` counts the stacks in use.  A thread that ends unmaps its pool if
 *    there are none; else the pool is an orphan and whoever returns the last
 *    stack unmaps it.
 */
#define _GNU_SOURCE 1
#define _DARWIN_C_SOURCE 1
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coro/stack.h"
#include "coro/stack_pool.h"

#define GUARD_BYTES ((size_t)65536)

/* Linux 6.13; not in every libc's headers yet. */
#define ADVICE_GUARD_INSTALL 102
/* No kernel knows this one. */
#define ADVICE_NONSENSE 0x7ead

struct slab {
  struct slab *next;
  size_t bytes;
  char *base;
};

struct pool {
  struct coro__pool hot;
  struct {
    char *next, *end;    /* of the newest slab: what was never handed out */
    unsigned slab_slots; /* the size of the newest slab */
  } fresh[CORO__CLASSES];
  size_t page;
  struct slab *slabs;

  pthread_mutex_t lock; /* for what follows */
  struct coro__free_stack *_Atomic returned;
  int orphan;
};

CORO__THREAD_LOCAL struct coro__pool *coro__pool CORO__TLS_MODEL;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int key_made;
static int guard_advice; /* madvise can place guards */

/* --- Death of a pool ----------------------------------------------------- */

static void unmap(struct pool *pool) {
  struct slab *slab = pool->slabs;
  while (slab) {
    struct slab *next = slab->next;
    munmap(slab->base, slab->bytes);
    free(slab);
    slab = next;
  }
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}

/* Takes back what other threads have returned.  The lock is held. */
static void drain(struct pool *pool) {
  struct coro__free_stack *stack = atomic_exchange(&pool->returned, NULL);
  while (stack) {
    struct coro__free_stack *next = stack->next;
    stack->next = pool->hot.free[stack->class];
    pool->hot.free[stack->class] = stack;
    pool->hot.out--;
    stack = next;
  }
}

static void thread_ends(void *p) {
  struct pool *pool = p;
  size_t out;
  coro__pool = NULL;
  pthread_mutex_lock(&pool->lock);
  drain(pool);
  out = pool->hot.out;
  pool->orphan = 1;
  pthread_mutex_unlock(&pool->lock);
  if (out == 0) unmap(pool);
}

/* --- Birth --------------------------------------------------------------- */

/* qemu-user answers 0 to advice that does not exist, and does nothing: who
 * accepts nonsense cannot be trusted with a guard. */
static void start(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *probe = mmap(NULL, page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe != MAP_FAILED) {
    guard_advice = madvise(probe, page, ADVICE_NONSENSE) != 0 &&
                   madvise(probe, page, ADVICE_GUARD_INSTALL) == 0;
    munmap(probe, page);
  }
  key_made = pthread_key_create(&key, thread_ends) == 0;
}

static struct pool *pool_new(void) {
  struct pool *pool;
  pthread_once(&once, start);
  pool = key_made ? calloc(1, sizeof *pool) : NULL;
  if (!pool) return NULL;
  if (pthread_setspecific(key, pool) != 0) {
    free(pool);
    return NULL;
  }
  pthread_mutex_init(&pool->lock, NULL);
  pool->page = (size_t)sysconf(_SC_PAGESIZE);
  coro__pool = &pool->hot;
  return pool;
}

/* --- Fresh stacks -------------------------------------------------------- */

#if !defined(MAP_NORESERVE)
#define MAP_NORESERVE 0
#endif
#if !defined(MAP_STACK)
#define MAP_STACK 0
#endif

static int add_slab(struct pool *pool, unsigned class) {
  size_t slot = GUARD_BYTES + ((size_t)1 << class);
  unsigned slots = pool->fresh[class].slab_slots * 4;
  struct slab *slab = malloc(sizeof *slab);
  void *base;
  if (!slab) return CORO_ENOMEM;
  if (slots < 4) slots = 4;
  if (slots > 1024) slots = 1024;
  while (slots > 1 && slots * slot > (size_t)1 << 30) slots /= 2;
  for (;; slots /= 2) {
    base = mmap(NULL, slots * slot, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base != MAP_FAILED) break;
    if (slots == 1) {
      free(slab);
      return CORO_ENOMEM;
    }
  }
#if defined(MADV_NOHUGEPAGE)
  /* A huge page under a stack would commit 2 MiB at the first touch. */
  madvise(base, slots * slot, MADV_NOHUGEPAGE);
#endif
  slab->base = base;
  slab->bytes = slots * slot;
  slab->next = pool->slabs;
  pool->slabs = slab;
  pool->fresh[class].next = base;
  pool->fresh[class].end = (char *)base + slab->bytes;
  pool->fresh[class].slab_slots = slots;
  return 0;
}

/* EINVAL from madvise: locked memory, where mprotect does it. */
static int place_guard(char *at) {
  if (guard_advice && madvise(at, GUARD_BYTES, ADVICE_GUARD_INSTALL) == 0)
    return 0;
  return mprotect(at, GUARD_BYTES, PROT_NONE) == 0 ? 0 : CORO_EGUARD;
}

static int take_fresh(struct pool *pool, unsigned class, char **low) {
  int rc;
  if (pool->fresh[class].next == pool->fresh[class].end &&
      (rc = add_slab(pool, class)) < 0)
    return rc;
  rc = place_guard(pool->fresh[class].next);
  if (rc < 0) return rc;
  *low = pool->fresh[class].next + GUARD_BYTES;
  pool->fresh[class].next += GUARD_BYTES + ((size_t)1 << class);
  return 0;
}

/* --- The slow paths of stack_pool.h -------------------------------------- */

int coro__stack_take_slow(struct coro__memory *m, size_t bytes) {
  struct pool *pool = (struct pool *)coro__pool;
  struct coro__free_stack *stack;
  unsigned class;
  int rc;
  if (bytes > CORO_STACK_MAX) return CORO_EINVAL;
  if (!pool && !(pool = pool_new())) return CORO_ENOMEM;
  class = coro__class_of(bytes > pool->page ? bytes : pool->page);
  if (atomic_load_explicit(&pool->returned, memory_order_relaxed)) {
    pthread_mutex_lock(&pool->lock);
    drain(pool);
    pthread_mutex_unlock(&pool->lock);
  }
  stack = pool->hot.free[class];
  if (stack) {
    m->low = coro__low_of(stack, class);
    pool->hot.free[class] = stack->next;
  } else {
    rc = take_fresh(pool, class, &m->low);
    if (rc < 0) return rc;
  }
  pool->hot.out++;
  m->bytes = (size_t)1 << class;
  m->owner = pool;
  return 0;
}

/* On another thread than the pool's, or after its end. */
void coro__stack_give_slow(struct coro__pool *hot,
                           struct coro__free_stack *stack) {
  struct pool *pool = (struct pool *)hot;
  size_t out = 1;
  pthread_mutex_lock(&pool->lock);
  if (pool->orphan)
    out = --pool->hot.out;
  else {
    stack->next = atomic_load(&pool->returned);
    atomic_store(&pool->returned, stack);
  }
  pthread_mutex_unlock(&pool->lock);
  if (out == 0) unmap(pool);
}
