//! What is allocated. After the first window, the encoder allocates only its result, and nothing in proportion to its layers or
//! to the square of the tokens; and a text takes memory in proportion to its length.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use salesmirror::Assessor;
use salesmirror::assessment::Reading;
use salesmirror::model::Model;
use salesmirror::text::Whose;

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

/// Each test holds it from beginning to end: what another test allocates beside its own measurements would be counted too.
static ALONE: Mutex<()> = Mutex::new(());

/// Counts the bytes that some work requests.
fn allocated<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = BYTES.load(Ordering::Relaxed);
    let result = work();
    (BYTES.load(Ordering::Relaxed) - before, result)
}

#[test]
fn a_warm_encoder_allocates_only_its_result() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, encoder) = allocated(|| Model::from_gguf(&common::shipped_file()).unwrap().encoder);
    let ids: Vec<u32> = (0..256).map(|i| i * 91 % 20_000).collect();
    allocated(|| encoder.forward(&[&ids]).unwrap());
    let (allocated, states) = allocated(|| encoder.forward(&[&ids]).unwrap());
    let result = states.elem_count() * size_of::<f32>();
    // The ids as a tensor, and candle's own bookkeeping, come on top of the result.
    assert!(allocated < result + 16 * 1024, "{allocated} bytes were allocated for a result of {result}");
}

/// Work that grows with the square of a text shows in the memory that it asks for: masks, batches, and copies of what is left.
#[test]
fn a_text_takes_memory_in_proportion_to_its_length() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, assessor) = allocated(|| Assessor::from_gguf(&common::tiny_model_file()).unwrap());
    let hidden = assessor.model().encoder.config().hidden_size;
    for unit in ["Sold.\n\n", "I sold. ", "a\n", "\n", "a", "> Sold.\n", "Rep: Yes.\nBuyer: No.\n", "-- \n"] {
        let assess = |length: usize| {
            let text = format!("I called.\n\n{}", unit.repeat(length / unit.len()));
            let work = || {
                let mut reading = assessor.begin(&text, &Whose::default(), &[]).unwrap();
                // What encoding takes follows from the number of windows.
                let encode = |reading: &mut Reading| {
                    for window in reading.missing() {
                        let pieces = reading.windows()[window].lengths().len();
                        reading.fill(window, vec![0.0; pieces * hidden]).unwrap();
                    }
                };
                encode(&mut reading);
                while !assessor.reread(&mut reading).unwrap() {
                    encode(&mut reading);
                }
                assessor.finish(&reading).unwrap()
            };
            allocated(work).0
        };
        let [one, two] = [20_000, 40_000].map(assess);
        println!("{unit:?}: {one} and {two} bytes");
        assert!(two * 2 < one * 5, "{unit:?}: {one} bytes, and {two} for twice the text");
    }
}
