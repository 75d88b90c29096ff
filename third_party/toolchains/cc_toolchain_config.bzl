"""A small toolchain configuration for any GNU-style cross compiler that is on the machine."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "artifact_name_pattern", "feature", "flag_group", "flag_set", "tool_path", "with_feature_set")
load("@rules_cc//cc:defs.bzl", "CcToolchainConfigInfo", "cc_common")

_COMPILE = [
    ACTION_NAMES.assemble,
    ACTION_NAMES.preprocess_assemble,
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
]
_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

def _flags(actions, flags, mode = None):
    """A flag set, for one compilation mode if one is given."""
    return flag_set(
        actions = actions,
        flag_groups = [flag_group(flags = flags)],
        with_features = [with_feature_set(features = [mode])] if mode else [],
    )

def _impl(ctx):
    p = ctx.attr.prefix
    tools = {
        "gcc": p + "gcc" + ctx.attr.suffix,
        "cpp": p + "cpp" + ctx.attr.suffix,
        "ar": p + "ar",
        "ld": p + "ld",
        "nm": p + "nm",
        "objcopy": p + "objcopy",
        "objdump": p + "objdump",
        "strip": p + "strip",
        "gcov": p + "gcov" + ctx.attr.suffix,
    }
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = ctx.label.name,
        host_system_name = "local",
        target_system_name = ctx.attr.target,
        target_cpu = ctx.attr.cpu,
        target_libc = ctx.attr.libc,
        compiler = "gcc",
        abi_version = "local",
        abi_libc_version = "local",
        tool_paths = [tool_path(name = k, path = v) for k, v in tools.items()],
        cxx_builtin_include_directories = ctx.attr.include_dirs,
        features = [
            # Bazel turns on the one named like the compilation mode.
            feature(name = "dbg"),
            feature(name = "fastbuild"),
            feature(name = "opt"),
            feature(
                name = "default_compile_flags",
                enabled = True,
                flag_sets = [
                    _flags(_COMPILE, ctx.attr.compile_flags),
                    _flags(_COMPILE, ["-O2", "-DNDEBUG"], "opt"),
                ],
            ),
            feature(
                name = "default_link_flags",
                enabled = True,
                flag_sets = [_flags(_LINK, ctx.attr.link_flags)],
            ),
            feature(name = "supports_dynamic_linker", enabled = False),
            feature(name = "supports_start_end_lib", enabled = False),
            feature(name = "supports_pic", enabled = ctx.attr.pic),
        ],
        artifact_name_patterns = [
            artifact_name_pattern(category_name = "executable", prefix = "", extension = ctx.attr.exe),
        ] if ctx.attr.exe else [],
    )

gnu_toolchain_config = rule(
    implementation = _impl,
    attrs = {
        "compile_flags": attr.string_list(),
        "cpu": attr.string(mandatory = True),
        "exe": attr.string(),
        "include_dirs": attr.string_list(default = ["/usr"]),
        "libc": attr.string(default = "glibc"),
        "link_flags": attr.string_list(),
        "pic": attr.bool(default = True),
        "prefix": attr.string(mandatory = True),
        "suffix": attr.string(),
        "target": attr.string(mandatory = True),
    },
    provides = [CcToolchainConfigInfo],
)
