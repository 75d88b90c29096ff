/*
 * coro/backends/x86_64_inline.h - the switch of x86_64 System V, inline.
 * Private: included by switch.h, which states the protocol.
 *
 * Into a coroutine:                         Out of a coroutine:
 *
 *   resumer's stack    slot                   coroutine's stack   slot
 *   |  frame     |     fp  coroutine's        |  frame     |      fp  resumer's
 *   |            |     pc     "               |            |      pc     "
 *   |  red zone? | rsp sp     "               |  red zone? | rsp  sp     "
 *
 * The three values are exchanged with rbp, the label 1 and rsp, and control
 * leaves by a jump.  Nothing is pushed, so a red zone below rsp stays whole.
 * No return address is predicted wrongly, since there is no return.
 *
 *   rdi at every label 1: the coroutine.  It is an input that stays, so that the
 *       compiler has it after the switch without a load through the stack it has
 *       just come back to; that load was on the critical path, 0.3 ns.
 *   rax at label 1 of a resume: what coro_resume() returns.
 *   rdx at label 1 of a resume: the resumer's rbx, see own_base in switch.h; the
 *       coroutine itself may be gone by then (coro_suspend_with).
 *
 * Backtraces are right at every instruction, in gdb too:
 *
 *  - Between loading the other side's rsp and arriving there, CFI says "a frame
 *    of no size on the other stack" (CORO__ELSEWHERE).  rbx and r12-r15 are
 *    dead at the label; saying same_value keeps unwinders from reading them off
 *    the wrong stack.
 *  - A return address is looked up at its address less one, so int3 stands
 *    between the jump and the label: without it that is the jump's row.
 *  - The nop behind the label gives the label this statement's line in gdb.
 */
#ifndef CORO_BACKENDS_X86_64_INLINE_H_
#define CORO_BACKENDS_X86_64_INLINE_H_

#if defined(__GCC_HAVE_DWARF2_CFI_ASM)
#define CORO__ELSEWHERE                                                        \
  ".cfi_remember_state\n\t"                                                    \
  ".cfi_escape 0x0c, 0x07, 0x00\n\t" /* CFA = rsp */                           \
  ".cfi_register %%rip, %%r8\n\t"                                              \
  ".cfi_register %%rbp, %%rsi\n\t"                                             \
  ".cfi_same_value %%rbx\n\t"                                                  \
  ".cfi_same_value %%r12\n\t"                                                  \
  ".cfi_same_value %%r13\n\t"                                                  \
  ".cfi_same_value %%r14\n\t"                                                  \
  ".cfi_same_value %%r15\n\t"
#define CORO__BACK ".cfi_restore_state\n\t"
#else
#define CORO__ELSEWHERE
#define CORO__BACK
#endif

/* A landing pad where indirect branches are checked (-fcf-protection). */
#if defined(__CET__) && (__CET__ & 1)
#define CORO__LANDING "int3\n\t.p2align 3\n1:\tendbr64\n\t"
#else
#define CORO__LANDING "int3\n\t.p2align 3\n1:\tnop\n\t"
#endif

/* See own_base in switch.h; gcc gets the clobber instead. */
#if defined(__clang__)
#define CORO__SAVE_RBX(offset) "movq %%rbx, " #offset "(%%rdi)\n\t"
#define CORO__LOAD_RBX(from) "movq " #from ", %%rbx\n\t"
#define CORO__CLOBBER_RBX
#else
#define CORO__SAVE_RBX(offset)
#define CORO__LOAD_RBX(from)
#define CORO__CLOBBER_RBX , "rbx"
#endif

/* The x87 stack must be listed or values stay on it; ymm and zmm go by their
 * xmm names.  gcc refuses names beyond the target's, clang takes them always:
 * a function that gcc compiles for AVX-512 by attribute alone is not covered. */
#if defined(__SSE__)
#define CORO__CLOBBER_SSE                                                      \
  , "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",    \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "mm0",     \
      "mm1", "mm2", "mm3", "mm4", "mm5", "mm6", "mm7", "st", "st(1)", "st(2)", \
      "st(3)", "st(4)", "st(5)", "st(6)", "st(7)"
