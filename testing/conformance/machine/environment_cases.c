/*
 * 50, 51: what of the machine's state is neither a register that is preserved
 * nor memory: floating-point control, flags, errno.
 */
#include <errno.h>
#include <fenv.h>

#include "testing/conformance/machine/machine.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#if !defined(RUNNING_ON_VALGRIND)
#define RUNNING_ON_VALGRIND 0
#endif

/* --- 50: floating-point control ------------------------------------------ */

#if defined(CORO_FPENV)
enum { OWN_FPENV = 1 };
#else
enum { OWN_FPENV = 0 };
#endif

/* All of the control state: the words of both units on x86_64, without the
 * sticky flags of exceptions, which are nobody's. */
struct control {
  uint32_t a, b;
};

static struct control get_control(void) {
  struct control c = {0, 0};
#if defined(__x86_64__) && defined(__GNUC__)
  uint16_t x87;
  __asm__ __volatile__("stmxcsr %0\n\tfnstcw %1" : "=m"(c.a), "=m"(x87));
  c.a &= ~UINT32_C(0x3f);
  c.b = x87;
#elif defined(__aarch64__) && defined(__GNUC__)
  uint64_t fpcr;
  __asm__ __volatile__("mrs %0, fpcr" : "=r"(fpcr));
  c.a = (uint32_t)fpcr;
#else
  c.a = (uint32_t)fegetround();
#endif
  return c;
}

static void set_control(struct control c) {
#if defined(__x86_64__) && defined(__GNUC__)
  uint16_t x87 = (uint16_t)c.b;
  __asm__ __volatile__("ldmxcsr %0\n\tfldcw %1" : : "m"(c.a), "m"(x87));
#elif defined(__aarch64__) && defined(__GNUC__)
  uint64_t fpcr = c.a;
  __asm__ __volatile__("msr fpcr, %0" : : "r"(fpcr));
#else
  fesetround((int)c.a);
#endif
}

static int same_control(struct control a, struct control b) {
  return a.a == b.a && a.b == b.b;
}

/* Of four settings the i-th, made from the one that a thread starts with:
 * rounding, subnormals as zero where that is one bit, x87 precision. */
static struct control setting(struct control original, unsigned i) {
#if defined(__x86_64__) && defined(__GNUC__)
  original.a |= i << 13;
  if (i & 1) original.a |= 0x8040;
  original.b |= i << 10;
  if (i & 2) original.b &= ~UINT32_C(0x100);
#elif defined(__aarch64__) && defined(__GNUC__)
  original.a |= i << 22;
  if (i & 1) original.a |= UINT32_C(1) << 24;
#else
  static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD,
                              FE_TOWARDZERO};
  original.a = (uint32_t)modes[i];
#endif
  return original;
}

enum { SETTINGS = 4 };

/* What the arithmetic does, whatever the control words say. */
static double third(void) {
  volatile double one = 1, three = 3;
  return one / three + -one / three * 2;
}

struct rounded {
  struct control original, mine;
  const machine_form *form;
  int matches, rounds;
  double result;
};

static void keep_control(void *p) {
  struct rounded *r = p;
  set_control(r->mine);
  r->result = third();
  for (int i = 0; i < 10; i++) {
    double before = third(), after;
    r->form->suspend();
    after = third();
    r->matches += same_control(get_control(), r->mine) &&
                  !(before < after || before > after);
    r->rounds++;
  }
}

/* Without fpenv=true it is unspecified what the others see; then this shows
 * that nothing traps, and that no word is changed by a switch itself. */
static void own_control(void) {
  const struct control original = get_control();
  struct rounded r[SETTINGS];
  coro *c[SETTINGS];
  int left = SETTINGS, kept = 0, resumes = 0;
  for (unsigned i = 0; i < SETTINGS; i++) {
    r[i].mine = setting(original, i);
    r[i].form = &machine_forms[i % MACHINE_FORMS];
    r[i].matches = r[i].rounds = 0;
    REQUIRE(coro_new(&c[i], keep_control, &r[i], NULL) == 0);
  }
  while (left) {
    left = 0;
    for (int i = 0; i < SETTINGS; i++)
      if (coro_status(c[i]) != CORO_DONE) {
        left += machine_forms[i / 2].resume(c[i]) == CORO_SUSPENDED;
        kept += same_control(get_control(), original);
        resumes++;
      }
  }
  set_control(original);
  for (int i = 0; i < SETTINGS; i++) {
    CHECK_INT(r[i].rounds, 10);
    if (OWN_FPENV) CHECK_INT(r[i].matches, r[i].rounds);
    CHECK_INT(coro_free(c[i]), 0);
  }
  if (OWN_FPENV) CHECK_INT(kept, resumes);
}

