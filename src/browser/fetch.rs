//! Fetches files from the page's own origin, with progress, cancellation, and a limit on how long a server may be
//! silent.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};
use gloo::net::http::Response;
use gloo::timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, Url};

use super::error::BrowserError;

/// How long to wait for a server that sends nothing.
const STALL_SECONDS: u32 = 30;

/// The size of the largest file that is fetched. No model is larger, so a manifest that states a larger size is wrong.
const MAX_BYTES: u64 = 512 << 20;

/// Returns the URL of a file that is in the same directory as `base`.
pub fn beside(base: &str, name: &str) -> Result<String, BrowserError> {
    let page = super::worker().location().href();
    let base_url = Url::new_with_base(base, &page).map(|url| url.href());
    base_url.and_then(|base| Url::new_with_base(name, &base)).map(|url| url.href()).map_err(|_| {
        BrowserError::ManifestInvalid { url: base.to_owned(), problem: format!("{name} is not a file name") }
    })
}

/// How files are requested.
pub struct Source {
    /// The worker's function that takes a URL and returns a promise of a Response. It may have sent the request before
    /// the wasm was compiled.
    pub open: Function,
    /// Cancels requests.
    pub signal: AbortSignal,
}

/// Fetches a small file of unknown size.
pub async fn small(url: &str, source: &Source) -> Result<Vec<u8>, BrowserError> {
    let response = open(url, source).await?;
    let bytes = in_time(url, response.binary()).await?;
    bytes.map_err(|e| broken(url, source, &e.to_string()))
}

/// Fetches a file of `expected` bytes, and calls `progress` with the number of bytes received.
pub async fn bytes(
    url: &str,
    expected: u64,
    source: &Source,
    progress: &mut dyn FnMut(u64),
) -> Result<Uint8Array, BrowserError> {
    if expected > MAX_BYTES {
        return Err(BrowserError::ManifestInvalid {
            url: url.to_owned(),
            problem: format!("the file would have {expected} bytes, but at most {MAX_BYTES} are allowed"),
        });
    }
    let response = open(url, source).await?;
    let stream = response.body().ok_or_else(|| broken(url, source, "the answer has no body"))?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    // The buffer has its final size from the beginning, so that it is never copied to grow.
    let bytes = Uint8Array::new_with_length(expected as u32);
    let mut received = 0;
    let incomplete = |received: u32| BrowserError::Incomplete {
        url: url.to_owned(),
        received: u64::from(received),
        expected,
    };
    progress(0);
    loop {
        let read = in_time(url, JsFuture::from(reader.read())).await?;
        let Ok(chunk) = read else {
            // The connection broke, or the caller cancelled.
            return Err(if source.signal.aborted() { BrowserError::Cancelled } else { incomplete(received) });
        };
        let get = |key: &str| Reflect::get(&chunk, &JsValue::from_str(key)).unwrap_or_default();
        if get("done").is_truthy() {
            break;
        }
        let chunk: Uint8Array = get("value").unchecked_into();
        if chunk.length() > bytes.length() - received {
            return Err(BrowserError::HashMismatch { url: url.to_owned() });
        }
        bytes.set(&chunk, received);
        received += chunk.length();
        progress(u64::from(received));
    }
    if received < bytes.length() {
        return Err(incomplete(received));
    }
    Ok(bytes)
}

/// Requests a file and waits for the headers of the response.
async fn open(url: &str, source: &Source) -> Result<Response, BrowserError> {
    if source.signal.aborted() {
        return Err(BrowserError::Cancelled);
    }
    let failed = |e: JsValue| {
        let error: &js_sys::Error = e.unchecked_ref();
        broken(url, source, &String::from(error.message()))
    };
    let answer = source.open.call1(&JsValue::NULL, &JsValue::from_str(url)).map_err(failed)?;
    let response = in_time(url, JsFuture::from(Promise::resolve(&answer))).await?.map_err(failed)?;
    let response = Response::from(response.unchecked_into::<web_sys::Response>());
    if !response.ok() {
        return Err(BrowserError::NotFound { url: url.to_owned(), status: response.status() });
    }
    Ok(response)
}

/// Returns the error of a request that broke off, which is [`BrowserError::Cancelled`] if the caller cancelled it.
fn broken(url: &str, source: &Source, problem: &str) -> BrowserError {
    if source.signal.aborted() {
        return BrowserError::Cancelled;
    }
    BrowserError::Network { url: url.to_owned(), problem: problem.to_owned() }
}

/// Waits for some work, but no longer than [`STALL_SECONDS`].
async fn in_time<T>(url: &str, work: impl Future<Output = T>) -> Result<T, BrowserError> {
    let limit = TimeoutFuture::new(STALL_SECONDS * 1000);
    match select(pin!(work), limit).await {
        Either::Left((result, _)) => Ok(result),
        Either::Right(_) => Err(BrowserError::Stalled { url: url.to_owned(), seconds: STALL_SECONDS }),
    }
}
