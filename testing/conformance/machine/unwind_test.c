/*
 * 56: a walk of the stack goes from inside a coroutine through its entry frame
 * to whoever resumed it, and ends behind main(); where the backend's entry is
 * the end, it ends there.
 *
 * Compiled with frame pointers.  The functions here have one switch each,
 * written in place or called.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"
#include "testing/conformance/machine/walk.h"

extern int main(int argc, char **argv);

#if defined(CORO_BACKEND_ASM)
extern char coro__entry[];
enum { GOES_ON = 1 };
#else
enum { GOES_ON = 0 };
#endif

/* --- Functions to be found ----------------------------------------------- */

static int (*volatile call_resume)(coro *c) = coro_resume;
static int (*volatile call_suspend)(void) = coro_suspend;

static void (*walker)(struct walk *w);
static struct walk found;

/* What is suspended, or resumed, on the way. */
static coro *outer, *inner;
static int results;

WALKED static void leaf(void) {
  walker(&found);
  NOT_A_TAIL_CALL();
}

WALKED static void resume_here(coro *c) {
  results |= coro_resume(c);
  NOT_A_TAIL_CALL();
}

WALKED static void resume_by_call(coro *c) {
  results |= call_resume(c);
  NOT_A_TAIL_CALL();
}

WALKED static void suspend_here(void) {
  coro_suspend();
  leaf();
  NOT_A_TAIL_CALL();
}

WALKED static void suspend_by_call(void) {
  call_suspend();
  leaf();
  NOT_A_TAIL_CALL();
}

/* Walks at once, after a suspend in place, and after one by a call. */
WALKED static void inner_body(void *p) {
  (void)p;
  leaf();
  suspend_here();
  suspend_by_call();
  coro_suspend();
}

WALKED static void outer_body(void *p) {
  (void)p;
  for (;;) {
    resume_here(inner);
    coro_suspend();
    resume_by_call(inner);
    call_suspend();
  }
}

WALKED static void callback(void *p) {
  (void)p;
  leaf();
  NOT_A_TAIL_CALL();
}

WALKED static void handler(void *p) {
  (void)p;
  leaf();
  NOT_A_TAIL_CALL();
}

WALKED static void callback_body(void *p) {
  coro_defer(handler, p);
  for (int i = 0; i < 2; i++) coro_suspend_with(callback, p);
}

WALKED static void abandon(coro *c) {
  coro_abandon(c);
  NOT_A_TAIL_CALL();
}

WALKED static void *thread_main(void *p) {
  resume_here(p);
  resume_by_call(p);
  return NULL;
}

#if !defined(CORO__TSAN) && defined(CORO_BACKEND_ASM)
WALKED static void play(void *p);
WALKED static void play_rounds(void);
#endif

#if defined(CORO_BACKEND_ASM)
WALKED static void frame_pointers(void);
#endif

const struct walk_name walk_names[] = {
    {"leaf", (void *)leaf},
    {"resume_here", (void *)resume_here},
    {"resume_by_call", (void *)resume_by_call},
    {"suspend_here", (void *)suspend_here},
    {"suspend_by_call", (void *)suspend_by_call},
    {"inner_body", (void *)inner_body},
    {"outer_body", (void *)outer_body},
    {"callback", (void *)callback},
    {"handler", (void *)handler},
    {"callback_body", (void *)callback_body},
    {"abandon", (void *)abandon},
    {"thread_main", (void *)thread_main},
#if !defined(CORO__TSAN) && defined(CORO_BACKEND_ASM)
    {"play", (void *)play},
    {"play_rounds", (void *)play_rounds},
#endif
#if defined(CORO_BACKEND_ASM)
    {"entry", coro__entry},
    {"frame_pointers", (void *)frame_pointers},
#endif
    {"main", (void *)main},
    {NULL, NULL},
};

/* --- Expectations -------------------------------------------------------- */

/* `expected` as the backend has it: without what is beyond the first entry,
 * and the entry itself, where walks end there. */
static void check_walk(const char *file, int line, const char *expected) {
  char text[512];
  char *end;
  snprintf(text, sizeof text, "%s", expected);
  if (!GOES_ON && (end = strstr(text, " entry"))) *end = '\0';
  if (strcmp(found.text, text) != 0) {
    fprintf(stderr, "found %s\nfor   %s\n", found.text, text);
    core_fail(file, line, "the functions of a walk");
  }
  if (!found.ended) core_fail(file, line, "the end of a walk");
  /* _start and what it calls, or a thread's beginnings, or a context's. */
  if (found.outside > 5) core_fail(file, line, "more frames than there are");
  found.text[0] = '\0';
  found.ended = 0;
}
#define CHECK_WALK(expected) check_walk(__FILE__, __LINE__, (expected))

