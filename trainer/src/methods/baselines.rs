//! What a method must beat: the majority, words by TF-IDF under linear models, and heads on the frozen encoder.

use std::collections::HashMap;

use rayon::prelude::*;
use salesmirror::Rubric;
use serde_json::json;

use super::linear::{self, Sparse, log_loss};
use super::{Document, Method, Prediction};
use crate::Result;
use crate::finetuning::features::{self, Example, Source};
use crate::finetuning::heads::{self, Recipe};
use crate::data::segmenter::{Segmenter, is_stop_word};

/// Logits beyond this say no more; they stay finite.
const SURE: f64 = 20.0;

/// Of P(level > k) for each level k but the last, from the probabilities of the levels.
fn cumulative(probabilities: &[f64]) -> Vec<f32> {
    let mut above: f64 = probabilities.iter().sum();
    let all = above;
    let logits = probabilities[..probabilities.len() - 1].iter().map(|p| {
        above -= p;
        (above.max(0.0) / (all - above).max(1e-12)).ln().clamp(-SURE, SURE) as f32
    });
    logits.collect()
}

/// Says of every report what most reports have.
pub struct Majority {
    pub rubric: Rubric,
}

impl Method for Majority {
    fn name(&self) -> &'static str {
        "majority"
    }

    fn settings(&self) -> serde_json::Value {
        json!({})
    }

    fn fit_predict(&self, train: &[&Document], test: &[&Document]) -> Result<Vec<Prediction>> {
        let (competencies, levels) = (self.rubric.competencies.len(), self.rubric.levels());
        let share = |hits: usize, all: usize| hits as f32 / all.max(1) as f32;
        let of = |c: usize| train.iter().filter_map(move |d| d.report.levels[c]);
        let presence: Vec<f32> = (0..competencies).map(|c| share(of(c).count(), train.len())).collect();
        let cumulative = (0..competencies)
            .map(|c| {
                // One report of every level beforehand, so that none is impossible.
                let mut counts = vec![1.0; levels];
                for level in of(c) {
                    let above = f64::from(level) - f64::from(self.rubric.scale.min);
                    counts[above.floor() as usize] += 1.0 - above.fract();
                    counts[above.ceil() as usize] += above.fract();
                }
                cumulative(&counts)
            })
            .collect();
        let sentences: Vec<&Vec<bool>> = train.iter().filter_map(|d| d.evidence.as_ref()).flatten().collect();
        let rates: Vec<f32> = (0..2 * competencies)
            .map(|tag| share(sentences.iter().filter(|labels| labels[tag]).count(), sentences.len()))
            .collect();
        let all = Prediction { evidence: Vec::new(), presence, cumulative };
        let predict = |document: &&Document| Prediction {
            evidence: vec![rates.clone(); document.sentences.len()],
            ..all.clone()
        };
        Ok(test.iter().map(predict).collect())
    }
}

/// Words and pairs of words, weighted by TF-IDF; ridge regression to the level, logistic regression to presence and to
/// each sentence's evidence.
pub struct TfIdf {
    rubric: Rubric,
    /// By the report's id: terms of each sentence, as numbers.
    terms: HashMap<String, Vec<Vec<u32>>>,
}

/// Ridge penalties among which held-out reports choose.
const RIDGE: [f64; 5] = [0.1, 0.3, 1.0, 3.0, 10.0];
const LOGISTIC: [f64; 3] = [0.1, 0.3, 1.0];

/// Parts of the training reports for that choice.
const PARTS: usize = 3;

