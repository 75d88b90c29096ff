/* Where a coroutine lives: the caller's memory, an allocator's, the pool's. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "coro/coro.h"
#include "coro/stack.h"
#include "testing/conformance/core_check.h"

static void nothing(void *arg) { (void)arg; }

static void suspend_once(void *arg) {
  if (arg) ++*(int *)arg;
  coro_suspend();
  if (arg) ++*(int *)arg;
}

/* --- The caller's memory ------------------------------------------------- */

static void init_refuses_bad_arguments(void) {
  static char memory[65536];
  coro *const untouched = (coro *)(void *)memory;
  coro *c = untouched;
  int own = core_has_own_stacks();
  CHECK_INT(coro_init(&c, NULL, sizeof memory, nothing, NULL, NULL),
            CORO_EINVAL);
  CHECK_INT(coro_init(NULL, memory, sizeof memory, nothing, NULL, NULL),
            CORO_EINVAL);
  CHECK_INT(coro_init(&c, memory, sizeof memory, NULL, NULL, NULL),
            CORO_EINVAL);
  CHECK_INT(coro_init(&c, memory, ((size_t)1 << 30) + 1, nothing, NULL, NULL),
            CORO_EINVAL);
  CHECK(c == untouched);
  CHECK_INT(coro_init(&c, memory, sizeof memory, nothing, NULL, NULL),
            own ? CORO_ENOTSUP : 0);
  if (own) CHECK(c == untouched);
  if (!own) CHECK_INT(coro_fini(c), 0);
}

static void given_stack_is_not_freed(void) {
  static char memory[65536];
  coro *c;
  int n = 0;
  if (core_has_own_stacks()) return;
  for (int round = 0; round < 3; round++) {
    REQUIRE(coro_init(&c, memory, sizeof memory, suspend_once, &n, NULL) == 0);
    CHECK((char *)c >= memory && (char *)(c + 1) <= memory + sizeof memory);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(round % 2 ? coro_free(c) : coro_fini(c), 0);
    memset(memory, 0xa5, sizeof memory); /* it is the caller's again */
  }
  CHECK_INT(n, 6);
}

/* The allocator counts, so that "freed exactly once" can be seen. */
struct counting {
  int allocated, freed, fails;
  void *memory;
  size_t bytes;
};

static void *counted_alloc(void *context, size_t bytes) {
  struct counting *n = context;
  char *block;
  if (n->fails) return NULL;
  n->allocated++;
  n->bytes = bytes;
  /* 16 aligned, and not more. */
  block = malloc(bytes + 48);
  if (!block) return NULL;
  n->memory = block + 32 - (uintptr_t)block % 16;
  if ((uintptr_t)n->memory % 32 == 0) n->memory = (char *)n->memory - 16;
  ((void **)n->memory)[-1] = block;
  return n->memory;
}

static void counted_free(void *context, void *memory, size_t bytes) {
  struct counting *n = context;
  n->freed++;
  CHECK(memory == n->memory);
  CHECK_INT(bytes, n->bytes);
  free(((void **)memory)[-1]);
}

static void allocator_gets_back_what_it_gave(void) {
  struct counting n = {0, 0, 0, NULL, 0};
  coro_allocator allocator;
  coro_options o = {0};
  coro *c, *untouched = (coro *)(void *)&n;
  int steps = 0;
  allocator.alloc = counted_alloc;
  allocator.free = counted_free;
  allocator.context = &n;
  o.allocator = &allocator;
  o.stack_bytes = 50000; /* an allocator gets what was asked for */
  if (core_has_own_stacks()) {
    CHECK_INT(coro_new(&c, suspend_once, &steps, &o), CORO_ENOTSUP);
    CHECK_INT(n.allocated, 0);
    return;
  }
  REQUIRE(coro_new(&c, suspend_once, &steps, &o) == 0);
  CHECK_INT(n.allocated, 1);
  CHECK_INT(n.bytes, 50000);
  CHECK_INT(coro_fini(c), CORO_EINVAL);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_free(c), CORO_EBUSY);
  CHECK_INT(n.freed, 0);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_reset(c, suspend_once, &steps), 0);
  CHECK_INT(n.allocated, 1);
  CHECK_INT(n.freed, 0);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(n.freed, 1);

  n.fails = 1;
  c = untouched;
  CHECK_INT(coro_new(&c, suspend_once, &steps, &o), CORO_ENOMEM);
  CHECK(c == untouched);
  CHECK_INT(n.allocated, 1);
  n.fails = 0;

  /* Too small is found before the allocator is asked. */
  o.stack_bytes = coro_stack_min() - 1;
  CHECK_INT(coro_new(&c, suspend_once, &steps, &o), CORO_ESMALL);
  CHECK_INT(n.allocated, 1);
}

