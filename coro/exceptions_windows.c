/*
 * C++ exceptions on Windows; exceptions_posix.c has the reasons.  gcc for
 * Windows throws by structured exception handling: the handler on a fiber's
 * entry is asked in the search phase.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdlib.h>

#include "coro/internal.h"

/* The codes of C++ exceptions: gcc's and Microsoft's. */
#define GCC_THROW 0x20474343
#define MSVC_THROW 0xe06d7363
#define UNWINDING 0x66 /* of any kind */

#if defined(__GNUC__)
extern struct coro__exceptions *__cxa_get_globals(void) __attribute__((weak));
extern void *__cxa_begin_catch(void *exception) __attribute__((weak));
extern void _ZSt9terminatev(void) __attribute__((weak));

struct coro__exceptions *coro__exception_globals(void) {
  return __cxa_get_globals ? __cxa_get_globals() : NULL;
}

/* As in exceptions_posix.c.  What libgcc raises has the exception for its one
 * parameter. */
static void terminate(const EXCEPTION_RECORD *record) {
  if (record->ExceptionCode == GCC_THROW && __cxa_begin_catch &&
      _ZSt9terminatev) {
    __cxa_begin_catch((void *)record->ExceptionInformation[0]);
    _ZSt9terminatev();
  }
  abort();
}
#else
/* Microsoft's runtime keeps its own with the fiber. */
struct coro__exceptions *coro__exception_globals(void) {
  return NULL;
}

static void terminate(const EXCEPTION_RECORD *record) {
  (void)record;
  abort();
}
#endif

EXCEPTION_DISPOSITION coro__personality(EXCEPTION_RECORD *record, void *frame,
                                        CONTEXT *context, void *dispatcher);

EXCEPTION_DISPOSITION coro__personality(EXCEPTION_RECORD *record, void *frame,
                                        CONTEXT *context, void *dispatcher) {
  (void)frame;
  (void)context;
  (void)dispatcher;
  if (!(record->ExceptionFlags & UNWINDING) &&
      (record->ExceptionCode == GCC_THROW ||
       record->ExceptionCode == MSVC_THROW)) {
    coro__report("an exception left the body", coro__ts.current);
    terminate(record);
  }
  return ExceptionContinueSearch;
}
