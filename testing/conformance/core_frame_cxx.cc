// The frame's cases once more, as C++11.
#include "testing/conformance/core_frame.c"
