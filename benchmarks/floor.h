/*
 * benchmarks/floor.h - the least that a switch between two stacks can do: save
 * the stack pointer, the frame pointer and where to go on, load the other
 * side's, jump.  No state, no check, no way to find out who runs; the compiler
 * saves what is live.  The library's switch is measured against these two, and
 * they are of no other use.
 *
 *   bench_floor_switch(from, to)   two contexts, either of them anywhere: what
 *                                  any two stacks can be switched by
 *   bench_floor_exchange(c)        one context, of the side that does not run,
 *                                  whose address stays in its register on both
 *                                  sides: the library's own protocol with all
 *                                  of the library taken away
 */
#ifndef BENCHMARKS_FLOOR_H_
#define BENCHMARKS_FLOOR_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) && !defined(_WIN32) &&                                   \
    ((defined(__x86_64__) && defined(__LP64__)) || defined(__aarch64__))
#define BENCH_HAVE_FLOOR 1

struct bench_floor_context {
  void *sp, *fp, *pc;
};

#define BENCH_FLOOR_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)

/* A call pushes a return address onto an aligned stack. */
enum { BENCH_FLOOR_PUSHED = 8 };

#define BENCH_FLOOR_CLOBBERS                                                   \
  "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",   \
      "r15", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",   \
      "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",      \
      "xmm14", "xmm15", "mm0", "mm1", "mm2", "mm3", "mm4", "mm5", "mm6",       \
      "mm7", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",       \
      "st(7)"

BENCH_FLOOR_INLINE void bench_floor_switch(struct bench_floor_context *from,
                                           struct bench_floor_context *to) {
  __asm__ __volatile__("leaq 1f(%%rip), %%rax\n\t"
                       "movq %%rsp, 0(%%rdi)\n\t"
                       "movq %%rbp, 8(%%rdi)\n\t"
                       "movq %%rax, 16(%%rdi)\n\t"
                       "movq 0(%%rsi), %%rsp\n\t"
                       "movq 8(%%rsi), %%rbp\n\t"
                       "jmp *16(%%rsi)\n\t"
                       ".p2align 3\n"
                       "1:\n\t"
                       : "+D"(from), "+S"(to)
                       :
                       : BENCH_FLOOR_CLOBBERS);
}

BENCH_FLOOR_INLINE void bench_floor_exchange(struct bench_floor_context *c) {
  __asm__ __volatile__("leaq 1f(%%rip), %%rax\n\t"
                       "movq 0(%%rdi), %%rcx\n\t"
                       "movq 8(%%rdi), %%rsi\n\t"
                       "movq 16(%%rdi), %%r8\n\t"
                       "movq %%rsp, 0(%%rdi)\n\t"
                       "movq %%rbp, 8(%%rdi)\n\t"
                       "movq %%rax, 16(%%rdi)\n\t"
                       "movq %%rcx, %%rsp\n\t"
                       "movq %%rsi, %%rbp\n\t"
                       "jmp *%%r8\n\t"
                       ".p2align 3\n"
                       "1:\n\t"
                       :
                       : "D"(c)
                       : "rsi", BENCH_FLOOR_CLOBBERS);
}

#else

enum { BENCH_FLOOR_PUSHED = 0 };

#define BENCH_FLOOR_CLOBBERS                                                   \
  "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",  \
      "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",    \
      "x24", "x25", "x26", "x27", "x28", "x30", "memory", "cc", "v0", "v1",    \
      "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12",     \
      "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22",    \
      "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31"

BENCH_FLOOR_INLINE void bench_floor_switch(struct bench_floor_context *from,
                                           struct bench_floor_context *to) {
  register struct bench_floor_context *x0 __asm__("x0") = from;
  register struct bench_floor_context *x1 __asm__("x1") = to;
  __asm__ __volatile__("adr x9, 1f\n\t"
                       "mov x10, sp\n\t"
                       "stp x10, x29, [x0]\n\t"
                       "str x9, [x0, #16]\n\t"
                       "ldp x10, x29, [x1]\n\t"
                       "ldr x9, [x1, #16]\n\t"
                       "mov sp, x10\n\t"
                       "br x9\n"
                       "1:\thint #36\n\t"
                       : "+r"(x0), "+r"(x1)
                       :
                       : BENCH_FLOOR_CLOBBERS);
}

BENCH_FLOOR_INLINE void bench_floor_exchange(struct bench_floor_context *c) {
  register struct bench_floor_context *x0 __asm__("x0") = c;
  __asm__ __volatile__("adr x9, 1f\n\t"
                       "mov x10, sp\n\t"
                       "ldp x11, x12, [x0]\n\t"
                       "ldr x13, [x0, #16]\n\t"
                       "stp x10, x29, [x0]\n\t"
                       "str x9, [x0, #16]\n\t"
                       "mov sp, x11\n\t"
                       "mov x29, x12\n\t"
                       "br x13\n"
                       "1:\thint #36\n\t"
                       :
                       : "r"(x0)
                       : "x1", BENCH_FLOOR_CLOBBERS);
}

#endif

#undef BENCH_FLOOR_CLOBBERS

/* Makes a context that starts fn as if it had been called; fn never returns. */
static inline void bench_floor_make(struct bench_floor_context *context,
                                    char *stack, size_t bytes,
                                    void (*fn)(void)) {
  context->sp = stack + (bytes & ~(size_t)63) - 64 - BENCH_FLOOR_PUSHED;
  context->fp = NULL;
  context->pc = (void *)(uintptr_t)fn;
}

#else
#define BENCH_HAVE_FLOOR 0
#endif

#endif
