/*
 * Section B as one program.  What forks comes before what has threads: in a
 * forked child Valgrind takes for leaks what the parent's threads had.
 */
#include <stddef.h>

#include "testing/conformance/machine/machine.h"

const core_case *const core_tables[] = {
    machine_registers_cases, machine_values_cases,
    machine_frames_cases,    machine_environment_cases,
    machine_system_cases,    machine_threads_cases,
    machine_marks_cases,     NULL,
};
