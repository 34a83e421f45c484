//! Ordinal regression: the distribution over a rubric's levels, its mean, mode and interval, and the soft targets of
//! training.

/// A probability distribution over consecutive integer levels.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelDistribution {
    /// The lowest level.
    pub min: i32,
    /// The probability of each level, lowest first; they sum to 1.
    pub probabilities: Vec<f32>,
}

impl LevelDistribution {
    /// Makes a distribution from the logits of P(level > k) for each level k but the last (McCullagh 1980), divided by
    /// a temperature. A logit that is larger than the one before it, which only a damaged model gives, counts as equal
    /// to it, so that no probability is negative.
    pub fn from_cumulative_logits(logits: &[f32], temperature: f32, min: i32) -> Self {
        let mut above = 1.0f32;
        let mut probabilities = Vec::with_capacity(logits.len() + 1);
        for logit in logits {
            let next = (1.0 / (1.0 + (-logit / temperature).exp())).min(above);
            probabilities.push(above - next);
            above = next;
        }
        probabilities.push(above);
        Self { min, probabilities }
    }

    /// Iterates over the levels with their probabilities.
    fn levels(&self) -> impl Iterator<Item = (f32, f32)> + '_ {
        let level = |i: usize| (self.min + i as i32) as f32;
        self.probabilities.iter().enumerate().map(move |(i, p)| (level(i), *p))
    }

    /// Returns the expected level.
    pub fn mean(&self) -> f32 {
        self.levels().map(|(level, p)| level * p).sum()
    }

    /// Returns the variance of the level.
    pub fn variance(&self) -> f32 {
        let mean = self.mean();
        self.levels().map(|(level, p)| (level - mean).powi(2) * p).sum()
    }

    /// Returns the most likely level.
    pub fn mode(&self) -> i32 {
        let best = self.probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        self.min + best.map_or(0, |(i, _)| i as i32)
    }

    /// Returns the central interval that holds a share of the probability, where each level's probability is spread evenly
    /// over ± 0.5 around it. The interval is clipped to the scale and always contains the mean.
    pub fn interval(&self, mass: f32) -> [f32; 2] {
        let tail = (1.0 - mass) / 2.0;
        let max = self.min + self.probabilities.len() as i32 - 1;
        let cut = |x: f32| x.clamp(self.min as f32, max as f32);
        let mean = self.mean();
        [cut(self.quantile(tail)).min(mean), cut(self.quantile(1.0 - tail)).max(mean)]
    }

    /// Returns the point below which a share of the probability lies.
    fn quantile(&self, share: f32) -> f32 {
        let mut below = 0.0;
        for (level, p) in self.levels() {
            if below + p >= share && p > 0.0 {
                return level - 0.5 + (share - below) / p;
            }
            below += p;
        }
        (self.min + self.probabilities.len() as i32) as f32 - 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::INTERVAL_SHARE;

    #[test]
    fn cumulative_logits_become_probabilities() {
        let d = LevelDistribution::from_cumulative_logits(&[4.0, 1.0, -1.0, -4.0], 1.0, 1);
        assert!((d.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((d.mean() - 3.0).abs() < 1e-5, "symmetric around 3: {}", d.mean());
        assert_eq!(d.mode(), 3);
        let [low, high] = d.interval(INTERVAL_SHARE);
        assert!(low < 2.0 && high > 4.0 && (low + high - 6.0).abs() < 1e-4);
    }

    #[test]
    fn a_sure_level_has_a_narrow_interval() {
        let d = LevelDistribution::from_cumulative_logits(&[30.0, 30.0, -30.0, -30.0], 1.0, 1);
        assert_eq!(d.interval(0.8), [2.6, 3.4]);
    }

    #[test]
    fn a_higher_temperature_widens_the_interval() {
        let width = |t| {
            let [low, high] =
                LevelDistribution::from_cumulative_logits(&[3.0, 1.0, -1.0, -3.0], t, 1).interval(0.8);
            high - low
        };
        assert!(width(2.0) > width(1.0));
    }

    #[test]
    fn logits_out_of_order_or_not_finite_stay_on_the_scale() {
        for logits in [[-5.0, 5.0], [f32::NAN, 0.0], [f32::INFINITY, f32::NEG_INFINITY]] {
            let d = LevelDistribution::from_cumulative_logits(&logits, 1.0, 1);
            assert!(d.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{d:?}");
            let [low, high] = d.interval(INTERVAL_SHARE);
            assert!((1.0..=3.0).contains(&low) && low <= high && high <= 3.0, "{d:?}");
        }
    }
}
