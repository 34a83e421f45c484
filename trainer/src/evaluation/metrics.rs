//! The field's figures, each as its definition says.
//!
//! All of them weigh what they count, so that a bootstrap resample is a vector of weights and nothing is sorted twice:
//! what needs an order ([`Ranked`], [`Ranking`]) sorts once and is then read with any weights. Weight 1 everywhere gives the
//! textbook's figure. None: the figure is not defined there.

/// Scores in falling order, each of a unit (a report) that has a weight.
pub struct Ranked {
    /// unit · 4 + 2 if positive + 1 if the last of equal scores
    items: Vec<u32>,
}

impl Ranked {
    /// From (score, positive, unit).
    pub fn new(mut items: Vec<(f32, bool, u32)>) -> Self {
        items.sort_by(|a, b| b.0.total_cmp(&a.0));
        let last = |i: usize| items.get(i + 1).is_none_or(|next| next.0 != items[i].0);
        let packed =
            |(i, item): (usize, &(f32, bool, u32))| item.2 << 2 | u32::from(item.1) << 1 | u32::from(last(i));
        Self { items: items.iter().enumerate().map(packed).collect() }
    }

    /// Area under the precision-recall curve as a sum over ranked positives; ties share their mean precision. None
    /// without positives.
    pub fn average_precision(&self, weights: &[f64]) -> Option<f64> {
        let (mut hits, mut seen, mut new, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for &item in &self.items {
            let weight = weights[(item >> 2) as usize];
            seen += weight;
            if item & 2 != 0 {
                new += weight;
            }
            if item & 1 != 0 && new > 0.0 {
                hits += new;
                sum += new * hits / seen;
                new = 0.0;
            }
        }
        (hits > 0.0).then(|| sum / hits)
    }

    /// Share of positives, which is the average precision of scores that tell nothing.
    pub fn chance(&self, weights: &[f64]) -> Option<f64> {
        let (mut hits, mut seen) = (0.0, 0.0);
        for &item in &self.items {
            let weight = weights[(item >> 2) as usize];
            seen += weight;
            hits += if item & 2 != 0 { weight } else { 0.0 };
        }
        (hits > 0.0).then(|| hits / seen)
    }
}

/// How a yes-or-no statement met the truth.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Counts {
    pub both: f64,
    pub predicted: f64,
    pub actual: f64,
    pub all: f64,
}

impl Counts {
    pub fn add(&mut self, predicted: bool, actual: bool, weight: f64) {
        let one = Self {
            both: f64::from(predicted && actual),
            predicted: f64::from(predicted),
            actual: f64::from(actual),
            all: 1.0,
        };
        self.merge(&one, weight);
    }

