/*
 * coro/fpenv.h - the floating-point control words as one number: rounding,
 * masks, flush-to-zero; not the exception flags.  Private.  Empty unless built
 * with CORO_FPENV, since the two words of x86_64 cost 2 ns at every switch.
 */
#ifndef CORO_FPENV_H_
#define CORO_FPENV_H_

#include <stdint.h>

#if !defined(CORO_FPENV)

static inline uint64_t coro__fpenv_get(void) { return 0; }
static inline void coro__fpenv_set(uint64_t env) { (void)env; }

#elif defined(__x86_64__) && defined(__GNUC__)

/* MXCSR in the low half without its six sticky flags, the x87 control word
 * above. */
static inline uint64_t coro__fpenv_get(void) {
  uint32_t mxcsr;
  uint16_t x87;
  __asm__ __volatile__("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(x87));
  return (mxcsr & ~UINT32_C(0x3f)) | (uint64_t)x87 << 32;
}

static inline void coro__fpenv_set(uint64_t env) {
  uint32_t mxcsr;
  uint16_t x87 = (uint16_t)(env >> 32);
  __asm__ __volatile__("stmxcsr %0" : "=m"(mxcsr));
  mxcsr = (mxcsr & 0x3f) | (uint32_t)env;
  __asm__ __volatile__("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(x87));
}

#elif defined(__aarch64__) && defined(__GNUC__)

static inline uint64_t coro__fpenv_get(void) {
  uint64_t fpcr;
  __asm__ __volatile__("mrs %0, fpcr" : "=r"(fpcr));
  return fpcr;
}

static inline void coro__fpenv_set(uint64_t env) {
  __asm__ __volatile__("msr fpcr, %0" : : "r"(env));
}

#else

/* Rounding is what C11 can name. */
#include <fenv.h>

static inline uint64_t coro__fpenv_get(void) { return (uint64_t)fegetround(); }
static inline void coro__fpenv_set(uint64_t env) { fesetround((int)env); }

#endif
#endif
