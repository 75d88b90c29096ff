"""@coro_libevent: the system's libevent if pkg-config knows it, else @coro_libevent_src."""

_SYSTEM = """load("@rules_cc//cc:defs.bzl", "cc_library")

# libevent {version}, found by pkg-config.
cc_library(
    name = "libevent",
    hdrs = glob(["include/**/*.h"]),
    includes = ["include"],
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

_SOURCE = """alias(
    name = "libevent",
    actual = "@coro_libevent_src//:libevent",
    visibility = ["//visibility:public"],
)
"""

def _impl(rctx):
    mode = rctx.os.environ.get("CORO_LIBEVENT", "auto")
    if mode not in ["auto", "system", "source"]:
        fail("CORO_LIBEVENT must be auto, system or source, not " + mode)
    pc = rctx.which("pkg-config")
    found = False
    if mode != "source" and pc:
        found = rctx.execute([pc, "--exists", "libevent >= 2.1", "libevent_pthreads"]).return_code == 0
    if mode == "system" and not found:
        fail("CORO_LIBEVENT=system, but pkg-config finds no libevent >= 2.1")
    if not found:
        rctx.file("BUILD.bazel", _SOURCE)
        return
    version = rctx.execute([pc, "--modversion", "libevent"]).stdout.strip()
    libs = rctx.execute([pc, "--libs", "libevent", "libevent_pthreads"]).stdout.strip().split(" ")
    inc = rctx.execute([pc, "--variable=includedir", "libevent"]).stdout.strip()

    # Only event2/: a symlink to the whole of /usr/include would put every header
    # of the system among the action's inputs.
    rctx.symlink(inc + "/event2", "include/event2")
    rctx.file("BUILD.bazel", _SYSTEM.format(version = version, linkopts = repr([lib for lib in libs if lib])))

libevent_auto = repository_rule(
    implementation = _impl,
    configure = True,
    environ = ["CORO_LIBEVENT", "PKG_CONFIG_PATH"],
    local = True,
)
