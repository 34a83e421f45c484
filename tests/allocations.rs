//! After the first window, the encoder allocates only its result, and nothing in proportion to its layers or to the
//! square of the tokens.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use salesmirror::model::Model;

/// An allocator that counts the bytes requested.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all calls are passed on to the system's allocator.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_warm_encoder_allocates_only_its_result() {
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/default/model.gguf")).unwrap();
    let encoder = Model::from_gguf(&file).unwrap().encoder;
    let ids: Vec<u32> = (0..256).map(|i| i * 91 % 20_000).collect();
    encoder.forward(&[&ids]).unwrap();
    let before = BYTES.load(Ordering::Relaxed);
    let states = encoder.forward(&[&ids]).unwrap();
    let allocated = BYTES.load(Ordering::Relaxed) - before;
    let result = states.elem_count() * size_of::<f32>();
    // The ids as a tensor, and candle's own bookkeeping, come on top of the result.
    assert!(allocated < result + 16 * 1024, "{allocated} bytes were allocated for a result of {result}");
}
