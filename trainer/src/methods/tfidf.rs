//! Linear models on words and pairs of words, weighted by TF-IDF. This baseline shows how much can be told from words alone.

use std::collections::HashMap;

use rayon::prelude::*;
use salesmirror::model::Prediction;
use serde_json::json;

use super::linear::{self, Sparse, log_loss};
use super::{Method, MethodError};
use crate::data::segmenter::{Segmenter, is_stop_word};
use crate::data::{LabelSpace, LabelledReport};

/// Logits are clamped to ± this, so that they stay finite. A larger logit would not say more.
const LARGEST_LOGIT: f64 = 20.0;

/// Predicts levels by ridge regression, and presence and the evidence of each sentence by logistic regression.
pub struct TfIdf<'a> {
    labels: &'a LabelSpace,
    reports: &'a [LabelledReport],
    /// The terms of each sentence of each report, as indices.
    terms: Vec<Vec<Vec<u32>>>,
}

/// Candidate penalties for ridge regression. The best one is chosen on held-out parts of the training reports.
const RIDGE: [f64; 5] = [0.1, 0.3, 1.0, 3.0, 10.0];

/// Candidate penalties for logistic regression.
const LOGISTIC: [f64; 3] = [0.1, 0.3, 1.0];

/// The number of parts into which the training reports are split to choose penalties.
const PARTS: usize = 3;

impl<'a> TfIdf<'a> {
    /// Splits all reports into terms.
    pub fn new(labels: &'a LabelSpace, reports: &'a [LabelledReport]) -> Self {
        let segmenter = Segmenter::new();
        let words: Vec<Vec<Vec<String>>> = reports
            .par_iter()
            .map(|report| {
                let sentence = |range: &std::ops::Range<usize>| {
                    let words = segmenter.words(&report.text[range.clone()]);
                    let words: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
                    let pairs: Vec<String> = words.windows(2).map(|pair| pair.join(" ")).collect();
                    words.into_iter().filter(|word| !is_stop_word(word)).chain(pairs).collect()
                };
                report.sentences.iter().map(sentence).collect()
            })
            .collect();
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut number = |term: String| {
            let next = numbers.len() as u32;
            *numbers.entry(term).or_insert(next)
        };
        let mut numbered = |sentences: Vec<Vec<String>>| -> Vec<Vec<u32>> {
            sentences.into_iter().map(|terms| terms.into_iter().map(&mut number).collect()).collect()
        };
        Self { labels, reports, terms: words.into_iter().map(&mut numbered).collect() }
    }
}

/// The terms that occur in at least two texts, with their inverse document frequencies.
struct Vocabulary {
    columns: HashMap<u32, (u32, f64)>,
}

impl Vocabulary {
    fn new<'a>(texts: impl Iterator<Item = &'a [u32]>) -> Self {
        let mut frequency: HashMap<u32, usize> = HashMap::new();
        let mut count = 0;
        for text in texts {
            let mut terms = text.to_vec();
            terms.sort_unstable();
            terms.dedup();
            terms.into_iter().for_each(|term| *frequency.entry(term).or_default() += 1);
            count += 1;
        }
        let mut kept: Vec<(u32, usize)> = frequency.into_iter().filter(|(_, n)| *n > 1).collect();
        kept.sort_unstable();
        let rarity = |n: usize| (f64::from(1 + count) / (1 + n) as f64).ln() + 1.0;
        let columns = kept.iter().enumerate().map(|(i, &(term, n))| (term, (i as u32, rarity(n)))).collect();
        Self { columns }
    }

    /// Weights the terms of a text by sublinear term frequency times inverse document frequency, normalized to length 1.
    fn row(&self, text: &[u32]) -> Vec<(u32, f64)> {
        let mut columns: Vec<(u32, f64)> =
            text.iter().filter_map(|term| self.columns.get(term)).copied().collect();
        columns.sort_by_key(|(column, _)| *column);
        let same = columns.chunk_by(|a, b| a.0 == b.0);
        let mut row: Vec<(u32, f64)> =
            same.map(|run| (run[0].0, (1.0 + (run.len() as f64).ln()) * run[0].1)).collect();
        let length = row.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
        row.iter_mut().for_each(|(_, value)| *value /= length);
        row
    }

    fn sparse<'a>(&self, texts: impl Iterator<Item = &'a [u32]>) -> Sparse {
        Sparse { rows: texts.map(|text| self.row(text)).collect(), columns: self.columns.len() }
    }
}

