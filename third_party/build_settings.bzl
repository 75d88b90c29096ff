"""Flags of our own, and an error for a choice that cannot be.

These are what bazel_skylib has as string_flag and bool_flag, written out because
they are shorter than one more dependency.
"""

BuildSettingInfo = provider(
    doc = "The value of a flag, as the command line gave it.",
    fields = {"value": "the value: a string or a bool"},
)

def _string_flag_impl(ctx):
    value = ctx.build_setting_value
    if value not in ctx.attr.values:
        fail("--%s=%s: must be one of: %s" % (_flag(ctx.label), value, ", ".join(ctx.attr.values)))
    return BuildSettingInfo(value = value)

def _bool_flag_impl(ctx):
    return BuildSettingInfo(value = ctx.build_setting_value)

def _analysis_error_impl(ctx):
    given = ""
    if ctx.attr.flag:
        given = "--%s=%s: " % (_flag(ctx.attr.flag.label), ctx.attr.flag[BuildSettingInfo].value)
    fail(given + ctx.attr.message)

def _flag(label):
    """The label as one types it on a command line in its own workspace."""
    return "//%s:%s" % (label.package, label.name)

string_flag = rule(
    implementation = _string_flag_impl,
    doc = "A flag --//package:name=VALUE; another value than those listed is an error.",
    attrs = {"values": attr.string_list(mandatory = True)},
    build_setting = config.string(flag = True),
)

bool_flag = rule(
    implementation = _bool_flag_impl,
    doc = "A flag --//package:name=true or false.",
    build_setting = config.bool(flag = True),
)

analysis_error = rule(
    implementation = _analysis_error_impl,
    doc = """A target that cannot be analysed: put it where a select() ends up when
what was asked for cannot be. Tag it "manual", so that //... passes it by.""",
    attrs = {
        "flag": attr.label(
            doc = "The flag that led here; the message begins with it and its value.",
            providers = [BuildSettingInfo],
        ),
        "message": attr.string(mandatory = True),
    },
)
