/*
 * benchmarks/live.h - six values that live across every switch, as those of a
 * loop in real code do: what the compiler saves for them is part of the price
 * of a switch, of the inline form above all.
 *
 * Both sides do a step on their own six before each switch.
 */
#ifndef BENCHMARKS_LIVE_H_
#define BENCHMARKS_LIVE_H_

#include <stdint.h>

enum { LIVE_SEED = 1, LIVE_OTHER_SEED = 7, LIVE_CHECKED = 4096 };

struct live {
  uint64_t a, b, c, d, e, f;
};

/* For fields to become registers it must be inlined. */
static inline void live_step(struct live *v) {
  v->a += v->b;
  v->b ^= v->c;
  v->c += v->d;
  v->d ^= v->e;
  v->e += v->f;
  v->f ^= v->a;
}

static inline struct live live_start(uint64_t seed) {
  struct live v = {seed, seed + 1, seed + 2, seed + 3, seed + 4, seed + 5};
  return v;
}

static inline uint64_t live_sum(const struct live *v) {
  return v->a + 3 * v->b + 5 * v->c + 7 * v->d + 11 * v->e + 13 * v->f;
}

/* Whether both sides came to what `steps` without a switch come to.  Looked at
 * in short runs only, which each row begins with, so that a long one consists
 * of what it measures. */
static inline int live_right(uint64_t sum, uint64_t other_sum, long steps) {
  struct live v = live_start(LIVE_SEED), w = live_start(LIVE_OTHER_SEED);
  if (steps > LIVE_CHECKED) return 1;
  for (long i = 0; i < steps; i++) {
    live_step(&v);
    live_step(&w);
  }
  return sum == live_sum(&v) && other_sum == live_sum(&w);
}

#endif