impl Method for TfIdf<'_> {
    fn name(&self) -> &'static str {
        "tfidf"
    }

    fn settings(&self) -> serde_json::Value {
        json!({ "ridge": RIDGE, "logistic": LOGISTIC, "version": 1 })
    }

    fn fit_predict(&self, train: &[usize], test: &[usize]) -> Result<Vec<Prediction>, MethodError> {
        let whole = |numbers: &[usize]| -> Vec<Vec<u32>> {
            numbers.iter().map(|&i| self.terms[i].concat()).collect()
        };
        let (train_texts, test_texts) = (whole(train), whole(test));
        let vocabulary = Vocabulary::new(train_texts.iter().map(Vec::as_slice));
        let rows = vocabulary.sparse(train_texts.iter().map(Vec::as_slice));
        let test_rows = vocabulary.sparse(test_texts.iter().map(Vec::as_slice)).rows;
        let part = self.parts(train);
        let competencies = self.labels.competencies.len();
        let truth = |&i: &usize| &self.reports[i].levels;

        let levels: Vec<Vec<Vec<f32>>> = (0..competencies)
            .into_par_iter()
            .map(|c| {
                let known = train.iter().map(truth).enumerate();
                let known = known.filter_map(|(row, levels)| Some((row, f64::from(levels[c]?))));
                let (chosen, target): (Vec<usize>, Vec<f64>) = known.unzip();
                self.levels(&rows, &chosen, &target, &part, &test_rows)
            })
            .collect();
        let mut shown: Vec<Vec<bool>> = (0..competencies)
            .map(|c| train.iter().map(truth).map(|levels| levels[c].is_some()).collect())
            .collect();
        shown.push(train.iter().map(|&i| self.reports[i].sales).collect());
        let mut presence = logistic(&rows, &shown, &part, &test_rows);
        let sales = presence.pop().unwrap_or_default();
        let evidence = self.evidence(train, test);
        let prediction = |(i, evidence): (usize, Vec<Vec<f32>>)| Prediction {
            evidence,
            presence: presence.iter().map(|of| of[i]).collect(),
            cumulative: levels.iter().map(|of| of[i].clone()).collect(),
            sales: sales[i],
        };
        Ok(evidence.into_iter().enumerate().map(prediction).collect())
    }
}

impl TfIdf<'_> {
    /// Predicts cumulative logits for each row of `test`: a logistic distribution around the prediction of the ridge
    /// regression, whose variance is that of its errors on held-out reports.
    fn levels(
        &self,
        rows: &Sparse,
        chosen: &[usize],
        target: &[f64],
        part: &[usize],
        test: &[Vec<(u32, f64)>],
    ) -> Vec<Vec<f32>> {
        let mut held_out = RIDGE.map(|penalty| {
            let mut squares = 0.0;
            for held in 0..PARTS {
                let (mut seen, mut seen_target) = (Vec::new(), Vec::new());
                for (&row, &target) in chosen.iter().zip(target).filter(|(row, _)| part[**row] != held) {
                    seen.push(row);
                    seen_target.push(target);
                }
                let weights = rows.ridge(&seen, &seen_target, penalty);
                for (&row, target) in chosen.iter().zip(target).filter(|(row, _)| part[**row] == held) {
                    squares += (linear::predict(&rows.rows[row], &weights) - target).powi(2);
                }
            }
            (squares / chosen.len().max(1) as f64, penalty)
        });
        held_out.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (variance, penalty) = held_out[0];
        let weights = rows.ridge(chosen, target, penalty);
        let lowest = self.labels.lowest;
        // The standard deviation of a logistic distribution is π/√3 times its scale.
        let width = variance.sqrt().max(0.1) * 3f64.sqrt() / std::f64::consts::PI;
        let logits = |row: &Vec<(u32, f64)>| {
            let level = linear::predict(row, &weights);
            let logit =
                |k: i32| ((level - f64::from(k) - 0.5) / width).clamp(-LARGEST_LOGIT, LARGEST_LOGIT) as f32;
            (lowest..self.labels.highest()).map(logit).collect()
        };
        test.iter().map(logits).collect()
    }

    /// Predicts evidence probabilities, `[reports][sentences][2 · competencies]`. There are no rows if no training report was
    /// searched for evidence.
    fn evidence(&self, train: &[usize], test: &[usize]) -> Vec<Vec<Vec<f32>>> {
        let is_searched = |i: &usize| self.reports[*i].evidence.is_some();
        let searched: Vec<usize> = train.iter().copied().filter(is_searched).collect();
        if searched.is_empty() {
            return vec![Vec::new(); test.len()];
        }
        let sentences = |numbers: &[usize]| -> Vec<Vec<u32>> {
            numbers.iter().flat_map(|&i| self.terms[i].iter().cloned()).collect()
        };
        let (train_texts, test_texts) = (sentences(&searched), sentences(test));
        let vocabulary = Vocabulary::new(train_texts.iter().map(Vec::as_slice));
        let rows = vocabulary.sparse(train_texts.iter().map(Vec::as_slice));
        let test_rows = vocabulary.sparse(test_texts.iter().map(Vec::as_slice)).rows;
        let part: Vec<usize> = searched
            .iter()
            .zip(self.parts(&searched))
            .flat_map(|(&i, part)| std::iter::repeat_n(part, self.reports[i].sentences.len()))
            .collect();
        let labels: Vec<&Vec<bool>> =
            searched.iter().filter_map(|&i| self.reports[i].evidence.as_ref()).flatten().collect();
        let tags: Vec<Vec<bool>> = (0..self.labels.evidence_outputs())
            .map(|tag| labels.iter().map(|labels| labels[tag]).collect())
            .collect();
        let by_tag = logistic(&rows, &tags, &part, &test_rows);
        let mut sentence = 0;
        let mut row = || {
            sentence += 1;
            by_tag.iter().map(|of| of[sentence - 1]).collect()
        };
        test.iter().map(|&i| self.reports[i].sentences.iter().map(|_| row()).collect()).collect()
    }

    /// Assigns each report to a part. All reports of a writer go to the same part if there are enough writers.
    fn parts(&self, reports: &[usize]) -> Vec<usize> {
        let mut writers: HashMap<&str, usize> = HashMap::new();
        let mut parts = Vec::with_capacity(reports.len());
        for &i in reports {
            let next = writers.len();
            parts.push(*writers.entry(self.reports[i].writer()).or_insert(next) % PARTS);
        }
        match writers.len() < PARTS {
            true => (0..reports.len()).map(|i| i % PARTS).collect(),
            false => parts,
        }
    }
}

