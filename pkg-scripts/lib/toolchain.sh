# Sourced after common.sh: the toolchain for wasm32-unknown-unknown, the wasm-bindgen CLI and the browser for tests.

wasm_bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
wasm_bindgen_root=$cache/wasm-bindgen-$wasm_bindgen_version

# at_least 1.95.0 1.90: whether the first version is not older than the second.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

# How wasm is built here: by rustup's target, or where rustup cannot have it by Debian's compiler, which builds its
# standard library from source. SALESMIRROR_WASM=rustup or debian forces one.
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
    say "rustup cannot bring the target; trying Debian's compiler"
    apt_install rustc-web cargo-web rust-web-src lld-22 ||
        fail "no way to get the target wasm32-unknown-unknown: rustup cannot download it and apt has no rustc-web"
    [ "$(wasm_toolchain)" = debian ] || fail "Debian's compiler is installed but not complete (rustc-web, rust-web-src, lld-22)"
}

# The two builds of the widget: relaxed-simd for browsers that have it, simd128 for all.
wasm_builds='simd128 relaxed-simd'

# Where wasm_cargo puts what it compiles: wasm_target_dir simd128
wasm_target_dir() { echo "${CARGO_TARGET_DIR:-target}/$1"; }

# cargo for wasm32-unknown-unknown, with whichever toolchain there is: wasm_cargo simd128 build --release --lib
wasm_cargo() {
    build=$1
    command=$2
    shift 2
    # RUSTFLAGS takes the place of .cargo/config.toml's. LLVM is to keep the order in which the kernels are written: its
    # own keeps so many values alive that V8 has no registers left for the sums, which costs a third of the speed.
    flags='-C target-feature=+simd128 -C llvm-args=-pre-RA-sched=source --cfg getrandom_backend="wasm_js"'
    [ "$build" = simd128 ] || flags="$flags -C target-feature=+$build"
    if [ "$(wasm_toolchain)" = debian ]; then
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags -C linker=wasm-ld-22" CARGO_TARGET_DIR=$(wasm_target_dir "$build") \
            /usr/bin/cargo "$command" --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort "$@"
    else
        RUSTFLAGS=$flags CARGO_TARGET_DIR=$(wasm_target_dir "$build") cargo "$command" --target wasm32-unknown-unknown "$@"
    fi
}

setup_wasm_bindgen() {
    [ -x "$wasm_bindgen_root/bin/wasm-bindgen" ] && return 0
    if [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $wasm_bindgen_version" ] &&
        command -v wasm-bindgen-test-runner >/dev/null; then
        mkdir -p "$wasm_bindgen_root/bin"
        ln -sf "$(command -v wasm-bindgen)" "$(command -v wasm-bindgen-test-runner)" "$wasm_bindgen_root/bin/"
        return 0
    fi
    say "installing the wasm-bindgen CLI $wasm_bindgen_version (some minutes, once)"
    # Not --locked: its lock file may name a crate version that a registry mirror does not have yet.
    cargo install --quiet wasm-bindgen-cli --version "$wasm_bindgen_version" --root "$wasm_bindgen_root" >&2 ||
        fail "the wasm-bindgen CLI could not be installed; is crates.io reachable?"
}

# Finds the browser and its driver, or says how to get them. Sets CHROMIUM and CHROMEDRIVER.
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
    find_browser || fail "chromium or chromedriver is not where apt should have put it"
}
