//! Any text is assessed or refused, whatever its reader says and objects to, and the promises of an assessment hold. The
//! model is a small one: the shipped one would read about one text a second here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror_fuzz::{SMALL, assess, compile_patterns};

fuzz_target!(init: compile_patterns(), |input: &str| assess(&SMALL, input));
