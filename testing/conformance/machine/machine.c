#include "testing/conformance/machine/machine.h"

#include <stdio.h>
#include <string.h>

static int resume_in_place(coro *c) { return coro_resume(c); }
static int suspend_in_place(void) { return coro_suspend(); }

const machine_form machine_forms[MACHINE_FORMS] = {
    {"in place", resume_in_place, suspend_in_place},
    {"called", coro_resume, coro_suspend},
};

void machine_probe(const char *file, int line, uint64_t seed,
                   void (*fn)(void *), void *arg) {
  char text[256] = "registers changed:";
  const char *name = probe_names;
  uint32_t changed = probe_registers(seed, fn, arg);
  if (!changed) return;
  for (; changed; changed >>= 1) {
    size_t length = strcspn(name, " ");
    if (changed & 1) {
      size_t used = strlen(text);
      snprintf(text + used, sizeof text - used, " %.*s", (int)length, name);
    }
    name += length + (name[length] == ' ');
  }
  core_fail(file, line, text);
}

uint64_t machine_opaque(uint64_t value) {
  volatile uint64_t hidden = value;
  return hidden;
}

uint64_t machine_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * UINT64_C(0x2545f4914f6cdd1d);
}

struct call {
  uint64_t seed;
  void (*fn)(void *);
  void *arg;
};

/* Calls may change these: so they do, before and after. */
static void fill_scratch(uint64_t seed) {
#if defined(__x86_64__) && defined(__GNUC__)
  __asm__ __volatile__(
      "movq %0, %%xmm0\n\t"
      "punpcklqdq %%xmm0, %%xmm0\n\t"
      "movdqa %%xmm0, %%xmm1\n\t"
      "movdqa %%xmm0, %%xmm2\n\t"
      "movdqa %%xmm0, %%xmm3\n\t"
      "movdqa %%xmm0, %%xmm4\n\t"
      "movdqa %%xmm0, %%xmm5\n\t"
#if !defined(_WIN32)
      "movdqa %%xmm0, %%xmm6\n\t"
      "movdqa %%xmm0, %%xmm7\n\t"
      "movdqa %%xmm0, %%xmm8\n\t"
      "movdqa %%xmm0, %%xmm9\n\t"
      "movdqa %%xmm0, %%xmm10\n\t"
      "movdqa %%xmm0, %%xmm11\n\t"
      "movdqa %%xmm0, %%xmm12\n\t"
      "movdqa %%xmm0, %%xmm13\n\t"
      "movdqa %%xmm0, %%xmm14\n\t"
      "movdqa %%xmm0, %%xmm15\n\t"
#endif
      /* All eight x87 registers in turn, and none left on the stack. */
      "fld1\n\t fldz\n\t fldpi\n\t fldl2e\n\t"
      "fldln2\n\t fldlg2\n\t fldl2t\n\t fld1\n\t"
      "fstp %%st(0)\n\t fstp %%st(0)\n\t fstp %%st(0)\n\t fstp %%st(0)\n\t"
      "fstp %%st(0)\n\t fstp %%st(0)\n\t fstp %%st(0)\n\t fstp %%st(0)\n\t"
      "movq %0, %%rax\n\t"
      "movq %0, %%rcx\n\t"
      "movq %0, %%rdx\n\t"
      "movq %0, %%r8\n\t"
      "movq %0, %%r9\n\t"
      "movq %0, %%r10\n\t"
      "movq %0, %%r11\n\t"
      :
      : "D"(seed)
      : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "cc", "xmm0", "xmm1",
        "xmm2", "xmm3", "xmm4", "xmm5"
#if !defined(_WIN32)
        ,
        "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
        "xmm14", "xmm15"
#endif
        ,
        "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)");
#elif defined(__aarch64__) && defined(__GNUC__)
  __asm__ __volatile__(
      "dup v0.2d, %0\n\t"
      "mov v1.16b, v0.16b\n\t mov v2.16b, v0.16b\n\t mov v3.16b, v0.16b\n\t"
      "mov v4.16b, v0.16b\n\t mov v5.16b, v0.16b\n\t mov v6.16b, v0.16b\n\t"
      "mov v7.16b, v0.16b\n\t"
      /* The upper halves of v8-v15 are anybody's. */
      "ins v8.d[1], %0\n\t ins v9.d[1], %0\n\t ins v10.d[1], %0\n\t"
      "ins v11.d[1], %0\n\t ins v12.d[1], %0\n\t ins v13.d[1], %0\n\t"
      "ins v14.d[1], %0\n\t ins v15.d[1], %0\n\t"
      "mov v16.16b, v0.16b\n\t mov v17.16b, v0.16b\n\t mov v18.16b, v0.16b\n\t"
      "mov v19.16b, v0.16b\n\t mov v20.16b, v0.16b\n\t mov v21.16b, v0.16b\n\t"
      "mov v22.16b, v0.16b\n\t mov v23.16b, v0.16b\n\t mov v24.16b, v0.16b\n\t"
      "mov v25.16b, v0.16b\n\t mov v26.16b, v0.16b\n\t mov v27.16b, v0.16b\n\t"
      "mov v28.16b, v0.16b\n\t mov v29.16b, v0.16b\n\t mov v30.16b, v0.16b\n\t"
      "mov v31.16b, v0.16b\n\t"
      "mov x9, %0\n\t mov x10, %0\n\t mov x11, %0\n\t mov x12, %0\n\t"
      "mov x13, %0\n\t mov x14, %0\n\t mov x15, %0\n\t mov x16, %0\n\t"
      "mov x17, %0\n\t"
      :
      : "r"(seed)
      : "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "cc",
        "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18",
        "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28",
        "v29", "v30", "v31");
#else
  (void)seed;
#endif
}

static void call_between(void *p) {
  struct call *call = p;
  fill_scratch(call->seed);
  call->fn(call->arg);
  fill_scratch(~call->seed);
}

void machine_trash(uint64_t seed, void (*fn)(void *), void *arg) {
  struct call call = {seed, fn, arg};
  PROBE(seed, call_between, &call);
}
