/*
 * testing/conformance/machine/walk.h - walking the stack in every way there is,
 * and saying which functions it went through.
 *
 * Functions are known by the addresses that walk_names[] gives.  Those that it
 * does not have are left out of a walk's text: the switch and coro_resume(),
 * which are frames of their own in some builds, and what stands outside of
 * main().
 */
#ifndef TESTING_CONFORMANCE_MACHINE_WALK_H_
#define TESTING_CONFORMANCE_MACHINE_WALK_H_

struct walk_name {
  const char *name;
  void *function; /* an address in it */
};

/* Ends with a NULL name. */
extern const struct walk_name walk_names[];

enum { WALK_FRAMES = 200 };

struct walk {
  int frames;     /* all that were seen */
  int outside;    /* of these, beyond the last one that is known */
  int ended;      /* the walk came to its end by itself */
  char text[512]; /* the known ones, innermost first: "leaf body main" */
};

/* By _Unwind_Backtrace(), by backtrace(), and by frame pointers, which are kept
 * as far as the function `outermost`. */
void walk_unwinder(struct walk *w);
void walk_libc(struct walk *w);
void walk_frame_pointers(struct walk *w, const char *outermost);

/* Functions whose frames are looked for. */
#if defined(__clang__)
#define WALKED __attribute__((noinline))
#else
#define WALKED __attribute__((noinline, noclone))
#endif

/* Makes a call before it one that its function comes back from. */
#define NOT_A_TAIL_CALL() __asm__ __volatile__("" : : : "memory")

#endif
