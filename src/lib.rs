//! SalesMirror reads a salesperson's report and says what it shows of their sales competencies: a level with its
//! uncertainty for each competency, and the sentences that are the evidence for it. The same code runs natively and,
//! compiled to WebAssembly, inside the browser, so that the text stays on the user's machine.
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
//!
//! ```no_run
//! let file = std::fs::read("www/models/default/model.gguf")?;
//! let assessor = salesmirror::Assessor::from_gguf(&file)?;
//! let assessment = assessor.assess("I called the customer back on the same day and sent the minutes.")?;
//! for competency in &assessment.competencies {
//!     println!("{}: {:?}", competency.id, competency.level);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
