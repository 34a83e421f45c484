//! The learning rate over a run.

/// A learning rate that rises evenly over the first steps and then falls evenly towards zero.
///
/// The first step already has a share of the rate, and the last step still has one: no step is wasted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// The rate at the end of the warm-up.
    pub highest: f64,
    /// Steps over which the rate rises.
    pub warm_up: usize,
    /// Steps of the whole run.
    pub steps: usize,
}

impl Schedule {
    /// The rate of a step, counted from 0.
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
