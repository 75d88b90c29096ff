/* Callers of the library's functions, as a compiler that does not inline makes
 * them. */
#define CORO_NO_INLINE 1
#include "testing/conformance/core_callers.h"

CORE_CALLERS(outline)
