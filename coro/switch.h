/*
 * coro/switch.h - the coroutine's layout, and resume and suspend inline.
 * Private: included by coro.h, which is the manual.
 *
 * The inline forms are GNU "extern inline": they are used where the compiler
 * inlines, and the library's functions of the same names serve every other
 * caller (-O0, sanitizers, function pointers, other languages).  Both sides of
 * a switch may be of either form, since they share one protocol:
 *
 *   The slot {fp, pc, sp} of a coroutine holds, while it is suspended, its own
 *   context; while it runs, its resumer's.  One of the two is needed at a time.
 *   Whoever leaves a stack puts its own three values in the slot and takes the
 *   other's out.  Only the frame pointer, program counter and stack pointer
 *   travel; all other registers are clobbered by the statement, so that the
 *   compiler saves what is live and nothing else.
 *
 *   {fp, pc} is a frame record.  The entry frame of every coroutine keeps its
 *   frame pointer at the slot, so that a frame-pointer walk, and the entry's
 *   CFI, go on to whoever resumed the coroutine last.
 */
#ifndef CORO_SWITCH_H_
#define CORO_SWITCH_H_

#include "coro/config.h"

#ifdef __cplusplus
extern "C" {
#endif

struct coro__deferred;

/* C++'s per-thread exception globals (Itanium C++ ABI 2.2.2): the stack of
 * caught exceptions, and the number of uncaught ones. */
struct coro__exceptions {
  void *caught;
  unsigned int uncaught;
};

/* The assembly of the backends knows the offsets of the first ten fields. */
struct coro {
  /* The slot, exchanged at every switch. */
  void *fp; /* 0 */
  void *pc; /* 8 */
  void *sp; /* 16 */

  /* RUNNING, NORMAL: the resumer, an even address.  Else odd: SUSPENDED and
   * READY: the tag of its thread; DONE: CORO__DONE; freed: CORO__FREED. */
  uintptr_t link; /* 24 */

  /* A stack pointer below this sends coro_suspend() down the slow path; all
   * ones does so always. */
  uintptr_t low;    /* 32 */
  uintptr_t unused; /* 40 */

  /* Clang addresses over-aligned frames by rbx (x19 on aarch64) and ignores
   * that an asm statement clobbers it, so code compiled by clang saves it here
   * by hand: the coroutine's and the resumer's. */
  void *own_base;     /* 48 */
  void *resumer_base; /* 56 */

  coro_fn fn; /* 64 */
  void *arg;  /* 72 */

  struct coro__deferred *deferred;
  void *yielded; /* on their way out and in */
  void *injected;
  void *result;
  uint64_t id;
  const char *file; /* where it was made */
  int line;
  unsigned int flags;

  char *stack; /* the memory it lies in, to be given back */
  size_t stack_bytes;
  const void *stack_owner;
  size_t storage_bytes;

  void *sanitizer[3];
  uint64_t fpenv;
  unsigned int valgrind_id;
  char name[CORO_NAME_MAX + 1];
  char reserved[20];
};

#define CORO__DONE ((uintptr_t)1)
#define CORO__FREED ((uintptr_t)3)

/* What a thread has.  Kept small: from a dlopen'ed object it lies in the
 * surplus of static thread-local storage. */
struct coro__thread {
  coro *current; /* coro__root outside of any coroutine */
  uintptr_t tag; /* of this thread, odd; 0 before its first coroutine */
  struct coro__exceptions *exceptions; /* never NULL */
  coro *yielder; /* gave control back last, if it did so with a value */
};

int coro__resume_slow(coro *c) CORO__COLD;
int coro__suspend_slow(void) CORO__COLD;

/* The resumer of whatever runs at the root of its thread.  Its `low` is all
 * ones and its `link` refuses to be resumed.  Never written to. */
extern coro coro__root;

#if CORO__INLINE

/* initial-exec: one load relative to the thread pointer, in an executable a
 * constant offset; any other model costs a call. */
extern __thread struct coro__thread coro__ts
    __attribute__((tls_model("initial-exec")));

#define CORO__EXTERN_INLINE                                                    \
  extern __inline__ __attribute__((gnu_inline, always_inline))

#if defined(__x86_64__)
#include "coro/backends/x86_64_inline.h"
#else
#include "coro/backends/aarch64_inline.h"
#endif

CORO__EXTERN_INLINE coro *coro_current(void) {
  coro *c = coro__ts.current;
  return c == &coro__root ? CORO__NULL : c;
}

/* The tag says "suspended" and "on this thread" in one comparison: any other
 * value of link, and a NULL, are for the slow path to name. */
CORO__EXTERN_INLINE int coro_resume(coro *c) {
  if (CORO__UNLIKELY(!c) || CORO__UNLIKELY(c->link != coro__ts.tag) ||
      CORO__UNLIKELY(CORO__CAST(uintptr_t, coro__ts.exceptions->caught) |
                     coro__ts.exceptions->uncaught))
    return coro__resume_slow(c);
  c->link = CORO__CAST(uintptr_t, coro__ts.current);
  coro__ts.current = c;
  return coro__inline_enter(c);
}

/* `low` is all ones at the root and for whatever else must look closer, so the
 * stack check carries those checks along. */
CORO__EXTERN_INLINE int coro_suspend(void) {
  coro *c = coro__ts.current;
  if (CORO__UNLIKELY(coro__stack_pointer() < c->low) ||
      CORO__UNLIKELY(CORO__CAST(uintptr_t, coro__ts.exceptions->caught) |
                     coro__ts.exceptions->uncaught))
    return coro__suspend_slow();
  coro__ts.current = CORO__CAST(coro *, c->link);
  coro__inline_leave(c, coro__ts.tag);
  return 0;
}

#endif /* CORO__INLINE */

#ifdef __cplusplus
}
#endif
#endif