static void memory_given_goes_before_the_allocator(void) {
  static char memory[65536];
  struct counting n = {0, 0, 0, NULL, 0};
  coro_allocator allocator;
  coro_options o = {0};
  coro *c;
  allocator.alloc = counted_alloc;
  allocator.free = counted_free;
  allocator.context = &n;
  o.allocator = &allocator;
  if (core_has_own_stacks()) return;
  REQUIRE(coro_init(&c, memory, sizeof memory, nothing, NULL, &o) == 0);
  CHECK_INT(n.allocated, 0);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(n.freed, 0);
}

static void block_stays_in_place(void) {
  static char memory[65536];
  coro *c, *first;
  int n = 0;
  if (core_has_own_stacks()) {
    CHECK_INT(coro_init(&c, memory, sizeof memory, nothing, NULL, NULL),
              CORO_ENOTSUP);
    return;
  }
  REQUIRE(coro_init(&c, memory, sizeof memory, suspend_once, &n, NULL) == 0);
  first = c;
  CHECK((char *)c > memory && (char *)(c + 1) <= memory + sizeof memory);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK(c == first);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_reset(c, suspend_once, &n), 0);
  CHECK_INT(coro_abandon(c), 0);
  CHECK_INT(coro_fini(c), 0);
  REQUIRE(coro_init(&c, memory, sizeof memory, nothing, NULL, NULL) == 0);
  CHECK(c == first);
  CHECK_INT(coro_fini(c), 0);
}

#define FENCE 256

static int is_filled(const char *memory, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    if (memory[i] != (char)0xa5) return 0;
  return 1;
}

static void small_stacks_are_refused_untouched(void) {
  size_t least = coro_stack_min();
  char *memory = malloc(least);
  coro *const untouched = (coro *)(void *)memory;
  coro *c = untouched;
  coro_options o = {0};
  REQUIRE(memory != NULL);
  memset(memory, 0xa5, least);
  for (size_t bytes = 0; bytes < least; bytes++) {
    CHECK_INT(coro_init(&c, memory, bytes, nothing, NULL, NULL), CORO_ESMALL);
    o.stack = memory;
    o.stack_bytes = bytes;
    CHECK_INT(coro_new(&c, nothing, NULL, &o), CORO_ESMALL);
    o.stack = NULL;
    if (bytes) CHECK_INT(coro_new(&c, nothing, NULL, &o), CORO_ESMALL);
  }
  CHECK(is_filled(memory, least));
  CHECK(c == untouched);
  /* Storage comes on top. */
  o.stack = memory;
  o.storage_bytes = 1;
  o.stack_bytes = least;
  CHECK_INT(coro_new(&c, nothing, NULL, &o), CORO_ESMALL);
  o.storage_bytes = least;
  CHECK_INT(coro_new(&c, nothing, NULL, &o), CORO_ESMALL);
  CHECK(is_filled(memory, least));
  free(memory);
}

