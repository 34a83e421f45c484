//! Failures as the page receives them: `{code, message, detail}`.
//!
//! The page finds words for the code; the message is for developers. The codes are those of `FAILURE_CODES`
//! in `www/src/engine/contract.ts`.

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;
use wasm_bindgen::JsValue;

use crate::assessment::AssessError;
use crate::model::ModelError;
use crate::text::TextError;

/// Why loading a model or assessing a text failed in the browser.
#[derive(Debug, Error)]
pub enum BrowserError {
    /// The server does not have the file.
    #[error("{url} answered with status {status}; check that the model directory is deployed there")]
    NotFound { url: String, status: u16 },
    /// The server answered with another HTTP error.
    #[error("{url} answered with status {status}; load it again when the server works")]
    ServerError { url: String, status: u16 },
    /// The server answered with a page, such as one for signing in.
    #[error(
        "{url} answered with a web page (text/html) in the place of the file; sign in, then load it again"
    )]
    WebPage { url: String },
    /// No answer came.
    #[error("{url} could not be fetched: {problem}")]
    Network { url: String, problem: String },
    /// The connection broke during the transfer.
    #[error("{url} ended after {received} of {expected} bytes; load it again")]
    Incomplete { url: String, received: u64, expected: u64 },
    /// The server stopped sending.
    #[error("{url} sent nothing for {seconds} seconds; load it again")]
    Stalled { url: String, seconds: u32 },
    /// The file differs from its description in the manifest.
    #[error("{url} is not the file that its manifest describes: the SHA-256 differs; deploy both together")]
    HashMismatch { url: String },
    /// The manifest cannot be parsed, or does not name a usable model file.
    #[error("{url} is not a valid manifest: {problem}; write it with `trainer quantize`")]
    ManifestInvalid { url: String, problem: String },
    /// The manifest is from another release.
    #[error(
        "the model has format version {found}, but this build reads version {supported}; deploy a matching pair"
    )]
    ModelVersion { found: u64, supported: u32 },
    /// The page asked to stop.
    #[error("the work was cancelled")]
    Cancelled,
    /// The model file cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The text cannot be assessed.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is a bug in this build.
    #[error("{0}")]
    Internal(String),
}

impl From<AssessError> for BrowserError {
    fn from(error: AssessError) -> Self {
        match error {
            AssessError::Text(error) => Self::Text(error),
            AssessError::Model(error) => Self::Model(error),
        }
    }
}

impl BrowserError {
    /// Returns the code by which the page tells failures apart, and the details that it shows.
    fn code_and_detail(&self) -> (&'static str, Value) {
        match self {
            Self::NotFound { url, status } => ("not_found", json!({ "url": url, "status": status })),
            Self::ServerError { url, status } => ("server_error", json!({ "url": url, "status": status })),
            Self::WebPage { url } => ("web_page", json!({ "url": url })),
            Self::Network { url, .. } => ("network", json!({ "url": url })),
            Self::Incomplete { url, received, expected } => {
                ("incomplete", json!({ "url": url, "received": received, "expected": expected }))
            }
            Self::Stalled { url, seconds } => ("stalled", json!({ "url": url, "seconds": seconds })),
            Self::HashMismatch { url } => ("hash_mismatch", json!({ "url": url })),
            Self::ManifestInvalid { url, .. } => ("manifest_invalid", json!({ "url": url })),
            Self::ModelVersion { found, supported } => {
                ("model_version", json!({ "found": found, "supported": supported }))
            }
            Self::Model(error) => {
                let detail = match error {
                    ModelError::Version { found, supported } => {
                        json!({ "found": found, "supported": supported })
                    }
                    _ => Value::Null,
                };
                (error.code(), detail)
            }
            Self::Internal(_) => ("internal", Value::Null),
            Self::Cancelled => ("cancelled", Value::Null),
            Self::Text(error) => {
                let detail = match error {
                    TextError::TooLong { bytes, limit } => json!({ "bytes": bytes, "limit": limit }),
                    _ => Value::Null,
                };
                (error.code(), detail)
            }
        }
    }
}

#[derive(Serialize)]
struct Failure {
    code: &'static str,
    message: String,
    detail: Value,
}

impl From<BrowserError> for JsValue {
    fn from(error: BrowserError) -> Self {
        let (code, detail) = error.code_and_detail();
        let failure = Failure { code, message: error.to_string(), detail };
        failure
            .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
            .unwrap_or_else(|_| JsValue::from_str(&failure.message))
    }
}
