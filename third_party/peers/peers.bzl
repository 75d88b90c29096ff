"""@coro_peers: the libraries that the benchmarks compare with, those that are here.

Each one is looked for on this machine and never fetched. One that is missing is an
empty library, so that the benchmark builds everywhere and says what was absent.
"""

_LIBRARY = """
cc_library(
    name = "{name}",
    hdrs = {hdrs},
    defines = {defines},
    includes = {includes},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

def _library(name, defines = [], hdrs = [], includes = [], linkopts = []):
    return _LIBRARY.format(
        name = name,
        defines = repr(defines),
        hdrs = repr(hdrs),
        includes = repr(includes),
        linkopts = repr(linkopts),
    )

def _links(rctx, flags):
    """Whether the machine's linker finds the library: its header alone is not enough."""
    cc = rctx.which("cc") or rctx.which("gcc") or rctx.which("clang")
    if not cc:
        return False
    rctx.file("probe.c", "int main(void) { return 0; }\n")
    return rctx.execute([cc, "-o", "probe", "probe.c"] + flags).return_code == 0

def _find(rctx, header, flags):
    return rctx.path(header).exists and _links(rctx, flags)

def _impl(rctx):
    build = ["load(\"@rules_cc//cc:defs.bzl\", \"cc_library\")\n"]

    # These two headers stand where the compiler looks by itself.
    flags = ["-lboost_context"]
    if _find(rctx, "/usr/include/boost/context/fiber.hpp", flags):
        build.append(_library("boost_context", ["CORO_HAVE_BOOST_CONTEXT"], linkopts = flags))
    else:
        build.append(_library("boost_context"))

    flags = ["-lst"]
    if _find(rctx, "/usr/include/st.h", flags):
        build.append(_library("state_threads", ["CORO_HAVE_STATE_THREADS"], linkopts = flags))
    else:
        build.append(_library("state_threads"))

    # Lua's do not, as several versions live side by side: they are linked in here.
    include, flags = "/usr/include/lua5.4", ["-llua5.4"]
    pc = rctx.which("pkg-config")
    if pc and rctx.execute([pc, "--exists", "lua5.4"]).return_code == 0:
        for f in rctx.execute([pc, "--cflags-only-I", "lua5.4"]).stdout.strip().split(" "):
            if f.startswith("-I"):
                include = f[2:]
        flags = [f for f in rctx.execute([pc, "--libs", "lua5.4"]).stdout.strip().split(" ") if f]
    if _find(rctx, include + "/lua.h", flags):
        hdrs = ["lua.h", "luaconf.h", "lualib.h", "lauxlib.h"]
        for h in hdrs:
            rctx.symlink(include + "/" + h, "lua/" + h)
        build.append(_library("lua", ["CORO_HAVE_LUA"], ["lua/" + h for h in hdrs], ["lua"], flags))
    else:
        build.append(_library("lua"))

    rctx.file("BUILD.bazel", "".join(build))
    rctx.file("go.bzl", "\"\"\"Where the go command is; empty if it is nowhere.\"\"\"\n\nGO = %r\n" % str(rctx.which("go") or ""))

peers = repository_rule(
    implementation = _impl,
    configure = True,
    environ = ["PATH", "PKG_CONFIG_PATH"],
    local = True,
)
