/*
 * 49, 57-59: what a frame may hold: aligned locals, memory of a size that is
 * known at run time, a place to jump back to, and recursion.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "testing/conformance/machine/machine.h"

/* --- 49: alignment ------------------------------------------------------- */

/* The compiler must not know, or it takes the answer for granted. */
static unsigned misaligned(uintptr_t address, unsigned alignment) {
  return (unsigned)machine_opaque(address) & (alignment - 1);
}

static void check_locals(void) {
  _Alignas(32) char a[32];
  CHECK_INT(misaligned((uintptr_t)a, 32), 0);
/* AddressSanitizer keeps locals elsewhere; gcc's aligns that by 32 at most. */
#if !defined(CORO__ASAN)
  _Alignas(64) char b[64];
  _Alignas(128) char c[128];
  CHECK_INT(misaligned((uintptr_t)b, 64), 0);
  CHECK_INT(misaligned((uintptr_t)c, 128), 0);
#endif
}

/* 16 is what a frame has without asking: nothing is realigned for it, so this
 * shows what the caller did. */
#if defined(__GNUC__)
__attribute__((noinline))
#endif
static void
check_16(void) {
  _Alignas(16) volatile char a[16];
  a[0] = 1;
  CHECK_INT(misaligned((uintptr_t)a, 16), 0);
}

static void check_all(void *p) {
  int *runs = p;
  check_16();
  check_locals();
  ++*runs;
}

static void aligned_body(void *p) {
  check_all(p);
  CHECK_INT(coro_defer(check_all, p), 0);
  coro_suspend();
  check_all(p);
  CHECK_INT(coro_suspend_with(check_all, p), 0);
  check_all(p);
}

/* Storage moves the place where the stack begins. */
static void alignment_at_entry(void) {
  for (size_t bytes = 0; bytes < 300; bytes += 7) {
    coro_options o = {.storage_bytes = bytes,
                      .storage_align = (size_t)1 << bytes % 13};
    int runs = 0;
    coro *c;
    REQUIRE(coro_new(&c, aligned_body, &runs, &o) == 0);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(runs, 5);
    /* On its way to the handlers, too. */
    CHECK_INT(coro_reset(c, aligned_body, &runs), 0);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_abandon(c), 0);
    CHECK_INT(runs, 7);
    CHECK_INT(coro_free(c), 0);
  }
}

static void alignment_in_memory(void) {
  enum { BYTES = 32768 };
  char *memory = malloc(BYTES + 128);
  REQUIRE(memory);
  for (size_t offset = 0; offset < 64; offset++) {
    int runs = 0, rc;
    coro *c;
    rc = coro_init(&c, memory + offset, BYTES + offset % 17, aligned_body,
                   &runs, NULL);
    if (core_has_own_stacks()) {
      CHECK_INT(rc, CORO_ENOTSUP);
      continue;
    }
    REQUIRE(rc == 0);
    while (coro_resume(c) == CORO_SUSPENDED) continue;
    CHECK_INT(runs, 5);
    CHECK_INT(coro_fini(c), 0);
  }
  free(memory);
}

/* A resumer without calls of its own may have any stack pointer: the callback
 * runs on its stack and must not mind. */
#if defined(__GNUC__)
__attribute__((noinline))
#endif
static int
leaf(coro *c, volatile char *to) {
  char pad[24];
  volatile char *p = pad;
  p[to[0] & 1] = 1;
  return coro_resume(c);
}

static void suspend_with_check(void *p) {
  for (int i = 0; i < 4; i++) CHECK_INT(coro_suspend_with(check_all, p), 0);
}

static void alignment_in_callback(void) {
  volatile char zero = 0;
  int runs = 0;
  coro *c;
  REQUIRE(coro_new(&c, suspend_with_check, &runs, NULL) == 0);
  while (leaf(c, &zero) == CORO_SUSPENDED) continue;
  CHECK_INT(runs, 4);
  CHECK_INT(coro_free(c), 0);
}

/* --- 49: beside an array of variable length ------------------------------ */

static void nothing(void *p) { (void)p; }

static void trash(void *p) { machine_trash((uintptr_t)p, nothing, NULL); }

/* Such a frame has a base register of its own, rbx or x19, which clang keeps
 * in use whatever an asm statement says. */
static volatile size_t volatile_length = 61;