static void smallest_stack_works(void) {
  size_t least = coro_stack_min();
  coro_options o = {0};
  coro *c;
  int n = 0;
  o.stack_bytes = least;
  REQUIRE(coro_new(&c, suspend_once, &n, &o) == 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(n, 2);
}

/* Fences stand on both sides of every placement. */
static void fenced(char *memory, size_t all, size_t offset, size_t bytes,
                   const coro_options *options) {
  char *base = memory + FENCE + offset;
  int n = 0;
  coro *c = NULL;
  memset(memory, 0xa5, all);
  if (core_has_own_stacks()) {
    CHECK_INT(coro_init(&c, base, bytes, suspend_once, &n, options),
              CORO_ENOTSUP);
    CHECK(is_filled(memory, all));
    return;
  }
  CHECK_INT(coro_init(&c, base, bytes, suspend_once, &n, options), 0);
  if (!c) return;
  CHECK_INT((uintptr_t)c % 64, 0);
  CHECK((char *)c > base && (char *)(c + 1) <= base + bytes);
  if (options && options->storage_bytes) {
    char *storage = coro_storage(c);
    CHECK_INT((uintptr_t)storage % options->storage_align, 0);
    CHECK(storage + options->storage_bytes <= base + bytes);
    memset(storage, 0xff, options->storage_bytes);
  }
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_fini(c), 0);
  CHECK(is_filled(memory, FENCE + offset));
  CHECK(is_filled(base + bytes, all - FENCE - offset - bytes));
  CHECK_INT(n, 2);
}

static void unaligned_memory_is_cut_to_size(void) {
  size_t least = coro_stack_min();
  size_t most = least + 2048; /* a suspend at -O0, and checks */
  size_t all = 2 * FENCE + 256 + most + 4096 + 300;
  char *memory = malloc(all);
  coro_options o = {0};
  REQUIRE(memory != NULL);
  for (size_t offset = 0; offset < 130; offset++)
    fenced(memory, all, offset, most, NULL);
  for (size_t more = 0; more < 130; more++)
    fenced(memory, all, more * 7 % 64, most + more, NULL);
  for (size_t align = 1; align <= 1024; align *= 2)
    for (size_t bytes = 1; bytes < 300; bytes += 37) {
      o.storage_align = align;
      o.storage_bytes = bytes;
      fenced(memory, all, bytes % 61,
             most + bytes + (align > 64 ? align - 64 : 0), &o);
    }
  free(memory);
}

/* --- How much is left ---------------------------------------------------- */

/* Sizes that the compiler does not know put the array on the real stack, under
 * AddressSanitizer too. */
static volatile size_t deep_bytes;

static size_t remaining_below(void) {
  volatile char pad[deep_bytes + 1];
  size_t left;
  pad[0] = 1;
  pad[deep_bytes] = 1;
  left = coro_stack_remaining();
  return left + (size_t)(pad[0] - pad[deep_bytes]);
}

struct measured {
  size_t fresh, deeper, overrun, again;
};

static void measure(void *arg) {
  struct measured *m = arg;
  m->fresh = coro_stack_remaining();
  deep_bytes = 1000;
  m->deeper = remaining_below();
  m->again = coro_stack_remaining();
}

static void measure_overrun(void *arg) {
  struct measured *m = arg;
  m->fresh = coro_stack_remaining();
  deep_bytes = m->fresh + 512;
  m->overrun = remaining_below();
  m->again = coro_stack_remaining();
}

static void remaining_shrinks_in_callees(void) {
  struct measured m = {0, 0, 1, 0};
  coro_options o = {0};
  size_t at_root = coro_stack_remaining();
  coro *c;
  CHECK(at_root > 16384);
  deep_bytes = 4000;
  CHECK(remaining_below() + 4000 <= at_root);
  CHECK_INT(coro_stack_remaining(), at_root);

  o.stack_bytes = coro_stack_min() < 4096 ? 4096 : coro_stack_min() + 4096;
  REQUIRE(coro_new(&c, measure, &m, &o) == 0);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK(m.fresh > 2048 || core_is_slow());
  if (!core_has_own_stacks()) CHECK(m.fresh < 65536);
  CHECK(m.deeper + 1000 <= m.fresh);
  CHECK_INT(m.again, m.fresh);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(coro_stack_remaining(), at_root);
}

/* The stack is the upper half of a block, so that nothing is hit below it. */
static void remaining_is_zero_after_an_overrun(void) {
  struct measured m = {0, 0, 1, 0};
  const size_t half = 32768;
  char *memory;
  coro *c;
  if (core_has_own_stacks()) return;
  memory = malloc(2 * half);
  REQUIRE(memory != NULL);
  REQUIRE(coro_init(&c, memory + half, half, measure_overrun, &m, NULL) == 0);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK(m.fresh > 0 && m.fresh < half);
  CHECK_INT(m.overrun, 0);
  CHECK_INT(m.again, m.fresh);
  CHECK_INT(coro_fini(c), 0);
  free(memory);
}

