/*
 * coro/coro.h - stackful asymmetric coroutines.
 *
 * A coroutine is a function with a stack of its own.  coro_resume() runs it
 * until it suspends or returns; control then comes back to whoever resumed it
 * last.  The smallest complete use:
 *
 *   static void count(void *arg) {
 *     for (int *n = arg; *n < 3; ++*n) coro_suspend();
 *   }
 *
 *   int n = 0;
 *   coro *c;
 *   if (coro_new(&c, count, &n, NULL) < 0) return 1;
 *   while (coro_resume(c) == CORO_SUSPENDED) printf("%d\n", n);
 *   coro_free(c);
 *
 * Threads: a coroutine belongs to the thread that first resumes it and runs on
 * no other; before that it may be handed over.  Each thread has a root, the
 * code that runs outside of any coroutine.
 *
 * Ownership: the one who creates a coroutine frees it.  Nothing is allocated
 * to resume or to suspend.  Freeing runs no code of the body: a suspended
 * coroutine is ended by coro_abandon() first.
 *
 * What belongs to whom at a switch: callee-saved registers and the stack are
 * the coroutine's; errno and the signal mask are the thread's (the ucontext
 * backend gives each coroutine its own signal mask); rounding mode and other
 * floating-point control are unspecified across a switch, or the coroutine's
 * own in a build with `--//coro/backends:fpenv=true`.  C++ exceptions may be
 * thrown and caught inside a coroutine, with suspends between; one that would
 * leave the body ends the process with the coroutine's name.
 */
#ifndef CORO_CORO_H_
#define CORO_CORO_H_

#include <stddef.h>
#include <stdint.h>

#include "coro/error.h"

#define CORO_VERSION_MAJOR 0
#define CORO_VERSION_MINOR 1
#define CORO_VERSION_PATCH 0
#define CORO_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* A coroutine.  The struct is visible so that resume and suspend can be
 * inlined; its fields are private. */
typedef struct coro coro;

/* A coroutine's body, and a deferred handler. */
typedef void (*coro_fn)(void *arg);

/* What a coroutine is doing; also what coro_resume() returns. */
enum coro_state {
  CORO_SUSPENDED = 0, /* waits to be resumed */
  CORO_DONE = 1,      /* its body has returned, or it was abandoned */
  CORO_READY = 2,     /* made, never resumed */
  CORO_RUNNING = 3,   /* the one that asks */
  CORO_NORMAL = 4     /* has resumed another one and waits for it */
};

/*
 * Memory for stacks, in place of the pool.  `alloc` returns `bytes` bytes
 * aligned to 16, or NULL; `free` gets the same pointer and size back, perhaps
 * on another thread.  Memory from an allocator has no guard below it.  The
 * struct must outlive every coroutine made with it.
 */
typedef struct coro_allocator {
  void *(*alloc)(void *context, size_t bytes);
  void (*free)(void *context, void *memory, size_t bytes);
  void *context;
} coro_allocator;

/* How a coroutine is made; a zeroed struct, or NULL in its place, is the
 * default of everything. */
typedef struct coro_options {
  /* Size of the stack, bytes, control block and storage included; rounded up
   * to a power of two when it comes from the pool.  0: the thread's default
   * (coro_env_set), at first 64 KiB. */
  size_t stack_bytes;
  /* The caller's memory, `stack_bytes` long, any alignment: the coroutine and
   * its control block live inside, nothing outside is touched, and it stays the
   * caller's.  NULL: from `allocator`, else the thread's, else the pool. */
  void *stack;
  /* Zeroed memory of the coroutine's own, see coro_storage().  Its alignment
   * is a power of two; 0: 64. */
  size_t storage_bytes;
  size_t storage_align;
  /* For reports; the first CORO_NAME_MAX bytes are copied.  NULL: none. */
  const char *name;
  const coro_allocator *allocator;
} coro_options;

#define CORO_NAME_MAX 31

/* --- Life ---------------------------------------------------------------- */

/*
 * Makes a coroutine that will run fn(arg), on a stack of its own; fn does not
 * run yet.
 *
 *   out      receives the handle; untouched when this fails.
 *   fn, arg  the body and its argument; the body ends by returning.
 *   options  NULL for the defaults; read before this returns.
 *
 * Returns 0, or
 *   CORO_EINVAL  out or fn is NULL, the storage's alignment is no power of two,
 *                or the stack is larger than CORO_STACK_MAX (stack.h).
 *   CORO_ESMALL  the stack does not hold control block, storage and a frame;
 *                nothing was written to the caller's memory.
 *   CORO_ENOMEM  no memory for a stack.
 *   CORO_EGUARD  a stack was there but no guard could be placed below it
 *                (vm.max_map_count, locked memory); never a missing guard.
 *   CORO_ENOTSUP the backend makes its own stacks (winfiber): no caller's
 *                memory and no allocator.
 * Suspends: no.  Free with coro_free().
 *
 * A macro, so that reports can say which line made the coroutine; a wrapper of
 * yours passes its caller's line to coro_new_at().
 */
