# Sourced by the scripts in pkg-scripts. Defines messages, timed steps, the cache directory, and what more than one
# script needs. Written for bash 3.2, the version that macOS ships.

# Things that take too long to make for every checkout. The directory is safe to delete.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/salesmirror

say() {
    printf '\033[1m==>\033[0m %s\n' "$*" >&2
}

fail() {
    printf '\033[31merror:\033[0m %s\n' "$*" >&2
    exit 1
}

# Lets `step` record times in a file, which this script shares with the scripts it calls.
record_times() {
    [ -z "${SALESMIRROR_TIMES:-}" ] || return 0
    SALESMIRROR_TIMES=$(mktemp)
    export SALESMIRROR_TIMES
    times=$SALESMIRROR_TIMES
    trap 'rm -f "$times"' EXIT
}

# Runs a command as a named step and records the seconds it takes: step "install Node packages" npm ci
step() {
    local name=$1 start=$SECONDS status
    shift
    say "$name"
    "$@"
    status=$?
    record_time "$name" $((SECONDS - start))
    return $status
}

# Runs a step in the background; `$!` is its process. Bash would have it ignore Ctrl-C without the trap.
background_step() {
    (trap - INT && step "$@") &
}

record_time() {
    [ -z "${SALESMIRROR_TIMES:-}" ] || printf '%5d s  %s\n' "$2" "$1" >>"$SALESMIRROR_TIMES"
}

# Prints what each step took. Does nothing in a script that another one called: that one prints the times of both.
print_times() {
    [ -n "${times:-}" ] || return 0
    say "time by step (steps may overlap)"
    cat "$times" >&2
    printf '%5d s  in all\n' $SECONDS >&2
    rm -f "$times"
}

# Installs Debian packages. Needs apt, and to be root or have sudo.
apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing; as root, run: apt-get install $*"
        as_root=sudo
    fi
    say "installing $* (apt)"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    $as_root apt-get update -qq >/dev/null && $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Makes a virtual environment, if there is none, and installs packages into it: install_python DIRECTORY pandas pytest
# Sets `python` to its interpreter.
install_python() {
    command -v python3 >/dev/null || fail "this script needs Python 3"
    python=$(mkdir -p "$1" && cd "$1" && pwd)/bin/python
    [ -x "$python" ] || python3 -m venv "$1" >&2 ||
        fail "could not create a virtual environment; on Debian, run: apt-get install python3-venv"
    shift
    "$python" -m pip install --quiet --disable-pip-version-check "$@" >&2 ||
        fail "could not install the Python packages $*; is PyPI reachable?"
}

# Installs Python packages into the environment that the scripts share and prints the path of its interpreter.
python_environment() {
    install_python "$cache/python" "$@" && echo "$python"
}

# Builds the wheel of the Python package (python/) into work/wheels. Packages for the environment that builds can be named.
# Sets `python` to the interpreter of that environment.
build_wheel() {
    install_python target/python/environment 'maturin>=1.9,<2' "$@"
    # A target directory of its own: the flags of maturin would have the other builds compile everything again.
    rm -rf work/wheels
    cp LICENSE-MIT LICENSE-APACHE NOTICE python/
    step "build the wheel" env CARGO_TARGET_DIR=target/python "$python" -m maturin build --quiet --locked \
        --manifest-path python/Cargo.toml --out work/wheels
    ls -l work/wheels/*.whl | awk '{ printf "%s: %.1f MB\n", $NF, $5 / 1e6 }'
}