static void *measure_thread(void *arg) {
  *(size_t *)arg = coro_stack_remaining();
  return NULL;
}

static void remaining_is_the_threads_own(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  size_t left = 0;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, (size_t)1 << 22) == 0);
  REQUIRE(pthread_create(&thread, &attributes, measure_thread, &left) == 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  /* A sanitizer may take some of it; glibc may hand out a larger one that it
   * has cached. */
  CHECK(left > (size_t)1 << 21);
  CHECK(left < (size_t)1 << 27);
}

/* --- Sizes --------------------------------------------------------------- */

static int recurse(int levels) {
  volatile char frame[1000];
  frame[0] = (char)levels;
  frame[999] = (char)levels;
  if (levels > 0 && recurse(levels - 1) != levels - 1) return -1;
  return frame[0] == frame[999] && frame[0] == (char)levels ? levels : -1;
}

static void recurse_500_kb(void *arg) {
  coro_suspend();
  *(int *)arg = recurse(500);
  coro_suspend();
  *(int *)arg += recurse(500);
}

static void deep_recursion_works(void) {
  coro_options o = {0};
  coro *c;
  int n = 0;
  o.stack_bytes = (size_t)1 << 20;
  REQUIRE(coro_new(&c, recurse_500_kb, &n, &o) == 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(n, 500);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 1000);
  CHECK_INT(coro_free(c), 0);
}

static void sizes_from_least_to_most_work(void) {
  for (size_t bytes = coro_stack_min(); bytes <= (size_t)1 << 26;
       bytes += bytes / 3) {
    coro_options o = {0};
    coro *c;
    int n = 0;
    o.stack_bytes = bytes;
    REQUIRE(coro_new(&c, suspend_once, &n, &o) == 0);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(coro_free(c), 0);
  }
}

/* --- Below and above ----------------------------------------------------- */

/* The thread's stack is the middle third of a block, the coroutines' stacks
 * the others.  They are so far apart that Valgrind takes no switch for a frame
 * of less than two megabytes. */
enum { THIRD = 1 << 22 };

static void note_address(void *arg) {
  volatile char here = 0;
  *(uintptr_t *)arg = (uintptr_t)&here;
  coro_suspend();
  CHECK_INT(recurse(50), 50);
  *(uintptr_t *)arg = (uintptr_t)&here;
}

static void *between(void *arg) {
  char *block = arg;
  for (int above = 0; above < 2; above++) {
    char *memory = above ? block + 2 * (size_t)THIRD : block;
    uintptr_t at = 0;
    coro *c = NULL;
    CHECK_INT(coro_init(&c, memory, THIRD, note_address, &at, NULL), 0);
    if (!c) return NULL;
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    /* AddressSanitizer keeps locals elsewhere. */
    if (!core_is_slow())
      CHECK(at > (uintptr_t)memory && at < (uintptr_t)memory + THIRD);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(coro_fini(c), 0);
  }
  return block;
}

static void stacks_below_and_above_work(void) {
  char *block, *aligned;
  pthread_attr_t attributes;
  pthread_t thread;
  void *done = NULL;
  if (core_has_own_stacks()) return;
  block = malloc(3 * THIRD + 65536);
  REQUIRE(block != NULL);
  aligned = block + 65536 - (uintptr_t)block % 65536;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstack(&attributes, aligned + THIRD, THIRD) == 0);
  REQUIRE(pthread_create(&thread, &attributes, between, aligned) == 0);
  pthread_join(thread, &done);
  CHECK(done == aligned);
  pthread_attr_destroy(&attributes);
  free(block);
}

/* --- stack.h ------------------------------------------------------------- */

static void stack_alloc_refuses(void) {
  char untouched;
  coro_stack s = {&untouched, 7, NULL};
  CHECK_INT(coro_stack_alloc(NULL, 4096), CORO_EINVAL);
  if (core_has_own_stacks()) {
    CHECK_INT(coro_stack_alloc(&s, 4096), CORO_ENOTSUP);
    CHECK_INT(coro_stack_alloc(&s, 0), CORO_ENOTSUP);
  } else {
    CHECK_INT(coro_stack_alloc(&s, CORO_STACK_MAX + 1), CORO_EINVAL);
    CHECK_INT(coro_stack_alloc(&s, SIZE_MAX), CORO_EINVAL);
  }
  CHECK(s.memory == &untouched);
  CHECK_INT(s.bytes, 7);
}

