//! The wasm-bindgen interface for the page's workers: load a model, read a text, encode its windows, assess it.
//!
//! This module owns what exists only in a browser: fetching with progress, Cache Storage, and conversion to and from
//! JavaScript values. Starting workers, distributing windows among them, cancelling, and all text that a person reads are
//! left to `www`.
//!
//! | module | what it owns |
//! |---|---|
//! | `fetch` | files from the network |
//! | `store` | model files kept in Cache Storage |
//! | `digest` | SHA-256 by the browser |
//! | `file` | reading a file in JavaScript's memory |
//! | `error` | failures as the page receives them |

mod digest;
mod error;
mod fetch;
mod file;
mod store;

use gloo::timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortSignal, WorkerGlobalScope};

use crate::assessment::{self, Objection, TokenWindow, WindowMemory};
use crate::model::{self, FORMAT_VERSION, Manifest, ManifestFile, Model};
use crate::text::{Utf16Offsets, Whose};
use error::BrowserError;
use fetch::{Fetched, Source};

/// The name of the model file in a model directory.
const MODEL_FILE: &str = "model.gguf";

/// The progress of loading a model.
#[derive(Clone, Copy, Serialize)]
struct LoadProgress {
    stage: LoadStage,
    /// The number of bytes received.
    loaded: u64,
    /// The number of bytes in the whole file.
    total: u64,
    /// Whether the model comes from Cache Storage rather than from the network.
    cached: bool,
}

/// The steps of loading a model, in order.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum LoadStage {
    Manifest,
    Download,
    Verify,
    Unpack,
}

/// A loaded model, in the worker that reads and assesses texts.
#[wasm_bindgen]
pub struct Assessor {
    inner: assessment::Assessor,
    memory: WindowMemory,
    /// The model file, until [`Self::take_file`] gives it away.
    file: Option<Uint8Array>,
    /// The model file with its URL if it came from the network, until [`Self::keep_file`] keeps it.
    unkept: Option<(String, Uint8Array)>,
}

#[wasm_bindgen]
impl Assessor {
    /// Loads the model that the manifest at `manifest_url` names: from Cache Storage if it is there with the right
    /// hash, and otherwise by `open`, a function from a URL, the number of bytes to leave out, and the ETag that the file must
    /// have for that (both may be undefined) to a promise of a Response. `claim`, a function to a promise, is waited for
    /// before that, so that not every tab downloads the file. Calls `on_progress` with `{stage, loaded, total, cached}`.
    /// Rejects with `{code, message, detail}`.
    pub async fn load(
        manifest_url: String,
        open: Function,
        claim: Function,
        on_progress: Function,
        signal: AbortSignal,
    ) -> Result<Assessor, JsValue> {
        log_panics();
        let report = |stage, loaded, total, cached| {
            let progress = LoadProgress { stage, loaded, total, cached };
            call(&on_progress, &progress)
        };
        report(LoadStage::Manifest, 0, 0, false);
        let source = Source { open, signal };
        let manifest = manifest(&manifest_url, &source).await?;
        let file = model_file(&manifest, &manifest_url)?;
        let url = fetch::beside(&manifest_url, &file.name)?;
        let total = file.size;

        if let Ok(claimed) = claim.call0(&JsValue::NULL) {
            // Without the claim, the file is at worst fetched twice.
            let _ = JsFuture::from(Promise::resolve(&claimed)).await;
        }
        let cached = store::read(&url).await;
        let intact = match &cached {
            Some(bytes) => file.sha256.eq_ignore_ascii_case(&digest::sha256(bytes).await),
            None => false,
        };
        let bytes = match cached {
            Some(bytes) if intact => bytes,
            _ => download(&url, file, &source, &report).await?,
        };
        report(LoadStage::Unpack, total, total, intact);
        pause(&source.signal).await?;
        let model = Model::read(file::reader(&bytes), file.sha256.to_ascii_lowercase());
        let inner = assessment::Assessor::new(model.map_err(BrowserError::from)?);
        let unkept = (!intact).then(|| (url, bytes.clone()));
        Ok(Self { inner, memory: WindowMemory::default(), file: Some(bytes), unkept })
    }

