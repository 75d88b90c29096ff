/*
 * coro/internal.h - what the library's own files share.  Private.
 */
#ifndef CORO_INTERNAL_H_
#define CORO_INTERNAL_H_

#include "coro/coro.h"

#if defined(_MSC_VER) && !defined(__clang__)
#define CORO__THREAD_LOCAL __declspec(thread)
#define CORO__TLS_MODEL
#elif defined(__ELF__)
#define CORO__THREAD_LOCAL __thread
#define CORO__TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define CORO__THREAD_LOCAL __thread
#define CORO__TLS_MODEL
#endif

/* Functions in which control changes stacks, or is called from assembly that a
 * sanitizer knows nothing of: TSan's record of calls would lose its balance,
 * MSan would find its shadow of arguments stale. */
#if defined(CORO__TSAN) && !defined(__clang__)
#define CORO__NO_SANITIZE __attribute__((no_sanitize_thread))
#elif defined(CORO__TSAN)
/* no_sanitize("thread") leaves the records of calls in. */
#define CORO__NO_SANITIZE __attribute__((disable_sanitizer_instrumentation))
#elif defined(CORO__MSAN)
#define CORO__NO_SANITIZE __attribute__((no_sanitize("memory")))
#else
#define CORO__NO_SANITIZE
#endif

/* An address in the caller's frame.  Not that of a local: AddressSanitizer
 * keeps locals elsewhere.  Not the frame's address where the stack pointer can
 * be read: that would make a frame pointer. */
#if defined(__GNUC__) && defined(__x86_64__)
#define CORO__STACK_POINTER() (coro__read_stack_pointer())
static inline uintptr_t coro__read_stack_pointer(void) {
  uintptr_t sp;
  __asm__ __volatile__("mov %%rsp, %0" : "=r"(sp));
  return sp;
}
#elif defined(__GNUC__)
#define CORO__STACK_POINTER() ((uintptr_t)__builtin_frame_address(0))
#else
#define CORO__STACK_POINTER() ((uintptr_t)_AddressOfReturnAddress())
#endif

#if !CORO__INLINE
extern CORO__THREAD_LOCAL struct coro__thread coro__ts CORO__TLS_MODEL;
#endif

/* flags */
enum {
  CORO__FROM_POOL = 1,      /* stack: coro__stack_give */
  CORO__FROM_ALLOCATOR = 2, /* stack: stack_owner's free */
  CORO__FROM_HEAP = 4,      /* stack: free(); the backend has own stacks */
  CORO__ENDING = 8          /* abandoned: no more suspends */
};

struct coro__deferred {
  struct coro__deferred *next;
  coro_fn fn;
  void *arg;
};

/* --- thread.c --- */

/* Gives the calling thread a tag, and its exception globals, if it has none.
 * Returns 0 or CORO_ENOMEM. */
int coro__thread_start(void) CORO__HIDDEN;

/* The process runs on Valgrind; known once a thread has started. */
extern int coro__on_valgrind CORO__HIDDEN;

/* The last number that coro_id() may give out before the thread needs a new
 * block of them, and the last one given. */
struct coro__ids {
  uint64_t last, end;
};
extern CORO__THREAD_LOCAL struct coro__ids coro__ids CORO__TLS_MODEL
    CORO__HIDDEN;
void coro__more_ids(void) CORO__HIDDEN;

/* The next number for coro_id(). */
static inline uint64_t coro__next_id(void) {
  if (CORO__UNLIKELY(coro__ids.last == coro__ids.end)) coro__more_ids();
  return ++coro__ids.last;
}

/* --- exceptions_posix.c, exceptions_windows.c --- */

/* The calling thread's C++ exception globals; NULL in a program without a C++
 * runtime. */
struct coro__exceptions *coro__exception_globals(void) CORO__HIDDEN;

/* --- switch.c --- */

/* Switches into c, which is READY or SUSPENDED on this thread. */
int coro__enter(coro *c) CORO__HIDDEN;

/* Runs c's deferred handlers until there are none. */
void coro__run_deferred(coro *c) CORO__HIDDEN;

/* --- report.c --- */

/* Prints `coro: <what> in coroutine "name" (#id), made at file:line` and a
 * newline to stderr, by one write where there is one.  Allocates nothing. */
void coro__report(const char *what, const coro *c) CORO__HIDDEN;

/* The same, and aborts. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void coro__die(const char *what, const coro *c) CORO__HIDDEN;

/* --- system_posix.c, system_windows.c --- */

/* Writes to stderr at once; async-signal-safe. */
void coro__write_error(const char *text, size_t bytes) CORO__HIDDEN;

/* The lowest address of the stack that the caller runs on, as the system knows
 * it: the thread's own, on Windows the running fiber's.  0: unknown. */
uintptr_t coro__system_stack_low(void) CORO__HIDDEN;

#endif