    pub fn merge(&mut self, other: &Self, weight: f64) {
        self.both += other.both * weight;
        self.predicted += other.predicted * weight;
        self.actual += other.actual * weight;
        self.all += other.all * weight;
    }

    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.all - self.predicted - self.actual + 2.0 * self.both, self.all)
    }

    /// Share of the predicted that are actual; None where nothing is predicted.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.both, self.predicted)
    }

    /// Share of the actual that are predicted; None where there are none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.both, self.actual)
    }

    /// Harmonic mean of precision and recall; None where nothing is predicted and nothing actual.
    pub fn f1(&self) -> Option<f64> {
        ratio(2.0 * self.both, self.predicted + self.actual)
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Mean of what is defined.
pub fn mean(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values.into_iter().flatten() {
        sum += value;
        count += 1.0;
    }
    ratio(sum, count)
}

/// True against predicted classes in their order.
#[derive(Debug, Clone)]
pub struct Confusion {
    pub classes: usize,
    /// [true][predicted]
    pub counts: Vec<f64>,
}

impl Confusion {
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0.0; classes * classes] }
    }

    pub fn add(&mut self, actual: usize, predicted: usize, weight: f64) {
        self.counts[actual * self.classes + predicted] += weight;
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let classes = self.classes;
        self.counts.iter().enumerate().map(move |(i, count)| (i / classes, i % classes, *count))
    }

    /// Row and column sums.
    fn margins(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut actual, mut predicted) = (vec![0.0; self.classes], vec![0.0; self.classes]);
        for (a, p, count) in self.cells() {
            actual[a] += count;
            predicted[p] += count;
        }
        (actual, predicted)
    }

    /// Cohen's kappa with quadratic weights (Cohen 1968); 0 where chance cannot be beaten.
    pub fn quadratic_kappa(&self) -> Option<f64> {
        let (actual, predicted) = self.margins();
        let all: f64 = actual.iter().sum();
        let square = |a: usize, p: usize| (a as f64 - p as f64).powi(2);
        let observed: f64 = self.cells().map(|(a, p, count)| square(a, p) * count).sum();
        let expected: f64 = self.cells().map(|(a, p, _)| square(a, p) * actual[a] * predicted[p]).sum();
        (all > 0.0).then(|| if expected > 0.0 { 1.0 - observed * all / expected } else { 0.0 })
    }

    /// Share that is right. Every prediction names one class, so this is micro-averaged precision, recall and F1 too.
    pub fn accuracy(&self) -> Option<f64> {
        let right: f64 = (0..self.classes).map(|i| self.counts[i * self.classes + i]).sum();
        ratio(right, self.counts.iter().sum())
    }

    /// One class against the others, for each class that occurs in truth or prediction.
    pub fn classes(&self) -> Vec<Counts> {
        let (actual, predicted) = self.margins();
        let all = actual.iter().sum();
        (0..self.classes)
            .map(|i| Counts {
                both: self.counts[i * self.classes + i],
                predicted: predicted[i],
                actual: actual[i],
                all,
            })
            .filter(|counts| counts.actual + counts.predicted > 0.0)
            .collect()
    }
}

/// The order of values, for ranks.
pub struct Ranking {
    /// Number of the value · 2 + 1 if the last of equal ones
    items: Vec<u32>,
}

impl Ranking {
    pub fn new(values: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
        let value = |i: usize| order.get(i).map(|&at| values[at as usize]);
        let items = (0..order.len()).map(|i| order[i] << 1 | u32::from(value(i + 1) != value(i))).collect();
        Self { items }
    }

    /// Rank of each value, equal ones sharing their mean rank, as if each value stood there `weights` times.
    pub fn ranks(&self, weights: &[f64]) -> Vec<f64> {
        let mut ranks = vec![0.0; self.items.len()];
        let (mut below, mut tied, mut first) = (0.0, 0.0, 0);
        for (i, &item) in self.items.iter().enumerate() {
            tied += weights[(item >> 1) as usize];
            if item & 1 != 0 {
                for &item in &self.items[first..=i] {
                    ranks[(item >> 1) as usize] = below + (tied + 1.0) / 2.0;
                }
                below += tied;
                (tied, first) = (0.0, i + 1);
            }
        }
        ranks
    }
}

/// Pearson's correlation; None where either does not vary.
pub fn pearson(a: &[f64], b: &[f64], weights: &[f64]) -> Option<f64> {
    let all: f64 = weights.iter().sum();
    let mean = |v: &[f64]| v.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() / all;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for ((x, y), w) in a.iter().zip(b).zip(weights) {
        let (x, y) = (x - ma, y - mb);
        ab += w * x * y;
        aa += w * x * x;
        bb += w * y * y;
    }
    // Equal values leave a rounding error behind, no variance.
    (aa > 1e-12 * all && bb > 1e-12 * all).then(|| ab / (aa * bb).sqrt())
}

/// Spearman's correlation: Pearson's between the ranks.
pub fn spearman(a: &Ranking, b: &Ranking, weights: &[f64]) -> Option<f64> {
    pearson(&a.ranks(weights), &b.ranks(weights), weights)
}

/// Bins of a reliability diagram.
pub const BINS: usize = 10;

/// Confidences in [0, 1] against how often they were right, in [`BINS`] bins of equal width.
#[derive(Debug, Default, Clone, Copy)]
pub struct Reliability {
    /// Weight, sum of confidences, sum of what was right.
    pub bins: [[f64; 3]; BINS],
}

