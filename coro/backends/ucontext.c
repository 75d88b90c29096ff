/*
 * The portable backend, plain makecontext and swapcontext.
 *
 * sp in the slot points to a ucontext_t: the one in the frame of whoever left a
 * stack last, so nothing is allocated.  The first one lies at the top of the
 * coroutine's stack.
 *
 *  - POSIX has a switch save and restore the signal mask, with a system call:
 *    each coroutine has a mask of its own, a new one its creator's.
 *  - Backtraces end at the entry.
 *  - Not setjmp and longjmp, which would be faster: _FORTIFY_SOURCE aborts a
 *    longjmp to another stack.
 */
#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE 1
#include <stdlib.h>
#include <ucontext.h>
#include <unwind.h>

#include "coro/backends/backend.h"
#include "coro/internal.h"

const char coro__backend_name[] = "ucontext";

/* Each suspend puts a ucontext_t on the stack, 968 bytes on x86_64. */
const size_t coro__backend_stack_bytes = 1024 + 2 * sizeof(ucontext_t);

char coro__ready[1];

int coro__backend_thread(void) { return 0; }

_Unwind_Reason_Code
coro__personality(int version, _Unwind_Action actions,
                  _Unwind_Exception_Class language,
                  struct _Unwind_Exception *exception,
                  struct _Unwind_Context *context) CORO__HIDDEN;

/* A C function has no personality routine of its own: this makes it ours, so
 * that an exception that arrives there is reported (exceptions_posix.c).  The
 * operand says to -flto, which does not read the text, that it is in use. */
#if defined(__ELF__) && defined(__GCC_HAVE_DWARF2_CFI_ASM)
#define STOP_EXCEPTIONS()                                                      \
  __asm__(".cfi_personality 0x1b, coro__personality" : : "r"(coro__personality))
#else
#define STOP_EXCEPTIONS() ((void)0)
#endif

/* Leaves for good. */
__attribute__((noinline)) CORO__NO_SANITIZE static void end(coro *c) {
  STOP_EXCEPTIONS(); /* of deferred handlers */
  coro__finish(c);
  c->link = CORO__DONE;
  setcontext(c->sp);
  abort();
}

/* makecontext passes ints only. */
static coro *join(unsigned high, unsigned low) {
  return (coro *)(uintptr_t)(((uint64_t)high << 32) | low);
}

CORO__NO_SANITIZE static void run_main(unsigned high, unsigned low) {
  STOP_EXCEPTIONS();
  coro *c = join(high, low);
  c->pc = NULL;
  coro__run(c);
  end(c);
}

CORO__NO_SANITIZE static void end_main(unsigned high, unsigned low) {
  end(join(high, low));
}

/* Makes a context just below `top` that will run fn on the stack below it. */
static void make_below(coro *c, char *low, char *top,
                       void (*fn)(unsigned, unsigned)) {
  uintptr_t at = ((uintptr_t)top - sizeof(ucontext_t)) & ~(uintptr_t)63;
  ucontext_t *context = (ucontext_t *)at;
  uint64_t bits = (uintptr_t)c;
  getcontext(context);
  context->uc_stack.ss_sp = low;
  context->uc_stack.ss_size = (size_t)(at - (uintptr_t)low);
  context->uc_link = NULL;
  makecontext(context, (void (*)(void))fn, 2, (unsigned)(bits >> 32),
              (unsigned)bits);
  c->sp = context;
}

int coro__backend_make(coro *c, char *low) {
  make_below(c, low, (char *)c, run_main);
  c->pc = coro__ready;
  return 0;
}

/* The suspended context lies in the frame of coro__switch_out(), all of which
 * is dead once c goes elsewhere. */
void coro__backend_end(coro *c) {
  make_below(c, c->stack, (char *)c->sp - 256, end_main);
}

CORO__NO_SANITIZE int coro__switch_in(coro *c) {
  ucontext_t here;
  ucontext_t *there = c->sp;
  c->sp = &here;
  here.uc_stack.ss_size = 0; /* AddressSanitizer looks at it */
  swapcontext(&here, there);
  return c->link == CORO__DONE ? CORO_DONE : 0;
}

CORO__NO_SANITIZE int coro__switch_out(coro *c, uintptr_t link) {
  ucontext_t here;
  ucontext_t *there = c->sp;
  c->sp = &here;
  c->link = link;
  here.uc_stack.ss_size = 0;
  swapcontext(&here, there);
  return 0;
}
