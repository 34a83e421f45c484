//! The baseline that every method must beat. It predicts the same label frequencies for every report.

use salesmirror::model::Prediction;
use serde_json::json;

use super::{Method, MethodError};
use crate::data::{LabelSpace, LabelledReport};

/// Logits are clamped to ± this, so that they stay finite. A larger logit would not say more.
const LARGEST_LOGIT: f64 = 20.0;

/// Predicts the label frequencies of the training reports for every report.
pub struct Majority<'a> {
    pub labels: &'a LabelSpace,
    pub reports: &'a [LabelledReport],
}

/// Computes the logits of P(level > k) for each level k but the last, from the weights of the levels.
fn cumulative_logits(weights: &[f64]) -> Vec<f32> {
    let all: f64 = weights.iter().sum();
    let mut above = all;
    let logits = weights[..weights.len() - 1].iter().map(|weight| {
        above -= weight;
        let odds = above.max(0.0) / (all - above).max(1e-12);
        odds.ln().clamp(-LARGEST_LOGIT, LARGEST_LOGIT) as f32
    });
    logits.collect()
}

impl Method for Majority<'_> {
    fn name(&self) -> &'static str {
        "majority"
    }

    fn settings(&self) -> serde_json::Value {
        json!({})
    }

    fn fit_predict(&self, train: &[usize], test: &[usize]) -> Result<Vec<Prediction>, MethodError> {
        let train: Vec<&LabelledReport> = train.iter().map(|&i| &self.reports[i]).collect();
        let competencies = self.labels.competencies.len();
        let share = |hits: usize, all: usize| hits as f32 / all.max(1) as f32;
        let levels_of = |c: usize| train.iter().filter_map(move |report| report.levels[c]);
        let presence: Vec<f32> =
            (0..competencies).map(|c| share(levels_of(c).count(), train.len())).collect();
        let cumulative = (0..competencies)
            .map(|c| {
                // Additive smoothing: one extra report of every level, so that no level is impossible.
                let mut weights = vec![1.0; self.labels.levels];
                for level in levels_of(c) {
                    for (class, share) in self.labels.soft_target(level) {
                        weights[class] += f64::from(share);
                    }
                }
                cumulative_logits(&weights)
            })
            .collect();
        let sentences: Vec<&Vec<bool>> =
            train.iter().filter_map(|report| report.evidence.as_ref()).flatten().collect();
        let rates: Vec<f32> = (0..self.labels.evidence_outputs())
            .map(|tag| share(sentences.iter().filter(|tags| tags[tag]).count(), sentences.len()))
            .collect();
        let sales = share(train.iter().filter(|report| report.sales).count(), train.len());
        let same = Prediction { evidence: Vec::new(), presence, cumulative, sales };
        let predict = |&i: &usize| Prediction {
            evidence: vec![rates.clone(); self.reports[i].sentences.len()],
            ..same.clone()
        };
        Ok(test.iter().map(predict).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tfidf::tests::{labels, report};
    use super::*;

    #[test]
    fn it_predicts_what_most_reports_have() {
        let (labels, reports): (_, Vec<LabelledReport>) = (labels(), (0..9).map(report).collect());
        let majority = Majority { labels: &labels, reports: &reports };
        let predictions = majority.fit_predict(&[0, 1, 2, 3, 4, 5], &[6, 7, 8]).unwrap();
        assert_eq!(predictions.len(), 3);
        assert!((predictions[0].presence[0] - 4.0 / 6.0).abs() < 1e-6);
        // Two reports of level 2, two of level 4.5 and one extra report of each level make nine.
        let above = |k: usize| 1.0 / (1.0 + (-f64::from(predictions[0].cumulative[0][k])).exp());
        assert!((above(0) - 8.0 / 9.0).abs() < 1e-6 && (above(3) - 2.0 / 9.0).abs() < 1e-6);
        // In three pairs of reports with two sentences each, two of the twelve sentences have the tag.
        assert!((predictions[0].evidence[1][0] - 2.0 / 12.0).abs() < 1e-6);
    }
}
