//! The widget as a WebAssembly module. Its exports are those of `salesmirror::browser`.
//!
//! There are two packages of this one file, `simd128` and `relaxed-simd`, because a browser rejects a module that
//! contains instructions it does not know. Two packages, rather than one with a feature, because cargo gives the module
//! of a package one file name whatever its features, and would take one build's module for the other's.
#![cfg(target_arch = "wasm32")]

pub use salesmirror::browser::*;
