#include "testing/conformance/machine/walk.h"

#include <execinfo.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "coro/coro.h"

/* Frame records are nobody's variables. */
#if defined(CORO__MSAN)
#define READS_FRAMES __attribute__((no_sanitize("memory")))
#else
#define READS_FRAMES
#endif

static void begin(struct walk *w) {
  w->frames = w->outside = w->ended = 0;
  w->text[0] = '\0';
}

/* Where the unwind information begins for the code at pc; NULL without any.
 * libgcc wants an address behind a call. */
static void *enclosing(void *pc) {
  return _Unwind_FindEnclosingFunction((char *)pc + 1);
}

static void add(struct walk *w, void *pc) {
  void *function = enclosing(pc);
  const struct walk_name *n = walk_names;
  w->frames++;
  w->outside++;
  if (!function) return;
  while (n->name && enclosing(n->function) != function) n++;
  if (!n->name || strlen(w->text) + strlen(n->name) + 2 > sizeof w->text)
    return;
  w->outside = 0;
  if (w->text[0]) strcat(w->text, " ");
  strcat(w->text, n->name);
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *p) {
  struct walk *w = p;
  int before = 0;
  uintptr_t pc = _Unwind_GetIPInfo(context, &before);
  if (w->frames >= WALK_FRAMES) return _URC_NORMAL_STOP;
  if (pc) add(w, (void *)(pc - !before));
  return _URC_NO_REASON;
}

void walk_unwinder(struct walk *w) {
  begin(w);
  w->ended = _Unwind_Backtrace(visit, w) == _URC_END_OF_STACK;
}

/* A frame that was interrupted has the address of its next instruction, all
 * others that behind a call. */
void walk_libc(struct walk *w) {
  void *pcs[WALK_FRAMES];
  int n;
  begin(w);
  n = backtrace(pcs, WALK_FRAMES);
  for (int i = 0; i < n; i++) add(w, (char *)pcs[i] - 1);
  w->ended = n < WALK_FRAMES;
}

/* What is at a frame pointer: the caller's, and the address behind the call.
 * Outside of `outermost` nobody need keep one. */
READS_FRAMES void walk_frame_pointers(struct walk *w, const char *outermost) {
  void **frame = __builtin_frame_address(0);
  const size_t n = strlen(outermost);
  begin(w);
  while (frame && w->frames < WALK_FRAMES) {
    const size_t length = strlen(w->text);
    if (length >= n && strcmp(w->text + length - n, outermost) == 0) {
      w->ended = 1;
      return;
    }
#if defined(__aarch64__)
    /* The upper bits may hold a signature. */
    add(w, (void *)(((uintptr_t)frame[1] & 0xffffffffffff) - 1));
#else
    add(w, (char *)frame[1] - 1);
#endif
    frame = frame[0];
  }
}
