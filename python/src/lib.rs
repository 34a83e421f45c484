//! The native part of the Python package `salesmirror`: loads a model and assesses texts, one or many at a time, without holding
//! Python's global lock while it computes.
//!
//! This module owns the conversion to and from Python's values and exceptions. Tables are left to `salesmirror/frame.py`. The
//! default model is part of the compiled module, so the package needs no other file.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyList;
use salesmirror::text::Whose;
use salesmirror::{AssessError, assessment};
use serde::Serialize;

/// The model that is loaded if none is named.
static DEFAULT_MODEL: &[u8] = include_bytes!("../../www/models/default/model.gguf");

/// How often a batch looks whether it was interrupted.
const INTERRUPT_INTERVAL: Duration = Duration::from_millis(100);

create_exception!(
    salesmirror,
    SalesMirrorError,
    PyException,
    "Why a model could not be loaded, or a text not be assessed. `code` tells failures apart; the message says what to do."
);
create_exception!(salesmirror, ModelError, SalesMirrorError, "The model cannot be used.");
create_exception!(
    salesmirror,
    TextError,
    SalesMirrorError,
    "The text cannot be assessed: it is empty, too long, or no text."
);

/// Makes an exception with its code.
fn failure<E: pyo3::PyTypeInfo>(py: Python, code: &str, message: String) -> PyErr {
    let error = PyErr::new::<E, _>(message);
    match error.value(py).setattr("code", code) {
        Ok(()) => error,
        Err(problem) => problem,
    }
}

fn model_failure(py: Python, error: &salesmirror::ModelError) -> PyErr {
    failure::<ModelError>(py, error.code(), error.to_string())
}

fn assess_failure(py: Python, error: &AssessError) -> PyErr {
    match error {
        AssessError::Text(error) => failure::<TextError>(py, error.code(), error.to_string()),
        AssessError::Model(error) => model_failure(py, error),
    }
}

/// The unit in which offsets into a text are counted.
#[derive(Clone, Copy)]
enum Unit {
    CodePoint,
    Utf16,
    Byte,
}

impl Unit {
    fn parse(name: &str) -> PyResult<Self> {
        match name {
            "code_point" => Ok(Self::CodePoint),
            "utf16" => Ok(Self::Utf16),
            "byte" => Ok(Self::Byte),
            other => Err(PyValueError::new_err(format!(
                "offsets is \"code_point\", \"utf16\" or \"byte\", not {other:?}"
            ))),
        }
    }
}

/// A loaded model that assesses texts. It can be used by several threads at the same time.
#[pyclass(frozen, module = "salesmirror")]
struct Assessor {
    inner: assessment::Assessor,
}

#[pymethods]
impl Assessor {
    /// Loads a model: the default one, or that of a folder or of a model file.
    #[staticmethod]
    #[pyo3(signature = (path = None))]
    fn load(py: Python, path: Option<PathBuf>) -> PyResult<Self> {
        let loaded = py.detach(|| match path {
            None => assessment::Assessor::from_gguf(DEFAULT_MODEL),
            Some(path) => assessment::Assessor::load(path),
        });
        Ok(Self { inner: loaded.map_err(|error| model_failure(py, &error))? })
    }

