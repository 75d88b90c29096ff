/*
 * Resume and suspend as functions: the out-of-line form of switch.h's inline
 * code, the slow paths of both, and what runs on a coroutine's stack around its
 * body.
 *
 *  - The fast path of a plain build ends in a tail call of the backend's
 *    switch: a C epilogue behind a switch is a `ret` predicted wrongly, 7 ns.
 *  - The slow path does the whole switch itself, in coro__enter() and leave(),
 *    and so can put things right after it lands.
 *  - C++'s exception globals are empty at every switch.  Whoever has some takes
 *    the slow path, keeps them in its frame while away, and restores them when
 *    it is back.  So they are each coroutine's own, at the price of a test.
 *  - `current` is the arriving side's before the switch.
 *  - coro__ts is never held in a variable across a switch by these functions:
 *    a coroutine keeps its thread, but compilers reason about less than that.
 */
#define CORO_NO_INLINE 1
#include <stdlib.h>

#include "coro/backends/backend.h"
#include "coro/sanitizer.h"

/* Pending for the resumer's side, set by coro_suspend_with(). */
static CORO__THREAD_LOCAL coro_fn after_fn CORO__TLS_MODEL;
static CORO__THREAD_LOCAL void *after_arg CORO__TLS_MODEL;

static int exceptions_pending(void) {
  return ((uintptr_t)coro__ts.exceptions->caught |
          coro__ts.exceptions->uncaught) != 0;
}

/* Whoever leaves a stack takes the exceptions along, so that the other side finds
 * none, and gives them back when it is there again. */
static struct coro__exceptions take_exceptions(void) {
  struct coro__exceptions taken = *coro__ts.exceptions;
  if (exceptions_pending()) {
    coro__ts.exceptions->caught = NULL;
    coro__ts.exceptions->uncaught = 0;
  }
  return taken;
}

static void give_exceptions(struct coro__exceptions taken) {
  if (taken.caught || taken.uncaught) *coro__ts.exceptions = taken;
}

/* --- Into a coroutine ---------------------------------------------------- */

CORO__NO_SANITIZE int coro__enter(coro *c) {
  struct coro__away away;
  struct coro__exceptions exceptions = take_exceptions();
  int result;
  c->link = (uintptr_t)coro__ts.current;
  coro__ts.current = c;
  coro__hook_in(&away, c);
  result = coro__switch_in(c);
  coro__hook_back(&away);
  give_exceptions(exceptions);
  if (!CORO__PLAIN && after_fn) {
    coro_fn fn = after_fn;
    after_fn = NULL;
    fn(after_arg);
    coro__ts.yielder = NULL;
  }
  return result;
}

/* Why c, whose link is not this thread's tag, cannot be resumed; 0: it can. */
static int refuse(coro *c) {
  coro *running = coro__ts.current;
  if (c->link == CORO__DONE) return CORO_EDONE;
  if (c->link == CORO__FREED || c == &coro__root) return CORO_EINVAL;
  if (c->link & 1) {
    if (c->pc != CORO__READY_PC) return CORO_ETHREAD;
    c->link = coro__ts.tag; /* handed over */
    return 0;
  }
  if (c == running) return CORO_ESELF;
  for (; running != &coro__root; running = (coro *)running->link)
    if (running == c) return CORO_ENESTED;
  return CORO_ETHREAD;
}

int coro__resume_slow(coro *c) {
  int rc;
  if (!c) return CORO_EINVAL;
  rc = coro__thread_start();
  if (rc < 0) return rc;
  if (c->link != coro__ts.tag && (rc = refuse(c)) < 0) return rc;
  return coro__enter(c);
}

int coro_resume(coro *c) {
  if (!CORO__PLAIN || CORO__UNLIKELY(!c || c->link != coro__ts.tag) ||
      CORO__UNLIKELY(exceptions_pending()))
    return coro__resume_slow(c);
  c->link = (uintptr_t)coro__ts.current;
  coro__ts.current = c;
  return coro__switch_in(c);
}

/* --- Out of a coroutine -------------------------------------------------- */

CORO__NO_SANITIZE static int leave(coro *c, coro_fn fn, void *arg) {
  struct coro__exceptions exceptions = take_exceptions();
  coro__ts.current = (coro *)c->link;
  coro__hook_out(c, 0);
#if CORO__PLAIN
  if (fn)
    coro__switch_out_with(c, coro__ts.tag, fn, arg);
  else
    coro__switch_out(c, coro__ts.tag);
#else
  after_fn = fn;
  after_arg = arg;
  coro__switch_out(c, coro__ts.tag);
#endif
  coro__hook_landed(c);
  give_exceptions(exceptions);
  return 0;
}

/* 0 if the running coroutine may suspend. */
static int may_suspend(void) {
  coro *c = coro__ts.current;
  if (c == &coro__root) return CORO_EROOT;
  if (c->flags & CORO__ENDING) return CORO_EENDING;
  if (!CORO__OWN_STACKS && CORO__STACK_POINTER() < (uintptr_t)c->stack)
    coro__die("stack overflow", c);
  return 0;
}

int coro__suspend_slow(void) {
  int rc = may_suspend();
  return rc < 0 ? rc : leave(coro__ts.current, NULL, NULL);
}

int coro_suspend(void) {
  coro *c = coro__ts.current;
  if (!CORO__PLAIN || CORO__UNLIKELY(CORO__STACK_POINTER() < c->low) ||
      CORO__UNLIKELY(exceptions_pending()))
    return coro__suspend_slow();
  coro__ts.current = (coro *)c->link;
  return coro__switch_out(c, coro__ts.tag);
}

int coro_suspend_with(coro_fn fn, void *arg) {
  int rc;
  if (!fn) return CORO_EINVAL;
  rc = may_suspend();
  return rc < 0 ? rc : leave(coro__ts.current, fn, arg);
}

/* Called by coro__switch_out_with() on the resumer's stack just before it lands:
 * whatever the function did, the coroutine gave no value. */
CORO__NO_SANITIZE void coro__landing(void) CORO__HIDDEN;
CORO__NO_SANITIZE void coro__landing(void) { coro__ts.yielder = NULL; }

/* --- Around the body ----------------------------------------------------- */

/* What the entry calls where arriving on a stack takes more than a jump. */
CORO__NO_SANITIZE void coro__run(coro *c) {
  coro__hook_landed(c);
  c->fn(c->arg);
}

void coro__run_deferred(coro *c) {
  struct coro__deferred *d;
  while ((d = c->deferred)) {
    struct coro__deferred copy = *d;
    c->deferred = d->next;
    free(d);
    copy.fn(copy.arg);
  }
}

/* What the entry calls at the end, on the coroutine's stack; its result is that
 * of the resumer's coro_resume(). */
CORO__NO_SANITIZE int coro__finish(coro *c) {
  if (c->flags & CORO__ENDING) coro__hook_landed(c);
  if (CORO__UNLIKELY(c->deferred)) coro__run_deferred(c);
  coro__ts.current = (coro *)c->link;
  coro__hook_out(c, 1);
  return CORO_DONE;
}
