//! Files from the page's own origin, with progress, a limit on silence, and a cancel.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};
use gloo::net::http::{Request, Response};
use gloo::timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, RequestMode, Url};

use super::error::BrowserError;

/// A server that sends nothing for so long is given up.
const STALL_SECONDS: u32 = 30;

/// No model is larger; a manifest that says so is wrong.
const MAX_BYTES: u64 = 512 << 20;

/// The URL of a file that lies beside the one at `base`.
pub fn beside(base: &str, name: &str) -> Result<String, BrowserError> {
    let page = super::worker().location().href();
    let base_url = Url::new_with_base(base, &page).map(|url| url.href());
    base_url.and_then(|base| Url::new_with_base(name, &base)).map(|url| url.href()).map_err(|_| {
        BrowserError::ManifestInvalid { url: base.to_owned(), problem: format!("{name} is no file name") }
    })
}

/// A file of unknown size, small.
pub async fn small(url: &str, signal: &AbortSignal) -> Result<Vec<u8>, BrowserError> {
    let response = open(url, signal).await?;
    let bytes = in_time(url, response.binary()).await?;
    bytes.map_err(|e| broken(url, signal, &e.to_string()))
}

/// A file of `expected` bytes; `progress` hears how many have come.
pub async fn bytes(
    url: &str,
    expected: u64,
    signal: &AbortSignal,
    progress: &mut dyn FnMut(u64),
) -> Result<Vec<u8>, BrowserError> {
    if expected > MAX_BYTES {
        return Err(BrowserError::ManifestInvalid {
            url: url.to_owned(),
            problem: format!("a size of {expected} bytes"),
        });
    }
    let response = open(url, signal).await?;
    let stream = response.body().ok_or_else(|| broken(url, signal, "no body"))?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut received = Vec::with_capacity(expected as usize);
    let incomplete = |received: &Vec<u8>| BrowserError::Incomplete {
        url: url.to_owned(),
        received: received.len() as u64,
        expected,
    };
    progress(0);
    loop {
        let read = in_time(url, JsFuture::from(reader.read())).await?;
        let Ok(chunk) = read else {
            // The connection broke, or the caller cancelled.
            return Err(if signal.aborted() { BrowserError::Cancelled } else { incomplete(&received) });
        };
        let get = |key: &str| Reflect::get(&chunk, &JsValue::from_str(key)).unwrap_or_default();
        if get("done").is_truthy() {
            break;
        }
        let chunk: Uint8Array = get("value").unchecked_into();
        if received.len() as u64 + u64::from(chunk.length()) > expected {
            return Err(BrowserError::HashMismatch { url: url.to_owned() });
        }
        received.extend(chunk.to_vec());
        progress(received.len() as u64);
    }
    if (received.len() as u64) < expected {
        return Err(incomplete(&received));
    }
    Ok(received)
}

/// Never leaves the origin, not even by a redirect.
async fn open(url: &str, signal: &AbortSignal) -> Result<Response, BrowserError> {
    let request = Request::get(url).mode(RequestMode::SameOrigin).abort_signal(Some(signal));
    let response = in_time(url, request.send()).await?.map_err(|e| broken(url, signal, &e.to_string()))?;
    if !response.ok() {
        return Err(BrowserError::NotFound { url: url.to_owned(), status: response.status() });
    }
    Ok(response)
}

fn broken(url: &str, signal: &AbortSignal, problem: &str) -> BrowserError {
    if signal.aborted() {
        return BrowserError::Cancelled;
    }
    BrowserError::Network { url: url.to_owned(), problem: problem.to_owned() }
}

async fn in_time<T>(url: &str, work: impl Future<Output = T>) -> Result<T, BrowserError> {
    let limit = TimeoutFuture::new(STALL_SECONDS * 1000);
    match select(pin!(work), limit).await {
        Either::Left((result, _)) => Ok(result),
        Either::Right(_) => Err(BrowserError::Stalled { url: url.to_owned(), seconds: STALL_SECONDS }),
    }
}
