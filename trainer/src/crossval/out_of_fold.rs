//! Predicts every report by a method that was fitted without the report's fold. The predictions for a fold are stored as soon
//! as they are there, so that a run that was stopped can continue.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use salesmirror::model::Prediction;
use serde::{Deserialize, Serialize};

use super::CrossvalError;
use crate::data::LabelledReport;
use crate::finetuning::FinetuningError;
use crate::methods::{Method, MethodError};
use crate::run::files::{self, FileError};
use crate::run::training::TrainingError;
use crate::run::{interrupt, progress};

/// Where the predictions of one method lie: predictions/METHOD/fold-N.json in the run directory.
pub struct Store<'a> {
    pub run: &'a Path,
    pub method: &'a str,
    /// Hash of everything that the predictions depend on.
    pub key: String,
}

/// The predictions of a method for one fold, as they are stored.
#[derive(Serialize, Deserialize)]
struct StoredPredictions {
    key: String,
    /// Ids of the reports, in the order of the predictions.
    ids: Vec<String>,
    predictions: Vec<Prediction>,
}

impl Store<'_> {
    fn folder(&self) -> PathBuf {
        self.run.join("predictions").join(self.method)
    }

    fn path(&self, fold: usize) -> PathBuf {
        self.folder().join(format!("fold-{fold}.json"))
    }

    /// Deletes what an earlier run has left.
    pub fn clear(&self) -> Result<(), FileError> {
        let folder = self.folder();
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(FileError::io(&folder)(error)),
            _ => Ok(()),
        }
    }

    /// The predictions for a fold; `None` where there are none for these reports.
    fn recall(&self, fold: usize, ids: &[String]) -> Result<Option<Vec<Prediction>>, CrossvalError> {
        let path = self.path(fold);
        if !path.exists() {
            return Ok(None);
        }
        let stored: StoredPredictions = files::read_json(&path)?;
        if stored.key != self.key {
            return Err(CrossvalError::OtherPredictions { path });
        }
        Ok((stored.ids == ids && stored.predictions.len() == ids.len()).then_some(stored.predictions))
    }

    /// Stores the predictions for a fold.
    fn keep(&self, fold: usize, ids: Vec<String>, predictions: &[Prediction]) -> Result<(), FileError> {
        let path = self.path(fold);
        let stored = StoredPredictions { key: self.key.clone(), ids, predictions: predictions.to_vec() };
        let json = serde_json::to_vec(&stored).map_err(FileError::json(&path))?;
        files::write_bytes(&path, &json)
    }
}

/// Reads the predictions that a run has stored for a method, by the ids of the reports.
///
/// # Errors
/// When there are none, or a file is damaged.
pub fn read_predictions(run: &Path, method: &str) -> Result<HashMap<String, Prediction>, FileError> {
    let store = Store { run, method, key: String::new() };
    let mut all = HashMap::new();
    for fold in (0..).take_while(|&fold| fold == 0 || store.path(fold).exists()) {
        let StoredPredictions { ids, predictions, .. } = files::read_json(&store.path(fold))?;
        all.extend(ids.into_iter().zip(predictions));
    }
    Ok(all)
}

/// Which reports are predicted by what is learnt from which.
pub struct Assignment<'a> {
    /// The fold of each report.
    pub fold_of: &'a [usize],
    /// How many folds are predicted, from the first.
    pub judged: usize,
    /// Chooses the reports that are learnt from among those of the other folds.
    pub choose: &'a (dyn Fn(Vec<usize>) -> Vec<usize> + Sync),
}

