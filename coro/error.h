/*
 * coro/error.h - the one list of result codes.
 *
 * Every function of this library that can fail returns an int (or a signed
 * count): zero or more is success, less than zero is one of the codes below.
 * `errno` is never the channel.
 *
 *   int rc = coro_resume(c);
 *   if (rc < 0) fprintf(stderr, "resume: %s\n", coro_strerror(rc));
 *
 * A code that has a counterpart in <errno.h> is -errno with Linux's number (so
 * CORO_ENOMEM == -ENOMEM there), and has the same number on every system.  The
 * others start at -5001, below any errno.  Numbers never change meaning.
 */
#ifndef CORO_ERROR_H_
#define CORO_ERROR_H_

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, number, text for coro_strerror) */
#define CORO_ERRORS(X)                                                         \
  X(CORO_EAGAIN, -11, "would block")                                           \
  X(CORO_ENOMEM, -12, "out of memory")                                         \
  X(CORO_EBUSY, -16, "in use: the coroutine has not finished")                 \
  X(CORO_EINVAL, -22, "invalid argument")                                      \
  X(CORO_EOVERFLOW, -75, "stack overflow")                                     \
  X(CORO_ENOTSUP, -95, "not supported by this backend or build")               \
  X(CORO_ETIMEDOUT, -110, "deadline passed")                                   \
  X(CORO_ECANCELED, -125, "cancelled")                                         \
  X(CORO_ESELF, -5001, "a coroutine cannot resume itself")                     \
  X(CORO_ENESTED, -5002, "the coroutine waits for one that it resumed")        \
  X(CORO_EDONE, -5003, "the coroutine has finished")                           \
  X(CORO_EROOT, -5004, "not inside a coroutine")                               \
  X(CORO_ETHREAD, -5005, "the coroutine belongs to another thread")            \
  X(CORO_ESMALL, -5006, "the stack is smaller than the minimum")               \
  X(CORO_EGUARD, -5007, "no guard could be placed below the stack")            \
  X(CORO_EENDING, -5008, "an abandoned coroutine cannot suspend")              \
  X(CORO_ESTARTED, -5009, "the coroutine has started already")                 \
  X(CORO_EUNSTARTED, -5010, "the coroutine has not started")                   \
  X(CORO_ENORESULT, -5011, "the coroutine has returned no result")             \
  X(CORO_ECLOSED, -5012, "closed")

enum coro_error {
#define CORO__ENUM(name, number, text) name = number,
  CORO_ERRORS(CORO__ENUM)
#undef CORO__ENUM
};

/*
 * The text of a code, in English, without a full stop; never NULL, never to be
 * freed.  0 gives "success", 1 (CORO_DONE) gives "finished", anything unknown
 * gives "unknown code".
 * Suspends: no.  Any thread, and signal handlers.
 */
const char *coro_strerror(int code);

/*
 * The name of a code ("CORO_EBUSY"), or "?" for an unknown one.
 * Suspends: no.  Any thread, and signal handlers.
 */
const char *coro_error_name(int code);

#ifdef __cplusplus
}
#endif
#endif
