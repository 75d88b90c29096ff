/* The cases of frames as C11. */
#include "testing/conformance/core_frame_cases.h"