#define OVER_ALIGNED(NAME, SWITCH)                                             \
  static uint64_t NAME(coro *c, uint64_t seed) {                               \
    _Alignas(128) uint64_t fixed[16];                                          \
    size_t length = volatile_length;                                           \
    uint64_t array[length], total = 0;                                         \
    int result = 0;                                                            \
    (void)c;                                                                   \
    for (size_t i = 0; i < 16; i++) fixed[i] = seed * i;                       \
    for (size_t i = 0; i < length; i++) array[i] = seed ^ i;                   \
    for (int round = 0; round < 10; round++) {                                 \
      SWITCH;                                                                  \
      if (misaligned((uintptr_t)fixed, 128)) return 1;                         \
      for (size_t i = 0; i < 16; i++) fixed[i] += array[i];                    \
      for (size_t i = 0; i < length; i++) array[i] = array[i] * 3 + fixed[5];  \
    }                                                                          \
    for (size_t i = 0; i < 16; i++) total = total * 31 + fixed[i];             \
    for (size_t i = 0; i < length; i++) total = total * 31 + array[i];         \
    return result == 0 ? total : 2;                                            \
  }

OVER_ALIGNED(over_aligned, (void)0)
OVER_ALIGNED(over_aligned_suspend, result |= coro_suspend())
OVER_ALIGNED(over_aligned_resume, result |= coro_resume(c))
OVER_ALIGNED(over_aligned_suspend_with,
             result |= coro_suspend_with(trash, (void *)&volatile_length))

struct over_aligned {
  uint64_t (*compute)(coro *c, uint64_t seed);
  uint64_t seed, total;
};

static void run_over_aligned(void *p) {
  struct over_aligned *o = p;
  o->total = o->compute(NULL, o->seed);
}

static void suspend_and_trash(void *p) {
  for (int i = 0; i < 20; i++) {
    trash(p);
    coro_suspend();
  }
}

/* Such frames on one side, on the other, and on both. */
static void over_aligned_frames(void) {
  struct over_aligned inner[] = {{over_aligned_suspend, 3, 0},
                                 {over_aligned_suspend_with, 4, 0}};
  for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
    uint64_t total;
    coro *c;
    REQUIRE(coro_new(&c, run_over_aligned, &inner[i], NULL) == 0);
    total = over_aligned_resume(c, 5);
    CHECK(total == over_aligned(NULL, 5));
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK(inner[i].total == over_aligned(NULL, inner[i].seed));
    CHECK_INT(coro_reset(c, run_over_aligned, &inner[i]), 0);
    while (coro_resume(c) == CORO_SUSPENDED) trash(&inner[i]);
    CHECK(inner[i].total == over_aligned(NULL, inner[i].seed));
    CHECK_INT(coro_reset(c, suspend_and_trash, &inner[i]), 0);
    total = over_aligned_resume(c, 6);
    CHECK(total == over_aligned(NULL, 6));
    CHECK_INT(coro_abandon(c), 0);
    CHECK_INT(coro_free(c), 0);
  }
}

/* --- 57: setjmp ---------------------------------------------------------- */

struct jumper {
  jmp_buf here;
  int depth;
  int jumps;
};

static void descend_and_jump(struct jumper *j, int depth) {
  volatile char pad[100];
  pad[0] = (char)depth;
  if (depth > 0) {
    coro_suspend();
    descend_and_jump(j, depth - 1);
  } else if (machine_opaque(1))
    longjmp(j->here, 7);
  pad[1] = pad[0];
}

static void jump_often(void *p) {
  struct jumper *j = p;
  volatile int round = 0;
  for (; round < 5; round++) {
    int value = setjmp(j->here);
    if (value == 0)
      descend_and_jump(j, j->depth);
    else {
      CHECK_INT(value, 7);
      j->jumps++;
      coro_suspend();
    }
  }
}

/* Each jumps within its own stack while the others are in the middle. */
static void jumps(void) {
  struct jumper jumpers[3];
  coro *c[3];
  int left = 3;
  for (int i = 0; i < 3; i++) {
    jumpers[i].depth = i + 1;
    jumpers[i].jumps = 0;
    REQUIRE(coro_new(&c[i], jump_often, &jumpers[i], NULL) == 0);
  }
  while (left) {
    left = 0;
    for (int i = 0; i < 3; i++)
      if (coro_status(c[i]) != CORO_DONE)
        left += coro_resume(c[i]) == CORO_SUSPENDED;
  }
  for (int i = 0; i < 3; i++) {
    CHECK_INT(jumpers[i].jumps, 5);
    CHECK_INT(coro_free(c[i]), 0);
  }
}

/* --- 58: memory of the frame --------------------------------------------- */

static unsigned char pattern(size_t i, size_t salt) {
  return (unsigned char)(i * 7 + salt);
}

