/*
 * 52, 63, 64: signals and fork().
 *
 * The time that passes is nowhere measured: a case goes on until it has made
 * its switches and seen its signals.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/conformance/machine/machine.h"

/* Its switches are system calls, a hundred times as dear. */
static int is_ucontext(void) { return strcmp(coro_backend(), "ucontext") == 0; }

/* --- 52: the signal mask ------------------------------------------------- */

static int is_blocked(int number) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  return sigismember(&mask, number);
}

static void set_blocked(int number, int blocked) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, number);
  pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &mask, NULL);
}

struct masks {
  const machine_form *form;
  int usr1, usr2; /* as the coroutine finds them after its suspend */
};

static void change_mask(void *p) {
  struct masks *m = p;
  set_blocked(SIGUSR1, 1);
  m->form->suspend();
  m->usr1 = is_blocked(SIGUSR1);
  m->usr2 = is_blocked(SIGUSR2);
}

/* With the ucontext backend each coroutine has a mask of its own; with all
 * others there is the thread's, which no switch touches. */
static void signal_mask(void) {
  const int own = is_ucontext();
  for (int i = 0; i < MACHINE_FORMS; i++) {
    struct masks m = {&machine_forms[i], -1, -1};
    coro *c;
    CHECK(!is_blocked(SIGUSR1));
    CHECK(!is_blocked(SIGUSR2));
    REQUIRE(coro_new(&c, change_mask, &m, NULL) == 0);
    CHECK_INT(machine_forms[i].resume(c), CORO_SUSPENDED);
    CHECK_INT(is_blocked(SIGUSR1), !own);
    set_blocked(SIGUSR2, 1);
    CHECK_INT(machine_forms[i].resume(c), CORO_DONE);
    CHECK_INT(m.usr1, 1);
    CHECK_INT(m.usr2, !own);
    CHECK_INT(is_blocked(SIGUSR1), !own);
    CHECK(is_blocked(SIGUSR2));
    set_blocked(SIGUSR1, 0);
    set_blocked(SIGUSR2, 0);
    CHECK_INT(coro_free(c), 0);
  }
}

/* --- 63: fork ------------------------------------------------------------ */

struct forked {
  pid_t child;
  int steps;
};

static void fork_inside(void *p) {
  struct forked *f = p;
  int local = 11;
  f->steps++;
  f->child = fork();
#if defined(CORO__TSAN)
  /* gcc's forgets in the child that the switches put things in order. */
  if (f->child == 0) _exit(42);
#endif
  coro_suspend();
  f->steps += local;
  coro_suspend();
  f->steps += local;
}

