//! Definitions of the metrics: average precision, F1, kappa, correlations and calibration error.
//!
//! Every metric takes weights, so a bootstrap resample is a vector of weights. Metrics that need an order ([`Ranked`],
//! [`Ranking`]) sort once and are then evaluated under any weights. Weights of 1 give the textbook definition. A metric is
//! `None` where the data do not define it.

/// Binary labels in falling order of their scores. Each item belongs to a report, which has a weight.
pub struct Ranked {
    /// report · 4, + 2 for a positive item, + 1 for the last of equal scores.
    items: Vec<u32>,
}

impl Ranked {
    /// Sorts items of score, label and number of the report.
    pub fn new(mut items: Vec<(f32, bool, u32)>) -> Self {
        items.sort_by(|a, b| b.0.total_cmp(&a.0));
        let last = |i: usize| items.get(i + 1).is_none_or(|next| next.0 != items[i].0);
        let packed =
            |(i, item): (usize, &(f32, bool, u32))| item.2 << 2 | u32::from(item.1) << 1 | u32::from(last(i));
        Self { items: items.iter().enumerate().map(packed).collect() }
    }

    /// Average precision: the mean precision at the rank of each positive item, where equal scores share a rank. `None` where
    /// nothing is positive. `weights` is `[reports]`.
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

    /// Share of positive items, which is the average precision of scores that carry no information. `weights` is `[reports]`.
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

/// Weighted counts of a binary classification.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Counts {
    /// True positives.
    pub both: f64,
    /// Predicted positives.
    pub predicted: f64,
    /// Actual positives.
    pub actual: f64,
    /// All items.
    pub all: f64,
}

impl Counts {
    /// Counts an item.
    pub fn add(&mut self, predicted: bool, actual: bool, weight: f64) {
        let one = Self {
            both: f64::from(predicted && actual),
            predicted: f64::from(predicted),
            actual: f64::from(actual),
            all: 1.0,
        };
        self.merge(&one, weight);
    }

    /// Adds other counts, multiplied by a weight.
    pub fn merge(&mut self, other: &Self, weight: f64) {
        self.both += other.both * weight;
        self.predicted += other.predicted * weight;
        self.actual += other.actual * weight;
        self.all += other.all * weight;
    }

    /// Share of items that are predicted right.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.all - self.predicted - self.actual + 2.0 * self.both, self.all)
    }

    /// Share of predicted positives that are actual; `None` where nothing is predicted.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.both, self.predicted)
    }

    /// Share of actual positives that are predicted; `None` where there are none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.both, self.actual)
    }

    /// Harmonic mean of precision and recall; `None` where nothing is predicted and nothing is actual.
    pub fn f1(&self) -> Option<f64> {
        ratio(2.0 * self.both, self.predicted + self.actual)
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Mean of the values that are defined.
pub fn mean(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values.into_iter().flatten() {
        sum += value;
        count += 1.0;
    }
    ratio(sum, count)
}

/// Weighted confusion matrix of ordered classes.
#[derive(Debug, Clone)]
pub struct Confusion {
    /// Number of classes.
    pub classes: usize,
    /// `[classes · classes]`, row by row: `[true][predicted]`.
    pub counts: Vec<f64>,
}

impl Confusion {
    /// An empty matrix.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0.0; classes * classes] }
    }

    /// Counts an item.
    pub fn add(&mut self, actual: usize, predicted: usize, weight: f64) {
        self.counts[actual * self.classes + predicted] += weight;
    }

    /// True class, predicted class and count of each cell.
    fn cells(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let classes = self.classes;
        self.counts.iter().enumerate().map(move |(i, count)| (i / classes, i % classes, *count))
    }

    /// Sums of the rows (true classes) and of the columns (predicted classes).
    fn margins(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut actual, mut predicted) = (vec![0.0; self.classes], vec![0.0; self.classes]);
        for (a, p, count) in self.cells() {
            actual[a] += count;
            predicted[p] += count;
        }
        (actual, predicted)
    }

    /// Cohen's kappa with quadratic weights (Cohen 1968); 0 where truth and predictions are all of one class, so that chance
    /// cannot be beaten.
    pub fn quadratic_kappa(&self) -> Option<f64> {
        let (actual, predicted) = self.margins();
        let all: f64 = actual.iter().sum();
        let square = |a: usize, p: usize| (a as f64 - p as f64).powi(2);
        let observed: f64 = self.cells().map(|(a, p, count)| square(a, p) * count).sum();
        let expected: f64 = self.cells().map(|(a, p, _)| square(a, p) * actual[a] * predicted[p]).sum();
        (all > 0.0).then(|| if expected > 0.0 { 1.0 - observed * all / expected } else { 0.0 })
    }

    /// Share of items whose class is predicted right. As every prediction names one class, this is also micro-averaged
    /// precision, recall and F1.
    pub fn accuracy(&self) -> Option<f64> {
        let right: f64 = (0..self.classes).map(|i| self.counts[i * self.classes + i]).sum();
        ratio(right, self.counts.iter().sum())
    }

    /// The counts of each class against all others, for the classes that occur in truth or prediction.
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

/// The order of some values, from which ranks under any weights are read.
pub struct Ranking {
    /// In rising order: number of the value · 2, + 1 for the last of equal values.
    items: Vec<u32>,
}