#define coro_new(...) coro_new_at(__VA_ARGS__, __FILE__, __LINE__)

int coro_new_at(coro **out, coro_fn fn, void *arg, const coro_options *options,
                const char *file, int line);

/*
 * Makes a coroutine inside the caller's memory; nothing is allocated.  The same
 * as coro_new() with options.stack = memory and options.stack_bytes = bytes,
 * and the same codes; CORO_EINVAL for a NULL memory as well.  At least
 * coro_stack_min() bytes beside the storage.
 * Suspends: no.  Free with coro_fini() (or coro_free(): the memory stays the
 * caller's).
 */
#define coro_init(...) coro_init_at(__VA_ARGS__, __FILE__, __LINE__)

int coro_init_at(coro **out, void *memory, size_t bytes, coro_fn fn, void *arg,
                 const coro_options *options, const char *file, int line);

/*
 * Frees a coroutine that is READY or DONE; its stack goes back to where it came
 * from.  Any thread, as long as no other uses it.
 *
 * Returns 0, or
 *   CORO_EINVAL  c is NULL, or was freed already (seen only while its memory is
 *                neither reused nor given back to the system).
 *   CORO_EBUSY   c is RUNNING, NORMAL or SUSPENDED; nothing was changed.
 * Suspends: no.
 */
int coro_free(coro *c);

/* coro_free() for what lies in the caller's memory: CORO_EINVAL, and nothing
 * freed, when c has a stack from elsewhere.  CORO_EBUSY as above. */
int coro_fini(coro *c);

/*
 * Ends a coroutine early: its deferred handlers run, last one first, on its own
 * stack, and no more of its body does.  C frames are not unwound and C++
 * destructors do not run; what the body holds it must have deferred.  READY
 * and DONE ones need nothing run; in every case c is DONE afterwards, and is
 * still to be freed.  A coroutine that is suspended when its thread ends can be
 * ended by nobody.
 *
 * Returns 0, or
 *   CORO_EINVAL   c is NULL or freed.
 *   CORO_EBUSY    c is RUNNING or NORMAL.
 *   CORO_ETHREAD  c is suspended on another thread.
 * Suspends: no (a handler that tries gets CORO_EENDING).
 */
int coro_abandon(coro *c);

/*
 * Makes a DONE coroutine READY again, on the same stack, to run fn(arg).
 * Name, storage and the line that made it stay; result and values are cleared;
 * it belongs to the calling thread until it is handed over.
 *
 * Returns 0, or
 *   CORO_EINVAL  c or fn is NULL, or c was freed.
 *   CORO_EBUSY   c is not DONE.
 *   CORO_ENOMEM  the backend could not make a new context (winfiber); c is DONE
 *                still, its result and values are gone.
 * Suspends: no.
 */
int coro_reset(coro *c, coro_fn fn, void *arg);

/* --- Switching ----------------------------------------------------------- */

/*
 * Runs c until it suspends or ends.  The caller becomes its resumer: that is
 * where c's next suspend, or its end, returns to.
 *
 * Returns CORO_SUSPENDED (0), CORO_DONE (1) when this run ended it, or, with
 * nothing changed,
 *   CORO_EINVAL   c is NULL or freed.
 *   CORO_ESELF    c is the caller.
 *   CORO_ENESTED  c is NORMAL: an ancestor of the caller.
 *   CORO_EDONE    c is DONE.
 *   CORO_ETHREAD  c runs or is suspended on another thread.
 *   CORO_ENOMEM   winfiber: this thread's first coroutine, and no memory to make
 *                 the thread a fiber.
 */
int coro_resume(coro *c);

/*
 * Gives control back to the resumer; returns when resumed again.
 *
 * Returns 0, or at once
 *   CORO_EROOT    the caller is not inside a coroutine.
 *   CORO_EENDING  the caller is a deferred handler of an abandoned coroutine.
 * A coroutine that stands below its stack here, which it can only where there
 * is no guard, is reported by name and the process aborts, since the memory
 * below is lost.  (An overrun that has returned by now is not seen.)
 */