impl Reliability {
    /// `right` may be a share, where the truth lies between two answers.
    pub fn add(&mut self, confidence: f64, right: f64, weight: f64) {
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        let [count, sum, hits] = &mut self.bins[bin];
        *count += weight;
        *sum += weight * confidence;
        *hits += weight * right;
    }

    pub fn merge(&mut self, other: &Self, weight: f64) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.iter_mut().zip(other).for_each(|(a, b)| *a += b * weight);
        }
    }

    /// Expected calibration error (Naeini et al. 2015): the mean gap between confidence and accuracy of a bin.
    pub fn error(&self) -> Option<f64> {
        let gaps: f64 = self.bins.iter().map(|[_, sum, hits]| (sum - hits).abs()).sum();
        ratio(gaps, self.bins.iter().map(|bin| bin[0]).sum())
    }
}

/// Middle `share` of the values: percentiles with linear interpolation. None of fewer than two.
pub fn percentiles(values: &mut [f64], share: f64) -> Option<[f64; 2]> {
    if values.len() < 2 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let at = |q: f64| {
        let place = q * (values.len() - 1) as f64;
        let (below, part) = (place.floor() as usize, place.fract());
        values[below] + part * (values[(below + 1).min(values.len() - 1)] - values[below])
    };
    Some([at((1.0 - share) / 2.0), at((1.0 + share) / 2.0)])
}

