/* 60-62: coroutines and threads. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "testing/conformance/machine/machine.h"

/* --- 60: roots ----------------------------------------------------------- */

enum { THREADS = 8, EACH = 16 };

struct worker {
  pthread_t thread;
  int number;
  int flaws;
  long sum;
};

static coro *_Atomic published[THREADS];

static pthread_mutex_t meeting_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_there = PTHREAD_COND_INITIALIZER;
static int arrived;

/* Waits for all threads; they are inside a coroutine, or have failed to be. */
static void meet(int round) {
  pthread_mutex_lock(&meeting_lock);
  if (++arrived == round * THREADS) pthread_cond_broadcast(&all_there);
  while (arrived < round * THREADS)
    pthread_cond_wait(&all_there, &meeting_lock);
  pthread_mutex_unlock(&meeting_lock);
}

struct counter {
  struct worker *worker;
  int index;
  coro *self;
};

static void count(void *p) {
  struct counter *c = p;
  for (int i = 0; i < 200; i++) {
    c->worker->flaws += coro_current() != c->self;
    c->worker->sum += c->index + c->worker->number;
    coro_suspend();
  }
}

static void meet_inside(void *p) {
  struct worker *w = p;
  coro *other;
  atomic_store(&published[w->number], coro_current());
  meet(1);
  other = atomic_load(&published[(w->number + 1) % THREADS]);
  w->flaws += !other || other == coro_current();
  w->flaws += coro_status(other) != CORO_NORMAL;
  w->flaws += coro_resume(other) != CORO_ETHREAD;
  meet(2);
}

static void *work(void *p) {
  struct worker *w = p;
  struct counter counters[EACH];
  coro *meeting = NULL;
  int left = EACH;
  w->flaws += coro_current() != NULL;
  w->flaws += coro_suspend() != CORO_EROOT;
  if (coro_new(&meeting, meet_inside, w, NULL) != 0 ||
      coro_resume(meeting) != CORO_DONE) {
    w->flaws++;
    meet(1);
    meet(2);
  }
  w->flaws += coro_current() != NULL;
  for (int i = 0; i < EACH; i++) {
    counters[i].worker = w;
    counters[i].index = i;
    w->flaws += coro_new(&counters[i].self, count, &counters[i], NULL) != 0;
  }
  while (left) {
    left = 0;
    for (int i = 0; i < EACH; i++)
      if (coro_status(counters[i].self) != CORO_DONE)
        left += coro_resume(counters[i].self) == CORO_SUSPENDED;
  }
  for (int i = 0; i < EACH; i++) w->flaws += coro_free(counters[i].self) != 0;
  /* Nobody has to do with it when it goes. */
  meet(3);
  w->flaws += coro_free(meeting) != 0;
  return NULL;
}