static void fill(unsigned char *p, size_t bytes, size_t salt) {
  for (size_t i = 0; i < bytes; i++) p[i] = pattern(i, salt);
}

static int is_filled(const unsigned char *p, size_t bytes, size_t salt) {
  for (size_t i = 0; i < bytes; i++)
    if (p[i] != pattern(i, salt)) return 0;
  return 1;
}

enum { ALLOCATIONS = 12 };

static void allocate_in_frame(void *p) {
  const size_t salt = *(size_t *)p;
  unsigned char *pieces[ALLOCATIONS];
  size_t bytes[ALLOCATIONS];
  for (size_t i = 0; i < ALLOCATIONS; i++) {
    bytes[i] = (size_t)machine_opaque(i * i * 10 + salt + 1);
    pieces[i] = __builtin_alloca(bytes[i]);
    fill(pieces[i], bytes[i], salt + i);
    coro_suspend();
  }
  for (size_t i = 0; i < ALLOCATIONS; i++)
    CHECK(is_filled(pieces[i], bytes[i], salt + i));
  for (size_t i = 1; i <= ALLOCATIONS; i++) {
    unsigned char array[machine_opaque(i * 40)];
    fill(array, sizeof array, salt);
    coro_suspend();
    CHECK(is_filled(array, sizeof array, salt));
    CHECK(is_filled(pieces[i - 1], bytes[i - 1], salt + i - 1));
  }
}

static void frame_memory(void) {
  size_t salts[4] = {1, 20, 300, 77};
  coro *c[4];
  int left = 4;
  for (int i = 0; i < 4; i++)
    REQUIRE(coro_new(&c[i], allocate_in_frame, &salts[i], NULL) == 0);
  while (left) {
    unsigned char mine[machine_opaque(500)];
    fill(mine, sizeof mine, 5);
    left = 0;
    for (int i = 0; i < 4; i++)
      if (coro_status(c[i]) != CORO_DONE)
        left += coro_resume(c[i]) == CORO_SUSPENDED;
    CHECK(is_filled(mine, sizeof mine, 5));
  }
  for (int i = 0; i < 4; i++) CHECK_INT(coro_free(c[i]), 0);
}

/* --- 59: recursion ------------------------------------------------------- */

struct tree {
  struct tree *left, *right;
  int key;
};

enum { NODES = 1000 };

struct walk {
  const struct tree *root;
  int key;
};

static struct tree *insert(struct tree *t, struct tree *node) {
  if (!t) return node;
  if (node->key < t->key)
    t->left = insert(t->left, node);
  else
    t->right = insert(t->right, node);
  return t;
}

static void walk(const struct tree *t, struct walk *w) {
  if (!t) return;
  walk(t->left, w);
  w->key = t->key;
  coro_suspend();
  walk(t->right, w);
}

static void walk_body(void *p) {
  struct walk *w = p;
  walk(w->root, w);
}

static int list(const struct tree *t, int *keys, int n) {
  if (!t) return n;
  n = list(t->left, keys, n);
  keys[n++] = t->key;
  return list(t->right, keys, n);
}

static void tree_walk(void) {
  static struct tree nodes[NODES];
  static int keys[NODES];
  struct tree *root = NULL;
  uint64_t random = 59;
  struct walk w = {NULL, 0};
  coro *c;
  int n = 0;
  memset(nodes, 0, sizeof nodes);
  for (int i = 0; i < NODES; i++) {
    nodes[i].key = (int)(machine_random(&random) % 100000);
    root = insert(root, &nodes[i]);
  }
  CHECK_INT(list(root, keys, 0), NODES);
  w.root = root;
  REQUIRE(coro_new(&c, walk_body, &w, NULL) == 0);
  while (coro_resume(c) == CORO_SUSPENDED) {
    REQUIRE(n < NODES);
    CHECK_INT(w.key, keys[n++]);
  }
  CHECK_INT(n, NODES);
  CHECK_INT(coro_free(c), 0);
}

const core_case machine_frames_cases[] = {
    {"49", "a body, a deferred handler and a callback have aligned frames",
     alignment_at_entry},
    {"49", "frames are aligned on a stack at any address", alignment_in_memory},
    {"49", "a callback on the stack of a leaf function has an aligned frame",
     alignment_in_callback},
    {"49",
     "an over-aligned local beside a VLA of volatile length across switches",
     over_aligned_frames},
    {"57", "longjmp within a coroutine goes back across its suspends", jumps},
    {"58", "memory from alloca and variable-length arrays survives suspends",
     frame_memory},
    {"59", "a recursive walk that yields at the bottom yields every node",
     tree_walk},
    {0},
};