static void nested_walks(void) {
  static const char *const expected[] = {
      "leaf inner_body entry resume_here outer_body entry resume_here main",
      "leaf suspend_here inner_body entry resume_by_call outer_body entry "
      "resume_here main",
      "leaf suspend_by_call inner_body entry resume_here outer_body entry "
      "resume_by_call main",
  };
  results = 0;
  REQUIRE(coro_new(&inner, inner_body, NULL, NULL) == 0);
  REQUIRE(coro_new(&outer, outer_body, NULL, NULL) == 0);
  resume_here(outer);
  CHECK_WALK(expected[0]);
  resume_here(outer);
  CHECK_WALK(expected[1]);
  resume_by_call(outer);
  CHECK_WALK(expected[2]);
  /* From another resumer, on another stack. */
  CHECK_INT(results, CORO_SUSPENDED);
  resume_here(inner);
  CHECK_INT(results, CORO_DONE);
  CHECK_INT(coro_reset(inner, inner_body, NULL), 0);
  resume_by_call(inner);
  CHECK_WALK("leaf inner_body entry resume_by_call main");
  resume_here(inner);
  CHECK_WALK("leaf suspend_here inner_body entry resume_here main");
  CHECK_INT(coro_abandon(inner), 0);
  CHECK_INT(coro_abandon(outer), 0);
  CHECK_INT(coro_free(inner), 0);
  CHECK_INT(coro_free(outer), 0);
}

static void unwinder(void) {
  walker = walk_unwinder;
  nested_walks();
}

static void libc(void) {
  walker = walk_libc;
  nested_walks();
}

#if defined(CORO_BACKEND_ASM)
static void remove_all(char *text, const char *what) {
  const size_t n = strlen(what);
  while ((text = strstr(text, what)))
    memmove(text, text + n, strlen(text + n) + 1);
}

/* A called switch has no frame record of its own, so that its caller's is the
 * one that is not seen; where the library is not optimised it has one. */
static int by_frame_pointers(const char *expected) {
  char text[512];
  if (strcmp(found.text, expected) == 0) return found.ended;
  snprintf(text, sizeof text, "%s", expected);
  remove_all(text, " resume_by_call");
  if (!CORO__INLINE) remove_all(text, " resume_here");
  if (strcmp(found.text, text) == 0) return found.ended;
  fprintf(stderr, "found %s\nfor   %s\n", found.text, expected);
  return 0;
}

static void by_own_frames(struct walk *w) {
  walk_frame_pointers(w, "frame_pointers");
}

WALKED static void frame_pointers(void) {
  walker = by_own_frames;
  REQUIRE(coro_new(&inner, inner_body, NULL, NULL) == 0);
  REQUIRE(coro_new(&outer, outer_body, NULL, NULL) == 0);
  resume_here(outer);
  CHECK(by_frame_pointers("leaf inner_body entry resume_here outer_body entry "
                          "resume_here frame_pointers"));
  resume_here(outer);
  CHECK(by_frame_pointers("leaf suspend_here inner_body entry resume_by_call "
                          "outer_body entry resume_here frame_pointers"));
  resume_by_call(outer);
  CHECK(by_frame_pointers("leaf suspend_by_call inner_body entry resume_here "
                          "outer_body entry resume_by_call frame_pointers"));
  CHECK_INT(coro_abandon(inner), 0);
  CHECK_INT(coro_abandon(outer), 0);
  CHECK_INT(coro_free(inner), 0);
  CHECK_INT(coro_free(outer), 0);
}
#endif

static void callbacks(void) {
  coro *c;
  walker = walk_unwinder;
  REQUIRE(coro_new(&c, callback_body, NULL, NULL) == 0);
  resume_here(c);
  CHECK_WALK("leaf callback resume_here main");
  resume_by_call(c);
  CHECK_WALK("leaf callback resume_by_call main");
  /* At the end of the body. */
  resume_here(c);
  CHECK_WALK("leaf handler entry resume_here main");
  CHECK_INT(coro_reset(c, callback_body, NULL), 0);
  resume_by_call(c);
  CHECK_WALK("leaf callback resume_by_call main");
  abandon(c);
  CHECK_WALK("leaf handler entry abandon main");
  CHECK_INT(coro_free(c), 0);
}

