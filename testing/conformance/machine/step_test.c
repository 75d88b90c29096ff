/*
 * 56, at every instruction: the processor traps after each one, and the handler
 * walks the stack that it has interrupted.  And the called switch, whose path
 * must have no `ret`: one would be predicted to go to the other side's caller.
 *
 * For x86_64 on POSIX systems, where a program can set the trap flag.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"
#include "testing/conformance/machine/walk.h"

extern int main(int argc, char **argv);
#if defined(CORO_BACKEND_ASM)
extern char coro__entry[];
#endif

/* --- Stepping ------------------------------------------------------------ */

enum { TRAP_FLAG = 0x100 };

static volatile sig_atomic_t stepping;
static int steps, returns, bad;
static int walks; /* the handler walks */

/* The first trap comes behind the last of these instructions.  Nothing may be
 * pushed where the compiler may keep data below the stack pointer. */
#define START()                                                                \
  do {                                                                         \
    stepping = 1;                                                              \
    __asm__ __volatile__("leaq -128(%%rsp), %%rsp\n\t"                         \
                         "pushfq\n\t"                                          \
                         "orq $0x100, (%%rsp)\n\t"                             \
                         "popfq\n\t"                                           \
                         "leaq 128(%%rsp), %%rsp"                              \
                         :                                                     \
                         :                                                     \
                         : "memory", "cc");                                    \
  } while (0)

/* The handler clears the flag at the next trap. */
#define STOP() ((void)(stepping = 0))

static int is_good(const struct walk *w);

static void on_trap(int number, siginfo_t *info, void *p) {
  ucontext_t *context = p;
  const unsigned char *next =
      (const unsigned char *)context->uc_mcontext.gregs[REG_RIP];
  struct walk w;
  (void)number;
  (void)info;
  if (!stepping) {
    context->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
    return;
  }
  steps++;
  /* ret, ret n; a prefix of f2 or f3 changes neither. */
  if (next[0] == 0xf2 || next[0] == 0xf3) next++;
  returns += next[0] == 0xc3 || next[0] == 0xc2;
  if (!walks) return;
  walk_unwinder(&w);
  if (is_good(&w)) return;
  if (bad++ < 5)
    fprintf(stderr, "at %p: found %s, %d frames\n", (const void *)next, w.text,
            w.frames);
}

enum { HANDLER_STACK = 65536 };

/* The handler has a stack of its own, so that the interrupted one is as it
 * would be without it. */
static void *prepare(void) {
  struct sigaction action;
  stack_t stack;
  memset(&action, 0, sizeof action);
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = malloc(HANDLER_STACK);
  stack.ss_size = HANDLER_STACK;
  if (!stack.ss_sp) abort();
  sigaltstack(&stack, NULL);
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGTRAP, &action, NULL);
  steps = returns = bad = 0;
  return stack.ss_sp;
}

static void clean_up(void *stack) {
  stack_t none;
  memset(&none, 0, sizeof none);
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, NULL);
  free(stack);
}

/* --- What is stepped through --------------------------------------------- */

static int (*volatile call_resume)(coro *c) = coro_resume;
static int (*volatile call_suspend)(void) = coro_suspend;

WALKED static void resume_here(coro *c) {
  coro_resume(c);
  NOT_A_TAIL_CALL();
}

WALKED static void resume_by_call(coro *c) {
  call_resume(c);
  NOT_A_TAIL_CALL();
}

WALKED static void abandon(coro *c) {
  coro_abandon(c);
  NOT_A_TAIL_CALL();
}

WALKED static void body(void *p) {
  (void)p;
  coro_suspend();
  call_suspend();
  coro_suspend();
}

WALKED static void callback(void *p) {
  (void)p;
  NOT_A_TAIL_CALL();
}

WALKED static void handler(void *p) {
  (void)p;
  NOT_A_TAIL_CALL();
}

WALKED static void callback_body(void *p) {
  (void)p;
  coro_defer(handler, NULL);
  coro_suspend_with(callback, NULL);
  coro_suspend_with(callback, NULL);
}

/* Everything that c does until it is done, and its end. */
WALKED static void driver(coro *c) {
  for (int i = 0; coro_status(c) != CORO_DONE && i < 10; i++)
    if (i % 2)
      resume_here(c);
    else
      resume_by_call(c);
  NOT_A_TAIL_CALL();
}

