//! The field's figures, each as its definition says.

/// Area under the precision-recall curve as a sum over ranked positives; ties share their mean precision. None without
/// positives.
pub fn average_precision(scores: &[f32], positive: &[bool]) -> Option<f32> {
    let total = positive.iter().filter(|p| **p).count();
    if total == 0 {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let (mut hits, mut seen, mut sum) = (0usize, 0usize, 0.0f64);
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let new = tied.iter().filter(|&&i| positive[i]).count();
        hits += new;
        seen += tied.len();
        sum += new as f64 * hits as f64 / seen as f64;
    }
    Some((sum / total as f64) as f32)
}

/// Harmonic mean of precision and recall; 0 where there is nothing right.
pub fn f1(predicted: impl IntoIterator<Item = bool>, truth: impl IntoIterator<Item = bool>) -> f32 {
    let (mut both, mut either) = (0usize, 0usize);
    for (p, t) in predicted.into_iter().zip(truth) {
        both += usize::from(p && t);
        either += usize::from(p) + usize::from(t);
    }
    if either == 0 { 0.0 } else { 2.0 * both as f32 / either as f32 }
}

/// Cohen's kappa with quadratic weights (Cohen 1968) between integer levels; 0 where chance cannot be beaten.
pub fn quadratic_weighted_kappa(a: &[i32], b: &[i32]) -> f32 {
    let square = |x: i32, y: i32| f64::from(x - y).powi(2);
    let observed: f64 = a.iter().zip(b).map(|(&x, &y)| square(x, y)).sum::<f64>() / a.len() as f64;
    let expected: f64 = a.iter().flat_map(|&x| b.iter().map(move |&y| square(x, y))).sum::<f64>()
        / (a.len() as f64 * b.len() as f64);
    if expected > 0.0 { (1.0 - observed / expected) as f32 } else { 0.0 }
}

pub fn mean_absolute_error(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum::<f32>() / a.len() as f32
}

/// Pearson's correlation; NaN where either does not vary.
pub fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let mean = |v: &[f32]| v.iter().map(|x| f64::from(*x)).sum::<f64>() / v.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x) - ma, f64::from(*y) - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    (ab / (aa * bb).sqrt()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn average_precision_by_hand() {
        let ap = average_precision(&[0.9, 0.8, 0.7, 0.1], &[true, false, true, false]).unwrap();
        assert!((ap - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-6);
        assert_eq!(
            average_precision(&[0.5; 4], &[true, false, false, false]),
            Some(0.25),
            "ties tell nothing"
        );
        assert_eq!(average_precision(&[0.5], &[false]), None);
    }

    #[test]
    fn f1_by_hand() {
        assert_eq!(f1([true, true, false], [true, false, true]), 0.5);
        assert_eq!(f1([false], [false]), 0.0);
    }

    #[test]
    fn kappa_by_hand() {
        assert_eq!(quadratic_weighted_kappa(&[1, 2, 3], &[1, 2, 3]), 1.0);
        assert_eq!(quadratic_weighted_kappa(&[3, 3, 3], &[3, 3, 3]), 0.0);
        assert!(quadratic_weighted_kappa(&[1, 5], &[5, 1]) < -0.9);
        // Squared differences: 1/4 observed, 32/16 over all pairs.
        assert!((quadratic_weighted_kappa(&[1, 2, 3, 4], &[1, 2, 3, 3]) - 0.875).abs() < 1e-6);
    }

    #[test]
    fn correlation_and_error_by_hand() {
        assert!((correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]) - 1.0).abs() < 1e-6);
        assert!(correlation(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
        assert_eq!(mean_absolute_error(&[1.0, 3.0], &[2.0, 3.0]), 0.5);
    }
}
