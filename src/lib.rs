#![doc = include_str!("README.md")]
//!
//! # Modules
//!
//! This crate is inference only. The modules, in the order in which a report passes through them:
//!
//! | module | what it owns |
//! |---|---|
//! | [`rubric`] | competencies, levels and anchors; loading and checking a rubric file |
//! | [`text`] | cleaning, language, sentences and windows, with offsets into the original text |
//! | [`model`] | tokenizer, encoder, heads, and the GGUF model file that holds them |
//! | [`kernels`] | int8 matrix products and the operations fused around them; the only `unsafe` code |
//! | [`assessment`] | report in, assessment out; the JSON schema |
//! | `browser` | the wasm-bindgen interface for the page's workers (wasm32 only) |
//!
//! Arrows point one way: browser → assessment → model → kernels. Assessment also uses `text`, and assessment and model
//! use `rubric`; these two depend on no other module. The trainer, in the package `salesmirror-trainer`, depends on
//! this crate, which knows nothing of it.
#![deny(unsafe_code)]

pub mod assessment;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod kernels;
pub mod model;
pub mod rubric;
pub mod text;

pub use assessment::{AssessError, Assessment, Assessor};
pub use model::ModelError;
pub use rubric::Rubric;
