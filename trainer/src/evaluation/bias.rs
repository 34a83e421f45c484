//! Checks whether a model treats alike what must not matter: language, length, the fields of the data such as industry, and the
//! names and genders of people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, ResampleWeights, ResamplingUnit};
use super::counterfactual::Swap;
use super::evaluate::{Evaluation, Slice};
use super::measures::{Figure, Measure};
use super::metrics::{Ranking, spearman};
use super::robustness::AdditionEffect;
use super::slices::{FieldSlice, LANGUAGE, slice_by_field};
use crate::data::LabelledReport;

/// Everything that was checked; evaluation.json has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bias {
    /// Differences of figures between the two largest languages.
    pub languages: Vec<LanguageGap>,
    /// Spearman's correlation between the error of a level, compared at a fixed true level, and the rank of the report's length
    /// among the reports of its language.
    pub length: Option<Figure>,
    /// The mean error of levels, compared at a fixed true level, for each value of each field.
    pub fields: Vec<FieldErrors>,
    /// What changes when people get other genders or names.
    pub swaps: Vec<SwapEffect>,
    /// What changes when something is added that is no evidence.
    pub additions: Vec<AdditionEffect>,
}

/// The difference of a figure between two languages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LanguageGap {
    pub measure: Measure,
    /// The difference is the figure of the first language minus that of the second.
    pub languages: [String; 2],
    pub figure: Figure,
}

/// The mean errors of levels by the values of a field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FieldErrors {
    pub field: String,
    /// Value, number of reports, and mean error in levels. Above 0, these reports are judged too kindly compared with others.
    pub values: Vec<(String, usize, Figure)>,
}

/// What changes when people get other genders or names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SwapEffect {
    pub name: String,
    /// Number of reports that had something to exchange.
    pub reports: usize,
    /// Number of words that were exchanged in them.
    pub words: usize,
    /// Mean absolute change of a level.
    pub change: Option<Figure>,
    /// Mean signed change of a level.
    pub signed: Option<Figure>,
    /// The 99th percentile of the absolute change of a level.
    pub percentile_99: Option<f64>,
    /// The largest absolute change of a level.
    pub largest: Option<f64>,
    /// Share of competencies that are shown in one version of a report and not in the other.
    pub flips: Option<Figure>,
}

/// The exchanges that are tried: a name, how the report is changed before (if at all), and what is then exchanged.
pub const SWAPS: [(&str, Option<Swap>, Swap); 3] = [
    ("genders exchanged", None, Swap::Genders),
    ("all women, against all men", Some(Swap::Masculine), Swap::Feminine),
    ("names exchanged", None, Swap::Names),
];

/// Compares the two largest languages, on the evaluation's own resamples.
pub fn compare_languages(evaluation: &Evaluation) -> Vec<LanguageGap> {
    const MEASURES: [Measure; 6] = [
        Measure::Kappa,
        Measure::Mae,
        Measure::SignedError,
        Measure::PresenceF1,
        Measure::EvidenceAp,
        Measure::Coverage,
    ];
    let language = |(at, slice): (usize, &Slice)| match (&slice.competency, &slice.of) {
        (None, Some((field, language))) if field == LANGUAGE => Some((slice.reports, language.clone(), at)),
        _ => None,
    };
    let mut largest: Vec<(usize, String, usize)> =
        evaluation.slices.iter().enumerate().filter_map(language).collect();
    largest.sort_by(|a, b| b.cmp(a));
    let [(_, a, i), (_, b, j), ..] = &largest[..] else { return Vec::new() };
    let gap = |measure: Measure| {
        let value = |slice: usize| evaluation.slices[slice].figures.get(&measure).map(|figure| figure.value);
        let at = measure as usize;
        let resampled = evaluation.resampled.iter().map(|slices| slices[*i][at] - slices[*j][at]);
        let figure = Figure::new(value(*i)? - value(*j)?, resampled)?;
        Some(LanguageGap { measure, languages: [a.clone(), b.clone()], figure })
    };
    MEASURES.into_iter().filter_map(gap).collect()
}

/// The error of a level, compared at a fixed true level: by how much it is above the mean error of all reports with the same
/// true level of the same competency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelError {
    /// Number of the report.
    pub report: usize,
    pub error: f64,
}

