//! Fetches files from the page's own origin, with progress, cancellation, and a limit on how long a server may be
//! silent. A transfer that broke off is continued where the server allows it.

use std::cell::RefCell;
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

/// How often a transfer that breaks off is continued before that is reported.
const CONTINUATIONS: u32 = 2;

/// How long to wait before a transfer is continued.
const PAUSE_MILLISECONDS: u32 = 1000;

thread_local! {
    /// What arrived of a file before its transfer failed, for the next attempt.
    static UNFINISHED: RefCell<Option<Transfer>> = const { RefCell::new(None) };
}

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
    /// The worker's function from a URL to a promise of a Response. It may have sent the request before the wasm was
    /// compiled. Where a part of the file is here, it also takes the number of bytes to leave out, and the ETag that the
    /// file must still have, or undefined.
    pub open: Function,
    /// Cancels requests.
    pub signal: AbortSignal,
}

/// Fetches a small file of unknown size.
pub async fn small(url: &str, source: &Source) -> Result<Vec<u8>, BrowserError> {
    let response = usable(url, open(url, source, None).await?)?;
    let bytes = in_time(url, response.binary()).await?;
    bytes.map_err(|e| broken(url, source, &e.to_string()))
}

/// A file that was fetched.
pub struct Fetched {
    pub bytes: Uint8Array,
    /// Whether its parts come from several transfers, between which the file may have changed.
    pub continued: bool,
}

/// Fetches a file of `expected` bytes, and calls `progress` with the number of bytes received. Continues the transfer that
/// failed before, if there is one of this file.
pub async fn bytes(
    url: &str,
    expected: u64,
    source: &Source,
    progress: &mut dyn FnMut(u64),
) -> Result<Fetched, BrowserError> {
    if expected > MAX_BYTES {
        return Err(BrowserError::ManifestInvalid {
            url: url.to_owned(),
            problem: format!("the file would have {expected} bytes, but at most {MAX_BYTES} are allowed"),
        });
    }
    let unfinished = UNFINISHED.take().filter(|t| t.url == url && u64::from(t.bytes.length()) == expected);
    let mut transfer = unfinished.unwrap_or_else(|| Transfer::new(url, expected as u32));
    let mut continuations = 0;
    loop {
        let before = transfer.received;
        let Err(error) = transfer.receive(source, progress).await else {
            return Ok(Fetched { bytes: transfer.bytes, continued: transfer.continued });
        };
        let broke = matches!(error, BrowserError::Incomplete { .. });
        if broke && transfer.received > before && continuations < CONTINUATIONS {
            continuations += 1;
            TimeoutFuture::new(PAUSE_MILLISECONDS).await;
            continue;
        }
        if !matches!(error, BrowserError::HashMismatch { .. }) && transfer.received > 0 {
            UNFINISHED.set(Some(transfer));
        }
        return Err(error);
    }
}

/// A file of known size, of which a part may be here.
struct Transfer {
    url: String,
    /// The buffer has its final size from the beginning, so that it is never copied to grow.
    bytes: Uint8Array,
    received: u32,
    /// The ETag of the file, if it applies to the bytes as they are stored here.
    tag: Option<String>,
    /// Whether what is here comes from several answers.
    continued: bool,
}

impl Transfer {
    fn new(url: &str, expected: u32) -> Self {
        Self {
            url: url.to_owned(),
            bytes: Uint8Array::new_with_length(expected),
            received: 0,
            tag: None,
            continued: false,
        }
    }

    /// Receives what is missing; all of the file if the server cannot leave out what is here.
    async fn receive(&mut self, source: &Source, progress: &mut dyn FnMut(u64)) -> Result<(), BrowserError> {
        let response = self.request(source).await?;
        let stream = response.body().ok_or_else(|| broken(&self.url, source, "the answer has no body"))?;
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        progress(u64::from(self.received));
        loop {
            let read = in_time(&self.url, JsFuture::from(reader.read())).await?;
            let Ok(chunk) = read else {
                // The connection broke, or the caller cancelled.
                return Err(if source.signal.aborted() {
                    BrowserError::Cancelled
                } else {
                    self.incomplete()
                });
            };
            let get = |key: &str| Reflect::get(&chunk, &JsValue::from_str(key)).unwrap_or_default();
            if get("done").is_truthy() {
                break;
            }
            let chunk: Uint8Array = get("value").unchecked_into();
            if chunk.length() > self.bytes.length() - self.received {
                return Err(BrowserError::HashMismatch { url: self.url.clone() });
            }
            self.bytes.set(&chunk, self.received);
            self.received += chunk.length();
            progress(u64::from(self.received));
        }
        if self.received < self.bytes.length() {
            return Err(self.incomplete());
        }
        Ok(())
    }