impl TfIdf {
    pub fn new(rubric: &Rubric, documents: &[Document]) -> Self {
        let segmenter = Segmenter::new();
        let words: Vec<Vec<Vec<String>>> = documents
            .par_iter()
            .map(|document| {
                let sentence = |range: &std::ops::Range<usize>| {
                    let words = segmenter.words(&document.report.text[range.clone()]);
                    let words: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
                    let pairs: Vec<String> = words.windows(2).map(|pair| pair.join(" ")).collect();
                    words.into_iter().filter(|word| !is_stop_word(word)).chain(pairs).collect()
                };
                document.sentences.iter().map(sentence).collect()
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
        let terms = documents.iter().zip(words);
        let terms = terms.map(|(document, words)| (document.report.id.clone(), numbered(words))).collect();
        Self { rubric: rubric.clone(), terms }
    }

    fn of(&self, document: &Document) -> &[Vec<u32>] {
        self.terms.get(&document.report.id).map_or(&[], Vec::as_slice)
    }
}

/// Terms of at least two texts, with their inverse document frequency.
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

    /// Sublinear term frequency times rarity, of length 1.
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

impl Method for TfIdf {
    fn name(&self) -> &'static str {
        "tfidf"
    }

    fn settings(&self) -> serde_json::Value {
        json!({ "ridge": RIDGE, "logistic": LOGISTIC, "version": 1 })
    }

    fn fit_predict(&self, train: &[&Document], test: &[&Document]) -> Result<Vec<Prediction>> {
        let whole = |documents: &[&Document]| -> Vec<Vec<u32>> {
            documents.iter().map(|document| self.of(document).concat()).collect()
        };
        let (train_texts, test_texts) = (whole(train), whole(test));
        let vocabulary = Vocabulary::new(train_texts.iter().map(Vec::as_slice));
        let rows = vocabulary.sparse(train_texts.iter().map(Vec::as_slice));
        let test_rows = vocabulary.sparse(test_texts.iter().map(Vec::as_slice)).rows;
        let part = parts(train);
        let competencies = self.rubric.competencies.len();

        let levels: Vec<Vec<Vec<f32>>> = (0..competencies)
            .into_par_iter()
            .map(|c| {
                let known = train.iter().enumerate().filter_map(|(i, d)| Some((i, d.report.levels[c]?)));
                let (chosen, target): (Vec<usize>, Vec<f64>) =
                    known.map(|(i, level)| (i, f64::from(level))).unzip();
                self.levels(&rows, &chosen, &target, &part, &test_rows)
            })
            .collect();
        let shown: Vec<Vec<bool>> =
            (0..competencies).map(|c| train.iter().map(|d| d.report.levels[c].is_some()).collect()).collect();
        let presence = logistic(&rows, &shown, &part, &test_rows);
        let evidence = self.evidence(train, test);
        let prediction = |(i, evidence): (usize, Vec<Vec<f32>>)| Prediction {
            evidence,
            presence: presence.iter().map(|of| of[i]).collect(),
            cumulative: levels.iter().map(|of| of[i].clone()).collect(),
        };
        Ok(evidence.into_iter().enumerate().map(prediction).collect())
    }
}

impl TfIdf {
    /// Cumulative logits for each row of `test`: a logistic distribution around the ridge regression's answer, as wide
    /// as its errors on held-out reports.
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
        let scale = self.rubric.scale.clone();
        // The deviation of a logistic distribution is π/√3 times its scale.
        let width = variance.sqrt().max(0.1) * 3f64.sqrt() / std::f64::consts::PI;
        let logits = |row: &Vec<(u32, f64)>| {
            let level = linear::predict(row, &weights);
            let logit = |k: i32| ((level - f64::from(k) - 0.5) / width).clamp(-SURE, SURE) as f32;
            (scale.min..scale.max).map(logit).collect()
        };
        test.iter().map(logits).collect()
    }

    /// [documents][sentences][2 · competencies]; no rows where no training report was searched.
    fn evidence(&self, train: &[&Document], test: &[&Document]) -> Vec<Vec<Vec<f32>>> {
        let searched: Vec<&Document> = train.iter().copied().filter(|d| d.evidence.is_some()).collect();
        if searched.is_empty() {
            return vec![Vec::new(); test.len()];
        }
        let sentences = |documents: &[&Document]| -> Vec<Vec<u32>> {
            documents.iter().flat_map(|document| self.of(document).iter().cloned()).collect()
        };
        let (train_texts, test_texts) = (sentences(&searched), sentences(test));
        let vocabulary = Vocabulary::new(train_texts.iter().map(Vec::as_slice));
        let rows = vocabulary.sparse(train_texts.iter().map(Vec::as_slice));
        let test_rows = vocabulary.sparse(test_texts.iter().map(Vec::as_slice)).rows;
        let by_document = parts(&searched);
        let part: Vec<usize> = searched
            .iter()
            .zip(by_document)
            .flat_map(|(document, part)| std::iter::repeat_n(part, document.sentences.len()))
            .collect();
        let labels: Vec<&Vec<bool>> = searched.iter().filter_map(|d| d.evidence.as_ref()).flatten().collect();
        let outputs = 2 * self.rubric.competencies.len();
        let tags: Vec<Vec<bool>> =
            (0..outputs).map(|tag| labels.iter().map(|labels| labels[tag]).collect()).collect();
        let by_tag = logistic(&rows, &tags, &part, &test_rows);
        let mut sentence = 0;
        let mut row = || {
            sentence += 1;
            by_tag.iter().map(|of| of[sentence - 1]).collect()
        };
        test.iter().map(|document| document.sentences.iter().map(|_| row()).collect()).collect()
    }
}

