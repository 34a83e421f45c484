//! Computes SHA-256. The browser does it if it can (only in secure contexts), about twenty times as fast as wasm.

use js_sys::{Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::model;

/// How many bytes are copied into wasm memory and hashed at a time if the browser cannot do it.
const PIECE: u32 = 1 << 16;

/// Returns the SHA-256 of some bytes in hexadecimal.
pub async fn sha256(bytes: &Uint8Array) -> String {
    match by_browser(bytes).await {
        Ok(digest) => model::hex(&digest),
        Err(_) => {
            let mut digest = Sha256::new();
            for start in (0..bytes.length()).step_by(PIECE as usize) {
                digest.update(bytes.subarray(start, (start + PIECE).min(bytes.length())).to_vec());
            }
            model::hex(&digest.finalize())
        }
    }
}

async fn by_browser(bytes: &Uint8Array) -> Result<Vec<u8>, JsValue> {
    let crypto = super::worker().crypto()?;
    if !Reflect::get(&crypto, &JsValue::from_str("subtle"))?.is_object() {
        return Err(JsValue::from_str("SubtleCrypto exists in secure contexts only"));
    }
    let digest = crypto.subtle().digest_with_str_and_buffer_source("SHA-256", bytes)?;
    Ok(Uint8Array::new(&JsFuture::from(digest).await?).to_vec())
}