    /// Asks for what is missing, and for everything if the answer to that is of no use.
    async fn request(&mut self, source: &Source) -> Result<Response, BrowserError> {
        if self.received > 0 {
            let response = open(&self.url, source, Some(self)).await?;
            if self.is_continuation(&response) {
                self.continued = true;
                return Ok(response);
            }
            self.received = 0;
            self.continued = false;
            if response.status() == 200 {
                return self.begin(response);
            }
        }
        let response = open(&self.url, source, None).await?;
        self.begin(response)
    }

    /// Takes the answer to a request for the whole file.
    fn begin(&mut self, response: Response) -> Result<Response, BrowserError> {
        let response = usable(&self.url, response)?;
        // An ETag is that of the compressed file if it came compressed; a weak one does not promise the same bytes.
        let plain = response.headers().get("Content-Encoding").is_none();
        self.tag = response.headers().get("ETag").filter(|tag| plain && !tag.starts_with("W/"));
        Ok(response)
    }

    /// Whether an answer holds exactly what is missing.
    fn is_continuation(&self, response: &Response) -> bool {
        let (from, total) = (self.received, self.bytes.length());
        let headers = response.headers();
        response.status() == 206
            && headers.get("Content-Encoding").is_none()
            && headers.get("Content-Range").as_deref() == Some(&format!("bytes {from}-{}/{total}", total - 1))
    }

    fn incomplete(&self) -> BrowserError {
        BrowserError::Incomplete {
            url: self.url.clone(),
            received: u64::from(self.received),
            expected: u64::from(self.bytes.length()),
        }
    }
}

/// Requests a file, or what is missing of it, and waits for the headers of the response.
async fn open(url: &str, source: &Source, part: Option<&Transfer>) -> Result<Response, BrowserError> {
    if source.signal.aborted() {
        return Err(BrowserError::Cancelled);
    }
    let failed = |e: JsValue| {
        let error: &js_sys::Error = e.unchecked_ref();
        broken(url, source, &String::from(error.message()))
    };
    let (from, tag) = part.map_or((JsValue::UNDEFINED, JsValue::UNDEFINED), |part| {
        (JsValue::from(part.received), JsValue::from(part.tag.clone()))
    });
    let answer = source.open.call3(&JsValue::NULL, &JsValue::from_str(url), &from, &tag).map_err(failed)?;
    let response = in_time(url, JsFuture::from(Promise::resolve(&answer))).await?.map_err(failed)?;
    Ok(Response::from(response.unchecked_into::<web_sys::Response>()))
}

/// Returns an answer that is the file, or why it is none.
fn usable(url: &str, response: Response) -> Result<Response, BrowserError> {
    let (url, status) = (url.to_owned(), response.status());
    if matches!(status, 404 | 410) {
        return Err(BrowserError::NotFound { url, status });
    }
    if !response.ok() {
        return Err(BrowserError::ServerError { url, status });
    }
    if response.headers().get("Content-Type").is_some_and(|kind| kind.starts_with("text/html")) {
        return Err(BrowserError::WebPage { url });
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

/// Waits for a server's next sign of life, but no longer than [`STALL_SECONDS`].
pub async fn in_time<T>(url: &str, work: impl Future<Output = T>) -> Result<T, BrowserError> {
    let limit = TimeoutFuture::new(STALL_SECONDS * 1000);
    match select(pin!(work), limit).await {
        Either::Left((result, _)) => Ok(result),
        Either::Right(_) => Err(BrowserError::Stalled { url: url.to_owned(), seconds: STALL_SECONDS }),
    }
}
