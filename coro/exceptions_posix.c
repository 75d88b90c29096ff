/*
 * C++ exceptions, without depending on a C++ runtime.
 *
 *  - The runtime keeps, per thread, the stack of caught exceptions and the
 *    number of uncaught ones.  A coroutine that suspends inside a handler must
 *    take them along (switch.c); this file finds them, where there are any.
 *  - An exception must not leave a coroutine's body.  CFI leads unwinders on to
 *    the resumer, so a catch there would take it, skipping the coroutine's end.
 *    The entry frame's personality routine is asked first, in the search
 *    phase, when nothing has been unwound: a core dump shows the throw.
 */
#include <stdlib.h>
#include <unwind.h>

#include "coro/internal.h"

#if defined(__APPLE__)
#include <dlfcn.h>

struct coro__exceptions *coro__exception_globals(void) {
  struct coro__exceptions *(*get)(void) = (struct coro__exceptions * (*)(void))
      dlsym(RTLD_DEFAULT, "__cxa_get_globals");
  return get ? get() : NULL;
}

static void terminate(struct _Unwind_Exception *exception) {
  (void)exception;
  abort();
}
#else
extern struct coro__exceptions *__cxa_get_globals(void) __attribute__((weak));
extern void *__cxa_begin_catch(void *exception) __attribute__((weak));
extern void _ZSt9terminatev(void) __attribute__((weak));

struct coro__exceptions *coro__exception_globals(void) {
  return __cxa_get_globals ? __cxa_get_globals() : NULL;
}

/* As a throw that finds no handler does it: catch, so that the program's
 * terminate handler can see which exception it is, and terminate. */
static void terminate(struct _Unwind_Exception *exception) {
  if (__cxa_begin_catch && _ZSt9terminatev) {
    __cxa_begin_catch(exception);
    _ZSt9terminatev();
  }
  abort();
}
#endif

_Unwind_Reason_Code
coro__personality(int version, _Unwind_Action actions,
                  _Unwind_Exception_Class language,
                  struct _Unwind_Exception *exception,
                  struct _Unwind_Context *context) CORO__HIDDEN;

/* A forced unwind (thread cancellation) has no search phase and goes on. */
_Unwind_Reason_Code coro__personality(int version, _Unwind_Action actions,
                                      _Unwind_Exception_Class language,
                                      struct _Unwind_Exception *exception,
                                      struct _Unwind_Context *context) {
  (void)version;
  (void)language;
  (void)context;
  if (actions & _UA_SEARCH_PHASE) {
    coro__report("an exception left the body", coro__ts.current);
    terminate(exception);
  }
  return _URC_CONTINUE_UNWIND;
}