    /// Competencies and levels with their names, as a dict.
    #[getter]
    fn rubric<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &to_json(&self.inner.model().rubric)?)
    }

    /// What is known of the model, as a dict.
    #[getter]
    fn model<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &to_json(&self.inner.model().info())?)
    }

    /// Assesses a text and returns the assessment as a dict.
    #[pyo3(signature = (text, *, speaker = None, whole = false, quoted = false, account = false, offsets = "code_point"))]
    #[expect(clippy::too_many_arguments, reason = "they have names in Python")]
    fn assess<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        speaker: Option<String>,
        whole: bool,
        quoted: bool,
        account: bool,
        offsets: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (whose, unit) = (Whose { speaker, whole, quoted, account }, Unit::parse(offsets)?);
        let assessed = py.detach(|| self.assess_text(text, &whose, unit));
        to_python(py, &to_json(&assessed.map_err(|error| assess_failure(py, &error))?)?)
    }

    /// Assesses texts in several threads and returns the assessments in the order of the texts.
    #[pyo3(signature = (texts, *, threads = None, account = false, offsets = "code_point", errors = "raise"))]
    fn assess_batch<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<String>,
        threads: Option<usize>,
        account: bool,
        offsets: &str,
        errors: &str,
    ) -> PyResult<Bound<'py, PyList>> {
        let (whose, unit) = (Whose { account, ..Whose::default() }, Unit::parse(offsets)?);
        if !["raise", "return"].contains(&errors) {
            return Err(PyValueError::new_err(format!("errors is \"raise\" or \"return\", not {errors:?}")));
        }
        let threads = match threads {
            Some(0) => return Err(PyValueError::new_err("threads is at least 1, or None for all cores")),
            Some(threads) => threads,
            None => std::thread::available_parallelism().map_or(1, usize::from),
        };
        let assess = |text: &String| {
            let assessed = self.assess_text(text, &whose, unit)?;
            // Written here, as Python reads JSON faster than it takes objects one by one.
            Ok(serde_json::to_string(&assessed))
        };
        let stop_at_errors = errors == "raise";
        let results = in_threads(py, &texts, threads, stop_at_errors, assess)?;
        let list = PyList::empty(py);
        for result in results.into_iter().flatten() {
            match result {
                Ok(json) => list.append(to_python(py, &json.map_err(json_failure)?)?)?,
                Err(error) if stop_at_errors => return Err(assess_failure(py, &error)),
                Err(error) => list.append(assess_failure(py, &error).into_value(py))?,
            }
        }
        Ok(list)
    }

    fn __repr__(&self) -> String {
        format!("<salesmirror.Assessor {}>", self.inner.model().id)
    }
}

impl Assessor {
    fn assess_text(
        &self,
        text: &str,
        whose: &Whose,
        unit: Unit,
    ) -> Result<assessment::Assessment, AssessError> {
        let mut reading = self.inner.begin(text, whose, &[])?;
        self.inner.encode(&mut reading)?;
        let assessed = self.inner.finish(&reading)?;
        Ok(match unit {
            Unit::CodePoint => assessed.with_code_point_offsets(text),
            Unit::Utf16 => assessed.with_utf16_offsets(text),
            Unit::Byte => assessed,
        })
    }
}

/// Does something with each item in threads of its own, and returns the results in order. After an error, if the caller wants that,
/// or after Ctrl-C, no further item is begun; what was not begun has no result. Items are begun in order.
///
/// # Errors
/// What Python's handler of signals raises.
fn in_threads<T: Sync, R: Send + Sync, E: Send + Sync>(
    py: Python,
    items: &[T],
    threads: usize,
    stop_at_errors: bool,
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> PyResult<Vec<Option<Result<R, E>>>> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let results: Vec<OnceLock<Result<R, E>>> = items.iter().map(|_| OnceLock::new()).collect();
    let run = || {
        while !stop.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(i) else { return };
            let result = work(item);
            if stop_at_errors && result.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
            // No other thread has this index.
            let _ = results[i].set(result);
        }
    };
    std::thread::scope(|scope| {
        // Each thread holds a sender; the receiver hears when the last one is gone.
        let (sender, mut receiver) = mpsc::channel::<()>();
        for _ in 0..threads.min(items.len()) {
            let (sender, run) = (sender.clone(), &run);
            scope.spawn(move || {
                let _held = sender;
                run();
            });
        }
        drop(sender);
        loop {
            let heard;
            (heard, receiver) = py.detach(move || (receiver.recv_timeout(INTERRUPT_INTERVAL), receiver));
            if heard == Err(RecvTimeoutError::Disconnected) {
                return Ok::<(), PyErr>(());
            }
            py.check_signals().inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
        }
    })?;
    Ok(results.into_iter().map(OnceLock::into_inner).collect())
}

fn json_failure(error: serde_json::Error) -> PyErr {
    SalesMirrorError::new_err(error.to_string())
}

fn to_json(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(json_failure)
}

/// Reads JSON by Python's own module, so that numbers are those that any reader of the JSON gets.
fn to_python<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}

#[pymodule]
fn _native(module: &Bound<PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Assessor>()?;
    module.add("SalesMirrorError", py.get_type::<SalesMirrorError>())?;
    module.add("ModelError", py.get_type::<ModelError>())?;
    module.add("TextError", py.get_type::<TextError>())
}
