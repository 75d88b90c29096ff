"""Third-party code, pinned. Nothing is fetched until a target asks for it."""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")
load("//third_party/catch2:catch2.bzl", "catch2_header")
load("//third_party/libevent:libevent.bzl", "libevent_auto")
load("//third_party/peers:peers.bzl", "peers")

def _never(_name):
    return False

def third_party_repositories(declared = _never):
    """Declares @coro_catch2, @coro_libevent, @coro_libevent_src and @coro_peers.

    Args:
      declared: says whether a name is taken already (native.existing_rule, in a
        WORKSPACE; a module extension has its names to itself).
    """
    if not declared("coro_libevent_src"):
        http_archive(
            name = "coro_libevent_src",
            build_file = Label("//third_party/libevent:libevent.BUILD"),
            sha256 = "92e6de1be9ec176428fd2367677e61ceffc2ee1cb119035037a27d346b0403bb",
            strip_prefix = "libevent-2.1.12-stable",
            urls = ["https://github.com/libevent/libevent/releases/download/release-2.1.12-stable/libevent-2.1.12-stable.tar.gz"],
        )
    if not declared("coro_libevent"):
        libevent_auto(name = "coro_libevent")
    if not declared("coro_catch2"):
        catch2_header(name = "coro_catch2")
    if not declared("coro_peers"):
        peers(name = "coro_peers")
