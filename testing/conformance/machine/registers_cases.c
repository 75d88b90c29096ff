/*
 * 47: every callee-saved register, from assembly.  The two sides of a switch
 * are probes with different seeds, so each is to the other the callee that
 * saves all, fills all, switches, and restores all.  In every case each side
 * switches in both forms.
 */
#include "testing/conformance/machine/machine.h"

/* A switch that a probe stands around. */
struct side {
  const machine_form *form;
  coro *coroutine; /* that is resumed */
  int result;
};

static void do_resume(void *p) {
  struct side *s = p;
  s->result = s->form->resume(s->coroutine);
}

static void do_suspend(void *p) {
  struct side *s = p;
  s->result = s->form->suspend();
}

/* --- One coroutine ------------------------------------------------------- */

enum { PROBES = 1000 };

static void probe_every_suspend(void *p) {
  struct side s = {p, NULL, 0};
  uint64_t random = 47;
  for (int i = 0; i < PROBES; i++) {
    PROBE(machine_random(&random), do_suspend, &s);
    CHECK_INT(s.result, 0);
  }
}

static void suspend_and_resume(const machine_form *in,
                               const machine_form *out) {
  struct side s = {in, NULL, 0};
  uint64_t random = 74;
  int probes = 0;
  REQUIRE(coro_new(&s.coroutine, probe_every_suspend, (void *)out, NULL) == 0);
  do {
    PROBE(machine_random(&random), do_resume, &s);
    probes++;
  } while (s.result == CORO_SUSPENDED);
  CHECK_INT(s.result, CORO_DONE);
  CHECK_INT(probes, PROBES + 1);
  CHECK_INT(coro_free(s.coroutine), 0);
}

/* Runs a case for each form on either side. */
static void in_all_forms(void (*run)(const machine_form *in,
                                     const machine_form *out)) {
  for (int in = 0; in < MACHINE_FORMS; in++)
    for (int out = 0; out < MACHINE_FORMS; out++)
      run(&machine_forms[in], &machine_forms[out]);
}

/* No function of ours between the probe and the library's: one that keeps a
 * frame pointer restores it, whatever the switch has done. */
static void (*const bare_resume)(void *) = (void (*)(void *))(void (*)(void))
    coro_resume;
static void (*const bare_suspend)(void *) = (void (*)(void *))(void (*)(void))
    coro_suspend;

static void probe_bare_suspends(void *p) {
  uint64_t random = 4747;
  (void)p;
  for (int i = 0; i < PROBES; i++)
    PROBE(machine_random(&random), bare_suspend, NULL);
}

static void bare(void) {
  uint64_t random = 7474;
  int probes = 0;
  coro *c;
  REQUIRE(coro_new(&c, probe_bare_suspends, NULL, NULL) == 0);
  for (; coro_status(c) != CORO_DONE; probes++)
    PROBE(machine_random(&random), bare_resume, c);
  CHECK_INT(probes, PROBES + 1);
  CHECK_INT(coro_free(c), 0);
}

static void both_sides(void) { in_all_forms(suspend_and_resume); }

/* --- Nested -------------------------------------------------------------- */

enum { DEPTH = 8, ROUNDS = 20 };

struct level {
  const machine_form *in, *out;
  int depth;
  uint64_t random;
};

static void suspend_and_descend(void *p);

static void descend(void *p) {
  struct level *above = p;
  struct level here = *above;
  struct side s = {here.in, NULL, 0};
  here.depth++;
  here.random = machine_random(&above->random) | 1;
  REQUIRE(coro_new(&s.coroutine, suspend_and_descend, &here, NULL) == 0);
  do PROBE(machine_random(&here.random), do_resume, &s);
  while (s.result == CORO_SUSPENDED);
  CHECK_INT(s.result, CORO_DONE);
  CHECK_INT(coro_free(s.coroutine), 0);
}

static void suspend_and_descend(void *p) {
  struct level *here = p;
  struct side s = {here->out, NULL, 0};
  for (int i = 0; i < ROUNDS; i++)
    PROBE(machine_random(&here->random), do_suspend, &s);
  /* A whole tree of switches is one call to this probe. */
  if (here->depth < DEPTH) PROBE(machine_random(&here->random), descend, here);
  for (int i = 0; i < ROUNDS; i++)
    PROBE(machine_random(&here->random), do_suspend, &s);
}

static void nested_forms(const machine_form *in, const machine_form *out) {
  struct level root = {in, out, 0, 4711};
  PROBE(1, descend, &root);
}

static void nested(void) { in_all_forms(nested_forms); }

/* --- Callbacks ----------------------------------------------------------- */