const struct walk_name walk_names[] = {
    {"resume_here", (void *)resume_here},
    {"resume_by_call", (void *)resume_by_call},
    {"abandon", (void *)abandon},
    {"body", (void *)body},
    {"callback", (void *)callback},
    {"handler", (void *)handler},
    {"callback_body", (void *)callback_body},
    {"driver", (void *)driver},
#if defined(CORO_BACKEND_ASM)
    {"entry", coro__entry},
#endif
    {"main", (void *)main},
    {NULL, NULL},
};

#if defined(CORO_BACKEND_ASM)
/* Takes `word` and a blank off the front of *text, if it is there. */
static int take(const char **text, const char *word) {
  const size_t n = strlen(word);
  if (strncmp(*text, word, n) != 0 || (*text)[n] != ' ') return 0;
  *text += n + 1;
  return 1;
}

static int is_end(const char *text) {
  if (!take(&text, "resume_here") && !take(&text, "resume_by_call"))
    take(&text, "abandon");
  return strcmp(text, "driver main") == 0 || strcmp(text, "main") == 0;
}

/* A switch in place stands on top of the other side's functions once it has
 * moved the stack pointer; inside the coroutine there is its entry, always. */
static int is_good(const struct walk *w) {
  const char *text = w->text;
  if (!w->ended || w->outside > 5 || w->frames > 30) return 0;
  if (is_end(text)) return 1;
  if (take(&text, "callback")) return is_end(text);
  if (take(&text, "body") && is_end(text)) return 1;
  text = w->text;
  take(&text, "resume_here");
  if (!take(&text, "body") && !take(&text, "callback_body"))
    take(&text, "handler");
  return take(&text, "entry") && is_end(text);
}
#else
/* Walks end inside a coroutine; they end. */
static int is_good(const struct walk *w) { return w->frames < WALK_FRAMES; }
#endif

/* --- Cases --------------------------------------------------------------- */

static void every_instruction(void) {
  static const coro_fn bodies[] = {body, callback_body};
  void *stack = prepare();
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    coro *c;
    REQUIRE(coro_new(&c, bodies[i], NULL, NULL) == 0);
    /* Once without: symbols are resolved, the unwinder has allocated. */
    for (walks = 0; walks < 2; walks++) {
      struct walk warm;
      walk_unwinder(&warm);
      START();
      driver(c);
      STOP();
      CHECK_INT(coro_status(c), CORO_DONE);
      CHECK_INT(coro_reset(c, bodies[i], NULL), 0);
      START();
      resume_here(c);
      abandon(c);
      STOP();
      CHECK_INT(coro_status(c), CORO_DONE);
      CHECK_INT(coro_reset(c, bodies[i], NULL), 0);
    }
    CHECK_INT(coro_free(c), 0);
  }
  CHECK(steps > 500);
  CHECK_INT(bad, 0);
  clean_up(stack);
}

#if defined(TAIL_CALLS) && CORO__PLAIN
WALKED static void suspend_for_ever(void *p) {
  (void)p;
  for (;;) call_suspend();
}

WALKED static void ordinary(void) { NOT_A_TAIL_CALL(); }

static void no_returns(void) {
  void *stack = prepare();
  int (*resume)(coro * c) = call_resume;
  coro *c;
  walks = 0;
  REQUIRE(coro_new(&c, suspend_for_ever, NULL, NULL) == 0);
  resume(c);
  for (int i = 0; i < 10; i++) {
    START();
    resume(c);
    STOP();
  }
  CHECK_INT(returns, 0);
  CHECK(steps > 10 * 40);
  /* It is not for want of seeing them. */
  START();
  ordinary();
  STOP();
  CHECK_INT(returns, 1);
  CHECK_INT(coro_abandon(c), 0);
  CHECK_INT(coro_free(c), 0);
  clean_up(stack);
}
#endif

static const core_case step_cases[] = {
    {"56", "a walk is right at every single instruction of every switch",
     every_instruction},
#if defined(TAIL_CALLS) && CORO__PLAIN
    {"47", "no return is executed on the way of a called switch", no_returns},
#endif
    {0},
};

const core_case *const core_tables[] = {step_cases, NULL};
