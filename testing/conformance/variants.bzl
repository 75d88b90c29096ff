"""The library as others would build it: at another optimisation level, or as headers
with a shared object beside them."""

load("@rules_cc//cc:defs.bzl", "CcInfo")

# Under -c opt a level given by copts is the last one, hence what counts; flags.bzl
# has the library's own level in the other modes.
def _recompiled_impl(settings, attr):
    return {
        "//command_line_option:compilation_mode": attr.mode,
        "//command_line_option:copt": settings["//command_line_option:copt"] + attr.copts,
    }

_recompiled = transition(
    implementation = _recompiled_impl,
    inputs = ["//command_line_option:copt"],
    outputs = [
        "//command_line_option:compilation_mode",
        "//command_line_option:copt",
    ],
)

def _with_copts_impl(ctx):
    return [ctx.attr.dep[0][CcInfo]]

# `dep` and all below it, compiled once more in `mode` with `copts`.
cc_library_with_copts = rule(
    implementation = _with_copts_impl,
    attrs = {
        "copts": attr.string_list(),
        "dep": attr.label(
            cfg = _recompiled,
            providers = [CcInfo],
        ),
        "mode": attr.string(values = [
            "dbg",
            "opt",
        ]),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def _headers_only_impl(ctx):
    return [CcInfo(compilation_context = ctx.attr.dep[CcInfo].compilation_context)]

# The headers and definitions of `dep`, to link with something else.
cc_headers_only = rule(
    implementation = _headers_only_impl,
    attrs = {"dep": attr.label(providers = [CcInfo])},
)

def _header_files_impl(ctx):
    headers = ctx.attr.dep[CcInfo].compilation_context.headers
    return [DefaultInfo(files = headers, runfiles = ctx.runfiles(transitive_files = headers))]

# The headers of `dep` as files, for a test that reads them.
cc_header_files = rule(
    implementation = _header_files_impl,
    attrs = {"dep": attr.label(providers = [CcInfo])},
)