static void stack_free_refuses(void) {
  coro_stack s = {NULL, 0, NULL};
  CHECK_INT(coro_stack_free(NULL), CORO_EINVAL);
  CHECK_INT(coro_stack_free(&s), CORO_EINVAL);
  if (core_has_own_stacks()) return;
  REQUIRE(coro_stack_alloc(&s, 4096) == 0);
  CHECK_INT(coro_stack_free(&s), 0);
  CHECK(s.memory == NULL);
  CHECK_INT(coro_stack_free(&s), CORO_EINVAL);
}

static void stacks_are_usable_up_to_the_ends(void) {
  size_t wanted[] = {0, 1, 100, 4096, 4097, 10000, 65536, 65537, 1000000};
  if (core_has_own_stacks()) return;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    coro_stack s, other;
    coro *c;
    int n = 0;
    REQUIRE(coro_stack_alloc(&s, wanted[i]) == 0);
    REQUIRE(coro_stack_alloc(&other, wanted[i]) == 0);
    CHECK(s.bytes >= (wanted[i] ? wanted[i] : CORO_STACK_DEFAULT));
    CHECK_INT(s.bytes & (s.bytes - 1), 0);
    CHECK((char *)s.memory + s.bytes <= (char *)other.memory ||
          (char *)other.memory + other.bytes <= (char *)s.memory);
    memset(s.memory, 0xa5, s.bytes);
    memset(other.memory, 0x5a, other.bytes);
    CHECK(is_filled(s.memory, s.bytes));
    if (s.bytes >= coro_stack_min() + 4096) {
      REQUIRE(coro_init(&c, s.memory, s.bytes, suspend_once, &n, NULL) == 0);
      CHECK_INT(coro_resume(c), CORO_SUSPENDED);
      CHECK_INT(coro_resume(c), CORO_DONE);
      CHECK_INT(coro_fini(c), 0);
    }
    CHECK_INT(coro_stack_free(&other), 0);
    CHECK_INT(coro_stack_free(&s), 0);
  }
}

static void used_stack_comes_back_unchanged(void) {
  coro_stack s, again;
  if (core_has_own_stacks()) return;
  REQUIRE(coro_stack_alloc(&s, 16384) == 0);
  memset(s.memory, 0xa5, s.bytes);
  again = s;
  CHECK_INT(coro_stack_free(&s), 0);
  REQUIRE(coro_stack_alloc(&s, 16384) == 0);
  CHECK(s.memory == again.memory);
  /* But for the words at the top, which the pool uses. */
  CHECK(is_filled(s.memory, s.bytes - 64));
  CHECK_INT(coro_stack_free(&s), 0);
}

/* --- The thread's defaults ----------------------------------------------- */

static void note_remaining(void *arg) {
  *(size_t *)arg = coro_stack_remaining();
}

static size_t remaining_by_default(void) {
  size_t left = 0;
  coro *c = NULL;
  CHECK_INT(coro_new(&c, note_remaining, &left, NULL), 0);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
  return left;
}

static void *ask_on_a_thread(void *arg) {
  *(size_t *)arg = remaining_by_default();
  return NULL;
}

static void env_sets_the_stack(void) {
  coro_env env = {0, NULL};
  size_t original = remaining_by_default(), elsewhere = 0, left = 0;
  coro_options o = {0};
  pthread_t thread;
  coro *c;
  CHECK(original > 32768);
  env.stack_bytes = coro_stack_min() - 1;
  CHECK_INT(coro_env_set(&env), CORO_ESMALL);
  env.stack_bytes = 1;
  CHECK_INT(coro_env_set(&env), CORO_ESMALL);
  CHECK_INT(remaining_by_default(), original);
  env.stack_bytes = (size_t)1 << 20;
  CHECK_INT(coro_env_set(&env), 0);
  CHECK(remaining_by_default() > 500000);
  /* This thread's only. */
  REQUIRE(pthread_create(&thread, NULL, ask_on_a_thread, &elsewhere) == 0);
  pthread_join(thread, NULL);
  CHECK(elsewhere <= original + 4096);
  /* Options go first. */
  o.stack_bytes = 65536;
  REQUIRE(coro_new(&c, note_remaining, &left, &o) == 0);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK(left <= original + 4096);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(coro_env_set(NULL), 0);
  CHECK_INT(remaining_by_default(), original);
  env.stack_bytes = 0;
  CHECK_INT(coro_env_set(&env), 0);
  CHECK_INT(remaining_by_default(), original);
  CHECK_INT(coro_env_set(NULL), 0);
}

