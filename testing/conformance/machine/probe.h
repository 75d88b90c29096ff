/*
 * testing/conformance/machine/probe.h - the registers that a call must
 * preserve, watched from assembly.
 */
#ifndef TESTING_CONFORMANCE_MACHINE_PROBE_H_
#define TESTING_CONFORMANCE_MACHINE_PROBE_H_

#include <stdint.h>

/*
 * Fills every callee-saved register with a value of its own, made from `seed`,
 * calls fn(arg), and compares.
 *
 * Returns a mask of the registers that were changed, in the order of
 * probe_names; 0 is what should be.  The caller's registers are preserved, so
 * a probe on the other side of a switch, with another seed, is the callee that
 * changes all of them the legal way.
 */
uint32_t probe_registers(uint64_t seed, void (*fn)(void *), void *arg);

/* The names, in the order of the bits, separated by blanks. */
extern const char probe_names[];

#endif
