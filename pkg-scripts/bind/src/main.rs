//! Generates the JavaScript bindings of a wasm module, as `wasm-bindgen --target web` does.
//!
//! This binary takes the place of wasm-bindgen's command line tool, whose web server and HTTP client take minutes to
//! compile. The library that does the work is the same.

use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, out_dir, out_name] = arguments.as_slice() else {
        return Err("usage: salesmirror-bind MODULE OUT_DIR OUT_NAME".into());
    };
    // These are the command line tool's defaults, which differ from the library's.
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.typescript(true).omit_default_module_path(false);
    bindgen.input_path(module).out_name(out_name).generate(out_dir)?;
    Ok(())
}