/// The errors of expected levels, `[reports][competencies]`, where reports have a true level.
pub fn level_errors(reports: &[LabelledReport], expected: &[Vec<f32>]) -> Vec<LevelError> {
    // By competency and true level, in thousandths.
    let mut cells: BTreeMap<(usize, i64), Vec<LevelError>> = BTreeMap::new();
    for (number, (report, expected)) in reports.iter().zip(expected).enumerate() {
        for (c, (truth, level)) in report.levels.iter().zip(expected).enumerate() {
            if let Some(truth) = truth {
                let cell = cells.entry((c, (f64::from(*truth) * 1000.0).round() as i64)).or_default();
                cell.push(LevelError { report: number, error: f64::from(level - truth) });
            }
        }
    }
    let mut errors = Vec::new();
    for cell in cells.into_values() {
        let mean = cell.iter().map(|level| level.error).sum::<f64>() / cell.len() as f64;
        errors.extend(cell.into_iter().map(|level| LevelError { error: level.error - mean, ..level }));
    }
    errors
}

/// Compares the errors of expected levels, `[reports][competencies]`, by length and by every field that
/// [`slice_by_field`] slices by.
pub fn compare_fields(
    reports: &[LabelledReport],
    expected: &[Vec<f32>],
    bootstrap: &Bootstrap,
    slice_by: &[String],
) -> (Option<Figure>, Vec<FieldErrors>) {
    let errors = level_errors(reports, expected);
    let weights = bootstrap.all_weights();
    let ones = vec![1.0; reports.len()];

    let relative_lengths = relative_lengths(reports);
    let by_error = Ranking::new(&errors.iter().map(|level| level.error).collect::<Vec<_>>());
    let by_length = Ranking::new(&errors.iter().map(|l| relative_lengths[l.report]).collect::<Vec<_>>());
    let correlation = |weights: &[f64]| {
        let error_weights: Vec<f64> = errors.iter().map(|level| weights[level.report]).collect();
        spearman(&by_error, &by_length, &error_weights).unwrap_or(f64::NAN)
    };
    let resampled = weights.iter().map(|weights| correlation(weights.of(ResamplingUnit::Groups)));
    let length = Figure::new(correlation(&ones), resampled);

    let mut errors_of: Vec<Vec<f64>> = vec![Vec::new(); reports.len()];
    errors.iter().for_each(|level| errors_of[level.report].push(level.error));
    let mut fields: Vec<FieldErrors> = Vec::new();
    for FieldSlice { field, value, members } in slice_by_field(reports, slice_by) {
        let Some(figure) = mean_figure(&members, &errors_of, bootstrap, &weights) else { continue };
        let entry = (value, members.len(), figure);
        match fields.iter_mut().find(|known| known.field == field) {
            Some(known) => known.values.push(entry),
            None => fields.push(FieldErrors { field, values: vec![entry] }),
        }
    }
    fields.retain(|field| field.values.len() > 1);
    (length, fields)
}

/// The rank of each report's length among the reports of its language, as a share from 0 to 1.
fn relative_lengths(reports: &[LabelledReport]) -> Vec<f64> {
    let mut by_language: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, report) in reports.iter().enumerate() {
        by_language.entry(&report.language).or_default().push(number);
    }
    let mut relative = vec![0.0; reports.len()];
    for members in by_language.into_values() {
        let lengths: Vec<f64> = members.iter().map(|&number| reports[number].characters as f64).collect();
        let ranks = Ranking::new(&lengths).ranks(&vec![1.0; members.len()]);
        for (&number, rank) in members.iter().zip(ranks) {
            relative[number] = rank / members.len() as f64;
        }
    }
    relative
}

/// The mean of the values of some reports, with its interval. `values` has the values of every report.
fn mean_figure(
    members: &[usize],
    values: &[Vec<f64>],
    bootstrap: &Bootstrap,
    weights: &[ResampleWeights],
) -> Option<Figure> {
    let mean = |weight: &dyn Fn(usize) -> f64| {
        let (mut sum, mut count) = (0.0, 0.0);
        for &report in members {
            sum += weight(report) * values[report].iter().sum::<f64>();
            count += weight(report) * values[report].len() as f64;
        }
        sum / count
    };
    let unit = bootstrap.unit(members);
    let resampled = weights.iter().map(|weights| {
        let weights = weights.of(unit);
        mean(&|report| weights[report])
    });
    Figure::new(mean(&|_| 1.0), resampled)
}

/// The levels that a report shows, `[competencies]`; `None` where it does not show a competency.
pub type ShownLevels = Vec<Option<f32>>;

