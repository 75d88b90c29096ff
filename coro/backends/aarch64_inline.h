/*
 * coro/backends/aarch64_inline.h - the switch of AAPCS64, inline.
 * Private: included by switch.h, which states the protocol; the pictures and
 * the reasons for the CFI stand in x86_64_inline.h and hold here with
 *
 *   x29 for rbp, sp for rsp, x19 for rbx, x0 = the coroutine at every label 1,
 *   w1 at label 1 of a resume = what coro_resume() returns,
 *   x2 there = the resumer's x19.
 *
 * What differs: the resume address is unsigned (adr), so that pointer
 * authentication of ordinary frames, signed against their own sp, is untouched;
 * the labels are landing pads ("bti j", hint 36, a nop elsewhere).  x18 is the
 * platform register on Apple, Windows and Android and scratch on Linux, where
 * the compiler may use it.  With SVE the z registers are covered by v0-v31,
 * whose upper parts no call preserves; predicates and FFR are listed.
 */
#ifndef CORO_BACKENDS_AARCH64_INLINE_H_
#define CORO_BACKENDS_AARCH64_INLINE_H_

#if defined(__GCC_HAVE_DWARF2_CFI_ASM)
#define CORO__ELSEWHERE                                                        \
  ".cfi_remember_state\n\t"                                                    \
  ".cfi_escape 0x0c, 0x1f, 0x00\n\t" /* CFA = sp */                            \
  ".cfi_register x30, x11\n\t"                                                 \
  ".cfi_register x29, x10\n\t"                                                 \
  ".cfi_same_value x19\n\t"                                                    \
  ".cfi_same_value x20\n\t"                                                    \
  ".cfi_same_value x21\n\t"                                                    \
  ".cfi_same_value x22\n\t"                                                    \
  ".cfi_same_value x23\n\t"                                                    \
  ".cfi_same_value x24\n\t"                                                    \
  ".cfi_same_value x25\n\t"                                                    \
  ".cfi_same_value x26\n\t"                                                    \
  ".cfi_same_value x27\n\t"                                                    \
  ".cfi_same_value x28\n\t"
#define CORO__BACK ".cfi_restore_state\n\t"
#else
#define CORO__ELSEWHERE
#define CORO__BACK
#endif

#define CORO__LANDING "brk #0xc0\n1:\thint #36\n\t"

/* See own_base in switch.h; gcc gets the clobber instead. */
#if defined(__clang__)
#define CORO__SAVE_X19(offset) "str x19, [x0, #" #offset "]\n\t"
#define CORO__LOAD_X19(offset) "ldr x19, [x0, #" #offset "]\n\t"
#define CORO__TAKE_X19 "mov x19, x2\n\t"
#define CORO__CLOBBER_X19
#else
#define CORO__SAVE_X19(offset)
#define CORO__LOAD_X19(offset)
#define CORO__TAKE_X19
#define CORO__CLOBBER_X19 , "x19"
#endif

#if defined(__APPLE__) || defined(_WIN32) || defined(__ANDROID__)
#define CORO__CLOBBER_X18
#else
#define CORO__CLOBBER_X18 , "x18"
#endif

#if defined(__ARM_FEATURE_SVE)
#define CORO__CLOBBER_SVE                                                      \
  , "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11",  \
      "p12", "p13", "p14", "p15", "ffr"
#else
#define CORO__CLOBBER_SVE
#endif

#define CORO__CLOBBERS                                                         \
  "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",  \
      "x14", "x15", "x16", "x17", "x20", "x21", "x22", "x23", "x24", "x25",    \
      "x26", "x27", "x28", "x30", "memory", "cc", "v0", "v1", "v2", "v3",      \
      "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",   \
      "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24",    \
      "v25", "v26", "v27", "v28", "v29", "v30",                                \
      "v31" CORO__CLOBBER_X18 CORO__CLOBBER_X19 CORO__CLOBBER_SVE

CORO__EXTERN_INLINE uintptr_t coro__stack_pointer(void) {
  uintptr_t sp;
  __asm__ __volatile__("mov %0, sp" : "=r"(sp));
  return sp;
}

/* One instruction a line. */
/* clang-format off */

CORO__EXTERN_INLINE int coro__inline_enter(coro *c) {
  register coro *x0 __asm__("x0") = c;
  register long x1 __asm__("x1");
  __asm__ __volatile__(
      "adr x9, 1f\n\t"
      "ldp x10, x11, [x0]\n\t"
      "ldr x12, [x0, #16]\n\t"
      "mov x13, sp\n\t"
      "stp x29, x9, [x0]\n\t"
      "str x13, [x0, #16]\n\t"
      CORO__SAVE_X19(56)
      "mov sp, x12\n\t"
      CORO__ELSEWHERE
      "mov x29, x10\n\t"
      "br x11\n\t"
      CORO__BACK
      CORO__LANDING
      CORO__TAKE_X19
      : "=r"(x1)
      : "r"(x0)
      : CORO__CLOBBERS);
  return (int)x1;
}

CORO__EXTERN_INLINE void coro__inline_leave(coro *c, uintptr_t link) {
  register coro *x0 __asm__("x0") = c;
  register uintptr_t x1 __asm__("x1") = link;
  __asm__ __volatile__(
      "adr x9, 1f\n\t"
      "mov x13, sp\n\t"
      "ldp x10, x11, [x0]\n\t"
      "ldr x12, [x0, #16]\n\t"
      CORO__SAVE_X19(48)
      "mov sp, x12\n\t"
      CORO__ELSEWHERE
      "str x1, [x0, #24]\n\t"
      "ldr x2, [x0, #56]\n\t"
      "stp x29, x9, [x0]\n\t"
      "str x13, [x0, #16]\n\t"
      "mov x29, x10\n\t"
      "mov w1, #0\n\t"
      "br x11\n\t"
      CORO__BACK
      CORO__LANDING
      CORO__LOAD_X19(48)
      : "+r"(x1)
      : "r"(x0)
      : CORO__CLOBBERS);
}

/* clang-format on */

#undef CORO__ELSEWHERE
#undef CORO__BACK
#undef CORO__LANDING
#undef CORO__SAVE_X19
#undef CORO__LOAD_X19
#undef CORO__TAKE_X19
#undef CORO__CLOBBER_X19
#undef CORO__CLOBBER_X18
#undef CORO__CLOBBER_SVE
#undef CORO__CLOBBERS

#endif
