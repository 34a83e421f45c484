//! SalesMirror reads a salesperson's report and says what it shows of their sales competencies: a level with its
//! uncertainty for each competency, and the sentences that are the evidence for it. The same code runs natively and,
//! compiled to WebAssembly, inside the browser, where the text stays.
//!
//! The rooms, in the order in which a report passes through them:
//!
//! | module | what it owns |
//! |---|---|
//! | [`rubric`] | competencies, levels and anchors; loads and checks a rubric file |
//! | [`text`] | cleaning, language, sentences and windows, with offsets into the original text |
//! | [`model`] | tokenizer, encoder, heads and the GGUF model file that holds them |
//! | [`kernels`] | int8 matrix products and the fused steps around them; the only `unsafe` code |
//! | [`assessment`] | report in, assessment out; the JSON schema |
//! | `browser` | the wasm-bindgen surface that the page's worker drives (wasm32 only) |
//!
//! Arrows point one way: browser → assessment → model → kernels; text and rubric are leaves. The package `salesmirror-trainer`
//! makes the weights.
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
