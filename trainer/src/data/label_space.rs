//! What reports are labelled with: the competencies of a rubric, positive and negative evidence for each, and the levels.

use salesmirror::Rubric;

/// The labels that a rubric defines, as the numbers that models predict.
///
/// Output 2c of the evidence head is positive evidence for competency c, output 2c + 1 is negative evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSpace {
    /// Ids of the competencies, in the rubric's order.
    pub competencies: Vec<String>,
    /// The lowest level of the scale.
    pub lowest: i32,
    /// How many levels the scale has.
    pub levels: usize,
}

impl From<&Rubric> for LabelSpace {
    fn from(rubric: &Rubric) -> Self {
        Self {
            competencies: rubric.competencies.iter().map(|competency| competency.id.clone()).collect(),
            lowest: rubric.scale.min,
            levels: rubric.levels(),
        }
    }
}

impl LabelSpace {
    /// How many outputs the evidence head has: 2 · competencies.
    pub fn evidence_outputs(&self) -> usize {
        2 * self.competencies.len()
    }

    /// The highest level of the scale.
    pub fn highest(&self) -> i32 {
        self.lowest + self.levels as i32 - 1
    }

    /// The number of a competency; `None` if the rubric does not have it.
    pub fn competency(&self, id: &str) -> Option<usize> {
        self.competencies.iter().position(|known| known == id)
    }

    /// The output of the evidence head that a tag such as `planning+` or `planning-` stands for.
    pub fn evidence_output(&self, tag: &str) -> Option<usize> {
        let (id, negative) = match tag.strip_suffix('+') {
            Some(id) => (id, 0),
            None => (tag.strip_suffix('-')?, 1),
        };
        Some(2 * self.competency(id)? + negative)
    }

    /// The soft target of a level: the classes on either side of it, counted from 0, with their shares. A whole level has all
    /// of the first share. Raters who differ give fractional levels.
    pub fn soft_target(&self, level: f32) -> [(usize, f32); 2] {
        let above = (level - self.lowest as f32).clamp(0.0, (self.levels - 1) as f32);
        let (class, share) = (above.floor() as usize, above.fract());
        [(class, 1.0 - share), ((class + 1).min(self.levels - 1), share)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_levels_become_outputs_and_classes() {
        let space = LabelSpace { competencies: vec!["a".to_owned(), "b".to_owned()], lowest: 1, levels: 5 };
        assert_eq!((space.evidence_output("b-"), space.evidence_output("a+")), (Some(3), Some(0)));
        assert_eq!((space.evidence_output("b"), space.evidence_output("c+")), (None, None));
        assert_eq!((space.evidence_outputs(), space.highest()), (4, 5));
        assert_eq!(space.soft_target(2.0), [(1, 1.0), (2, 0.0)]);
        assert_eq!(space.soft_target(4.25), [(3, 0.75), (4, 0.25)]);
        assert_eq!(space.soft_target(5.0), [(4, 1.0), (4, 0.0)]);
    }

    #[test]
    fn soft_targets_give_the_level_back() {
        let space = LabelSpace { competencies: Vec::new(), lowest: 1, levels: 5 };
        for hundredths in 100..=500 {
            let level = hundredths as f32 / 100.0;
            let [(below, share_below), (above, share_above)] = space.soft_target(level);
            let mean = 1.0 + below as f32 * share_below + above as f32 * share_above;
            assert!((mean - level).abs() < 1e-5 && share_below + share_above == 1.0, "{level}: {mean}");
        }
    }
}
