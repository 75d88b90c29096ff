"""The three repositories Bazel 4 wants before it will build any C, written out, not fetched.

Debian's Bazel (4.2.3, native.bazel_version is empty or "no_version") has them nowhere on disk in
a form it can load, and would download them. The rules themselves are built into that Bazel, so
each stub only names what is native there.
"""

# Only names that every rules_cc from 0.0.1 to 0.2 has as well: BUILD files written against these
# three files load under any Bazel.
_RULES_CC = {
    "cc/BUILD": "",
    "cc/action_names.bzl": """
load("@bazel_tools//tools/build_defs/cc:action_names.bzl", _names = "ACTION_NAMES")

ACTION_NAMES = _names
""",
    "cc/cc_toolchain_config_lib.bzl": """
load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", _artifact_name_pattern = "artifact_name_pattern", _feature = "feature", _flag_group = "flag_group", _flag_set = "flag_set", _tool_path = "tool_path", _with_feature_set = "with_feature_set")

artifact_name_pattern = _artifact_name_pattern
feature = _feature
flag_group = _flag_group
flag_set = _flag_set
tool_path = _tool_path
with_feature_set = _with_feature_set
""",
    "cc/defs.bzl": """
load(":native.bzl", "native_cc_common", "native_cc_info", "native_cc_toolchain_config_info")

cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_proto_library = native.cc_proto_library
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
objc_library = native.objc_library

cc_common = native_cc_common
CcInfo = native_cc_info
CcToolchainConfigInfo = native_cc_toolchain_config_info

# Named by @bazel_tools//tools/cpp; nothing here builds them.
def cc_flags_supplier(name, **_kwargs):
    native.filegroup(name = name)

def compiler_flag(name, **_kwargs):
    native.filegroup(name = name)
""",
    "cc/native.bzl": """
native_cc_common = cc_common
native_cc_info = CcInfo
native_cc_toolchain_config_info = CcToolchainConfigInfo
""",
}

_RULES_JAVA = {
    "java/BUILD": "",
    "java/defs.bzl": """
java_binary = native.java_binary
java_library = native.java_library
java_import = native.java_import
java_test = native.java_test
java_proto_library = native.java_proto_library
java_toolchain = native.java_toolchain
java_runtime = native.java_runtime
java_package_configuration = native.java_package_configuration
""",
}

# Bazel's own is a Java program.  This one knows gcov's JSON (gcc 9 and later), which is all that
# `bazel coverage` meets here.
_COVERAGE = {
    "BUILD": """
package(default_visibility = ["//visibility:public"])

sh_binary(
    name = "lcov_merger",
    srcs = ["merge.py"],
)

sh_binary(
    name = "coverage_report_generator",
    srcs = ["merge.py"],
)
""",
    "merge.py": """
#!/usr/bin/env python3
import collections, glob, gzip, json, re, sys

opts = collections.defaultdict(list)
for a in sys.argv[1:]:
    k, _, v = a.lstrip("-").partition("=")
    opts[k].append(v)
lines = collections.defaultdict(lambda: collections.defaultdict(int))
funcs = collections.defaultdict(dict)
drop = [re.compile(x) for x in opts["filter_sources"]] + [re.compile("/usr/.*"), re.compile("external/.*")]

# What --instrumentation_filter chose; the tests' own sources are compiled alike, and not in it.
keep = set()
for manifest in opts["source_file_manifest"]:
    keep.update(open(manifest).read().split())


def wanted(name):
    return (not keep or name in keep) and not any(d.fullmatch(name) for d in drop)


def json_report(path):
    with gzip.open(path, "rt") as f:
        for src in json.load(f)["files"]:
            name = src["file"]
            if not wanted(name):
                continue
            for l in src["lines"]:
                lines[name][l["line_number"]] += l["count"]
            for fn in src["functions"]:
                start, n = funcs[name].get(fn["name"], (fn["start_line"], 0))
                funcs[name][fn["name"]] = (start, n + fn["execution_count"])


def lcov_report(path):
    name = None
    with open(path) as f:
        for row in f:
            tag, _, rest = row.strip().partition(":")
            if tag == "SF":
                name = rest if wanted(rest) else None
            elif not name:
                continue
            elif tag == "DA":
                n, c = rest.split(",")[:2]
                lines[name][int(n)] += int(c)
            elif tag == "FN":
                n, fn = rest.split(",", 1)
                funcs[name].setdefault(fn, (int(n), 0))
            elif tag == "FNDA":
                c, fn = rest.split(",", 1)
                funcs[name][fn] = (funcs[name].get(fn, (0, 0))[0], funcs[name].get(fn, (0, 0))[1] + int(c))


for d in opts["coverage_dir"]:
    for path in glob.glob(d + "/**/*.gcov.json.gz", recursive=True):
        json_report(path)
    for path in glob.glob(d + "/**/*.dat", recursive=True):
        if path not in opts["output_file"]:
            lcov_report(path)
for listing in opts["reports_file"]:
    for path in open(listing).read().split():
        lcov_report(path)
with open(opts["output_file"][0], "w") as out:
    for name in sorted(lines):
        print("SF:" + name, file=out)
        for fn, (start, n) in sorted(funcs[name].items()):
            print("FN:%d,%s" % (start, fn), "FNDA:%d,%s" % (n, fn), sep="\\n", file=out)
        print("FNF:%d" % len(funcs[name]), "FNH:%d" % sum(n > 0 for _, n in funcs[name].values()), sep="\\n", file=out)
        for n, c in sorted(lines[name].items()):
            print("DA:%d,%d" % (n, c), file=out)
        print("LF:%d" % len(lines[name]), "LH:%d" % sum(c > 0 for c in lines[name].values()), "end_of_record", sep="\\n", file=out)
""",
}

def _impl(rctx):
    rctx.file("WORKSPACE", "workspace(name = %r)\n" % rctx.name)
    for path, text in rctx.attr.files.items():
        rctx.file(path, text.lstrip("\n"), executable = path.endswith(".py"))

_stub = repository_rule(
    implementation = _impl,
    attrs = {"files": attr.string_dict()},
)

def bazel_builtin_repositories():
    """Declares the stubs, under a Bazel 4 only: a later one brings (or fetches) the real ones."""
    v = getattr(native, "bazel_version", "")
    if v and v != "no_version" and not v.startswith("4."):
        return
    for name, files in {
        "rules_cc": _RULES_CC,
        "rules_java": _RULES_JAVA,
        "remote_coverage_tools": _COVERAGE,
    }.items():
        if not native.existing_rule(name):
            _stub(name = name, files = files)