static void roots(void) {
  struct worker workers[THREADS];
  memset(workers, 0, sizeof workers);
  arrived = 0;
  for (int i = 0; i < THREADS; i++) {
    workers[i].number = i;
    REQUIRE(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    REQUIRE(pthread_join(workers[i].thread, NULL) == 0);
    CHECK_INT(workers[i].flaws, 0);
    CHECK_INT(workers[i].sum, 200 * (EACH * (EACH - 1) / 2 + EACH * i));
  }
}

/* --- 61: what a thread leaves behind ------------------------------------- */

enum { MEMORY = 32768 };

struct left_behind {
  void *memory; /* for the stack, or NULL: the pool's */
  coro *c;
  int result;
};

static void suspend_twice(void *p) {
  int *steps = p;
  ++*steps;
  coro_suspend();
  ++*steps;
  coro_suspend();
  ++*steps;
}

static int steps_behind;

static void *leave_suspended(void *p) {
  struct left_behind *l = p;
  l->result = core_has_own_stacks()
                  ? coro_new(&l->c, suspend_twice, &steps_behind, NULL)
                  : coro_init(&l->c, l->memory, MEMORY, suspend_twice,
                              &steps_behind, NULL);
  if (l->result == 0) l->result = coro_resume(l->c);
  return NULL;
}

/* The memory is the caller's to use again; the coroutine is nobody's. */
static void suspended_behind(void) {
  struct left_behind l = {NULL, NULL, 0};
  pthread_t thread;
  coro *c;
  steps_behind = 0;
  l.memory = malloc(MEMORY);
  REQUIRE(l.memory);
  REQUIRE(pthread_create(&thread, NULL, leave_suspended, &l) == 0);
  REQUIRE(pthread_join(thread, NULL) == 0);
  CHECK_INT(l.result, CORO_SUSPENDED);
  CHECK_INT(coro_status(l.c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(l.c), CORO_ETHREAD);
  CHECK_INT(coro_abandon(l.c), CORO_ETHREAD);
  CHECK_INT(coro_free(l.c), CORO_EBUSY);
  CHECK_INT(steps_behind, 1);
  if (!core_has_own_stacks()) {
    REQUIRE(coro_init(&c, l.memory, MEMORY, suspend_twice, &steps_behind,
                      NULL) == 0);
    while (coro_resume(c) == CORO_SUSPENDED) continue;
    CHECK_INT(steps_behind, 4);
    CHECK_INT(coro_fini(c), 0);
  }
  free(l.memory);
}

static void *leave_finished(void *p) {
  struct left_behind *l = p;
  l->result = coro_new(&l->c, suspend_twice, &steps_behind, NULL);
  if (l->result != 0) return NULL;
  while (coro_resume(l->c) == CORO_SUSPENDED) continue;
  return NULL;
}

/* Its stack outlives the pool that it came from. */
static void finished_behind(void) {
  struct left_behind l = {NULL, NULL, 0};
  pthread_t thread;
  steps_behind = 0;
  REQUIRE(pthread_create(&thread, NULL, leave_finished, &l) == 0);
  REQUIRE(pthread_join(thread, NULL) == 0);
  CHECK_INT(l.result, 0);
  CHECK_INT(coro_status(l.c), CORO_DONE);
  CHECK_INT(coro_reset(l.c, suspend_twice, &steps_behind), 0);
  while (coro_resume(l.c) == CORO_SUSPENDED) continue;
  CHECK_INT(steps_behind, 6);
  CHECK_INT(coro_free(l.c), 0);
}

/* --- 62: other threads --------------------------------------------------- */

struct handed {
  coro *c;
  int resumed, abandoned, status;
};

static void *resume_once(void *p) {
  struct handed *h = p;
  h->status = coro_status(h->c);
  h->resumed = coro_resume(h->c);
  h->abandoned = h->resumed < 0 ? coro_abandon(h->c) : 0;
  return NULL;
}

static void *run_to_end(void *p) {
  struct handed *h = p;
  h->status = coro_status(h->c);
  do h->resumed = coro_resume(h->c);
  while (h->resumed == CORO_SUSPENDED);
  return NULL;
}

static void in_thread(void *(*fn)(void *), struct handed *h) {
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, fn, h) == 0);
  REQUIRE(pthread_join(thread, NULL) == 0);
}

static void handed_over(void) {
  struct handed h = {NULL, 0, 0, 0};
  int steps = 0;
  REQUIRE(coro_new(&h.c, suspend_twice, &steps, NULL) == 0);
  in_thread(run_to_end, &h);
  CHECK_INT(h.status, CORO_READY);
  CHECK_INT(h.resumed, CORO_DONE);
  CHECK_INT(steps, 3);
  CHECK_INT(coro_status(h.c), CORO_DONE);
  CHECK_INT(coro_resume(h.c), CORO_EDONE);
  /* Back on this one, and over to another. */
  CHECK_INT(coro_reset(h.c, suspend_twice, &steps), 0);
  in_thread(run_to_end, &h);
  CHECK_INT(h.resumed, CORO_DONE);
  CHECK_INT(steps, 6);
  CHECK_INT(coro_free(h.c), 0);
}

static void refused(void) {
  struct handed h = {NULL, 0, 0, 0};
  int steps = 0;
  REQUIRE(coro_new(&h.c, suspend_twice, &steps, NULL) == 0);
  CHECK_INT(coro_resume(h.c), CORO_SUSPENDED);
  in_thread(resume_once, &h);
  CHECK_INT(h.status, CORO_SUSPENDED);
  CHECK_INT(h.resumed, CORO_ETHREAD);
  CHECK_INT(h.abandoned, CORO_ETHREAD);
  CHECK_INT(steps, 1);
  CHECK_INT(coro_resume(h.c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(h.c), CORO_DONE);
  CHECK_INT(steps, 3);
  CHECK_INT(coro_free(h.c), 0);
}

const core_case machine_threads_cases[] = {
    {"60", "each of eight threads has a root and a current of its own", roots},
    {"61", "a coroutine that its thread left suspended is nobody's to resume",
     suspended_behind},
    {"61", "a finished coroutine outlives its thread and runs again elsewhere",
     finished_behind},
    {"62", "a coroutine that has not started may run on another thread",
     handed_over},
    {"62", "a suspended coroutine is refused by any other thread", refused},
    {0},
};
