//! Splits reports into slices: by language, by length, and by the fields of the data.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::data::LabelledReport;

/// The field that slices by language have.
pub const LANGUAGE: &str = "language";

/// The field that slices by length have.
pub const LENGTH: &str = "length";

/// How many values a field has that is sliced by without being asked for.
const FEW_VALUES: RangeInclusive<usize> = 2..=40;

/// Reports that share the value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSlice {
    pub field: String,
    pub value: String,
    /// Numbers of the reports.
    pub members: Vec<usize>,
}

/// Slices reports by language, then by length (quarters of the reports of each language), then by other fields: those that
/// have only a few values and those in `asked`.
pub fn slice_by_field(reports: &[LabelledReport], asked: &[String]) -> Vec<FieldSlice> {
    let mut by_language = Groups::new();
    let mut by_length = Groups::new();
    let mut by_field = Groups::new();
    for (number, report) in reports.iter().enumerate() {
        add(&mut by_language, LANGUAGE, &report.language, number);
        for (field, value) in &report.fields {
            add(&mut by_field, field, value, number);
        }
        for field in asked.iter().filter(|field| !report.fields.contains_key(*field)) {
            if let Some(value) = report.field(field) {
                add(&mut by_field, field, value, number);
            }
        }
    }
    for members in by_language.values() {
        let mut members = members.clone();
        members.sort_by_key(|&number| reports[number].characters);
        for (i, &number) in members.iter().enumerate() {
            let quarter = ["1 shortest", "2", "3", "4 longest"][i * 4 / members.len()];
            add(&mut by_length, LENGTH, quarter, number);
        }
    }
    let mut values: BTreeMap<String, usize> = BTreeMap::new();
    by_field.keys().for_each(|(field, _)| *values.entry(field.clone()).or_default() += 1);
    by_field.retain(|(field, _), _| asked.contains(field) || FEW_VALUES.contains(&values[field]));
    let all = by_language.into_iter().chain(by_length).chain(by_field);
    all.map(|((field, value), members)| FieldSlice { field, value, members }).collect()
}

/// Numbers of reports by field and value.
type Groups = BTreeMap<(String, String), Vec<usize>>;

fn add(groups: &mut Groups, field: &str, value: &str, number: usize) {
    groups.entry((field.to_owned(), value.to_owned())).or_default().push(number);
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::report;
    use super::*;

    #[test]
    fn slices_are_fields_of_a_few_values() {
        let reports: Vec<LabelledReport> =
            (0..8).map(|i| report(&format!("{}{i}-1", ["a", "b"][i % 2]), "en", vec![])).collect();
        let all = slice_by_field(&reports, &["writer".to_owned()]);
        let count = |field: &str| all.iter().filter(|slice| slice.field == field).count();
        assert_eq!([LANGUAGE, LENGTH, "industry", "writer"].map(count), [1, 4, 2, 8]);
    }
}