static void note_control(void *p) { *(struct control *)p = get_control(); }

static void suspend_with_note(void *p) {
  set_control(((struct control *)p)[1]);
  coro_suspend_with(note_control, p);
  coro_suspend();
}

/* Also of a deferred handler, and of a callback, which is the resumer's. */
static void inherited_control(void) {
  const struct control original = get_control();
  for (unsigned i = 0; i < SETTINGS; i++) {
    const struct control creators = setting(original, i);
    const struct control others = setting(original, (i + 1) % SETTINGS);
    struct control seen[2] = {original, original};
    coro *c;
    set_control(creators);
    CHECK_INT(coro_new(&c, note_control, seen, NULL), 0);
    set_control(others);
    CHECK_INT(coro_resume(c), CORO_DONE);
    if (OWN_FPENV) CHECK(same_control(seen[0], creators));
    if (OWN_FPENV) CHECK(same_control(get_control(), others));
    set_control(creators);
    CHECK_INT(coro_reset(c, suspend_with_note, seen), 0);
    seen[1] = others;
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    if (OWN_FPENV) CHECK(same_control(seen[0], creators));
    CHECK_INT(coro_abandon(c), 0);
    if (OWN_FPENV) CHECK(same_control(get_control(), creators));
    set_control(original);
    CHECK_INT(coro_free(c), 0);
  }
}

/* --- 51: flags, the x87 stack, errno ------------------------------------- */

#if defined(__x86_64__) && defined(__GNUC__)
/* The tag word of the x87 unit is all ones when no register is in use, as it
 * must be when a function is called. */
__attribute__((noinline)) static unsigned x87_tags(void) {
  struct {
    uint32_t words[7];
  } state = {{0}};
  __asm__ __volatile__("fnstenv %0\n\tfldenv %0" : "+m"(state));
  return state.words[2] & 0xffff;
}

static unsigned direction_flag(void) {
  uint64_t flags;
  __asm__ __volatile__("pushfq\n\tpopq %0" : "=r"(flags));
  return flags >> 10 & 1;
}

/* A value on the x87 stack at the time of a resume is the resumer's affair. */
static long double volatile x87_value = 3.5L;

static void look_at_flags(void *p) {
  unsigned *flaws = p;
  *flaws += (x87_tags() != 0xffff) + direction_flag();
  coro_suspend();
  *flaws += (x87_tags() != 0xffff) + direction_flag();
}

static void clean_flags(void) {
  for (int i = 0; i < MACHINE_FORMS; i++) {
    long double value = x87_value;
    unsigned flaws = 0;
    coro *c;
    REQUIRE(coro_new(&c, look_at_flags, &flaws, NULL) == 0);
    value *= x87_value;
    CHECK_INT(machine_forms[i].resume(c), CORO_SUSPENDED);
    value *= x87_value;
    flaws += (x87_tags() != 0xffff) + direction_flag();
    CHECK_INT(coro_resume(c), CORO_DONE);
    value *= x87_value;
    flaws += (x87_tags() != 0xffff) + direction_flag();
    CHECK_INT(value * 10000, 1500625);
    CHECK_INT(flaws, 0);
    CHECK_INT(coro_free(c), 0);
  }
}
#endif

static void check_errno(void *p) {
  CHECK_INT(errno, *(int *)p);
  errno = ++*(int *)p;
}

static void errno_body(void *p) {
  int *expected = p;
  check_errno(p);
  for (int i = 0; i < MACHINE_FORMS; i++) {
    machine_forms[i].suspend();
    check_errno(p);
  }
  coro_suspend_with(check_errno, p);
  check_errno(p);
  CHECK_INT(coro_yield(p, NULL), 0);
  check_errno(p);
  errno = *expected;
}

/* It is the thread's: each side finds what the other has left. */
static void thread_errno(void) {
  int expected = 1000;
  coro *c;
  REQUIRE(coro_new(&c, errno_body, &expected, NULL) == 0);
  errno = expected;
  for (int i = 0; i < 5; i++) {
    int result = machine_forms[i % MACHINE_FORMS].resume(c);
    check_errno(&expected);
    CHECK_INT(result, i < 4 ? CORO_SUSPENDED : CORO_DONE);
  }
  CHECK_INT(expected, 1011);
  CHECK_INT(coro_free(c), 0);
  errno = 0;
}

const core_case machine_environment_cases[] = {
    {"50", "floating-point control is each coroutine's own with fpenv=true",
     own_control},
    {"50", "a new coroutine has its creator's floating-point control",
     inherited_control},
#if defined(__x86_64__) && defined(__GNUC__)
    {"51", "the direction flag is clear and the x87 stack empty after a switch",
     clean_flags},
#endif
    {"51", "errno is the thread's, and no switch changes it", thread_errno},
    {0},
};
