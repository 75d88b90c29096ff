/*
 * coro/sanitizer.h - what AddressSanitizer, ThreadSanitizer and Valgrind are
 * told, and the floating-point environment where each coroutine has its own.
 * Private.  Every hook exists always and is empty where it is not needed, so
 * that callers test no flag.
 *
 * A switch into a coroutine:     coro__hook_in     on the resumer's stack
 *                                coro__hook_landed on the coroutine's
 * and out of it:                 coro__hook_out    on the coroutine's stack
 *                                coro__hook_back   on the resumer's
 *
 * MemorySanitizer needs no calls but CORO__NO_SANITIZE (internal.h).
 */
#ifndef CORO_SANITIZER_H_
#define CORO_SANITIZER_H_

#include "coro/fpenv.h"
#include "coro/internal.h"

#if defined(CORO__ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(CORO__TSAN)
#include <sanitizer/tsan_interface.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define CORO__VALGRIND 1
#endif
#endif

/* Asking Valgrind takes 2 ns: thread.c asks once. */
static inline int coro__valgrind_runs(void) {
#if defined(CORO__VALGRIND)
  return (int)RUNNING_ON_VALGRIND;
#else
  return 0;
#endif
}

/* What a resumer keeps while it is away; lies in its frame. */
struct coro__away {
  void *asan_fake_stack;
  uint64_t fpenv;
};

/* The uses of coro.sanitizer[]. */
enum {
  CORO__ASAN_FAKE_STACK = 0, /* the coroutine's, while it is suspended */
  CORO__ASAN_LOW = 1,        /* its resumer's stack */
  CORO__ASAN_BYTES = 2,
  CORO__TSAN_FIBER = 0,
  CORO__TSAN_RESUMER = 1
};

/* Once c has a stack, [c->stack, c). */
static inline void coro__hook_new(coro *c) {
  c->fpenv = coro__fpenv_get();
#if CORO__SANITIZED
  for (size_t i = 0; i < sizeof c->sanitizer / sizeof *c->sanitizer; i++)
    c->sanitizer[i] = NULL;
#endif
#if defined(CORO__ASAN)
  /* What a suspended coroutine holds is not leaked. */
  if (!CORO__OWN_STACKS)
    __lsan_register_root_region(c->stack, (size_t)((char *)c - c->stack));
#endif
#if defined(CORO__VALGRIND)
  if (CORO__UNLIKELY(coro__on_valgrind))
    c->valgrind_id = VALGRIND_STACK_REGISTER(c->stack, c);
#endif
}

/* Before c's stack goes back or gets another context. */
static inline void coro__hook_free(coro *c) {
#if defined(CORO__ASAN)
  /* Frames that were never left have their red zones still. */
  if (!CORO__OWN_STACKS) {
    __lsan_unregister_root_region(c->stack, (size_t)((char *)c - c->stack));
    ASAN_UNPOISON_MEMORY_REGION(c->stack, (size_t)((char *)c - c->stack));
  }
#endif
#if defined(CORO__TSAN)
  /* Made at the first resume: TSan of LLVM before 22 crashes when a fiber is
   * destroyed that has never run. */
  if (c->sanitizer[CORO__TSAN_FIBER])
    __tsan_destroy_fiber(c->sanitizer[CORO__TSAN_FIBER]);
#endif
#if defined(CORO__VALGRIND)
  if (CORO__UNLIKELY(coro__on_valgrind)) {
    VALGRIND_STACK_DEREGISTER(c->valgrind_id);
    VALGRIND_MAKE_MEM_UNDEFINED(c->stack, (char *)c - c->stack);
    /* A frame's register; pointers in it would count as held. */
    VALGRIND_MAKE_MEM_UNDEFINED(&c->own_base, sizeof c->own_base);
    VALGRIND_MAKE_MEM_UNDEFINED(&c->resumer_base, sizeof c->resumer_base);
  }
#endif
  (void)c;
}

/* Before the suspended c gets another context, below all that is live there.
 * Valgrind takes what lies below a stack pointer and its red zone for unused
 * until it sees the pointer move down; here it jumps. */
static inline void coro__hook_end(coro *c) {
#if defined(CORO__VALGRIND)
  char *live = (char *)c->sp - 128;
  if (CORO__UNLIKELY(coro__on_valgrind) && !CORO__OWN_STACKS && live > c->stack)
    VALGRIND_MAKE_MEM_UNDEFINED(c->stack, live - c->stack);
#endif
  (void)c;
}

CORO__NO_SANITIZE static inline void coro__hook_in(struct coro__away *away,
                                                   coro *c) {
  away->fpenv = coro__fpenv_get();
#if defined(CORO__ASAN)
  __sanitizer_start_switch_fiber(&away->asan_fake_stack, c->stack,
                                 (size_t)((char *)c - c->stack));
#endif
#if defined(CORO__TSAN)
  if (!c->sanitizer[CORO__TSAN_FIBER])
    c->sanitizer[CORO__TSAN_FIBER] = __tsan_create_fiber(0);
  c->sanitizer[CORO__TSAN_RESUMER] = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(c->sanitizer[CORO__TSAN_FIBER], 0);
#endif
  (void)c;
}

CORO__NO_SANITIZE static inline void coro__hook_landed(coro *c) {
  coro__fpenv_set(c->fpenv);
#if defined(CORO__ASAN)
  __sanitizer_finish_switch_fiber(c->sanitizer[CORO__ASAN_FAKE_STACK],
                                  (const void **)&c->sanitizer[CORO__ASAN_LOW],
                                  (size_t *)&c->sanitizer[CORO__ASAN_BYTES]);
#endif
}

CORO__NO_SANITIZE static inline void coro__hook_out(coro *c, int for_good) {
  c->fpenv = coro__fpenv_get();
#if defined(CORO__ASAN)
  __sanitizer_start_switch_fiber(
      for_good ? NULL : &c->sanitizer[CORO__ASAN_FAKE_STACK],
      c->sanitizer[CORO__ASAN_LOW], (size_t)c->sanitizer[CORO__ASAN_BYTES]);
#endif
#if defined(CORO__TSAN)
  __tsan_switch_to_fiber(c->sanitizer[CORO__TSAN_RESUMER], 0);
#endif
  (void)for_good;
}

CORO__NO_SANITIZE static inline void coro__hook_back(struct coro__away *away) {
  coro__fpenv_set(away->fpenv);
#if defined(CORO__ASAN)
  __sanitizer_finish_switch_fiber(away->asan_fake_stack, NULL, NULL);
#endif
}

#endif
