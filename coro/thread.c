/*
 * What each thread has: the running coroutine, a tag, its C++ exception
 * globals, and a supply of numbers.
 *
 *  - A tag is odd and was never given to another thread of this process, so a
 *    suspended coroutine whose link equals it belongs to this thread, and one
 *    left over by a thread that has ended belongs to nobody.
 *  - `current` is never NULL: at the root it is coro__root, which refuses to
 *    suspend and to be resumed without a check of its own.
 *  - Before a thread's first coroutine its tag is 0, which no link equals, so
 *    the first resume comes to the slow path.
 */
#include <stdatomic.h>

#include "coro/backends/backend.h"
#include "coro/sanitizer.h"

coro coro__root = {.low = UINTPTR_MAX};

static struct coro__exceptions no_exceptions;

int coro__on_valgrind;

CORO__THREAD_LOCAL struct coro__thread coro__ts CORO__TLS_MODEL = {
    &coro__root, 0, &no_exceptions, NULL};

/* CORO__DONE and CORO__FREED come first. */
static atomic_uintptr_t last_tag = 5;

int coro__thread_start(void) {
  struct coro__exceptions *globals;
  int rc;
  if (coro__ts.tag) return 0;
  rc = coro__backend_thread();
  if (rc < 0) return rc;
  if (coro__valgrind_runs()) coro__on_valgrind = 1;
  globals = coro__exception_globals();
  if (globals) coro__ts.exceptions = globals;
  coro__ts.tag = atomic_fetch_add(&last_tag, 2) + 2;
  return 0;
}

/* Threads take numbers in blocks, so that counting costs no atomic. */
enum { BLOCK = 1024 };
static _Atomic uint64_t next_block;
CORO__THREAD_LOCAL struct coro__ids coro__ids CORO__TLS_MODEL;

void coro__more_ids(void) {
  coro__ids.last = atomic_fetch_add(&next_block, BLOCK);
  coro__ids.end = coro__ids.last + BLOCK;
}