    /// Keeps the model file for the next visit, if it came from the network. Returns a promise that is fulfilled when that
    /// is done or has failed: it takes a while, and nothing needs to wait for it.
    pub fn keep_file(&mut self) -> Promise {
        let unkept = self.unkept.take();
        future_to_promise(async move {
            if let Some((url, bytes)) = unkept {
                store::write(&url, &bytes).await;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Gives away the model file, for [`Encoder::new`] in other workers. Later calls return nothing.
    pub fn take_file(&mut self) -> Option<Uint8Array> {
        self.file.take()
    }

    /// Returns the rubric inside the model file, in its JSON form.
    pub fn rubric(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.model().rubric)
    }

    /// Returns `{id, sha256, bytes, layers, hidden, vocabulary}`.
    pub fn model(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.model().info())
    }

    /// Splits a text into windows. Windows that are remembered from earlier texts need not be encoded again. `whose` says whose
    /// words count: `{speaker, whole, quoted, account}`, all optional, or undefined. `objections` says what is no evidence: a list of
    /// `{competency, start, end}` in UTF-16 code units, or undefined. Throws `{code, message, detail}`.
    pub fn begin(&mut self, text: String, whose: JsValue, objections: JsValue) -> Result<Reading, JsValue> {
        let begin = now();
        let whose: Whose = from_js(whose, "whose words count")?;
        let objections: Vec<Objection> = from_js(objections, "what is no evidence")?;
        let objections = if objections.is_empty() {
            objections
        } else {
            let offsets = Utf16Offsets::new(&text);
            objections.into_iter().filter_map(|objection| objection.with_byte_offsets(&offsets)).collect()
        };
        let mut inner = self.inner.begin(&text, &whose, &objections).map_err(BrowserError::from)?;
        self.memory.recall(&mut inner);
        Ok(Reading { inner, text, begin, read: now() })
    }

    /// Encodes a window, given by [`Reading::ids`] and [`Reading::lengths`], and returns the sums of the token vectors
    /// of its pieces, `[pieces, hidden]`, for [`Reading::fill`]. Throws `{code, message, detail}`.
    pub fn encode(&self, ids: Vec<u32>, lengths: Vec<u32>) -> Result<Vec<f32>, JsValue> {
        encode(&self.inner.model().encoder, ids, lengths)
    }

    /// Goes on with a text whose windows are all encoded: parts of it may have to be read alone, and the rest without those that are
    /// refused. Returns how many windows must be encoded before it is called again; 0 when the text can be assessed. Throws
    /// `{code, message, detail}`.
    pub fn reread(&mut self, reading: &mut Reading) -> Result<usize, JsValue> {
        loop {
            let done = self.inner.reread(&mut reading.inner).map_err(BrowserError::from)?;
            self.memory.recall(&mut reading.inner);
            let missing = reading.inner.missing().len();
            if done || missing > 0 {
                return Ok(missing);
            }
        }
    }

    /// Remembers a window of a reading that was encoded.
    pub fn keep(&mut self, reading: &Reading, window: usize) {
        self.memory.keep_window(&reading.inner, window);
    }

    /// Assesses a text for which [`Self::reread`] has returned 0. Offsets in the result count UTF-16 code units. Throws
    /// `{code, message, detail}`.
    pub fn finish(&self, reading: &Reading) -> Result<JsValue, JsValue> {
        let encoded = now();
        let mut assessment = self.inner.finish(&reading.inner).map_err(BrowserError::from)?;
        let end = now();
        assessment.timings = assessment::Timings {
            text_ms: reading.read - reading.begin,
            encode_ms: encoded - reading.read,
            score_ms: end - encoded,
            total_ms: end - reading.begin,
        };
        to_js(&assessment.with_utf16_offsets(&reading.text))
    }
}

/// A text, some of whose windows are encoded.
#[wasm_bindgen]
pub struct Reading {
    inner: assessment::Reading,
    text: String,
    /// When reading began, in milliseconds.
    begin: f64,
    /// When the text was split into windows, in milliseconds.
    read: f64,
}

#[wasm_bindgen]
impl Reading {
    /// Number of windows.
    #[wasm_bindgen(getter)]
    pub fn windows(&self) -> usize {
        self.inner.windows().len()
    }

    /// Indices of the windows that are not encoded yet.
    pub fn missing(&self) -> Vec<usize> {
        self.inner.missing()
    }

    /// Token ids of a window; empty if there is no window of that index.
    pub fn ids(&self, window: usize) -> Vec<u32> {
        self.inner.windows().get(window).map_or_else(Vec::new, |window| window.ids().to_vec())
    }

    /// Number of tokens of each piece of a window; empty if there is no window of that index.
    pub fn lengths(&self, window: usize) -> Vec<u32> {
        self.inner.windows().get(window).map_or_else(Vec::new, |window| window.lengths().to_vec())
    }

    /// Stores the result of encoding a window. Throws `{code, message, detail}`.
    pub fn fill(&mut self, window: usize, sums: Vec<f32>) -> Result<(), JsValue> {
        self.inner.fill(window, sums).map_err(|e| BrowserError::Internal(e.to_string()).into())
    }
}

/// The encoder alone, in a worker that helps with encoding.
#[wasm_bindgen]
pub struct Encoder(model::Encoder);

#[wasm_bindgen]
impl Encoder {
    /// Reads the encoder from the bytes of a model file. Throws `{code, message, detail}`.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &Uint8Array) -> Result<Encoder, JsValue> {
        log_panics();
        Ok(Self(model::Encoder::read(file::reader(file)).map_err(BrowserError::from)?))
    }

    /// Does the same as [`Assessor::encode`].
    pub fn encode(&self, ids: Vec<u32>, lengths: Vec<u32>) -> Result<Vec<f32>, JsValue> {
        encode(&self.0, ids, lengths)
    }
}

fn encode(encoder: &model::Encoder, ids: Vec<u32>, lengths: Vec<u32>) -> Result<Vec<f32>, JsValue> {
    let window = TokenWindow::new(ids, lengths).map_err(|e| BrowserError::Internal(e.to_string()))?;
    let sums = assessment::encode(encoder, &[&window]).map_err(BrowserError::from)?;
    Ok(sums.concat())
}

/// Returns the compiled wasm module, for other workers.
#[wasm_bindgen]
pub fn compiled_module() -> JsValue {
    wasm_bindgen::module()
}

/// Logs panics to the console. A panic is a bug, and the worker sees only a trap without a message.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| gloo::console::error!(panic.to_string())));
}