/// Predicts the probability of each output for each row of `test`: `[outputs][rows]`. All outputs share one penalty, which is
/// chosen on one held-out part.
fn logistic(rows: &Sparse, outputs: &[Vec<bool>], part: &[usize], test: &[Vec<(u32, f64)>]) -> Vec<Vec<f32>> {
    let (held, seen): (Vec<usize>, Vec<usize>) = (0..rows.rows.len()).partition(|&row| part[row] == 0);
    let losses = LOGISTIC.map(|penalty| {
        let loss: f64 = outputs
            .par_iter()
            .map(|positive| {
                let of_seen: Vec<bool> = seen.iter().map(|&row| positive[row]).collect();
                let weights = rows.logistic(&seen, &of_seen, penalty);
                let loss = |&row: &usize| log_loss(linear::predict(&rows.rows[row], &weights), positive[row]);
                held.iter().map(loss).sum::<f64>()
            })
            .sum();
        (loss, penalty)
    });
    let penalty = losses.iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(1.0, |best| best.1);
    let all: Vec<usize> = (0..rows.rows.len()).collect();
    let fitted = outputs.par_iter().map(|positive| {
        let weights = rows.logistic(&all, positive, penalty);
        test.iter().map(|row| linear::sigmoid(linear::predict(row, &weights)) as f32).collect()
    });
    fitted.collect()
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    pub(in super::super) fn labels() -> LabelSpace {
        LabelSpace { competencies: vec!["planning".to_owned()], lowest: 1, levels: 5 }
    }

    /// Makes a report whose labels can be told from its words.
    pub(in super::super) fn report(i: usize) -> LabelledReport {
        let level = (!i.is_multiple_of(3)).then_some(if i % 3 == 1 { 2.0 } else { 4.5 });
        let word = match level {
            None => "weather",
            Some(2.0) => "grumbled",
            Some(_) => "planned",
        };
        let text = format!("Number {i} went out. The team {word} today.");
        let start = text.find("The").unwrap();
        let telling = vec![level == Some(4.5), level == Some(2.0)];
        LabelledReport {
            id: format!("w{i}-1"),
            language: "en".to_owned(),
            sentences: vec![0..start, start..text.len()],
            characters: text.len(),
            text,
            evidence: Some(vec![vec![false; 2], telling]),
            levels: vec![level],
            sales: true,
            rated: true,
            fields: BTreeMap::new(),
        }
    }

    #[test]
    fn telling_words_are_found() {
        let (labels, reports): (_, Vec<LabelledReport>) = (labels(), (0..60).map(report).collect());
        let (train, test): (Vec<usize>, Vec<usize>) = (0..60).partition(|i| *i < 48);
        let predictions = TfIdf::new(&labels, &reports).fit_predict(&train, &test).unwrap();
        for (report, prediction) in reports[48..].iter().zip(&predictions) {
            let level = report.levels[0];
            assert_eq!(prediction.presence[0] > 0.5, level.is_some(), "{prediction:?}");
            let [plain, telling] = [0, 1].map(|sentence| prediction.evidence[sentence][0]);
            match level {
                Some(4.5) => {
                    assert!(prediction.cumulative[0][2] > 0.0 && telling > 2.0 * plain, "{prediction:?}")
                }
                Some(_) => assert!(prediction.cumulative[0][2] < 0.0),
                None => assert!(telling < 0.5),
            }
        }
    }

    #[test]
    fn rarer_words_weigh_more_and_rows_have_length_one() {
        let texts: [&[u32]; 4] = [&[0, 1], &[0, 1, 1], &[0, 2], &[0]];
        let vocabulary = Vocabulary::new(texts.into_iter());
        assert_eq!(vocabulary.columns.len(), 2, "a term of one text is left out");
        let row = vocabulary.row(&[0, 1, 2]);
        assert!(row[1].1 > row[0].1 && (row[0].1.powi(2) + row[1].1.powi(2) - 1.0).abs() < 1e-9);
        assert!(vocabulary.row(&[7]).is_empty());
    }
}
