"""Programs whose output is checked, and the library as files for a compiler run by a test."""

load("@rules_cc//cc:defs.bzl", "CcInfo")
load("//:flags.bzl", "coro_cc_binary", "coro_cc_test")

def printing_program(name, src, tags = [], **kwargs):
    """A program, and the test <name>_test that it prints <name>.txt and succeeds.

    Args:
      name: of the program.
      src: its only source.
      tags: of the test; the program is built in the same configurations.
      **kwargs: for both.
    """
    expected = name + ".txt"
    coro_cc_binary(
        name = name,
        srcs = [src],
        tags = [t for t in tags if t == "nomsan"],
        **kwargs
    )
    coro_cc_test(
        name = name + "_test",
        srcs = [
            src,
            "//testing/docs:expect_output.c",
        ],
        data = [expected],
        local_defines = ['EXPECTED=\\"%s/%s\\"' % (native.package_name(), expected)],
        tags = tags,
        **kwargs
    )

def _compile_args_impl(ctx):
    context = ctx.attr.lib[CcInfo].compilation_context
    linking = ctx.attr.lib[CcInfo].linking_context
    archives = []
    flags = []
    for linked in linking.linker_inputs.to_list():
        for library in linked.libraries:
            archives.append(library.static_library or library.pic_static_library)
        flags.extend(linked.user_link_flags)
    lines = ["-D" + d for d in context.defines.to_list()]
    lines += [a.short_path for a in archives] + flags
    out = ctx.actions.declare_file(ctx.label.name + ".args")
    ctx.actions.write(out, "\n".join(lines) + "\n")
    files = depset([out])
    needed = depset(archives, transitive = [context.headers])
    return [DefaultInfo(
        files = files,
        runfiles = ctx.runfiles(files = [out], transitive_files = needed),
    )]

compile_args = rule(
    implementation = _compile_args_impl,
    attrs = {"lib": attr.label(
        mandatory = True,
        providers = [CcInfo],
    )},
    doc = "A file with what a compiler must be told to use `lib`, one argument a line, " +
          "relative to the runfiles; its headers and archives are among them.",
)
