"""The compiler flags of this workspace's own code, and rules that carry them.

The order on a compiler's command line is: the toolchain's flags (with -O2 under
-c opt), then --copt, then --cxxopt or --conlyopt, then these, then the target's
own copts, then --per_file_copt. The last -O wins.

-Werror and -std are not here but in .bazelrc, which holds for this workspace
only: a user's newer compiler may warn about more, and that must not break his
build.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")

_WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
]

# What the C library has beyond strict C11 (mmap's flags, ucontext): asked for here, so
# that a file says nothing and compiles alike whichever -std a user's workspace has.
_SYSTEM = ["-D_GNU_SOURCE"]

# The default mode, fastbuild, has no -O of its own: a benchmark or a test of the
# library would measure unoptimised code. -c dbg is -O0; -c opt is Bazel's -O2, or
# what --copt says; with --define=coro_optimize=no a fastbuild is what --copt says.
_OPTIMIZE = select({
    "//:dbg": ["-O0"],
    "//:fastbuild_plain": [],
    "//:opt": [],
    "//conditions:default": ["-O2"],
})

# An exception thrown inside a coroutine, and a debugger or profiler that walks its
# stack, pass through C frames: they need unwind tables and clean-up regions.
_UNWIND = ["-fexceptions"]

# A frame larger than the guard page must not step over it: the compiler touches
# each page in turn. Apple's clang does not know the flag, and Windows always probes.
_PROBE = select({
    "@platforms//os:linux": ["-fstack-clash-protection"],
    "//conditions:default": [],
})

# For the library, the examples and the benchmarks.
CORO_COPTS = _WARNINGS + _SYSTEM + _UNWIND + _PROBE + _OPTIMIZE

# For tests: the mode's own optimisation level, since compiling Catch2's macros at
# -O2 costs more than the tests take to run.
CORO_TEST_COPTS = _WARNINGS + _SYSTEM + _UNWIND + _PROBE

# Tags of a test that a tool has nothing to say about: it is about how its programs are
# compiled, and says so with flags of its own.
NO_TOOLS = [
    "noasan",
    "nocoverage",
    "nomsan",
    "notsan",
    "noubsan",
    "novalgrind",
]

# Tags of a test that runs the machine's own compiler or debugger.
NATIVE = NO_TOOLS + [
    "noqemu",
    "nowine",
]

def coro_cc_library(name, copts = [], **kwargs):
    """cc_library with CORO_COPTS; a testonly one gets CORO_TEST_COPTS."""
    base = CORO_TEST_COPTS if kwargs.get("testonly") else CORO_COPTS
    cc_library(name = name, copts = base + copts, **kwargs)

def coro_cc_binary(name, copts = [], **kwargs):
    """cc_binary with CORO_COPTS."""
    cc_binary(name = name, copts = CORO_COPTS + copts, **kwargs)

def coro_cc_test(name, copts = [], size = "small", **kwargs):
    """cc_test with CORO_TEST_COPTS, small unless said otherwise."""
    cc_test(name = name, copts = CORO_TEST_COPTS + copts, size = size, **kwargs)
