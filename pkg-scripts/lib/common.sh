# Sourced by the scripts of pkg-scripts: messages, the cache folder, and what more than one of them needs.
# Written for bash 3.2, which macOS has.

# What is too costly to make anew for every checkout; safe to delete.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/salesmirror

say() {
    printf '\033[1m==>\033[0m %s\n' "$*" >&2
}

fail() {
    printf '\033[31merror:\033[0m %s\n' "$*" >&2
    exit 1
}

# Installs Debian packages; only where apt is, and only as root or by sudo.
apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "missing: $*. Run as root: apt-get install $*"
        as_root=sudo
    fi
    say "installing $* (apt)"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    $as_root apt-get update -qq >/dev/null && $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Prints the Python of an environment of our own that has the given packages.
python_environment() {
    command -v python3 >/dev/null || fail "Python 3 is needed for this script"
    environment=$cache/python
    [ -x "$environment/bin/python" ] || python3 -m venv "$environment" >&2 || fail "python3 -m venv failed; on Debian: apt-get install python3-venv"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2 || fail "PyPI cannot be reached; try again online"
    echo "$environment/bin/python"
}
