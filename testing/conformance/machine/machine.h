/*
 * testing/conformance/machine/machine.h - what the files of this folder share:
 * the two forms of every switch, and work for the other side of one.
 */
#ifndef TESTING_CONFORMANCE_MACHINE_MACHINE_H_
#define TESTING_CONFORMANCE_MACHINE_MACHINE_H_

#include "coro/coro.h"
#include "testing/conformance/core_check.h"
#include "testing/conformance/machine/probe.h"

extern const core_case machine_registers_cases[];
extern const core_case machine_values_cases[];
extern const core_case machine_frames_cases[];
extern const core_case machine_environment_cases[];
extern const core_case machine_threads_cases[];
extern const core_case machine_marks_cases[];
extern const core_case machine_system_cases[]; /* of POSIX, or of Windows */

/* How a switch is written: in place, which the compiler inlines where it can,
 * or as a call of the library's function. */
typedef struct machine_form {
  const char *name;
  int (*resume)(coro *c);
  int (*suspend)(void);
} machine_form;

enum { MACHINE_FORMS = 2 };
extern const machine_form machine_forms[MACHINE_FORMS];

/* Probes every callee-saved register around fn(arg) and fails the case, with
 * the registers' names, when one was changed. */
void machine_probe(const char *file, int line, uint64_t seed,
                   void (*fn)(void *), void *arg);
#define PROBE(seed, fn, arg)                                                   \
  machine_probe(__FILE__, __LINE__, (seed), (fn), (arg))

/* Puts garbage into every register that a call may change, vector and x87 ones
 * included, and through a probe into every other for as long as fn runs. */
void machine_trash(uint64_t seed, void (*fn)(void *), void *arg);

/* A number that the optimiser does not know. */
uint64_t machine_opaque(uint64_t value);

/* xorshift64*; *state is not 0. */
uint64_t machine_random(uint64_t *state);

#endif