/// Fetches a file and checks its SHA-256. If its parts come from several transfers and do not fit together, it is fetched as
/// a whole.
async fn download(
    url: &str,
    file: &ManifestFile,
    source: &Source,
    report: &impl Fn(LoadStage, u64, u64, bool),
) -> Result<Uint8Array, BrowserError> {
    loop {
        let mut progress = |loaded| report(LoadStage::Download, loaded, file.size, false);
        let Fetched { bytes, continued } = fetch::bytes(url, file.size, source, &mut progress).await?;
        report(LoadStage::Verify, file.size, file.size, false);
        if file.sha256.eq_ignore_ascii_case(&digest::sha256(&bytes).await) {
            return Ok(bytes);
        }
        if !continued {
            return Err(BrowserError::HashMismatch { url: url.to_owned() });
        }
    }
}

async fn manifest(url: &str, source: &Source) -> Result<Manifest, BrowserError> {
    let bytes = store::manifest(url, source).await?;
    let invalid = |problem: String| BrowserError::ManifestInvalid { url: url.to_owned(), problem };
    // The version is checked first, because another version may have other fields.
    let json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| invalid(e.to_string()))?;
    let found = json["format"].as_u64();
    match found {
        Some(found) if found != u64::from(FORMAT_VERSION) => {
            Err(BrowserError::ModelVersion { found, supported: FORMAT_VERSION })
        }
        Some(_) => serde_json::from_value(json).map_err(|e| invalid(e.to_string())),
        None => Err(invalid("it has no number `format`".to_owned())),
    }
}

fn model_file<'a>(manifest: &'a Manifest, url: &str) -> Result<&'a ManifestFile, BrowserError> {
    let found = manifest.files.iter().find(|f| f.name == MODEL_FILE);
    found.ok_or_else(|| BrowserError::ManifestInvalid {
        url: url.to_owned(),
        problem: format!("it lists no file named {MODEL_FILE}"),
    })
}

/// Lets the worker receive its messages, and fails if one of them was a cancellation.
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

/// Returns the time in milliseconds since the worker started.
fn now() -> f64 {
    worker().performance().map_or(0.0, |clock| clock.now())
}

/// Reads a value that the page gave; `undefined` stands for the default. `what` is named where it cannot be read.
fn from_js<T: DeserializeOwned + Default>(value: JsValue, what: &str) -> Result<T, JsValue> {
    let value: Option<T> = serde_wasm_bindgen::from_value(value)
        .map_err(|e| BrowserError::Internal(format!("{what} was not said as it must be: {e}")))?;
    Ok(value.unwrap_or_default())
}

/// Converts a value to the plain JavaScript value that `JSON.parse` would give for it.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|e| BrowserError::Internal(e.to_string()).into())
}

/// Calls the page's listener. A listener that throws does not stop the work.
fn call(listener: &Function, progress: &impl Serialize) {
    if let Ok(progress) = to_js(progress) {
        let _ = listener.call1(&JsValue::NULL, &progress);
    }
}