/* Both processes go on with the same coroutine. */
static void fork_in_coroutine(void) {
  struct forked f = {-1, 0};
  coro *c, *other;
  int status = 0, good;
  REQUIRE(coro_new(&c, fork_inside, &f, NULL) == 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  good = coro_resume(c) == CORO_SUSPENDED;
  good &= coro_resume(c) == CORO_DONE;
  good &= coro_free(c) == 0 && f.steps == 23;
  if (f.child == 0) {
    struct forked again = {1, 0};
    /* New ones, too; `again` says child, so none forks another. */
    good = good && coro_new(&other, fork_inside, &again, NULL) == 0 &&
           coro_free(other) == 0 && coro_current() == NULL;
    _exit(good ? 42 : 1);
  }
  CHECK(good);
  REQUIRE(f.child > 0);
  REQUIRE(waitpid(f.child, &status, 0) == f.child);
  CHECK(WIFEXITED(status));
  CHECK_INT(WEXITSTATUS(status), 42);
}

/* --- 64: signals at any instruction -------------------------------------- */

enum { SIGNALS = 100 };

static volatile sig_atomic_t signals, handler_flaws;
static coro *volatile players[2];
static volatile uintptr_t handler_low, handler_high; /* 0: anywhere */

static void nothing(void *p) { (void)p; }

/* Uses all registers, and a good deal of whichever stack it runs on. */
static void on_alarm(int number) {
  int saved = errno;
  volatile char pad[2000];
  coro *c = coro_current();
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  for (size_t i = 0; i < sizeof pad; i += 100) pad[i] = (char)number;
  machine_trash(here, nothing, NULL);
  if (c && c != players[0] && c != players[1]) handler_flaws++;
  if (handler_high && (here < handler_low || here >= handler_high))
    handler_flaws++;
  signals++;
  errno = saved;
}

struct player {
  const machine_form *form;
  long rounds;
  uint64_t checksum;
};

/* Live values and the red zone of a leaf: what a handler could spoil. */
static uint64_t mix(uint64_t x, uint64_t i) {
  volatile uint64_t spread[8];
  for (int k = 0; k < 8; k++) spread[k] = x * (uint64_t)(k + 1) + i;
  return spread[x & 7] ^ (x >> 3);
}

static void play(void *p) {
  struct player *me = p;
  uint64_t a = 1, b = 2, c = 3;
  double d = 1;
  for (;;) {
    a = mix(a, b), b ^= a + 1, c += b ^ 5, d = d * 0.5 + 1;
    me->checksum = a ^ b ^ c ^ (d > 2 || d < 1);
    me->rounds++;
    if (me->form->suspend() != 0) return;
  }
}

static uint64_t expected_checksum(long rounds) {
  uint64_t a = 1, b = 2, c = 3;
  while (rounds-- > 0) a = mix(a, b), b ^= a + 1, c += b ^ 5;
  return a ^ b ^ c;
}

static void start_timer(long microseconds) {
  struct itimerval timer;
  memset(&timer, 0, sizeof timer);
  timer.it_value.tv_usec = timer.it_interval.tv_usec = microseconds;
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void play_under_signals(int flags) {
  const long switches = core_is_slow()  ? 20000
                        : is_ucontext() ? 2000000
                                        : 10000000;
  struct player player[2] = {{&machine_forms[0], 0, 0},
                             {&machine_forms[1], 0, 0}};
  struct sigaction action;
  coro *c[2];
  long rounds = 0;
  int results = 0;
  for (int i = 0; i < 2; i++) {
    REQUIRE(coro_new(&c[i], play, &player[i], NULL) == 0);
    players[i] = c[i];
  }
  signals = handler_flaws = 0;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_alarm;
  action.sa_flags = flags;
  sigaction(SIGALRM, &action, NULL);
  start_timer(100);
  while (rounds < switches / 4 || signals < SIGNALS) {
    results |= coro_resume(c[0]);
    results |= machine_forms[1].resume(c[1]);
    rounds++;
    /* ThreadSanitizer delivers signals where it sees a call of the system's. */
    if (core_is_slow()) is_blocked(SIGALRM);
  }
  /* The handler stays: one more signal may be on its way. */
  start_timer(0);
  CHECK_INT(results, CORO_SUSPENDED);
  CHECK_INT(handler_flaws, 0);
  for (int i = 0; i < 2; i++) {
    CHECK_INT(player[i].rounds, rounds);
    CHECK(player[i].checksum == expected_checksum(rounds));
    CHECK_INT(coro_abandon(c[i]), 0);
    CHECK_INT(coro_free(c[i]), 0);
  }
}

static void signals_on_own_stack(void) {
  handler_low = handler_high = 0;
  play_under_signals(SA_RESTART);
}

static void signals_on_alternate_stack(void) {
  enum { BYTES = 65536 };
  stack_t stack, old;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = malloc(BYTES);
  REQUIRE(stack.ss_sp);
  stack.ss_size = BYTES;
  REQUIRE(sigaltstack(&stack, &old) == 0);
#if !defined(CORO__TSAN) /* which calls handlers later, from elsewhere */
  handler_low = (uintptr_t)stack.ss_sp;
  handler_high = handler_low + BYTES;
#endif
  play_under_signals(SA_RESTART | SA_ONSTACK);
  handler_low = handler_high = 0;
  REQUIRE(sigaltstack(&old, NULL) == 0);
  free(stack.ss_sp);
}

const core_case machine_system_cases[] = {
    {"52", "the signal mask is the thread's, or with ucontext the coroutine's",
     signal_mask},
    {"63", "both processes go on in a coroutine that forks", fork_in_coroutine},
    {"64", "signals handled on a coroutine's stack corrupt nothing",
     signals_on_own_stack},
    {"64", "signals handled on an alternate stack corrupt nothing",
     signals_on_alternate_stack},
    {0},
};
