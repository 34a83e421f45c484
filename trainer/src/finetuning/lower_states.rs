//! The states of tokens below the layers that are trained: they never change, so they are computed once and kept on disk, in
//! f16, a file a report.

use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use salesmirror::model;
use crate::autograd::{Encoder, Input, Parameters, Pass};

use crate::run::{files, progress};
use crate::finetuning::features::Example;
use crate::model_dir::EncoderDirectory;
use crate::{Result, TrainerError};

/// Raised whenever the same files would give other states.
const VERSION: &str = "1";

/// Where the states of some reports lie.
pub struct LowerStates {
    folder: PathBuf,
    layers: usize,
}

const NAME: &str = "states";

impl LowerStates {
    /// Computes what is missing: the states after the first `layers` layers of the encoder in a directory.
    pub fn prepare<'e>(
        cache: &Path,
        path: &Path,
        directory: &EncoderDirectory,
        layers: usize,
        examples: impl IntoIterator<Item = &'e Example>,
    ) -> Result<Self> {
        let weights = model::sha256(&files::read_bytes(&path.join("model.safetensors"))?);
        let key = model::sha256(format!("{VERSION} {weights} {layers}").as_bytes());
        let states = Self { folder: cache.join(&key[..16]), layers };
        let missing: Vec<&Example> =
            examples.into_iter().filter(|example| !states.file(example).is_file()).collect();
        let parameters = Parameters::new(directory.weights.clone(), |_| false)?;
        let encoder = Encoder::new(&directory.config, &parameters);
        let bar = progress::bar(missing.len(), "computing what stays");
        for example in missing {
            let inputs: Vec<Input> = example.windows.iter().map(|w| Input::single(w.ids())).collect();
            let mut pass = Pass::exact();
            let embedded = encoder.embed(&inputs, &mut pass)?;
            let computed = encoder.layers(&embedded, &lengths(example), 0..layers, &mut pass)?;
            let file = states.file(example);
            files::write_tensors(&file, &[(NAME.to_owned(), computed.to_dtype(DType::F16)?)].into())?;
            bar.inc(1);
        }
        Ok(states)
    }

    /// Layers that the states have gone through.
    pub fn layers(&self) -> usize {
        self.layers
    }

    /// The states of a report, [tokens of all windows, hidden].
    pub fn of(&self, example: &Example) -> Result<Tensor> {
        let file = self.file(example);
        let damaged = || {
            let (file, folder) = (file.display(), self.folder.display());
            TrainerError::Usage(format!("{file} is missing or damaged; delete {folder} and begin again"))
        };
        let tensors = candle_core::safetensors::load(&file, &Device::Cpu).map_err(|_| damaged())?;
        Ok(tensors.get(NAME).ok_or_else(damaged)?.to_dtype(DType::F32)?)
    }

    fn file(&self, example: &Example) -> PathBuf {
        let mut bytes = Vec::new();
        for window in &example.windows {
            bytes.extend((window.ids().len() as u32).to_le_bytes());
            bytes.extend(window.ids().iter().flat_map(|id| id.to_le_bytes()));
        }
        self.folder.join(format!("{}.safetensors", &model::sha256(&bytes)[..24]))
    }
}

/// Tokens of each window of a report.
pub fn lengths(example: &Example) -> Vec<usize> {
    example.windows.iter().map(|window| window.ids().len()).collect()
}