/// The levels of a report before and after an exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct SwappedPair {
    /// Number of words that were exchanged.
    pub words: usize,
    pub before: ShownLevels,
    pub after: ShownLevels,
}

/// Measures what an exchange did to reports. The bootstrap's groups are those of the pairs.
pub fn measure_swap(name: &str, pairs: &[SwappedPair], bootstrap: &Bootstrap) -> SwapEffect {
    let mut changes: Vec<Vec<f64>> = Vec::new();
    let mut flips: Vec<Vec<f64>> = Vec::new();
    for SwappedPair { before, after, .. } in pairs {
        let both = before.iter().zip(after);
        changes.push(both.clone().filter_map(|(a, b)| Some(f64::from((*b)? - (*a)?))).collect());
        flips.push(both.map(|(a, b)| f64::from(a.is_some() != b.is_some())).collect());
    }
    let sizes: Vec<Vec<f64>> =
        changes.iter().map(|changes| changes.iter().map(|change| change.abs()).collect()).collect();
    let all: Vec<usize> = (0..pairs.len()).collect();
    let weights = bootstrap.all_weights();
    let figure = |values: &[Vec<f64>]| mean_figure(&all, values, bootstrap, &weights);
    SwapEffect {
        name: name.to_owned(),
        reports: pairs.len(),
        words: pairs.iter().map(|pair| pair.words).sum(),
        change: figure(&sizes),
        signed: figure(&changes),
        percentile_99: percentile_99(sizes.iter().flatten().copied().collect()),
        largest: sizes.iter().flatten().copied().reduce(f64::max),
        flips: figure(&flips),
    }
}

/// The value that 99 % of the values do not exceed.
fn percentile_99(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get((values.len() * 99).div_ceil(100).saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::report;
    use super::*;

    #[test]
    fn errors_are_compared_with_others_of_the_same_level() {
        let reports: Vec<LabelledReport> =
            [Some(2.0), Some(2.0), Some(4.0), None].iter().map(|l| report("a-1", "en", vec![*l])).collect();
        let expected = [3.0, 2.0, 5.0, 1.0].map(|level| vec![level]);
        let errors: Vec<(usize, f64)> =
            level_errors(&reports, &expected).iter().map(|level| (level.report, level.error)).collect();
        assert_eq!(errors, [(0, 0.5), (1, -0.5), (2, 0.0)]);
    }

    #[test]
    fn kindness_to_a_value_and_to_length_is_seen() {
        let mut reports: Vec<LabelledReport> =
            (0..40).map(|i| report(&format!("{}{i}-1", ["a", "b"][i % 2]), "en", vec![Some(3.0)])).collect();
        reports.iter_mut().enumerate().for_each(|(i, report)| report.characters = 100 + i);
        let level = |i: usize| 3.0 + [0.5, -0.5][i % 2] + i as f32 / 20.0;
        let expected: Vec<Vec<f32>> = (0..40).map(|i| vec![level(i)]).collect();
        let groups: Vec<usize> = (0..40).collect();
        let bootstrap = Bootstrap { resamples: 200, seed: 1, groups: &groups };
        let (length, fields) = compare_fields(&reports, &expected, &bootstrap, &[]);
        let industry = fields.iter().find(|field| field.field == "industry").unwrap();
        let [a, b] = &industry.values[..] else { panic!("two industries") };
        assert!(a.2.low.unwrap() > 0.0 && b.2.high.unwrap() < 0.0, "{industry:?}");
        assert!(length.unwrap().low.unwrap() > 0.3, "{length:?}");
    }

    #[test]
    fn changes_by_hand() {
        let pairs = [
            SwappedPair { words: 2, before: vec![Some(3.0), None], after: vec![Some(3.5), None] },
            SwappedPair { words: 1, before: vec![Some(2.0), Some(1.0)], after: vec![Some(1.9), None] },
        ];
        let bootstrap = Bootstrap { resamples: 10, seed: 0, groups: &[0, 1] };
        let effect = measure_swap("x", &pairs, &bootstrap);
        assert_eq!((effect.reports, effect.words), (2, 3));
        assert!((effect.change.unwrap().value - 0.3).abs() < 1e-5);
        assert!((effect.signed.unwrap().value - 0.2).abs() < 1e-5);
        assert!((effect.largest.unwrap() - 0.5).abs() < 1e-6);
        assert!((effect.flips.unwrap().value - 0.25).abs() < 1e-6);
    }
}
