/*
 * planted BUG - makes one mistake, inside a coroutine and after a suspend, for
 * a tool to find; `planted clean` does the same things rightly.  Prints "done"
 * and exits with 0 where nothing stops it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coro/coro.h"

/* Volatile, so that no compiler and no linter sees the mistakes. */
static volatile int mistaken; /* 1 when the bug is to happen */
static volatile int sink;
static volatile int array_bytes = 16;

#define NOINLINE __attribute__((noinline))

/* --- A variable of a function that has returned --------------------------- */

NOINLINE static void leave_behind(volatile int *volatile *out) {
  static volatile int kept = 1;
  /* Further away than Valgrind's red zone. */
  volatile int local[100];
  local[0] = 2;
  *out = mistaken ? &local[0] : &kept;
  coro_suspend(); /* NOLINT(clang-analyzer-core.StackAddressEscape) */
}

static void use_after_return(void *p) {
  volatile int *volatile dangling;
  (void)p;
  leave_behind(&dangling);
  sink = *dangling;
}

/* --- Behind the end of an array ------------------------------------------- */

static void overrun_array(void *p) {
  volatile unsigned char array[16];
  volatile int index = array_bytes - !mistaken;
  (void)p;
  coro_suspend();
  array[index] = 1;
  sink = array[index];
}

/* --- The only pointer lies on a stack that is given up -------------------- */

static void release(void *p) { free(*(void **)p); }

static void leak(void *p) {
  void **held = p;
  volatile unsigned char *memory = malloc(100);
  if (!memory) abort();
  memory[0] = 1;
  if (!mistaken) {
    *held = (void *)(uintptr_t)memory;
    coro_defer(release, held);
  }
  coro_suspend();
  sink = memory[0]; /* NOLINT(clang-analyzer-unix.Malloc) */
}

/* --- A variable that a thread writes as well ------------------------------ */

static int shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void write_shared(void) {
  if (!mistaken) pthread_mutex_lock(&lock);
  shared++;
  if (!mistaken) pthread_mutex_unlock(&lock);
}

static void *write_elsewhere(void *p) {
  (void)p;
  write_shared();
  return NULL;
}

static void race(void *p) {
  pthread_t thread;
  (void)p;
  coro_suspend();
  if (pthread_create(&thread, NULL, write_elsewhere, NULL) != 0) abort();
  write_shared();
  coro_suspend();
  pthread_join(thread, NULL);
}

/* --- A value that nobody has set ------------------------------------------ */

static void set_rightly(volatile int *value) {
  if (!mistaken) *value = 1;
}

static void (*volatile set)(volatile int *value) = set_rightly;

static void uninitialised(void *p) {
  volatile int value[4];
  (void)p;
  set(&value[2]);
  coro_suspend();
  if (value[2] > 3) sink = 1;
}

/* --- Wider than the number ------------------------------------------------ */

static void shift(void *p) {
  volatile int bits = 4 + 36 * mistaken;
  (void)p;
  coro_suspend();
  sink = 1 << bits;
}

/* --- More than the stack holds -------------------------------------------- */

NOINLINE static int descend(int depth) {
  volatile char frame[500];
  frame[depth] = (char)depth;
  if (depth > 0) frame[depth - 1] = (char)descend(depth - 1);
  return frame[depth];
}

static void overrun_stack(void *p) {
  (void)p;
  coro_suspend();
  sink = descend(mistaken ? 100 : 5);
}

/* --- All of them ---------------------------------------------------------- */

static const struct {
  const char *name;
  coro_fn body;
} bugs[] = {
    {"use-after-return", use_after_return},
    {"overrun-array", overrun_array},
    {"leak", leak},
    {"race", race},
    {"uninitialised", uninitialised},
    {"shift", shift},
    {"overrun-stack", overrun_stack},
};

/* Two of each, taking turns; the last is abandoned where it suspends. */
static void run(coro_fn body) {
  void *held[3];
  coro *c[3];
  coro_options options = {0};
  options.stack_bytes = 32768;
  for (int i = 0; i < 3; i++) {
    held[i] = NULL;
    if (coro_new(&c[i], body, &held[i], &options) < 0) abort();
  }
  for (int i = 0; i < 3; i++)
    if (coro_resume(c[i]) < 0) abort();
  for (int i = 0; i < 2; i++)
    while (coro_status(c[i]) != CORO_DONE)
      if (coro_resume(c[i]) < 0) abort();
  if (coro_abandon(c[2]) < 0) abort();
  for (int i = 0; i < 3; i++)
    if (coro_free(c[i]) < 0) abort();
}

int main(int argc, char **argv) {
  const char *bug = argc > 1 ? argv[1] : "";
  int found = strcmp(bug, "clean") == 0;
  for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++) {
    mistaken = strcmp(bug, bugs[i].name) == 0;
    found |= mistaken;
    if (mistaken || strcmp(bug, "clean") == 0) run(bugs[i].body);
  }
  if (!found) return 2;
  puts("done");
  return 0;
}
