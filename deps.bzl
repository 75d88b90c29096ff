"""For a WORKSPACE: call coro_deps() after the repository @coro is declared."""

load("//third_party:repositories.bzl", "third_party_repositories")
load("//third_party/bazel:stubs.bzl", "bazel_builtin_repositories")

def coro_deps():
    """Declares what @coro may ask for; a repository that has its name already stays.

    Nothing is fetched here. @coro//coro uses none of the libraries; @coro//io
    makes Bazel look for libevent, and only the tests look for Catch2.
    """
    bazel_builtin_repositories()
    third_party_repositories(declared = native.existing_rule)
