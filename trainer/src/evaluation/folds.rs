//! Splits reports into folds for cross-validation. Reports of a group, such as those of one writer, are always held out
//! together.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::data::LabelledReport;

/// Why reports cannot be split into folds.
#[derive(Debug, Error)]
pub enum FoldError {
    #[error(
        "report `{id}` has no field `{field}` to group by; choose another one for --group-by (this report has id, lang, \
         writer, {known}), or add the field to the data"
    )]
    NoField { id: String, field: String, known: String },
    #[error(
        "{groups} groups cannot fill {folds} folds; choose --folds between 2 and the number of groups, or another \
         --group-by"
    )]
    TooFewGroups { groups: usize, folds: usize },
}

/// Groups of reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// The group of each report, numbered from 0.
    pub group_of: Vec<usize>,
    /// How many groups there are.
    pub count: usize,
}

/// Groups reports by the value of a field. Groups that share a set of texts become one, so that no fold splits a set.
///
/// # Errors
/// When a report has no such field.
pub fn group_by(reports: &[LabelledReport], field: &str) -> Result<Groups, FoldError> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let values = reports.iter().map(|report| {
        report.field(field).ok_or_else(|| {
            let known: Vec<&str> = report.fields.keys().map(String::as_str).collect();
            FoldError::NoField { id: report.id.clone(), field: field.to_owned(), known: known.join(", ") }
        })
    });
    let values: Vec<&str> = values.collect::<Result<_, _>>()?;
    values.iter().for_each(|value| {
        numbers.insert(value, 0);
    });
    numbers.values_mut().enumerate().for_each(|(i, number)| *number = i);
    let mut group_of: Vec<usize> = values.iter().map(|value| numbers[value]).collect();
    let mut first_of_set: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, report) in reports.iter().enumerate() {
        let Some(set) = report.set() else { continue };
        let first = *first_of_set.entry(set).or_insert(number);
        let (kept, merged) = (group_of[first], group_of[number]);
        if kept != merged {
            group_of.iter_mut().filter(|group| **group == merged).for_each(|group| *group = kept);
        }
    }
    let used: BTreeSet<usize> = group_of.iter().copied().collect();
    let renumbered: BTreeMap<usize, usize> =
        used.into_iter().enumerate().map(|(new, old)| (old, new)).collect();
    Ok(Groups { group_of: group_of.iter().map(|group| renumbered[group]).collect(), count: renumbered.len() })
}

/// Assigns each report to a fold, numbered from 0. All reports of a group are in one fold, and the folds are alike in size and
/// in languages and sources: the largest groups are placed first, each where it leaves the folds least uneven.
///
/// # Errors
/// When there are fewer than two folds, or fewer groups than folds.
pub fn assign_folds(
    reports: &[LabelledReport],
    groups: &Groups,
    folds: usize,
) -> Result<Vec<usize>, FoldError> {
    let Groups { group_of, count } = groups;
    if folds < 2 || *count < folds {
        return Err(FoldError::TooFewGroups { groups: *count, folds });
    }
    let stratum =
        |report: &LabelledReport| (report.language.clone(), report.field("source").map(str::to_owned));
    let stratum_of: Vec<_> = reports.iter().map(stratum).collect();
    let strata: Vec<_> = stratum_of.iter().collect::<BTreeSet<_>>().into_iter().collect();
    // For each group, the number of reports in each stratum, and in all of them at the end.
    let mut sizes = vec![vec![0usize; strata.len() + 1]; *count];
    for (&group, stratum) in group_of.iter().zip(&stratum_of) {
        sizes[group][strata.partition_point(|other| *other < stratum)] += 1;
        sizes[group][strata.len()] += 1;
    }
    let mut order: Vec<usize> = (0..*count).collect();
    order.sort_by_key(|&group| (std::cmp::Reverse(sizes[group][strata.len()]), group));
    let mut filled = vec![vec![0usize; strata.len() + 1]; folds];
    let mut fold_of = vec![0; *count];
    for (placed, &group) in order.iter().enumerate() {
        // The sum of squares grows least in the fold that has least.
        let cost = |fold: usize| -> usize {
            let grown = filled[fold].iter().zip(&sizes[group]).map(|(f, s)| (f + s).pow(2) - f.pow(2));
            grown.sum()
        };
        let empty = |fold: usize| filled[fold][strata.len()] == 0;
        // No fold may stay empty.
        let must_fill = (0..folds).filter(|&fold| empty(fold)).count() >= count - placed;
        let candidates = (0..folds).filter(|&fold| !must_fill || empty(fold));
        let fold = candidates.min_by_key(|&fold| (cost(fold), fold)).unwrap_or(0);
        filled[fold].iter_mut().zip(&sizes[group]).for_each(|(f, s)| *f += s);
        fold_of[group] = fold;
    }
    Ok(group_of.iter().map(|&group| fold_of[group]).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::data::LabelSpace;

    /// One competency with five levels.
    pub fn labels() -> LabelSpace {
        LabelSpace { competencies: vec!["planning".to_owned()], lowest: 1, levels: 5 }
    }

    /// A report of two sentences in which nobody looked for evidence.
    pub fn report(id: &str, language: &str, levels: Vec<Option<f32>>) -> LabelledReport {
        LabelledReport {
            id: id.to_owned(),
            language: language.to_owned(),
            text: "We met. They signed.".to_owned(),
            sentences: vec![0..8, 8..20],
            characters: 17,
            evidence: None,
            levels,
            sales: true,
            rated: true,
            fields: BTreeMap::from([("industry".to_owned(), id.chars().take(1).collect())]),
        }
    }

    #[test]
    fn groups_stay_together_and_folds_are_alike() {
        let mut reports = Vec::new();
        for writer in 0..12 {
            for number in 0..3 + writer % 4 {
                let language = if (writer + number) % 3 == 0 { "zh" } else { "en" };
                reports.push(report(&format!("w{writer}-{number}"), language, vec![]));
            }
        }
        let groups = group_by(&reports, "writer").unwrap();
        assert_eq!(groups.count, 12);
        let folds = assign_folds(&reports, &groups, 3).unwrap();
        for (i, j) in (0..reports.len()).flat_map(|i| (0..i).map(move |j| (i, j))) {
            assert!(groups.group_of[i] != groups.group_of[j] || folds[i] == folds[j]);
        }
        for language in ["zh", "en"] {
            let in_fold = |fold| {
                let both = reports.iter().zip(&folds);
                both.filter(|(report, f)| report.language == language && **f == fold).count()
            };
            let counts: Vec<usize> = (0..3).map(in_fold).collect();
            assert!(
                counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 2,
                "{language} {counts:?}"
            );
        }
    }

    #[test]
    fn any_field_groups_and_mistakes_are_reported() {
        let reports: Vec<LabelledReport> = ["a-1", "b-1", "a-2"].map(|id| report(id, "en", vec![])).into();
        let groups = group_by(&reports, "industry").unwrap();
        assert_eq!(groups, Groups { group_of: vec![0, 1, 0], count: 2 });
        let said = group_by(&reports, "colour").unwrap_err().to_string();
        assert!(said.contains("`a-1` has no field `colour`") && said.contains("industry"), "{said}");
        let said = assign_folds(&reports, &groups, 3).unwrap_err().to_string();
        assert!(said.contains("2 groups cannot fill 3 folds"), "{said}");
    }
}
