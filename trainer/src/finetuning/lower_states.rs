//! The token states below the layers that are fine-tuned. They never change, so they are computed once and cached on disk in
//! f16, with one file per report.

use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};

use super::encoded_report::windows_key;
use super::{EncodedReport, FinetuningError};
use crate::autograd::{Encoder, Input, Parameters, Pass};
use crate::data::hash;
use crate::model_dir::{EncoderDirectory, MODEL_FILE};
use crate::run::{files, progress};

/// Change this whenever the same files would give different states.
const CACHE_VERSION: &str = "2";

/// The name of the tensor in a cache file.
const STATES: &str = "states";

/// The cached states after the first layers of an encoder.
pub struct LowerStates {
    folder: PathBuf,
    layers: usize,
}

impl LowerStates {
    /// Computes the states after the first `layers` layers of the encoder at `path`, for those reports that are not cached yet.
    pub fn prepare<'r>(
        cache: &Path,
        path: &Path,
        directory: &EncoderDirectory,
        layers: usize,
        reports: impl IntoIterator<Item = &'r EncodedReport>,
    ) -> Result<Self, FinetuningError> {
        let weights = hash::sha256_of_file(&path.join(MODEL_FILE))?;
        let key = hash::short_key(format!("{CACHE_VERSION} {weights} {layers}").as_bytes());
        let states = Self { folder: cache.join(key), layers };
        let missing: Vec<&EncodedReport> =
            reports.into_iter().filter(|report| !states.file(report).is_file()).collect();
        let parameters = Parameters::new(directory.weights.clone(), |_| false)?;
        let encoder = Encoder::new(&directory.config, &parameters);
        let bar = progress::bar(missing.len(), "computing the lower layers");
        for report in missing {
            let inputs: Vec<Input> = report.windows.iter().map(|w| Input::single(w.ids())).collect();
            let mut pass = Pass::exact();
            let embedded = encoder.embed(&inputs, &mut pass)?;
            let computed = encoder.layers(&embedded, &report.window_lengths(), 0..layers, &mut pass)?;
            let tensors = [(STATES.to_owned(), computed.to_dtype(DType::F16)?)].into();
            files::write_tensors(&states.file(report), &tensors)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(states)
    }

    /// The number of layers that the states have gone through.
    pub fn layers(&self) -> usize {
        self.layers
    }

    /// Reads the states of a report, `[tokens of all windows, hidden]`.
    pub fn of(&self, report: &EncodedReport) -> Result<Tensor, FinetuningError> {
        let path = self.file(report);
        let damaged = || FinetuningError::DamagedCache { path: path.clone() };
        let tensors = candle_core::safetensors::load(&path, &Device::Cpu).map_err(|_| damaged())?;
        Ok(tensors.get(STATES).ok_or_else(damaged)?.to_dtype(DType::F32)?)
    }

    fn file(&self, report: &EncodedReport) -> PathBuf {
        self.folder.join(format!("{}.safetensors", windows_key(&report.windows)))
    }
}