impl Ranking {
    /// Sorts values.
    pub fn new(values: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
        let value = |i: usize| order.get(i).map(|&at| values[at as usize]);
        let items = (0..order.len()).map(|i| order[i] << 1 | u32::from(value(i + 1) != value(i))).collect();
        Self { items }
    }

    /// The rank of each value, counted from 1, as if each value occurred as often as its weight says. Equal values share their
    /// mean rank.
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

/// Pearson's weighted correlation; `None` where either side does not vary.
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
    // The variance of equal values may be a rounding error above 0.
    (aa > 1e-12 * all && bb > 1e-12 * all).then(|| ab / (aa * bb).sqrt())
}

/// Spearman's weighted correlation, which is Pearson's correlation of the ranks.
pub fn spearman(a: &Ranking, b: &Ranking, weights: &[f64]) -> Option<f64> {
    pearson(&a.ranks(weights), &b.ranks(weights), weights)
}

/// Number of bins of a reliability diagram.
pub const BINS: usize = 10;

/// A reliability diagram: predicted probabilities against how often they were right, in [`BINS`] bins of equal width.
#[derive(Debug, Default, Clone, Copy)]
pub struct Reliability {
    /// Weight, weighted sum of probabilities, and weight of what was right.
    pub bins: [[f64; 3]; BINS],
}

impl Reliability {
    /// Counts a prediction. `right` is between 0 and 1 where the truth lies between two answers.
    pub fn add(&mut self, confidence: f64, right: f64, weight: f64) {
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        let [count, sum, hits] = &mut self.bins[bin];
        *count += weight;
        *sum += weight * confidence;
        *hits += weight * right;
    }

    /// Adds another diagram, multiplied by a weight.
    pub fn merge(&mut self, other: &Self, weight: f64) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.iter_mut().zip(other).for_each(|(a, b)| *a += b * weight);
        }
    }

    /// Expected calibration error (Naeini et al. 2015): the mean over all predictions of the gap between the mean probability
    /// and the accuracy of their bin.
    pub fn error(&self) -> Option<f64> {
        let gaps: f64 = self.bins.iter().map(|[_, sum, hits]| (sum - hits).abs()).sum();
        ratio(gaps, self.bins.iter().map(|bin| bin[0]).sum())
    }
}

/// The ends of the interval that holds the middle `share` of the values, by linear interpolation between them. `None` for fewer
/// than two values. Sorts the values.
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

/// The step of the coarsest grid on which all levels lie: 1 for whole levels, 0.5 for halves, and so on down to 0.01. Kappa,
/// accuracy and confusion are computed on that grid, to which predictions are rounded.
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
        // Without the first item, the third is the second of three.
        assert!(close(four.average_precision(&[0.0, 1.0, 1.0, 1.0]), 0.5));
        let tied = ranked(&[0.5; 4], &[true, false, false, false]);
        assert!(close(tied.average_precision(&[1.0; 4]), 0.25), "equal scores carry no information");
        assert_eq!(ranked(&[0.5], &[false]).average_precision(&[1.0]), None);
    }

    #[test]
    fn a_weight_of_two_is_the_item_twice() {
        let once = ranked(&[0.9, 0.8, 0.7], &[false, true, true]);
        let twice = ranked(&[0.9, 0.8, 0.8, 0.7], &[false, true, true, true]);
        let (a, b) = (once.average_precision(&[1.0, 2.0, 1.0]), twice.average_precision(&[1.0; 4]));
        assert!(close(a, b.unwrap()));
        let a = Ranking::new(&[1.0, 3.0, 2.0]).ranks(&[1.0, 2.0, 1.0]);
        assert_eq!(a, [1.0, 3.5, 2.0], "the ranks of 1, 3, 3, 2");
        let weighted = pearson(&[1.0, 2.0, 4.0], &[2.0, 1.0, 3.0], &[1.0, 1.0, 2.0]);
        let plain = pearson(&[1.0, 2.0, 4.0, 4.0], &[2.0, 1.0, 3.0, 3.0], &[1.0; 4]);
        assert!(close(weighted, plain.unwrap()));
    }

    #[test]
    fn binary_counts_by_hand() {
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
        // The mean squared difference is 1/4 as observed and 32/16 over all pairs.
        assert!(close(confusion(&[(0, 0), (1, 1), (2, 2), (3, 2)], 4).quadratic_kappa(), 0.875));
        assert_eq!(Confusion::new(3).quadratic_kappa(), None);
    }

    #[test]
    fn classes_by_hand() {
        // The true classes are 0 0 1 2, the predicted ones 0 1 1 1; class 3 does not occur.
        let four = confusion(&[(0, 0), (0, 1), (1, 1), (2, 1)], 4);
        assert!(close(four.accuracy(), 0.5));
        let classes = four.classes();
        assert_eq!(classes.len(), 3);
        // The F1 of the classes is 2/3, 2·1/(3+1) and 0.
        assert!(close(mean(classes.iter().map(Counts::f1)), (2.0 / 3.0 + 0.5) / 3.0));
        // The precision of the third class is not defined; the others are 1 and 1/3.
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
        // The last bin has probabilities of 2.86 in all, and 2 were right; the fourth has 0.31, and none was right.
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
