//! Any file is a manifest or refused, and a manifest survives being written and read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror::model::Manifest;

fuzz_target!(|file: &[u8]| {
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(file) {
        let written = serde_json::to_vec(&manifest).expect("a manifest has a JSON form");
        assert_eq!(serde_json::from_slice::<Manifest>(&written).expect("it can be read"), manifest);
    }
});
