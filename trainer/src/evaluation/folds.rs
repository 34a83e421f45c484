//! Which reports are held out together.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::data::LabelledReport;

/// Why reports cannot be split into folds.
#[derive(Debug, Error)]
pub enum FoldError {
    #[error(
        "report `{id}` has no field `{field}` to group by; choose another one for --group-by (this report has id, lang, writer, \
         {known}), or add the field to the data"
    )]
    NoField { id: String, field: String, known: String },
    #[error(
        "{groups} groups cannot fill {folds} folds; choose --folds between 2 and the number of groups, or another --group-by"
    )]
    TooFewGroups { groups: usize, folds: usize },
}

/// The group of each report by a field of its report, as numbers from 0, and how many there are.
pub fn groups(reports: &[LabelledReport], field: &str) -> Result<(Vec<usize>, usize), FoldError> {
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
    Ok((values.iter().map(|value| numbers[value]).collect(), numbers.len()))
}

/// The fold of each report: all of a group in one; the folds alike in size and in languages. Large groups are placed
/// first, each where it makes the folds least uneven.
pub fn assign(reports: &[LabelledReport], groups: &[usize], count: usize, folds: usize) -> Result<Vec<usize>, FoldError> {
    if folds < 2 || count < folds {
        return Err(FoldError::TooFewGroups { groups: count, folds });
    }
    let mut languages: Vec<&str> = reports.iter().map(|d| d.language.as_str()).collect();
    let of_document = languages.clone();
    languages.sort_unstable();
    languages.dedup();
    // Reports of each language, and of all at the end.
    let mut sizes = vec![vec![0usize; languages.len() + 1]; count];
    for (&group, language) in groups.iter().zip(of_document) {
        sizes[group][languages.partition_point(|l| *l < language)] += 1;
        sizes[group][languages.len()] += 1;
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&group| (std::cmp::Reverse(sizes[group][languages.len()]), group));
    let mut filled = vec![vec![0usize; languages.len() + 1]; folds];
    let mut fold_of = vec![0; count];
    for (placed, &group) in order.iter().enumerate() {
        // Squares grow least where there is least; and no fold stays empty.
        let cost = |fold: usize| -> usize {
            let grown = filled[fold].iter().zip(&sizes[group]).map(|(f, s)| (f + s).pow(2) - f.pow(2));
            grown.sum()
        };
        let empty = |fold: usize| filled[fold][languages.len()] == 0;
        let must_fill = (0..folds).filter(|&fold| empty(fold)).count() >= count - placed;
        let candidates = (0..folds).filter(|&fold| !must_fill || empty(fold));
        let fold = candidates.min_by_key(|&fold| (cost(fold), fold)).unwrap_or(0);
        filled[fold].iter_mut().zip(&sizes[group]).for_each(|(f, s)| *f += s);
        fold_of[group] = fold;
    }
    Ok(groups.iter().map(|&group| fold_of[group]).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use salesmirror::Rubric;

    use super::*;

    /// The default rubric's first competency alone.
    pub fn rubric() -> Rubric {
        let mut rubric = Rubric::from_json(include_str!("../../../../data/rubric.json")).unwrap();
        rubric.competencies.truncate(1);
        rubric
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
            fields: BTreeMap::from([("industry".to_owned(), id.chars().take(1).collect())]),
        }
    }

    #[test]
    fn groups_stay_together_and_folds_are_alike() {
        let mut reports = Vec::new();
        for writer in 0..12 {
            for report in 0..3 + writer % 4 {
                let language = if (writer + report) % 3 == 0 { "zh" } else { "en" };
                reports.push(report(&format!("w{writer}-{report}"), language, vec![]));
            }
        }
        let (groups, count) = groups(&reports, "writer").unwrap();
        assert_eq!(count, 12);
        let folds = assign(&reports, &groups, count, 3).unwrap();
        for (i, j) in (0..reports.len()).flat_map(|i| (0..i).map(move |j| (i, j))) {
            assert!(groups[i] != groups[j] || folds[i] == folds[j]);
        }
        for language in ["zh", "en"] {
            let in_fold = |fold| {
                let both = reports.iter().zip(&folds);
                both.filter(|(d, f)| d.language == language && **f == fold).count()
            };
            let counts: Vec<usize> = (0..3).map(in_fold).collect();
            assert!(
                counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 2,
                "{language} {counts:?}"
            );
        }
    }

    #[test]
    fn any_field_groups_and_mistakes_are_told() {
        let reports: Vec<LabelledReport> = ["a-1", "b-1", "a-2"].map(|id| report(id, "en", vec![])).into();
        assert_eq!(groups(&reports, "industry").unwrap(), (vec![0, 1, 0], 2));
        let said = groups(&reports, "colour").unwrap_err().to_string();
        assert!(said.contains("`a-1` has no field `colour`") && said.contains("industry"), "{said}");
        let said = assign(&reports, &[0, 1, 0], 2, 3).unwrap_err().to_string();
        assert!(said.contains("2 groups cannot fill 3 folds"), "{said}");
    }
}
