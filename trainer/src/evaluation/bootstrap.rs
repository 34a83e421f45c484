//! Bootstrap resamples (Efron 1979), as weights: how often a resample has each report.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

/// How figures get their intervals.
pub struct Bootstrap<'a> {
    /// Number of resamples.
    pub resamples: usize,
    /// The same seed gives the same resamples.
    pub seed: u64,
    /// The group of each report, numbered from 0. Reports of a group are alike, so a resample draws whole groups.
    pub groups: &'a [usize],
}

/// What a resample draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResamplingUnit {
    Groups,
    Reports,
}

/// The weight of each report in one resample, by what it draws.
pub struct ResampleWeights {
    groups: Vec<f64>,
    reports: Vec<f64>,
}

impl ResampleWeights {
    /// The weights, `[reports]`.
    pub fn of(&self, unit: ResamplingUnit) -> &[f64] {
        match unit {
            ResamplingUnit::Groups => &self.groups,
            ResamplingUnit::Reports => &self.reports,
        }
    }
}

/// Single reports are drawn where there are fewer groups than this.
const FEW_GROUPS: usize = 10;

impl Bootstrap<'_> {
    /// How many groups there are.
    pub fn group_count(&self) -> usize {
        self.groups.iter().max().map_or(0, |last| last + 1)
    }

    /// The weights in a resample; the same number gives the same weights.
    pub fn weights(&self, resample: usize) -> ResampleWeights {
        let seed = self.seed ^ (resample as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut random = StdRng::seed_from_u64(seed);
        let mut draw = |count: usize| {
            let mut times = vec![0.0; count];
            (0..count).for_each(|_| times[random.random_range(0..count)] += 1.0);
            times
        };
        let groups = draw(self.group_count());
        ResampleWeights {
            groups: self.groups.iter().map(|&group| groups[group]).collect(),
            reports: draw(self.groups.len()),
        }
    }

    /// The weights in every resample.
    pub fn all_weights(&self) -> Vec<ResampleWeights> {
        (0..self.resamples).map(|resample| self.weights(resample)).collect()
    }

    /// What to draw for some of the reports, given by their numbers.
    pub fn unit(&self, reports: &[usize]) -> ResamplingUnit {
        let mut groups: Vec<usize> = reports.iter().map(|&report| self.groups[report]).collect();
        groups.sort_unstable();
        groups.dedup();
        if groups.len() < FEW_GROUPS { ResamplingUnit::Reports } else { ResamplingUnit::Groups }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_a_group_are_drawn_together() {
        let groups: Vec<usize> = (0..40).map(|report| report / 2).collect();
        let bootstrap = Bootstrap { resamples: 5, seed: 3, groups: &groups };
        for weights in bootstrap.all_weights() {
            let drawn = weights.of(ResamplingUnit::Groups);
            assert!(drawn.chunks(2).all(|pair| pair[0] == pair[1]));
            assert_eq!(weights.of(ResamplingUnit::Reports).iter().sum::<f64>(), 40.0);
        }
        let all: Vec<usize> = (0..40).collect();
        assert_eq!(bootstrap.unit(&all), ResamplingUnit::Groups);
        assert_eq!(bootstrap.unit(&all[..18]), ResamplingUnit::Reports, "nine groups");
    }
}
