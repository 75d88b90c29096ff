/* The arrays of the core suite; with those that are compiled as C++, where the
 * build has CORE_CXX. */
#include <stddef.h>

#include "testing/conformance/core.h"

extern const core_case core_errors_cases[], core_frame_cases[],
    core_frame_cxx_cases[], core_inline_cases[], core_libc_cases[],
    core_life_cases[], core_stack_cases[], core_switch_cases[],
    core_threads_cases[], core_values_cases[];

const core_case *const core_tables[] = {core_life_cases,
                                        core_switch_cases,
                                        core_values_cases,
                                        core_stack_cases,
                                        core_threads_cases,
                                        core_inline_cases,
                                        core_frame_cases,
                                        core_libc_cases,
                                        core_errors_cases,
#if defined(CORE_CXX)
                                        core_frame_cxx_cases,
#endif
                                        NULL};
