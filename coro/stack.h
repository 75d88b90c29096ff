/*
 * coro/stack.h - memory for stacks.
 *
 * Coroutines take their stacks from here by themselves; these calls are for
 * who wants a guarded stack for coro_init() or for code of his own, and for
 * asking how much of a stack is left.
 *
 *   coro_stack s;
 *   if (coro_stack_alloc(&s, 256 * 1024) < 0) return 1;
 *   coro_init(&c, s.memory, s.bytes, body, NULL, NULL);
 *   ...
 *   coro_fini(c);
 *   coro_stack_free(&s);
 *
 * A stack is reserved, not committed: memory is used as it is touched.  Below
 * it lies a guard of 64 KiB, as wide as the widest frame of most programs; a
 * wider frame can step over it unless it is compiled with
 * -fstack-clash-protection.  On Linux 6.13 and later a guard is a page-table
 * entry (MADV_GUARD_INSTALL) and costs no memory mapping; before, and on
 * locked memory, it is an mprotect, of which vm.max_map_count allows 32,752.
 *
 * Threads: stacks come from a pool of the calling thread, and a stack may be
 * freed on any thread: it goes back to the pool it came from.  A thread that
 * ends gives its pool back to the system, what is in use excepted: that goes
 * when it is freed.
 *
 * Ownership: whoever allocates frees, after the coroutine on it has been freed.
 */
#ifndef CORO_STACK_H_
#define CORO_STACK_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CORO_STACK_DEFAULT ((size_t)65536)
#define CORO_STACK_MAX ((size_t)1 << 30)

typedef struct coro_stack {
  void *memory;      /* the lowest usable byte */
  size_t bytes;      /* all of them usable; as asked or more */
  const void *owner; /* private */
} coro_stack;

/*
 * Gets a guarded stack.
 *
 *   out    receives it; untouched when this fails.
 *   bytes  0 means CORO_STACK_DEFAULT; rounded up to a power of two of pages.
 *
 * Returns 0, or
 *   CORO_EINVAL   out is NULL, or bytes is above CORO_STACK_MAX.
 *   CORO_ENOMEM   no address space or memory.
 *   CORO_EGUARD   the stack was there but its guard was refused: the number of
 *                 mappings is exhausted (vm.max_map_count).
 *   CORO_ENOTSUP  the backend makes its own stacks (winfiber).
 * Suspends: no.  The memory is not zeroed when it has been used before.
 */
int coro_stack_alloc(coro_stack *out, size_t bytes);

/*
 * Gives a stack back, and clears *stack so that a second call is refused.
 * Returns 0, or CORO_EINVAL for NULL or a cleared one.  Suspends: no.
 */
int coro_stack_free(coro_stack *stack);

/* Bytes left on the stack that the caller runs on, the thread's own at the
 * root; 0 when it is overrun or the system does not tell. */
size_t coro_stack_remaining(void);

/* The smallest stack that coro_init() and coro_new() take, for a coroutine
 * without storage: control block, entry, one suspend.  The body needs more. */
size_t coro_stack_min(void);

#ifdef __cplusplus
}
#endif
#endif