static void env_sets_the_allocator(void) {
  struct counting n = {0, 0, 0, NULL, 0}, own = {0, 0, 0, NULL, 0};
  coro_allocator allocator, mine;
  coro_env env = {0, NULL};
  coro_options o = {0};
  coro *before, *c;
  allocator.alloc = mine.alloc = counted_alloc;
  allocator.free = mine.free = counted_free;
  allocator.context = &n;
  mine.context = &own;
  env.allocator = &allocator;
  if (core_has_own_stacks()) {
    CHECK_INT(coro_env_set(&env), CORO_ENOTSUP);
    CHECK_INT(coro_new(&c, nothing, NULL, NULL), 0);
    CHECK_INT(coro_free(c), 0);
    return;
  }
  REQUIRE(coro_new(&before, nothing, NULL, NULL) == 0);
  CHECK_INT(coro_env_set(&env), 0);
  CHECK_INT(coro_free(before), 0); /* keeps what it has */
  CHECK_INT(n.freed, 0);
  REQUIRE(coro_new(&c, nothing, NULL, NULL) == 0);
  CHECK_INT(n.allocated, 1);
  CHECK_INT(n.bytes, 65536);
  o.allocator = &mine;
  REQUIRE(coro_new(&before, nothing, NULL, &o) == 0);
  CHECK_INT(own.allocated, 1);
  CHECK_INT(coro_free(before), 0);
  CHECK_INT(own.freed, 1);
  CHECK_INT(coro_env_set(NULL), 0);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(n.freed, 1);
  REQUIRE(coro_new(&c, nothing, NULL, NULL) == 0);
  CHECK_INT(n.allocated, 1);
  CHECK_INT(coro_free(c), 0);
}

extern const core_case core_stack_cases[];
const core_case core_stack_cases[] = {
    {"coro.h", "init refuses bad arguments", init_refuses_bad_arguments},
    {"34", "a stack that is given is not freed", given_stack_is_not_freed},
    {"34", "an allocator gets back what it gave, once",
     allocator_gets_back_what_it_gave},
    {"coro.h", "memory that is given goes before an allocator",
     memory_given_goes_before_the_allocator},
    {"35", "the control block lies in the stack and stays there",
     block_stays_in_place},
    {"36", "a stack below the minimum is refused and not touched",
     small_stacks_are_refused_untouched},
    {"36", "a stack of the minimum works", smallest_stack_works},
    {"37", "memory of any offset and size is never left",
     unaligned_memory_is_cut_to_size},
    {"38", "the stack that remains shrinks in callees",
     remaining_shrinks_in_callees},
    {"38", "nothing remains of a stack that is overrun",
     remaining_is_zero_after_an_overrun},
    {"38", "what remains at a thread's root is of the thread's stack",
     remaining_is_the_threads_own},
    {"41", "a recursion of 500 kB works on a stack of 1 MB",
     deep_recursion_works},
    {"41", "stacks of all sizes work", sizes_from_least_to_most_work},
    {"44", "stacks below and above the thread's own work",
     stacks_below_and_above_work},
    {"stack.h", "stack_alloc refuses and leaves the struct alone",
     stack_alloc_refuses},
    {"45", "a stack is freed once", stack_free_refuses},
    {"stack.h", "a stack is usable up to its ends",
     stacks_are_usable_up_to_the_ends},
    {"45", "a used stack comes back as it was left",
     used_stack_comes_back_unchanged},
    {"coro.h", "env_set changes the stacks of this thread", env_sets_the_stack},
    {"coro.h", "env_set changes the allocator of this thread",
     env_sets_the_allocator},
    {0, 0, 0}};
