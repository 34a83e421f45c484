//! Linear models on sparse rows: ridge and logistic regression. Both solve (XᵀDX + λI) w = b by conjugate gradients (Hestenes
//! and Stiefel 1952) in f64.

/// Sparse rows of (column, value). The models add an intercept, which is not penalized, as the column with index `columns`.
pub struct Sparse {
    pub rows: Vec<Vec<(u32, f64)>>,
    pub columns: usize,
}

/// The weights of the columns, followed by the intercept.
pub type Weights = Vec<f64>;

/// The maximum number of conjugate-gradient steps, and the share of the first residual at which they stop.
const STEPS: usize = 60;
const TOLERANCE: f64 = 1e-3;

/// The maximum number of Newton steps in logistic regression.
const NEWTON: usize = 12;

/// Computes the linear score of a sparse row, w·x + intercept.
pub fn predict(row: &[(u32, f64)], weights: &Weights) -> f64 {
    let intercept = weights[weights.len() - 1];
    row.iter().map(|&(column, value)| value * weights[column as usize]).sum::<f64>() + intercept
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Sparse {
    /// Computes Xᵀ v over the chosen rows.
    fn transposed(&self, chosen: &[usize], v: &[f64]) -> Weights {
        let mut out = vec![0.0; self.columns + 1];
        for (&row, v) in chosen.iter().zip(v) {
            for &(column, value) in &self.rows[row] {
                out[column as usize] += value * v;
            }
            out[self.columns] += v;
        }
        out
    }

    /// Solves (XᵀDX + λI) w = b for w, over the chosen rows.
    fn solve(&self, chosen: &[usize], diagonal: &[f64], penalty: f64, b: &[f64]) -> Weights {
        let product = |w: &Weights| {
            let scaled: Vec<f64> =
                chosen.iter().zip(diagonal).map(|(&row, d)| d * predict(&self.rows[row], w)).collect();
            let mut out = self.transposed(chosen, &scaled);
            // A tiny penalty on the intercept keeps the system positive definite.
            out.iter_mut().zip(w).take(self.columns).for_each(|(out, w)| *out += penalty * w);
            out[self.columns] += 1e-6 * w[self.columns];
            out
        };
        // Jacobi preconditioning: without it, the intercept would take most of the steps.
        let mut scale = vec![penalty; self.columns + 1];
        scale[self.columns] = 1e-6;
        for (&row, d) in chosen.iter().zip(diagonal) {
            self.rows[row].iter().for_each(|&(column, value)| scale[column as usize] += d * value * value);
            scale[self.columns] += d;
        }
        let precondition = |r: &[f64]| -> Vec<f64> { r.iter().zip(&scale).map(|(r, s)| r / s).collect() };
        let mut w = vec![0.0; self.columns + 1];
        let mut residual = b.to_vec();
        let mut direction = precondition(&residual);
        let mut rate = dot(&residual, &direction);
        let enough = rate * TOLERANCE * TOLERANCE;
        for _ in 0..STEPS {
            if rate <= enough || rate <= 0.0 {
                break;
            }
            let image = product(&direction);
            let step = rate / dot(&direction, &image);
            w.iter_mut().zip(&direction).for_each(|(w, d)| *w += step * d);
            residual.iter_mut().zip(&image).for_each(|(r, i)| *r -= step * i);
            let better = precondition(&residual);
            let next = dot(&residual, &better);
            direction.iter_mut().zip(&better).for_each(|(d, b)| *d = b + next / rate * *d);
            rate = next;
        }
        w
    }

    /// Fits `target` on the chosen rows by ridge regression (Hoerl and Kennard 1970).
    pub fn ridge(&self, chosen: &[usize], target: &[f64], penalty: f64) -> Weights {
        let b = self.transposed(chosen, target);
        self.solve(chosen, &vec![1.0; chosen.len()], penalty, &b)
    }

    /// Fits `positive` on the chosen rows by logistic regression with a ridge penalty. It uses Newton's method, and halves a
    /// step that goes too far.
    pub fn logistic(&self, chosen: &[usize], positive: &[bool], penalty: f64) -> Weights {
        let logits =
            |w: &Weights| -> Vec<f64> { chosen.iter().map(|&row| predict(&self.rows[row], w)).collect() };
        let loss = |logits: &[f64], w: &Weights| {
            let likelihood = logits.iter().zip(positive).map(|(&x, &y)| log_loss(x, y));
            likelihood.sum::<f64>() + penalty / 2.0 * dot(&w[..self.columns], &w[..self.columns])
        };
        let mut w = vec![0.0; self.columns + 1];
        // Start from the base rate.
        let rate = (positive.iter().filter(|p| **p).count() as f64 + 0.5) / (chosen.len() as f64 + 1.0);
        w[self.columns] = (rate / (1.0 - rate)).ln();
        let mut at = logits(&w);
        let mut now = loss(&at, &w);
        for _ in 0..NEWTON {
            let probability: Vec<f64> = at.iter().map(|&x| sigmoid(x)).collect();
            let error: Vec<f64> = probability.iter().zip(positive).map(|(p, &y)| f64::from(y) - p).collect();
            let mut gradient = self.transposed(chosen, &error);
            gradient.iter_mut().zip(&w).take(self.columns).for_each(|(g, w)| *g -= penalty * w);
            let curvature: Vec<f64> = probability.iter().map(|p| (p * (1.0 - p)).max(1e-6)).collect();
            let step = self.solve(chosen, &curvature, penalty, &gradient);
            let mut share = 1.0;
            let better = loop {
                let next: Weights = w.iter().zip(&step).map(|(w, s)| w + share * s).collect();
                let next_at = logits(&next);
                let next_loss = loss(&next_at, &next);
                if next_loss < now {
                    break Some((next, next_at, next_loss));
                }
                share /= 2.0;
                if share < 1e-3 {
                    break None;
                }
            };
            let Some((next, next_at, next_loss)) = better else { break };
            let gained = now - next_loss;
            (w, at, now) = (next, next_at, next_loss);
            if gained < 1e-4 * now {
                break;
            }
        }
        w
    }
}

pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Computes the log loss, −ln P(y), of a logit.
pub fn log_loss(x: f64, positive: bool) -> f64 {
    let x = if positive { -x } else { x };
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ridge_by_hand() {
        // With one centred column, w = Σxy / (Σx² + λ), and the intercept is the mean.
        let x = Sparse { rows: vec![vec![(0, -1.0)], vec![], vec![(0, 1.0)]], columns: 1 };
        let w = x.ridge(&[0, 1, 2], &[1.0, 2.0, 3.0], 2.0);
        assert!((w[0] - 2.0 / 4.0).abs() < 1e-3 && (w[1] - 2.0).abs() < 1e-3, "{w:?}");
        assert!((predict(&x.rows[2], &w) - 2.5).abs() < 1e-3);
    }

    #[test]
    fn logistic_by_its_gradient() {
        let rows: Vec<Vec<(u32, f64)>> = (0..40)
            .map(|i| vec![(i % 3, 1.0 + f64::from(i % 5) / 5.0), (3, f64::from(i % 7) - 3.0)])
            .collect();
        let positive: Vec<bool> = (0..40).map(|i| (i * 7 + i % 3) % 5 < 2).collect();
        let x = Sparse { rows, columns: 4 };
        let chosen: Vec<usize> = (0..40).collect();
        let w = x.logistic(&chosen, &positive, 0.5);
        let error: Vec<f64> =
            (0..40).map(|i| f64::from(positive[i]) - sigmoid(predict(&x.rows[i], &w))).collect();
        let gradient = x.transposed(&chosen, &error);
        for (column, g) in gradient.iter().enumerate() {
            let penalty = if column < 4 { 0.5 * w[column] } else { 0.0 };
            assert!((g - penalty).abs() < 0.05, "column {column}: {g} {penalty}");
        }
    }

    #[test]
    fn loss_does_not_overflow() {
        assert!((log_loss(0.0, true) - 2f64.ln()).abs() < 1e-12);
        assert_eq!((log_loss(900.0, false), log_loss(900.0, true)), (900.0, 0.0));
    }
}
