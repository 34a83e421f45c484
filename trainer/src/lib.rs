//! The trainer turns texts and labelled reports into the model file that SalesMirror scores with.
//!
//! The modules, from the ground up; each one uses only modules above it in this table:
//!
//! | module | what it owns |
//! |---|---|
//! | [`autograd`] | float kernels, differentiable operations, the encoder with a backward pass, the optimizer |
//! | [`run`] | the training loop and what a run leaves on disk: run directory, checkpoints, metrics, atomic files |
//! | [`data`] | labelled reports, the label space, rows of any file format, word segmentation, hashing |
//! | [`model_dir`] | encoder directories, trained models and the f32 reference encoder |
//! | [`corpus`] | raw files in, a clean corpus without duplicates and personal data out |
//! | [`finetuning`] | the heads and the upper layers of the encoder, trained on labelled reports |
//! | [`methods`] | what cross-validation compares: baselines and the fine-tuned model |
//! | [`evaluation`] | metrics, folds, calibration, bias |
//! | [`crossval`] | methods judged on reports that they have not seen |
//! | [`report`] | figures as HTML, SVG, Markdown and the model card |
//! | [`pretraining`] | masked language modelling and next sentence prediction |
//! | [`export`] | the 4-bit model file, ONNX and Hugging Face directories |
//! | [`scoring`] | assessments of many reports |
//!
//! The binary `trainer` adds nothing but the options of each command and what it prints.

pub mod autograd;
pub mod corpus;
pub mod crossval;
pub mod data;
pub mod evaluation;
pub mod export;
pub mod finetuning;
pub mod methods;
pub mod model_dir;
pub mod pretraining;
pub mod report;
pub mod run;
pub mod scoring;
