/*
 * coro/backends/backend.h - the contract of a backend: how to make a context on
 * a stack, switch to it and back, and dispose of it.  Private.  README.md
 * beside this file says how to write one and which suite proves it.
 *
 * A backend keeps its context in the slot {fp, pc, sp} of struct coro, and in
 * nothing else.  While a coroutine is suspended the slot is its own context,
 * while it runs its resumer's; what the three words mean is the backend's
 * affair, but for pc: it equals CORO__READY_PC from coro__backend_make() until
 * the coroutine first runs, and never else.
 *
 * Callers have checked everything: states, thread, stack.  `current` of the
 * thread is the arriving side's before each switch.
 */
#ifndef CORO_BACKENDS_BACKEND_H_
#define CORO_BACKENDS_BACKEND_H_

#include "coro/coro.h"

/* What coro_backend() answers. */
extern const char coro__backend_name[] CORO__HIDDEN;

/* Bytes of stack that a body needs at the very least, beside control block and
 * storage: a first frame, a suspend, what the backend puts there itself. */
extern const size_t coro__backend_stack_bytes CORO__HIDDEN;

/* The backend makes stacks itself; none is given to coro__backend_make(). */
#if defined(CORO_BACKEND_WINFIBER)
#define CORO__OWN_STACKS 1
#else
#define CORO__OWN_STACKS 0
#endif

#if defined(CORO_BACKEND_ASM)
extern char coro__entry[] CORO__HIDDEN;
extern char coro__entry_hooked[] CORO__HIDDEN;
#define CORO__READY_PC                                                         \
  ((void *)(CORO__PLAIN ? coro__entry : coro__entry_hooked))
#else
extern char coro__ready[] CORO__HIDDEN;
#define CORO__READY_PC ((void *)coro__ready)
#endif

/*
 * Prepares the calling thread; called once on each, before its first coroutine.
 * Returns 0 or CORO_ENOMEM.
 */
int coro__backend_thread(void) CORO__HIDDEN;

/*
 * Makes c's first context.  The stack reaches from `low` up to c itself, whose
 * address is a multiple of 64; with own stacks it has c->stack_bytes, and low
 * is NULL.  The first switch into it has to
 *
 *   call coro__run(c), or c->fn(c->arg) where CORO__PLAIN is 1,
 *   with the stack aligned as the platform asks, as the outermost frame or, if
 *   the backend can say so to unwinders, as a callee of whoever resumed c last;
 *   call coro__finish(c), which returns a result;
 *   set c->link to CORO__DONE and leave c's stack for good, making the
 *   resumer's coro__switch_in() return that result.
 *
 * An exception must not pass the frame that calls the body: it has
 * coro__personality for its personality routine, or the platform's like.
 * Returns 0 or CORO_ENOMEM.
 */
#if defined(CORO_BACKEND_ASM)
/* Inline, since it is three words: the picture stands above coro__entry in the
 * .S files. */
static inline int coro__backend_make(coro *c, char *low) {
  (void)low;
  c->fp = c;
  c->pc = CORO__READY_PC;
  c->sp = c;
  return 0;
}
#else
int coro__backend_make(coro *c, char *low) CORO__HIDDEN;
#endif

/* Disposes of what make allocated; c is READY or DONE. */
#if CORO__OWN_STACKS
void coro__backend_unmake(coro *c) CORO__HIDDEN;
#else
static inline void coro__backend_unmake(coro *c) { (void)c; }
#endif

/*
 * Has the next switch into the suspended c arrive at a call of coro__finish(c)
 * (and what follows it, see above) in place of where c suspended: on c's stack,
 * below all that is live there.
 */
void coro__backend_end(coro *c) CORO__HIDDEN;

/* Saves the caller's context in c's slot and goes to what was there.  Returns
 * when c leaves: 0 after a switch out, at the end what coro__finish() gave. */
int coro__switch_in(coro *c) CORO__HIDDEN;

/* The way back: c, which is the caller, goes to its resumer.  c->link is set to
 * `link` before the resumer runs.  Returns 0 when switched in again. */
int coro__switch_out(coro *c, uintptr_t link) CORO__HIDDEN;

/*
 * Only where CORO__PLAIN can be 1, since then the resumer may be inline code
 * that looks at nothing after it lands: coro__switch_out(), with fn(arg) run on
 * the resumer's stack before the resumer goes on.
 */
int coro__switch_out_with(coro *c, uintptr_t link, coro_fn fn,
                          void *arg) CORO__HIDDEN;

/* What a backend calls. */
void coro__run(coro *c) CORO__HIDDEN;
int coro__finish(coro *c) CORO__HIDDEN;

#endif