/// The part of each report, writers kept together where there are enough of them.
fn parts(documents: &[&Document]) -> Vec<usize> {
    let mut writers: HashMap<&str, usize> = HashMap::new();
    let mut parts = Vec::with_capacity(documents.len());
    for document in documents {
        let next = writers.len();
        parts.push(*writers.entry(document.report.writer()).or_insert(next) % PARTS);
    }
    match writers.len() < PARTS {
        true => (0..documents.len()).map(|i| i % PARTS).collect(),
        false => parts,
    }
}

/// Probabilities of each output for each row of `test`; one penalty for all outputs, chosen on one held-out part.
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

/// Heads on the sentence vectors of the frozen encoder.
pub struct Frozen {
    rubric: Rubric,
    recipe: Recipe,
    source: Source,
    /// By the report's id.
    examples: HashMap<String, Example>,
}

impl Frozen {
    pub fn new(source: &Source, recipe: &Recipe) -> Result<Self> {
        let (rubric, examples) = features::load(source)?;
        let examples = examples.into_iter().map(|example| (example.facts.id.clone(), example)).collect();
        Ok(Self { rubric, recipe: recipe.clone(), source: source.clone(), examples })
    }

    fn of(&self, document: &Document) -> &Example {
        &self.examples[&document.report.id]
    }
}

impl Method for Frozen {
    fn name(&self) -> &'static str {
        "frozen"
    }

    fn settings(&self) -> serde_json::Value {
        json!({ "recipe": self.recipe, "encoder": self.source.encoder })
    }

    fn fit_predict(&self, train: &[&Document], test: &[&Document]) -> Result<Vec<Prediction>> {
        let train: Vec<&Example> = train.iter().map(|document| self.of(document)).collect();
        let scale = (self.rubric.scale.min, self.rubric.levels());
        let fitted = fit::fit(&train, self.rubric.competencies.len(), scale, &self.recipe, &mut |_| ())?;
        let heads = fitted.heads()?;
        let predict = |document: &&Document| {
            let example = self.of(document);
            Ok(fit::read(&heads, &example.vectors)?.aligned(&example.facts.sentences, document))
        };
        test.iter().map(predict).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::folds::tests::rubric;
    use super::*;
    use crate::data::labelled_report::{LabelledSpan, Report};

    /// A report whose words give everything away.
    fn document(i: usize) -> Document {
        let level = (!i.is_multiple_of(3)).then_some(if i % 3 == 1 { 2.0 } else { 4.5 });
        let word = match level {
            None => "weather",
            Some(2.0) => "grumbled",
            Some(_) => "planned",
        };
        let text = format!("Number {i} went out. The team {word} today.");
        let start = text.find("The").unwrap();
        let span = LabelledSpan { range: start..text.len(), tags: vec![usize::from(level == Some(2.0))] };
        Document::new(Report {
            id: format!("w{i}-1"),
            language: "en".to_owned(),
            text,
            evidence: level.iter().map(|_| span.clone()).collect(),
            searched: true,
            levels: vec![level],
            fields: BTreeMap::new(),
        })
        .unwrap()
    }

    #[test]
    fn the_majority_says_what_most_have() {
        let documents: Vec<Document> = (0..9).map(document).collect();
        let all: Vec<&Document> = documents.iter().collect();
        let said = Majority { rubric: rubric() }.fit_predict(&all[..6], &all[6..]).unwrap();
        assert_eq!(said.len(), 3);
        assert!((said[0].presence[0] - 4.0 / 6.0).abs() < 1e-6);
        // Two of 2, two of 4.5 and one of each beforehand: of nine, three above 4 or so.
        let above = |k: usize| 1.0 / (1.0 + (-f64::from(said[0].cumulative[0][k])).exp());
        assert!((above(0) - 8.0 / 9.0).abs() < 1e-6 && (above(3) - 2.0 / 9.0).abs() < 1e-6);
        // A tag on one sentence in three pairs of reports of two sentences.
        assert!((said[0].evidence[1][0] - 2.0 / 12.0).abs() < 1e-6);
    }

    #[test]
    fn words_that_give_it_away_are_found() {
        let documents: Vec<Document> = (0..60).map(document).collect();
        let all: Vec<&Document> = documents.iter().collect();
        let said = TfIdf::new(&rubric(), &documents).fit_predict(&all[..48], &all[48..]).unwrap();
        for (document, prediction) in all[48..].iter().zip(&said) {
            let level = document.report.levels[0];
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
