//! The learning-rate schedule of a run.

/// A learning rate that rises linearly during the warm-up and then falls linearly towards zero.
///
/// The rate is above zero at the first step and at the last one, so that no step is wasted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// The rate at the end of the warm-up.
    pub highest: f64,
    /// Steps over which the rate rises.
    pub warm_up: usize,
    /// The number of steps in the whole run.
    pub steps: usize,
}

impl Schedule {
    /// Returns the rate of a step, where steps are counted from 0.
    pub fn rate(&self, step: usize) -> f64 {
        let rise = (step + 1) as f64 / self.warm_up.max(1) as f64;
        let fall =
            self.steps.saturating_sub(step) as f64 / self.steps.saturating_sub(self.warm_up).max(1) as f64;
        self.highest * rise.min(fall).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls_and_is_never_zero() {
        let schedule = Schedule { highest: 1.0, warm_up: 4, steps: 20 };
        let rates: Vec<f64> = (0..20).map(|step| schedule.rate(step)).collect();
        assert_eq!(rates[..4], [0.25, 0.5, 0.75, 1.0]);
        assert!(rates[4..].windows(2).all(|pair| pair[1] <= pair[0]), "{rates:?}");
        assert!(rates.iter().all(|rate| *rate > 0.0), "{rates:?}");
        assert_eq!(schedule.rate(20), 0.0);
    }
}
