//! What a training step sees of its reports: batches that keep sets of texts together, with sentences left out and neutral
//! texts added at random.
//!
//! Reports of real people are long and mostly say nothing about a competency. Leaving out sentences that are evidence of
//! nothing, and adding texts that show nothing, changes no label, so the heads learn that only evidence counts. A part of a
//! report can also stand alone: whether it belongs to an account of sales work is then all that its labels say.

use std::ops::Range;

use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};

use super::EncodedReport;

/// How often the reports of a step are changed.
#[derive(clap::Args, Clone, Copy, Debug, serde::Serialize)]
pub struct AugmentationArgs {
    /// Share of the reports that get a text that shows nothing, before or after them.
    #[arg(long, default_value_t = 0.2)]
    pub padded: f64,
    /// Share of the reports of which some sentences that are evidence of nothing are left out.
    #[arg(long, default_value_t = 0.5)]
    pub thinned: f64,
    /// Share of the reports of which only a run of sentences is seen.
    #[arg(long, default_value_t = 0.1)]
    pub cut: f64,
}

/// The largest share of sentences without evidence that is left out.
const MOST_LEFT_OUT: f64 = 0.8;

/// How many sentences a part has that stands alone.
const PART_SENTENCES: Range<usize> = 4..13;

/// A report as one training step sees it.
pub struct Example<'a> {
    pub report: &'a EncodedReport,
    /// A text that shows nothing, and whether it comes before the report.
    pub neutral: Option<(&'a EncodedReport, bool)>,
    /// Whether each sentence is seen, neutral ones included, in text order.
    pub seen: Vec<bool>,
    /// Whether the levels of the report hold for what is seen.
    pub is_whole: bool,
}

impl<'a> Example<'a> {
    /// Makes an example of a report as it is.
    pub fn plain(report: &'a EncodedReport) -> Self {
        Self { report, neutral: None, seen: vec![true; report.sentences()], is_whole: true }
    }

    /// Returns the texts in order.
    pub fn texts(&self) -> Vec<&'a EncodedReport> {
        match self.neutral {
            None => vec![self.report],
            Some((neutral, true)) => vec![neutral, self.report],
            Some((neutral, false)) => vec![self.report, neutral],
        }
    }
}

/// Draws the examples of training steps.
pub struct Augmentation<'a> {
    args: AugmentationArgs,
    /// Reports that show nothing, by whether they are accounts of sales work.
    neutral: [Vec<&'a EncodedReport>; 2],
}

