/*
 * Windows Fibers.  They bring their own guarded, growing stacks and keep the
 * thread's stack limits and exception chain right, which is why they are the
 * default there and why a caller's memory is CORO_ENOTSUP.
 *
 * sp in the slot is the fiber of the side that does not run; fp is the
 * coroutine's own fiber, to be deleted.
 *
 *  - A fiber cannot be sent elsewhere, so an abandoned coroutine finds out
 *    itself, when its switch out returns.
 *  - The exception handler on the entry sees an exception that would leave the
 *    body before anything is unwound (exceptions_windows.c).
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "coro/backends/backend.h"

const char coro__backend_name[] = "winfiber";

/* Not a size that is cut to: Windows rounds reservations up to 64 KiB. */
const size_t coro__backend_stack_bytes = 4096;

/* mingw's GetCurrentFiber() reads a constant address, which gcc 12 takes for an
 * empty array. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Warray-bounds"
#endif

char coro__ready[1];
static char ending[1]; /* in pc: the next switch in ends the coroutine */

int coro__backend_thread(void) {
  if (IsThreadAFiber()) return 0;
  return ConvertThreadToFiberEx(NULL, FIBER_FLAG_FLOAT_SWITCH) ? 0
                                                               : CORO_ENOMEM;
}

EXCEPTION_DISPOSITION coro__personality(EXCEPTION_RECORD *record, void *frame,
                                        CONTEXT *context, void *dispatcher);

/* Has the enclosing function stop an exception that arrives at it, as
 * coro__personality in exceptions_windows.c does.  The operand says to -flto,
 * which does not read the text, that it is in use. */
#if defined(__GNUC__) && defined(__x86_64__)
#define NOINLINE __attribute__((noinline))
#define STOP_EXCEPTIONS()                                                      \
  __asm__(".seh_handler coro__personality, @except" : : "r"(coro__personality))
#else
#define NOINLINE
#define STOP_EXCEPTIONS() ((void)0)
#endif

/* Leaves for good: whoever resumed c deletes the fiber. */
NOINLINE static void end(coro *c) {
  STOP_EXCEPTIONS(); /* of deferred handlers: a body may be below */
  coro__finish(c);
  c->link = CORO__DONE;
  SwitchToFiber(c->sp);
  abort();
}

static VOID CALLBACK run_main(LPVOID p) {
  STOP_EXCEPTIONS();
  coro *c = p;
  c->pc = NULL;
  coro__run(c);
  end(c);
}

int coro__backend_make(coro *c, char *low) {
  (void)low;
  c->fp =
      CreateFiberEx(0, c->stack_bytes, FIBER_FLAG_FLOAT_SWITCH, run_main, c);
  if (!c->fp) return CORO_ENOMEM;
  c->sp = c->fp;
  c->pc = coro__ready;
  return 0;
}

void coro__backend_unmake(coro *c) {
  if (c->fp) DeleteFiber(c->fp);
  c->fp = NULL;
}

void coro__backend_end(coro *c) { c->pc = ending; }

int coro__switch_in(coro *c) {
  void *there = c->sp;
  c->sp = GetCurrentFiber();
  SwitchToFiber(there);
  return c->link == CORO__DONE ? CORO_DONE : 0;
}

int coro__switch_out(coro *c, uintptr_t link) {
  void *there = c->sp;
  c->sp = c->fp;
  c->link = link;
  SwitchToFiber(there);
  if (c->pc == ending) end(c);
  return 0;
}