int coro_suspend(void);

/*
 * Suspends, and once the coroutine is safely suspended runs fn(arg) on the
 * resumer's side, before the resumer goes on.  fn may resume, abandon and free
 * this very coroutine; it runs as the resumer (coro_current() is the resumer's)
 * on the resumer's stack, and may suspend it; it must not throw.  The resumer's
 * coro_resume() returns CORO_SUSPENDED whatever fn did.  This is how a wake-up
 * is registered without a race: by the time fn runs the coroutine can be
 * resumed.
 *
 * Returns as coro_suspend(); CORO_EINVAL when fn is NULL.
 */
int coro_suspend_with(coro_fn fn, void *arg);

/* --- Values -------------------------------------------------------------- */

/*
 * coro_suspend() handing `value` to the resumer; *injected (unless NULL) gets
 * what the next resume hands in: the pointer given to coro_resume_with(), NULL
 * by a plain coro_resume().  Pointers only; frame.h has typed copies.
 * Returns as coro_suspend(); when it fails *injected is untouched.
 */
int coro_yield(void *value, void **injected);

/*
 * coro_resume() handing `injected` to the coroutine; *yielded (unless NULL)
 * gets what it yields, NULL when it suspends without a value or ends.  What is
 * injected where no coro_yield() waits for it (the first resume) is dropped.
 * Returns as coro_resume(); when that is negative, *yielded is untouched.
 */
int coro_resume_with(coro *c, void *injected, void **yielded);

/* Sets the running coroutine's result, which outlives its end.  Returns 0 or
 * CORO_EROOT. */
int coro_set_result(void *result);

/* *result gets what c set, NULL before that.  Returns 0, or CORO_EINVAL for a
 * NULL argument or a freed coroutine.  Any state. */
int coro_result(const coro *c, void **result);

/* --- Clean-up ------------------------------------------------------------ */

/*
 * Has fn(arg) run when the running coroutine ends, by returning or by
 * coro_abandon(): last deferred, first run.  After a return the body's locals
 * are gone: arg must not point to them then.
 *
 * Returns 0, or CORO_EROOT, CORO_EINVAL (fn is NULL), CORO_ENOMEM; when it
 * fails nothing is deferred.  Suspends: no.  A handler may suspend after a
 * return, not after an abandon; it may defer more.
 */
int coro_defer(coro_fn fn, void *arg);

/*
 * Takes the handler deferred last off the list again, and runs it here when
 * `run` is not 0.  For locals: defer, use, undefer before returning.
 * Returns 0, CORO_EROOT, or CORO_EINVAL when nothing is deferred.
 */
int coro_undefer(int run);

/* --- Asking -------------------------------------------------------------- */

/* The running coroutine, NULL at the root.  Any thread, signal handlers. */
coro *coro_current(void);

/* enum coro_state as the calling thread sees it, CORO_EINVAL for NULL and for
 * freed ones.  NORMAL is also given for one that runs on another thread. */
int coro_status(const coro *c);

/* c's storage: options.storage_bytes, zeroed when c was made, at the same
 * address until it is freed; NULL when it has none. */
void *coro_storage(const coro *c);

/* The running coroutine's storage; NULL at the root. */
void *coro_current_storage(void);

/* c's name, "" when it has none; valid until c is freed. */
const char *coro_name(const coro *c);

/* A number that no other coroutine of this process has or had; from 1.  0 for
 * NULL. */
uint64_t coro_id(const coro *c);

/* The version of the library that is linked, CORO_VERSION's form. */
const char *coro_version(void);

/* The backend that this library was built with: "x86_64", "aarch64",
 * "ucontext" or "winfiber". */
const char *coro_backend(void);

/* --- The thread's defaults ----------------------------------------------- */

/* What creating calls of this thread use where options say nothing. */
typedef struct coro_env {
  size_t stack_bytes;              /* 0: 64 KiB */
  const coro_allocator *allocator; /* NULL: the pool; must outlive its use */
} coro_env;

/*
 * Sets the calling thread's defaults, NULL for the original ones; coroutines
 * that exist keep what they have.  A stack_bytes below coro_stack_min() is
 * CORO_ESMALL, above CORO_STACK_MAX CORO_EINVAL, an allocator on winfiber
 * CORO_ENOTSUP; nothing is changed then.  Returns 0 otherwise.
 */
int coro_env_set(const coro_env *env);

#ifdef __cplusplus
}
#endif

#include "coro/switch.h"

#endif
