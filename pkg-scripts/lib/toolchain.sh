# Sourced after common.sh. Defines the toolchain for wasm32-unknown-unknown, wasm-bindgen, and the browser for tests.

wasm_bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
wasm_bindgen_root=$cache/wasm-bindgen-$wasm_bindgen_version

# Succeeds if the first version is at least the second: at_least 1.95.0 1.90
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

# Prints how this machine compiles for wasm: `rustup`, with rustup's target; `debian`, with Debian's compiler, which
# compiles the standard library from source and serves where rustup cannot download the target; or `none`.
# SALESMIRROR_WASM=rustup or SALESMIRROR_WASM=debian overrides the choice.
wasm_toolchain() {
    if [ -n "${SALESMIRROR_WASM:-}" ]; then
        echo "$SALESMIRROR_WASM"
    elif [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]; then
        echo rustup
    elif [ -x /usr/bin/wasm-ld-22 ] && [ -x /usr/bin/rustc ] && [ -e /usr/lib/rustlib/src/rust/library ]; then
        echo debian
    else
        echo none
    fi
}

setup_wasm_target() {
    [ "$(wasm_toolchain)" = none ] || return 0
    if command -v rustup >/dev/null; then
        say "adding the target wasm32-unknown-unknown (rustup)"
        rustup target add wasm32-unknown-unknown >&2 && return 0
    fi
    say "rustup cannot install the target; trying Debian's compiler"
    apt_install rustc-web cargo-web rust-web-src lld-22 ||
        fail "could not install the target wasm32-unknown-unknown: rustup cannot download it and apt has no rustc-web"
    [ "$(wasm_toolchain)" = debian ] ||
        fail "Debian's compiler is installed but incomplete; it needs rustc-web, rust-web-src and lld-22"
}

# The two builds of the widget: one for browsers with relaxed SIMD, and one for all others.
wasm_builds='simd128 relaxed-simd'

# Runs cargo for wasm32-unknown-unknown with the toolchain of this machine: wasm_cargo build --profile wasm -p salesmirror
# The compiler flags are in .cargo/config.toml; RUSTFLAGS in the environment would replace them.
wasm_cargo() (
    command=$1
    shift
    unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
    if [ "$(wasm_toolchain)" = debian ]; then
        export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
        exec /usr/bin/cargo "$command" --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort "$@"
    fi
    exec cargo "$command" --target wasm32-unknown-unknown "$@"
)

# Prints where `wasm_cargo build --profile wasm` leaves the module of a cdylib: wasm_module salesmirror-simd128
wasm_module() {
    echo "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/wasm/$(echo "$1" | tr - _).wasm"
}

# Prints the path of the given wasm-bindgen tool, in the version that Cargo.lock asks for, or fails.
find_wasm_bindgen() {
    local tool
    for tool in "$wasm_bindgen_root/bin/$1" "$(command -v "$1")"; do
        case $("$tool" --version 2>/dev/null) in *" $wasm_bindgen_version") echo "$tool" && return 0 ;; esac
    done
    return 1
}

# Makes sure that `bind_wasm` works at once. Compiling the command line tool takes minutes, so where neither the tool
# nor cargo-binstall is installed, a small program of ours on wasm-bindgen's library takes its place.
setup_wasm_bindgen() {
    find_wasm_bindgen wasm-bindgen >/dev/null || binstall_wasm_bindgen || compile_bind
}

binstall_wasm_bindgen() {
    command -v cargo-binstall >/dev/null || return 1
    step "download wasm-bindgen $wasm_bindgen_version" \
        cargo binstall --no-confirm --log-level warn --disable-strategies compile --root "$wasm_bindgen_root" \
        "wasm-bindgen-cli@$wasm_bindgen_version" >&2
}

compile_bind() {
    step "compile the binding generator" cargo build --quiet --profile bind -p salesmirror-bind
}

# Generates the JavaScript bindings of a compiled module and optimises it: bind_wasm MODULE OUT_DIR NAME
# The files appear in OUT_DIR only when all of them are finished.
bind_wasm() {
    local module=$1 out_dir=$2 name=$3 unfinished=$2/unfinished-$3 tool
    if tool=$(find_wasm_bindgen wasm-bindgen); then
        "$tool" --target web --out-dir "$unfinished" --out-name "$name" "$module"
    else
        cargo run --quiet --profile bind -p salesmirror-bind -- "$module" "$unfinished" "$name"
    fi
    # -O3 runs no slower than -Os, and the module is hardly larger after brotli.
    www/node_modules/.bin/wasm-opt -O3 "$unfinished/${name}_bg.wasm" -o "$unfinished/optimised.wasm"
    mv "$unfinished/optimised.wasm" "$unfinished/${name}_bg.wasm"
    mv "$unfinished"/* "$out_dir/"
    rmdir "$unfinished"
}

# The test runner comes only with the command line tool. Without TLS and optimised little, it takes half the time to
# compile.
setup_wasm_test_runner() {
    find_wasm_bindgen wasm-bindgen-test-runner >/dev/null || binstall_wasm_bindgen ||
        step "compile wasm-bindgen's test runner" compile_test_runner ||
        fail "could not install wasm-bindgen's test runner; is crates.io reachable?"
}

compile_test_runner() {
    # Without --locked, because the lock file may name crate versions that a registry mirror does not have yet.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --quiet wasm-bindgen-cli --version "$wasm_bindgen_version" \
        --no-default-features --bin wasm-bindgen-test-runner --root "$wasm_bindgen_root" >&2
}

# Finds the browser and its driver, and sets CHROMIUM and CHROMEDRIVER to their paths. Fails if one is missing.
find_browser() {
    for candidate in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        [ -x "$candidate" ] && CHROMIUM=$candidate && break
    done
    for candidate in "${CHROMEDRIVER:-}" /usr/bin/chromedriver "$(command -v chromedriver || true)"; do
        [ -x "$candidate" ] && CHROMEDRIVER=$candidate && break
    done
    export CHROMIUM CHROMEDRIVER
    [ -x "${CHROMIUM:-}" ] && [ -x "${CHROMEDRIVER:-}" ]
}

setup_browser() {
    find_browser && return 0
    case $(uname -s) in
    Darwin) fail "the tests need Chrome or Chromium with its driver; run: brew install --cask google-chrome chromedriver" ;;
    esac
    apt_install chromium chromium-driver fonts-noto-cjk ||
        fail "the tests need Chromium and chromedriver; install them, or set CHROMIUM and CHROMEDRIVER to their paths"
    find_browser || fail "apt installed Chromium, but chromium or chromedriver is not in /usr/bin"
}
