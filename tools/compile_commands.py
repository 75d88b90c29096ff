#!/usr/bin/env python3
"""Writes compile_commands.json, for clangd, clang-tidy and cppcheck.

Run it anywhere in the workspace, after a build with the same options:

    bazel build //... && tools/compile_commands.py [BAZEL-OPTIONS]

The environment variable BAZEL names another command than bazel, with startup
options if need be.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys

OURS = ("coro/", "io/", "testing/", "benchmarks/", "examples/")

# gcc's own, which clang's tools do not know.
GCC_ONLY = {
    "-Wno-free-nonheap-object",
    "-Wunused-but-set-parameter",
    "-fno-canonical-system-headers",
}


def bazel(*arguments):
    default = "bazelisk" if shutil.which("bazelisk") else "bazel"
    command = shlex.split(os.environ.get("BAZEL", default)) + list(arguments)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def main():
    options = sys.argv[1:]
    workspace = bazel("info", "workspace").decode().strip()
    execution_root = bazel("info", "execution_root", *options).decode().strip()
    query = 'mnemonic("CppCompile", //...)'
    actions = json.loads(bazel("aquery", "--output=jsonproto", *options, query))

    database = {}
    for action in actions["actions"]:
        arguments = [a for a in action["arguments"] if a not in GCC_ONLY]
        at = arguments.index("-c") + 1
        source = arguments[at]
        if not source.startswith(OURS) or source.endswith(".S"):
            continue
        # An editor knows the file by its place in the workspace; the directories
        # on the command line are relative to the execution root.
        arguments[at] = os.path.join(workspace, source)
        database.setdefault(source, {
            "directory": execution_root,
            "file": arguments[at],
            "arguments": arguments,
        })
    with open(os.path.join(workspace, "compile_commands.json"), "w") as out:
        json.dump([database[s] for s in sorted(database)], out, indent=1)
        out.write("\n")
    print("compile_commands.json: %d files" % len(database))


if __name__ == "__main__":
    main()
