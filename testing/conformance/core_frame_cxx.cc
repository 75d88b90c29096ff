// The cases of frames as C++11.
#include "testing/conformance/core_frame_cases.h"