#else
#define CORO__CLOBBER_SSE
#endif
#if defined(__AVX512F__) || defined(__clang__)
#define CORO__CLOBBER_AVX512                                                   \
  , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23",    \
      "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31",  \
      "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define CORO__CLOBBER_AVX512
#endif
#if defined(__APX_F__)
#define CORO__CLOBBER_APX                                                      \
  , "r16", "r17", "r18", "r19", "r20", "r21", "r22", "r23", "r24", "r25",      \
      "r26", "r27", "r28", "r29", "r30", "r31"
#else
#define CORO__CLOBBER_APX
#endif

#define CORO__CLOBBERS                                                         \
  "rcx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",          \
      "memory",                                                                \
      "cc" CORO__CLOBBER_RBX CORO__CLOBBER_SSE CORO__CLOBBER_AVX512            \
          CORO__CLOBBER_APX

CORO__EXTERN_INLINE uintptr_t coro__stack_pointer(void) {
  uintptr_t sp;
  __asm__ __volatile__("movq %%rsp, %0" : "=r"(sp));
  return sp;
}

/* One instruction a line. */
/* clang-format off */

/* Stores first, then moves rsp: until then everything is the resumer's. */
CORO__EXTERN_INLINE int coro__inline_enter(coro *c) {
  int result;
  __asm__ __volatile__(
      "leaq 1f(%%rip), %%rax\n\t"
      "movq 16(%%rdi), %%rcx\n\t"
      "movq 0(%%rdi), %%rsi\n\t"
      "movq 8(%%rdi), %%r8\n\t"
      "movq %%rax, 8(%%rdi)\n\t"
      "movq %%rsp, 16(%%rdi)\n\t"
      "movq %%rbp, 0(%%rdi)\n\t"
      CORO__SAVE_RBX(56)
      "movq %%rcx, %%rsp\n\t"
      CORO__ELSEWHERE
      "movq %%rsi, %%rbp\n\t"
      "jmp *%%r8\n\t"
      CORO__BACK
      CORO__LANDING
      CORO__LOAD_RBX(%%rdx)
      : "=&a"(result)
      : "D"(c)
      : "rdx", CORO__CLOBBERS);
  return result;
}

/* Moves rsp first, then stores: the entry's CFI reads the slot as long as rsp
 * is on the coroutine's stack, and the state says SUSPENDED only when it has
 * been left. */
CORO__EXTERN_INLINE void coro__inline_leave(coro *c, uintptr_t link) {
  __asm__ __volatile__(
      "leaq 1f(%%rip), %%rax\n\t"
      "movq %%rsp, %%rcx\n\t"
      "movq 0(%%rdi), %%rsi\n\t"
      "movq 8(%%rdi), %%r8\n\t"
      CORO__SAVE_RBX(48)
      "movq 16(%%rdi), %%rsp\n\t"
      CORO__ELSEWHERE
      "movq %%rdx, 24(%%rdi)\n\t"
      "movq 56(%%rdi), %%rdx\n\t"
      "movq %%rax, 8(%%rdi)\n\t"
      "movq %%rcx, 16(%%rdi)\n\t"
      "movq %%rbp, 0(%%rdi)\n\t"
      "movq %%rsi, %%rbp\n\t"
      "xorl %%eax, %%eax\n\t"
      "jmp *%%r8\n\t"
      CORO__BACK
      CORO__LANDING
      CORO__LOAD_RBX(48(%%rdi))
      : "+d"(link)
      : "D"(c)
      : "rax", CORO__CLOBBERS);
}

/* clang-format on */

#undef CORO__ELSEWHERE
#undef CORO__BACK
#undef CORO__LANDING
#undef CORO__SAVE_RBX
#undef CORO__LOAD_RBX
#undef CORO__CLOBBER_RBX
#undef CORO__CLOBBER_SSE
#undef CORO__CLOBBER_AVX512
#undef CORO__CLOBBER_APX
#undef CORO__CLOBBERS

#endif