impl<'a> Augmentation<'a> {
    /// Collects the neutral texts among the reports that are trained on.
    pub fn new(reports: &[&'a EncodedReport], args: AugmentationArgs) -> Self {
        let shows_nothing =
            |report: &&&'a EncodedReport| report.rated && report.levels.iter().all(Option::is_none);
        let (accounts, others) = reports.iter().filter(shows_nothing).partition(|report| report.sales);
        Self { args, neutral: [others, accounts] }
    }

    /// Draws what a step sees of some reports. The same seed gives the same examples.
    pub fn draw(&self, reports: &[&'a EncodedReport], seed: u64) -> Vec<Example<'a>> {
        let mut random = StdRng::seed_from_u64(seed);
        reports.iter().map(|report| self.example(report, &mut random)).collect()
    }

    fn example(&self, report: &'a EncodedReport, random: &mut StdRng) -> Example<'a> {
        let mut example = Example::plain(report);
        let count = report.sentences();
        if random.random_bool(self.args.cut) && count > PART_SENTENCES.start {
            let length = random.random_range(PART_SENTENCES).min(count - 1);
            let start = random.random_range(0..=count - length);
            example.seen = (0..count).map(|s| (start..start + length).contains(&s)).collect();
            example.is_whole = false;
            return example;
        }
        if random.random_bool(self.args.thinned) && has_all_evidence(report) {
            let share = random.random_range(0.0..MOST_LEFT_OUT);
            let is_evidence = |s: usize| report.evidence.iter().any(|all| all[s].contains(&true));
            let seen: Vec<bool> = (0..count).map(|s| !random.random_bool(share) || is_evidence(s)).collect();
            if seen.contains(&true) {
                example.seen = seen;
            }
        }
        if random.random_bool(self.args.padded) {
            // A text that is no account stays one only among its like; an account stays one whatever is pasted into it.
            let accounts = report.sales && random.random_bool(0.5);
            if let Some(neutral) = self.neutral[usize::from(accounts)].choose(random) {
                let before = random.random_bool(0.5);
                let padding = vec![true; neutral.sentences()];
                example.seen =
                    if before { [padding, example.seen].concat() } else { [example.seen, padding].concat() };
                example.neutral = Some((neutral, before));
            }
        }
        example
    }
}

/// Whether every competency that a report shows has a sentence that is marked as its evidence.
fn has_all_evidence(report: &EncodedReport) -> bool {
    let Some(evidence) = &report.evidence else { return false };
    let mut shown = report.levels.iter().enumerate().filter(|(_, level)| level.is_some());
    shown.all(|(c, _)| evidence.iter().any(|tags| tags[2 * c] || tags[2 * c + 1]))
}

/// Shuffles the indices of some reports and splits them into batches of about `batch`. Reports of one set come into the same
/// batch, where they are compared.
pub fn shuffled_batches(reports: &[&EncodedReport], batch: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut unit_of_set = std::collections::HashMap::new();
    for (number, report) in reports.iter().enumerate() {
        match report.set.and_then(|set| unit_of_set.get(&set)) {
            Some(&unit) => {
                let unit: &mut Vec<usize> = &mut units[unit];
                unit.push(number);
            }
            None => {
                report.set.map(|set| unit_of_set.insert(set, units.len()));
                units.push(vec![number]);
            }
        }
    }
    units.shuffle(&mut StdRng::seed_from_u64(seed));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for unit in units {
        match batches.last_mut() {
            Some(last) if last.len() < batch => last.extend(unit),
            _ => batches.push(unit),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device, Tensor};

    use super::*;

    fn report(evidence: &[bool], level: Option<f32>, sales: bool, set: Option<usize>) -> EncodedReport {
        let vectors = Tensor::zeros((evidence.len(), 1), DType::F32, &Device::Cpu).unwrap();
        let evidence = evidence.iter().map(|&is_evidence| vec![is_evidence, false]).collect();
        EncodedReport { sales, set, ..EncodedReport::of_vectors(vectors, evidence, vec![level]) }
    }

    #[test]
    fn evidence_is_always_seen_and_labels_keep_their_texts() {
        let account = report(&[false, true, false, false, false, true], Some(4.0), true, None);
        let nothing = report(&[false; 3], None, true, None);
        let advert = report(&[false; 5], None, false, None);
        let all = [&account, &nothing, &advert];
        let args = AugmentationArgs { padded: 0.5, thinned: 0.9, cut: 0.0 };
        let augmentation = Augmentation::new(&all, args);
        let mut fewest = usize::MAX;
        for seed in 0..200 {
            for example in augmentation.draw(&all, seed) {
                let sentences: usize = example.texts().iter().map(|text| text.sentences()).sum();
                assert_eq!(example.seen.len(), sentences);
                assert!(example.seen.contains(&true) && example.is_whole);
                if !example.report.sales {
                    assert!(
                        example.texts().iter().all(|text| !text.sales),
                        "an account was added to an advert"
                    );
                }
                let before = match example.neutral {
                    Some((neutral, true)) => neutral.sentences(),
                    _ => 0,
                };
                if example.report.levels[0].is_some() {
                    assert!(example.seen[before + 1] && example.seen[before + 5]);
                    fewest =
                        fewest.min(example.seen[before..before + 6].iter().filter(|seen| **seen).count());
                }
            }
        }
        assert_eq!(fewest, 2, "all other sentences are left out at times");
    }

    #[test]
    fn a_part_says_nothing_about_levels() {
        let account = report(&[true; 20], Some(4.0), true, None);
        let args = AugmentationArgs { padded: 0.0, thinned: 0.0, cut: 1.0 };
        for seed in 0..50 {
            let example = Augmentation::new(&[&account], args).draw(&[&account], seed).remove(0);
            let seen = example.seen.iter().filter(|seen| **seen).count();
            assert!(!example.is_whole && PART_SENTENCES.contains(&seen), "{seen}");
        }
    }

    #[test]
    fn sets_come_into_one_batch() {
        let reports: Vec<EncodedReport> =
            (0..60).map(|i| report(&[true], Some(3.0), true, (i % 2 == 0).then_some(i / 6))).collect();
        let reports: Vec<&EncodedReport> = reports.iter().collect();
        let batches = shuffled_batches(&reports, 8, 3);
        let mut seen: Vec<usize> = batches.concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..60).collect::<Vec<_>>());
        let batch_of = |i: usize| batches.iter().position(|batch| batch.contains(&i)).unwrap();
        for i in (0..60).step_by(2) {
            assert_eq!(batch_of(i), batch_of(i / 6 * 6));
        }
        assert!(batches.iter().all(|batch| batch.len() < 11) && batches.len() < 10);
        assert_ne!(batches, shuffled_batches(&reports, 8, 4));
    }
}
