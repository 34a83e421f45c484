//! Model files kept in Cache Storage, so that the next visit needs no network. Nothing of the user's is kept here.
//!
//! Best effort: where there is no Cache Storage (a page served over plain http) or no room, files are fetched anew.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Cache, CacheStorage, Response};

use super::error::BrowserError;
use super::fetch::{self, Source};

const CACHE: &str = "salesmirror-models";

/// The kept file. Whether it is whole is the caller's to check.
pub async fn read(url: &str) -> Option<Uint8Array> {
    let read = async {
        let cache = cache().await?;
        let found = JsFuture::from(cache.match_with_str(url)).await?;
        let response: Response = found.dyn_into()?;
        let buffer = JsFuture::from(response.array_buffer()?).await?;
        Ok::<_, JsValue>(Uint8Array::new(&buffer))
    };
    read.await.ok()
}

/// Keeps a file.
pub async fn write(url: &str, bytes: &Uint8Array) {
    let put = async {
        let response = Response::new_with_opt_js_u8_array(Some(bytes))?;
        let cache = cache().await?;
        JsFuture::from(cache.put_with_str(url, &response)).await
    };
    let _: Result<JsValue, JsValue> = put.await;
}

/// The manifest from the network, for it may have changed; without a network, the kept one.
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

/// Erases everything kept.
pub async fn clear() {
    if let Ok(storage) = storage() {
        let _ = JsFuture::from(storage.delete(CACHE)).await;
    }
}

async fn cache() -> Result<Cache, JsValue> {
    Ok(JsFuture::from(storage()?.open(CACHE)).await?.unchecked_into())
}

fn storage() -> Result<CacheStorage, JsValue> {
    let worker = super::worker();
    if !Reflect::has(&worker, &JsValue::from_str("caches"))? {
        return Err(JsValue::from_str("no Cache Storage outside a secure context"));
    }
    worker.caches()
}
