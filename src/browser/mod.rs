//! The wasm-bindgen surface that the page's worker drives: load a model, assess a text, cancel either.
//!
//! Owns what only a browser has: fetching with progress, Cache Storage, yielding to the event loop so that a cancel
//! gets through. Leaves the worker's life, and every word that a person reads, to `www`.

mod digest;
mod error;
mod fetch;
mod store;

use gloo::timers::future::TimeoutFuture;
use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, WorkerGlobalScope};

use crate::assessment;
use crate::model::{FORMAT_VERSION, Manifest, ManifestFile, Model};
use error::BrowserError;

/// The file of a model directory that holds the model.
const MODEL_FILE: &str = "model.gguf";

/// How far loading has come.
#[derive(Clone, Copy, Serialize)]
struct LoadProgress {
    stage: LoadStage,
    /// Bytes.
    loaded: u64,
    /// Bytes.
    total: u64,
    /// Whether the model comes from Cache Storage and not from the network.
    cached: bool,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum LoadStage {
    Manifest,
    Download,
    Verify,
    Unpack,
}

/// How many of a text's windows are encoded.
#[derive(Serialize)]
struct AssessProgress {
    done: usize,
    total: usize,
}

#[derive(Serialize)]
struct ModelInfo<'a> {
    id: &'a str,
    sha256: &'a str,
    bytes: usize,
    layers: usize,
    hidden: usize,
    vocabulary: usize,
}

/// A loaded model in a worker.
#[wasm_bindgen]
pub struct Assessor {
    inner: assessment::Assessor,
}

#[wasm_bindgen]
impl Assessor {
    /// Loads the model that the manifest at `manifest_url` names: from Cache Storage where it lies there with the
    /// right hash, else from the network. `on_progress` is called with `{stage, loaded, total, cached}`.
    ///
    /// Rejects with `{code, message, detail}`.
    pub async fn load(
        manifest_url: String,
        on_progress: Function,
        signal: AbortSignal,
    ) -> Result<Assessor, JsValue> {
        log_panics();
        let report = |stage, loaded, total, cached| {
            let progress = LoadProgress { stage, loaded, total, cached };
            call(&on_progress, &progress)
        };
        report(LoadStage::Manifest, 0, 0, false);
        let manifest = manifest(&manifest_url, &signal).await?;
        let file = model_file(&manifest, &manifest_url)?;
        let url = fetch::beside(&manifest_url, &file.name)?;
        let total = file.size;

        let cached = store::read(&url).await;
        let intact = match &cached {
            Some(bytes) => file.sha256.eq_ignore_ascii_case(&digest::sha256(bytes).await),
            None => false,
        };
        let bytes = match cached {
            Some(bytes) if intact => bytes,
            _ => {
                let mut progress = |loaded| report(LoadStage::Download, loaded, total, false);
                let bytes = fetch::bytes(&url, total, &signal, &mut progress).await?;
                report(LoadStage::Verify, total, total, false);
                if !file.sha256.eq_ignore_ascii_case(&digest::sha256(&bytes).await) {
                    return Err(BrowserError::HashMismatch { url }.into());
                }
                store::write(&url, &bytes).await;
                bytes
            }
        };
        report(LoadStage::Unpack, total, total, intact);
        pause(&signal).await?;
        let model = Model::from_gguf_with_sha256(&bytes, file.sha256.to_ascii_lowercase())
            .map_err(BrowserError::from)?;
        Ok(Self { inner: assessment::Assessor::new(model) })
    }

    /// The rubric inside the model file, in its JSON form.
    pub fn rubric(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.model().rubric)
    }

    /// `{id, sha256, bytes, layers, hidden, vocabulary}`.
    pub fn model(&self) -> Result<JsValue, JsValue> {
        let model = self.inner.model();
        let config = model.encoder.config();
        to_js(&ModelInfo {
            id: &model.id,
            sha256: &model.sha256,
            bytes: model.bytes,
            layers: config.num_hidden_layers,
            hidden: config.hidden_size,
            vocabulary: config.vocab_size,
        })
    }

    /// Assesses a text; offsets in the result are UTF-16 code units. `on_progress` is called with `{done, total}`
    /// after each window, and `signal` is heard between windows.
    ///
    /// Rejects with `{code, message, detail}`.
    pub async fn assess(
        &self,
        text: String,
        on_progress: Function,
        signal: AbortSignal,
    ) -> Result<JsValue, JsValue> {
        let begin = now();
        let mut reading = self.inner.begin(&text).map_err(BrowserError::from)?;
        let read = now();
        let total = reading.length().windows;
        loop {
            let done = reading.encoded();
            call(&on_progress, &AssessProgress { done, total });
            pause(&signal).await?;
            let encoder = &self.inner.model().encoder;
            if !reading.encode_next(encoder).map_err(BrowserError::from)? {
                break;
            }
        }
        let encoded = now();
        let mut assessment = self.inner.finish(&reading).map_err(BrowserError::from)?;
        let end = now();
        assessment.timings = assessment::Timings {
            text_ms: read - begin,
            encode_ms: encoded - read,
            score_ms: end - encoded,
            total_ms: end - begin,
        };
        to_js(&assessment.with_utf16_offsets(&text))
    }
}

/// Erases the model files kept in Cache Storage.
#[wasm_bindgen]
pub async fn forget_models() -> Result<(), JsValue> {
    store::clear().await;
    Ok(())
}

/// A panic is a bug; its message would otherwise be lost, for the worker only sees a trap.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| gloo::console::error!(panic.to_string())));
}

async fn manifest(url: &str, signal: &AbortSignal) -> Result<Manifest, BrowserError> {
    let bytes = store::manifest(url, signal).await?;
    let invalid = |problem: String| BrowserError::ManifestInvalid { url: url.to_owned(), problem };
    // The version is looked at first: another version may have other fields.
    let json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| invalid(e.to_string()))?;
    let found = json["format"].as_u64();
    match found {
        Some(found) if found != u64::from(FORMAT_VERSION) => {
            Err(BrowserError::ModelVersion { found, supported: FORMAT_VERSION })
        }
        Some(_) => serde_json::from_value(json).map_err(|e| invalid(e.to_string())),
        None => Err(invalid("no number `format`".to_owned())),
    }
}

fn model_file<'a>(manifest: &'a Manifest, url: &str) -> Result<&'a ManifestFile, BrowserError> {
    let found = manifest.files.iter().find(|f| f.name == MODEL_FILE);
    found.ok_or_else(|| BrowserError::ManifestInvalid {
        url: url.to_owned(),
        problem: format!("no file named {MODEL_FILE}"),
    })
}

/// Lets the worker hear its messages, and stops here if one of them was a cancel.
async fn pause(signal: &AbortSignal) -> Result<(), BrowserError> {
    TimeoutFuture::new(0).await;
    if signal.aborted() {
        return Err(BrowserError::Cancelled);
    }
    Ok(())
}

fn worker() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds since the worker started.
fn now() -> f64 {
    worker().performance().map_or(0.0, |clock| clock.now())
}

/// Maps and bytes as plain JavaScript values, as `JSON.parse` would give them.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|e| BrowserError::Internal(e.to_string()).into())
}

/// Tells the page; a listener that throws must not stop the work.
fn call(listener: &Function, progress: &impl Serialize) {
    if let Ok(progress) = to_js(progress) {
        let _ = listener.call1(&JsValue::NULL, &progress);
    }
}
