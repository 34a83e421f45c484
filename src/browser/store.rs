//! Keeps model files in Cache Storage, so that the next visit needs no network. Nothing that a user writes is kept
//! here.
//!
//! Without Cache Storage (on a page served over plain http) or without room in it, files are fetched again.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Cache, CacheStorage, Response};

use super::error::BrowserError;
use super::fetch::{self, Source};

const CACHE: &str = "salesmirror-models";

/// Returns a kept file. The caller checks that it is intact.
pub async fn read(url: &str) -> Option<Uint8Array> {
    let read = async {
        let cache = cache().await?;
        let found = JsFuture::from(cache.match_with_str(url)).await?;
        let response: Response = found.dyn_into()?;
        let buffer = JsFuture::from(response.array_buffer()?).await?;
        Ok::<_, JsValue>(Uint8Array::new(&buffer))
    };
    // A browser whose storage does not answer is treated like one without.
    fetch::in_time(url, read).await.ok()?.ok()
}

/// Keeps a file. A failure is ignored, because the file can be fetched again.
pub async fn write(url: &str, bytes: &Uint8Array) {
    let put = async {
        let response = Response::new_with_opt_js_u8_array(Some(bytes))?;
        let cache = cache().await?;
        JsFuture::from(cache.put_with_str(url, &response)).await
    };
    let _: Result<JsValue, JsValue> = put.await;
}

/// Fetches the manifest, which may have changed since the last visit; without a network, returns the kept one.
pub async fn manifest(url: &str, source: &Source) -> Result<Vec<u8>, BrowserError> {
    match fetch::small(url, source).await {
        Ok(bytes) => {
            let (url, kept) = (url.to_owned(), Uint8Array::from(&bytes[..]));
            spawn_local(async move { write(&url, &kept).await });
            Ok(bytes)
        }
        Err(error @ (BrowserError::Network { .. } | BrowserError::Stalled { .. })) => {
            read(url).await.map(|bytes| bytes.to_vec()).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

async fn cache() -> Result<Cache, JsValue> {
    Ok(JsFuture::from(storage()?.open(CACHE)).await?.unchecked_into())
}

fn storage() -> Result<CacheStorage, JsValue> {
    let worker = super::worker();
    if !Reflect::has(&worker, &JsValue::from_str("caches"))? {
        return Err(JsValue::from_str("Cache Storage exists in secure contexts only"));
    }
    worker.caches()
}