/// The step of the finest grid that all levels lie on: 1 for whole levels, 0.5 for halves; at least a hundredth. Kappa,
/// accuracy and confusion are over that grid, predictions rounded to it.
pub fn grid(levels: impl Iterator<Item = f32> + Clone) -> f64 {
    let fits = |parts: f64| {
        levels.clone().all(|level| {
            let place = f64::from(level) * parts;
            (place - place.round()).abs() < 1e-3
        })
    };
    [1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0].into_iter().find(|&parts| fits(parts)).map_or(0.01, |p| 1.0 / p)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-9)
    }

    fn ranked(scores: &[f32], positive: &[bool]) -> Ranked {
        let items = scores.iter().zip(positive).enumerate().map(|(i, (s, p))| (*s, *p, i as u32));
        Ranked::new(items.collect())
    }

    #[test]
    fn average_precision_by_hand() {
        let four = ranked(&[0.9, 0.8, 0.7, 0.1], &[true, false, true, false]);
        assert!(close(four.average_precision(&[1.0; 4]), (1.0 + 2.0 / 3.0) / 2.0));
        assert!(close(four.chance(&[1.0; 4]), 0.5));
        // Without the first: the third is the second of three.
        assert!(close(four.average_precision(&[0.0, 1.0, 1.0, 1.0]), 0.5));
        let tied = ranked(&[0.5; 4], &[true, false, false, false]);
        assert!(close(tied.average_precision(&[1.0; 4]), 0.25), "ties tell nothing");
        assert_eq!(ranked(&[0.5], &[false]).average_precision(&[1.0]), None);
    }

    #[test]
    fn a_weight_of_two_is_the_item_twice() {
        let once = ranked(&[0.9, 0.8, 0.7], &[false, true, true]);
        let twice = ranked(&[0.9, 0.8, 0.8, 0.7], &[false, true, true, true]);
        let (a, b) = (once.average_precision(&[1.0, 2.0, 1.0]), twice.average_precision(&[1.0; 4]));
        assert!(close(a, b.unwrap()));
        let a = Ranking::new(&[1.0, 3.0, 2.0]).ranks(&[1.0, 2.0, 1.0]);
        assert_eq!(a, [1.0, 3.5, 2.0], "as 1, 3, 3, 2 would have");
        let weighted = pearson(&[1.0, 2.0, 4.0], &[2.0, 1.0, 3.0], &[1.0, 1.0, 2.0]);
        let plain = pearson(&[1.0, 2.0, 4.0, 4.0], &[2.0, 1.0, 3.0, 3.0], &[1.0; 4]);
        assert!(close(weighted, plain.unwrap()));
    }

    #[test]
    fn yes_or_no_by_hand() {
        let mut counts = Counts::default();
        for (predicted, actual) in [(true, true), (true, false), (false, true), (false, false), (true, true)]
        {
            counts.add(predicted, actual, 1.0);
        }
        assert!(close(counts.accuracy(), 0.6) && close(counts.precision(), 2.0 / 3.0));
        assert!(close(counts.recall(), 2.0 / 3.0) && close(counts.f1(), 2.0 / 3.0));
        let none = Counts { all: 3.0, ..Default::default() };
        assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
        assert!(close(none.accuracy(), 1.0));
        assert!(close(mean([Some(1.0), None, Some(0.0)]), 0.5));
    }

    fn confusion(pairs: &[(usize, usize)], classes: usize) -> Confusion {
        let mut confusion = Confusion::new(classes);
        pairs.iter().for_each(|&(a, p)| confusion.add(a, p, 1.0));
        confusion
    }

    #[test]
    fn kappa_by_hand() {
        assert!(close(confusion(&[(0, 0), (1, 1), (2, 2)], 3).quadratic_kappa(), 1.0));
        assert!(close(confusion(&[(2, 2), (2, 2)], 3).quadratic_kappa(), 0.0));
        assert!(confusion(&[(0, 4), (4, 0)], 5).quadratic_kappa().unwrap() < -0.9);
        // Squared differences: 1/4 observed, 32/16 over all pairs.
        assert!(close(confusion(&[(0, 0), (1, 1), (2, 2), (3, 2)], 4).quadratic_kappa(), 0.875));
        assert_eq!(Confusion::new(3).quadratic_kappa(), None);
    }

    #[test]
    fn classes_by_hand() {
        // True 0 0 1 2, predicted 0 1 1 1; nothing in class 3.
        let four = confusion(&[(0, 0), (0, 1), (1, 1), (2, 1)], 4);
        assert!(close(four.accuracy(), 0.5));
        let classes = four.classes();
        assert_eq!(classes.len(), 3);
        // F1: 2/3, 2·1/(3+1), 0.
        assert!(close(mean(classes.iter().map(Counts::f1)), (2.0 / 3.0 + 0.5) / 3.0));
        // Precision of the third class is not defined, the others are 1 and 1/3.
        assert!(close(mean(classes.iter().map(Counts::precision)), 2.0 / 3.0));
        assert!(close(mean(classes.iter().map(Counts::recall)), 0.5));
    }

    #[test]
    fn correlations_by_hand() {
        assert!(close(pearson(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], &[1.0; 3]), 1.0));
        assert_eq!(pearson(&[1.1, 1.1, 1.1], &[1.0, 2.0, 3.0], &[1.0; 3]), None);
        let s = |a: &[f64], b: &[f64]| spearman(&Ranking::new(a), &Ranking::new(b), &vec![1.0; a.len()]);
        assert!(close(s(&[1.0, 2.0, 3.0], &[1.0, 10.0, 100.0]), 1.0));
        // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
        assert!(close(s(&[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]), 4.5 / (4.5f64 * 5.0).sqrt()));
    }

    #[test]
    fn calibration_error_by_hand() {
        let mut reliability = Reliability::default();
        for (confidence, right) in [(0.92, 1.0), (0.94, 0.0), (0.31, 0.0), (1.0, 1.0)] {
            reliability.add(confidence, right, 1.0);
        }
        // In the last bin 2.86 said and 2 right, in the fourth 0.31 and 0.
        assert!(close(reliability.error(), (0.86 + 0.31) / 4.0));
        assert_eq!(Reliability::default().error(), None);
    }

    #[test]
    fn percentiles_by_hand() {
        let mut values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(percentiles(&mut values, 0.5), Some([25.0, 75.0]));
        assert_eq!(percentiles(&mut [1.0], 0.9), None);
    }

    #[test]
    fn the_grid_follows_the_levels() {
        assert_eq!(grid([1.0, 5.0].into_iter()), 1.0);
        assert_eq!(grid([1.0, 2.5].into_iter()), 0.5);
        assert!((grid([1.0, 2.333_333_3].into_iter()) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(grid([1.017].into_iter()), 0.01);
    }
}