/// Predicts every report of the folds that are judged. Returns the numbers of the reports, in order, with their predictions.
pub fn predict(
    method: &dyn Method,
    reports: &[LabelledReport],
    folds: &Assignment,
    store: &Store,
) -> Result<Vec<(usize, Prediction)>, CrossvalError> {
    let &Assignment { fold_of, judged, choose } = folds;
    let folds = fold_of.iter().max().map_or(0, |last| last + 1).min(judged);
    let bar = progress::bar(folds, method.name());
    let predict_fold = |fold: usize| {
        let (test, train): (Vec<usize>, Vec<usize>) = (0..reports.len()).partition(|&i| fold_of[i] == fold);
        let train = choose(train);
        let ids: Vec<String> = test.iter().map(|&i| reports[i].id.clone()).collect();
        let predictions = match store.recall(fold, &ids)? {
            Some(predictions) => predictions,
            None => {
                let interrupted = || CrossvalError::Interrupted { run: store.run.to_owned() };
                if interrupt::is_requested() {
                    return Err(interrupted());
                }
                let predictions = method.fit_predict(&train, &test).map_err(|error| match error {
                    MethodError::Finetuning(FinetuningError::Training(TrainingError::Interrupted {
                        ..
                    })) => interrupted(),
                    error => error.into(),
                })?;
                store.keep(fold, ids, &predictions)?;
                predictions
            }
        };
        bar.inc(1);
        Ok(test.into_iter().zip(predictions).collect::<Vec<_>>())
    };
    let by_fold: Vec<Vec<(usize, Prediction)>> = if method.uses_all_cores() {
        (0..folds).map(predict_fold).collect::<Result<_, CrossvalError>>()?
    } else {
        (0..folds).into_par_iter().map(predict_fold).collect::<Result<_, CrossvalError>>()?
    };
    bar.finish_and_clear();
    let mut all: Vec<(usize, Prediction)> = by_fold.into_iter().flatten().collect();
    all.sort_by_key(|(number, _)| *number);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::evaluation::folds::tests::report;

    /// Predicts the number of reports that it was fitted to.
    #[derive(Default)]
    struct Counting {
        fitted: AtomicUsize,
    }

    impl Method for Counting {
        fn name(&self) -> &'static str {
            "counting"
        }

        fn settings(&self) -> serde_json::Value {
            serde_json::json!({})
        }

        fn fit_predict(&self, train: &[usize], test: &[usize]) -> Result<Vec<Prediction>, MethodError> {
            self.fitted.fetch_add(1, Ordering::SeqCst);
            let predict = |&number: &usize| {
                assert!(!train.contains(&number), "report {number} is in training and in the fold");
                let presence = vec![train.len() as f32, number as f32];
                Prediction { evidence: Vec::new(), presence, cumulative: Vec::new(), sales: 1.0 }
            };
            Ok(test.iter().map(predict).collect())
        }
    }

    #[test]
    fn reports_are_predicted_without_their_fold_and_folds_are_not_repeated() {
        let run = std::env::temp_dir().join(format!("salesmirror-folds-{}", std::process::id()));
        let reports: Vec<LabelledReport> = (0..5).map(|i| report(&format!("{i}-1"), "en", vec![])).collect();
        let fold_of = [0, 1, 1, 0, 1];
        let method = Counting::default();
        let store = |key: &str| Store { run: &run, method: method.name(), key: key.to_owned() };
        let folds = Assignment { fold_of: &fold_of, judged: 2, choose: &|others| others };
        let predictions = predict(&method, &reports, &folds, &store("a")).unwrap();
        let presence: Vec<&[f32]> = predictions.iter().map(|(_, p)| &p.presence[..]).collect();
        assert_eq!(presence, [[3.0, 0.0], [2.0, 1.0], [2.0, 2.0], [3.0, 3.0], [2.0, 4.0]]);
        let first = predict(&method, &reports, &Assignment { judged: 1, ..folds }, &store("a")).unwrap();
        assert_eq!(first, [predictions[0].clone(), predictions[3].clone()]);

        std::fs::remove_file(store("a").path(1)).unwrap();
        assert_eq!(predict(&method, &reports, &folds, &store("a")).unwrap(), predictions);
        assert_eq!(method.fitted.load(Ordering::SeqCst), 3, "two folds, and one of them again");
        let error = predict(&method, &reports, &folds, &store("b")).unwrap_err().to_string();
        assert!(error.contains("leave out --resume"), "{error}");

        store("b").clear().unwrap();
        store("b").clear().unwrap();
        assert_eq!(predict(&method, &reports, &folds, &store("b")).unwrap(), predictions);
        std::fs::remove_dir_all(run).unwrap();
    }
}