/* Handed over, so that the first resume is one of the slow ones. */
static void threads(void) {
  pthread_t thread;
  coro *c;
  walker = walk_unwinder;
  REQUIRE(coro_new(&c, inner_body, NULL, NULL) == 0);
  REQUIRE(pthread_create(&thread, NULL, thread_main, c) == 0);
  REQUIRE(pthread_join(thread, NULL) == 0);
  CHECK_WALK("leaf suspend_here inner_body entry resume_by_call thread_main");
}

/* --- From signal handlers ------------------------------------------------ */

/* ThreadSanitizer calls handlers later, from elsewhere.  glibc's swapcontext has
 * no right CFI between its two stacks, and unwinders crash there. */
#if !defined(CORO__TSAN) && defined(CORO_BACKEND_ASM)

static volatile sig_atomic_t playing, samples, bad_samples;

WALKED static void play(void *p) {
  for (;;) {
    coro_suspend();
    call_suspend();
    if (*(volatile int *)p) return;
  }
}

WALKED static void play_rounds(void) {
  int stop = 0;
  coro *c;
  REQUIRE(coro_new(&c, play, &stop, NULL) == 0);
  playing = 1;
  for (long i = 0; samples < 200 || i % 4; i++) {
    resume_here(c);
    resume_by_call(c);
  }
  playing = 0;
  stop = 1;
  while (coro_resume(c) == CORO_SUSPENDED) continue;
  CHECK_INT(coro_free(c), 0);
}

/* What was interrupted may be on either stack, or between the two: a switch in
 * place has moved the stack pointer while its function's code still runs, and
 * that function then stands on top of the other side's. */
static int is_good(const struct walk *w) {
  static const char *const coroutines[] = {
      "",
      "entry ",
      "play entry ",
      "play ",
      "resume_here entry ",
      "resume_here play entry ",
  };
  static const char *const resumers[] = {
      "play_rounds main",
      "resume_here play_rounds main",
      "resume_by_call play_rounds main",
  };
  if (!w->ended || w->outside > 5) return 0;
  for (size_t i = 0; i < sizeof coroutines / sizeof *coroutines; i++) {
    const size_t n = strlen(coroutines[i]);
    if (strncmp(w->text, coroutines[i], n) != 0) continue;
    for (size_t k = 0; k < sizeof resumers / sizeof *resumers; k++)
      if (strcmp(w->text + n, resumers[k]) == 0) return 1;
  }
  return 0;
}

static void on_alarm(int number) {
  struct walk w;
  (void)number;
  if (!playing) return;
  walk_unwinder(&w);
  samples++;
  if (is_good(&w)) return;
  bad_samples++;
  fprintf(stderr, "found %s, %d frames\n", w.text, w.frames);
}

static void signals(void) {
  struct itimerval timer, off;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  memset(&timer, 0, sizeof timer);
  memset(&off, 0, sizeof off);
  /* The unwinder allocates when it is first used. */
  walker = walk_unwinder;
  leaf();
  samples = bad_samples = 0;
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  timer.it_value.tv_usec = timer.it_interval.tv_usec = 500;
  setitimer(ITIMER_REAL, &timer, NULL);
  play_rounds();
  setitimer(ITIMER_REAL, &off, NULL);
  CHECK_INT(bad_samples, 0);
}

#endif

static const core_case unwind_cases[] = {
    {"56", "the unwinder goes through nested coroutines to main and ends",
     unwinder},
    {"56", "backtrace() goes through nested coroutines to main and ends", libc},
#if defined(CORO_BACKEND_ASM)
    {"56", "a walk by frame pointers goes through nested coroutines to main",
     frame_pointers},
#endif
    {"56", "callbacks and deferred handlers have the resumer for their caller",
     callbacks},
    {"56", "a walk inside a thread's first coroutine ends at the thread's root",
     threads},
#if !defined(CORO__TSAN) && defined(CORO_BACKEND_ASM)
    {"56", "a walk from a signal handler is right whatever it interrupted",
     signals},
#endif
    {0},
};

const core_case *const core_tables[] = {unwind_cases, NULL};
