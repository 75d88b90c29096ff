/*
 * 66: control-flow protection: where a switch lands there is a landing pad, and
 * a program with coroutines does not claim to work with shadow stacks.  Built
 * with -fcf-protection=full (x86_64) and -mbranch-protection=standard (aarch64)
 * as well as without.
 */
#include <string.h>

#include "testing/conformance/machine/machine.h"

#if defined(__ELF__) && defined(__linux__)
#include <link.h>
#endif

#if defined(__CET__) && (__CET__ & 1)
enum { TRACKED = 1 };
#else
enum { TRACKED = 0 };
#endif

/* The library was compiled like this file. */
#if defined(LIBRARY_PROTECTED)
enum { LIBRARY_TRACKED = TRACKED };
#else
enum { LIBRARY_TRACKED = 0 };
#endif

#if defined(CORO_BACKEND_ASM)

/* --- Landing pads -------------------------------------------------------- */

static const unsigned char endbr64[4] = {0xf3, 0x0f, 0x1e, 0xfa};
static const unsigned char bti_j[4] = {0x9f, 0x24, 0x03, 0xd5};
static const unsigned char nop = 0x90;

/* `tracked`: the code at pc was compiled with branch tracking.  A bti is there
 * always, since it is a nop to whoever does not look for it. */
static int is_landing_pad(const void *pc, int tracked) {
#if defined(__x86_64__)
  (void)bti_j;
  return tracked ? memcmp(pc, endbr64, sizeof endbr64) == 0
                 : memcmp(pc, endbr64, sizeof endbr64) == 0 ||
                       memcmp(pc, &nop, sizeof nop) == 0;
#else
  (void)endbr64, (void)nop, (void)tracked;
  return memcmp(pc, bti_j, sizeof bti_j) == 0;
#endif
}

static void suspend_both_ways(void *p) {
  (void)p;
  coro_suspend();
  machine_forms[1].suspend();
}

static void do_nothing(void *p) { (void)p; }

static void suspend_with(void *p) {
  (void)p;
  coro_suspend_with(do_nothing, NULL);
}

/* Of a coroutine that does not run, pc is where the next switch jumps to. */
static void landing_pads(void) {
  const int tracked_here = TRACKED && CORO__INLINE;
  coro *c;
  REQUIRE(coro_new(&c, suspend_both_ways, NULL, NULL) == 0);
  CHECK(is_landing_pad(c->pc, LIBRARY_TRACKED));
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK(is_landing_pad(c->pc, tracked_here));
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK(is_landing_pad(c->pc, LIBRARY_TRACKED));
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_reset(c, suspend_with, NULL), 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK(is_landing_pad(c->pc, LIBRARY_TRACKED));
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

/* The resumer's pc, which a coroutine finds where its own was. */
static void look_at_resumer(void *p) {
  const int *tracked = p;
  CHECK(is_landing_pad(coro_current()->pc, tracked[0]));
  coro_suspend();
  CHECK(is_landing_pad(coro_current()->pc, tracked[1]));
}

static void resumers_landing_pads(void) {
  int tracked[2] = {TRACKED && CORO__INLINE, LIBRARY_TRACKED};
  coro *c;
  REQUIRE(coro_new(&c, look_at_resumer, tracked, NULL) == 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(machine_forms[1].resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

#if defined(__ELF__) && defined(__linux__)

/* --- What the program claims --------------------------------------------- */

/* The property of x86_64 and of aarch64 that holds when all object files have
 * it; the second bit of either is the one about return addresses: shadow
 * stacks, signed addresses. */
#define FEATURES_X86_64 0xc0000002
#define FEATURES_AARCH64 0xc0000000
#define PROPERTY_SEGMENT 0x6474e553

struct claims {
  uint32_t features;
  int objects;
};

static uint32_t word_at(const char *p) {
  uint32_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

static void read_properties(const char *p, const char *end, uint32_t *out) {
  while (end - p >= 8) {
    uint32_t type = word_at(p), bytes = word_at(p + 4);
    if ((type == FEATURES_X86_64 || type == FEATURES_AARCH64) && bytes >= 4)
      *out |= word_at(p + 8);
    p += 8 + ((bytes + 7) & ~7u);
  }
}

static int read_object(struct dl_phdr_info *object, size_t size, void *p) {
  struct claims *claims = p;
  (void)size;
  claims->objects++;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    const char *note = (const char *)(object->dlpi_addr + segment->p_vaddr);
    /* Name size, description size, type, "GNU". */
    if (segment->p_type == PROPERTY_SEGMENT && segment->p_memsz >= 16)
      read_properties(note + 16, note + 16 + word_at(note + 4),
                      &claims->features);
  }
  return 1; /* the first object is the program */
}

static void claims(void) {
  struct claims c = {0, 0};
  dl_iterate_phdr(read_object, &c);
  CHECK_INT(c.objects, 1);
  CHECK_INT(c.features & 2, 0);
}

#endif
#endif

const core_case machine_marks_cases[] = {
#if defined(CORO_BACKEND_ASM)
    {"66", "a suspended coroutine is resumed at a landing pad", landing_pads},
    {"66", "a resumer is come back to at a landing pad", resumers_landing_pads},
#if defined(__ELF__) && defined(__linux__)
    {"66", "the program claims neither shadow stacks nor signed addresses",
     claims},
#endif
#endif
    {0},
};