/* What coro_suspend_with() runs on the resumer's side: it changes all there is
 * to change, and resumes the very coroutine. */
struct callback {
  struct side side;
  int left;
  int runs;
  uint64_t random;
};

static void trash_and_resume(void *p) {
  struct callback *c = p;
  c->runs++;
  if (c->left-- > 0)
    machine_trash(machine_random(&c->random), do_resume, &c->side);
}

static void do_suspend_with(void *p) {
  CHECK_INT(coro_suspend_with(trash_and_resume, p), 0);
}

static void probe_suspend_with(void *p) {
  struct callback *c = p;
  for (int i = 0; i < 2 * DEPTH; i++)
    PROBE(machine_random(&c->random), do_suspend_with, c);
}

static void callback_forms(const machine_form *in, const machine_form *out) {
  struct callback c = {{in, NULL, 0}, 0, 0, 94};
  int resumes = 0;
  (void)out;
  REQUIRE(coro_new(&c.side.coroutine, probe_suspend_with, &c, NULL) == 0);
  do {
    /* Suspends in a callback of a callback, and once in the plain way. */
    c.left = 4;
    PROBE(machine_random(&c.random), do_resume, &c.side);
    resumes++;
  } while (coro_status(c.side.coroutine) == CORO_SUSPENDED && resumes < 100);
  CHECK_INT(coro_status(c.side.coroutine), CORO_DONE);
  CHECK_INT(c.runs, 2 * DEPTH);
  CHECK_INT(coro_free(c.side.coroutine), 0);
}

static void callbacks(void) { in_all_forms(callback_forms); }

/* --- The end ------------------------------------------------------------- */

static void nothing(void *p) { (void)p; }

static void trash(void *p) { machine_trash(*(uint64_t *)p, nothing, NULL); }

static void defer_trash(void *p) {
  CHECK_INT(coro_defer(trash, p), 0);
  machine_trash(*(uint64_t *)p, nothing, NULL);
}

static void defer_trash_and_suspend(void *p) {
  defer_trash(p);
  coro_suspend();
  core_fail(__FILE__, __LINE__, "runs on after coro_abandon()");
}

static void do_abandon(void *p) { CHECK_INT(coro_abandon(p), 0); }

static void end_forms(const machine_form *in, const machine_form *out) {
  uint64_t seed = 1234567890123456789u;
  struct side s = {in, NULL, 0};
  (void)out;
  REQUIRE(coro_new(&s.coroutine, defer_trash, &seed, NULL) == 0);
  PROBE(5, do_resume, &s);
  CHECK_INT(s.result, CORO_DONE);
  CHECK_INT(coro_reset(s.coroutine, defer_trash_and_suspend, &seed), 0);
  PROBE(6, do_resume, &s);
  CHECK_INT(s.result, CORO_SUSPENDED);
  PROBE(7, do_abandon, s.coroutine);
  CHECK_INT(coro_free(s.coroutine), 0);
}

static void ends(void) { in_all_forms(end_forms); }

/* --- The probe itself ---------------------------------------------------- */

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__aarch64__))
/* A naked function would do for every register; one that the compiler leaves
 * alone here is enough to see that a probe finds something. */
#if defined(__x86_64__)
#define CHANGE_ONE_REGISTER() __asm__ __volatile__("incq %%r14" : : : "cc")
#define CHANGED "r14"
#else
#define CHANGE_ONE_REGISTER()                                                  \
  __asm__ __volatile__("add x27, x27, #1" : : : "cc")
#define CHANGED "x27"
#endif

static void change_one(void *p) {
  (void)p;
  CHANGE_ONE_REGISTER();
}

static void probe_works(void) {
  uint32_t changed = probe_registers(1, change_one, NULL);
  unsigned index = 0;
  const char *name = probe_names;
  for (; !(changed >> index & 1) && index < 31; index++)
    while (*name && *name++ != ' ') continue;
  CHECK(changed == UINT32_C(1) << index);
  CHECK(name[0] == CHANGED[0] && name[1] == CHANGED[1] &&
        name[2] == CHANGED[2]);
}
#endif

const core_case machine_registers_cases[] = {
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__aarch64__))
    {"47", "the probe names a callee-saved register that a call has changed",
     probe_works},
#endif
    {"47", "callee-saved registers survive suspend and resume on both sides",
     both_sides},
    {"47", "callee-saved registers survive coro_resume() and coro_suspend()",
     bare},
    {"47", "callee-saved registers survive nested resumes", nested},
    {"47", "callee-saved registers survive a callback that resumes", callbacks},
    {"47", "callee-saved registers survive a body's end and an abandon", ends},
    {0},
};
