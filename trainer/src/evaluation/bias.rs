//! Whether a model treats reports alike that differ in what must not matter: language, length, style and other fields,
//! the names and genders of people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::LabelledReport;
use super::counterfactual::Swap;
use super::figures::{Bootstrap, Evaluation, Figure, Measure, Unit, slices};
use super::metrics::{Ranking, spearman};

/// Everything that was checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bias {
    /// Differences of figures between the two largest languages.
    pub languages: Vec<Gap>,
    /// Spearman's correlation of a level's error, at a fixed true level, with the length of the report among those of its language.
    pub length: Option<Figure>,
    /// By field: the mean error of levels at a fixed true level for each value.
    pub fields: Vec<FieldErrors>,
    pub swaps: Vec<Swapped>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gap {
    pub measure: Measure,
    /// The figure of the first language minus that of the second.
    pub languages: [String; 2],
    pub figure: Figure,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FieldErrors {
    pub field: String,
    /// Value, reports, error in levels: above 0 they are judged too kindly, compared with the others.
    pub values: Vec<(String, usize, Figure)>,
}

/// What exchanging people's genders or names does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Swapped {
    pub name: String,
    /// Reports that had something to exchange, and words exchanged in them.
    pub reports: usize,
    pub words: usize,
    /// Mean of a level's change without its sign, and with it.
    pub change: Option<Figure>,
    pub signed: Option<Figure>,
    /// The largest change without its sign.
    pub largest: Option<f64>,
    /// Share of competencies that are shown in one version and not in the other.
    pub flips: Option<Figure>,
}

/// The exchanges that are tried: what is compared with what.
pub const SWAPS: [(&str, Option<Swap>, Swap); 3] = [
    ("genders exchanged", None, Swap::Genders),
    ("all women, against all men", Some(Swap::Masculine), Swap::Feminine),
    ("names exchanged", None, Swap::Names),
];

/// Language gaps on the evaluation's own resamples.
pub fn languages(evaluation: &Evaluation) -> Vec<Gap> {
    const MEASURES: [Measure; 6] = [
        Measure::Kappa,
        Measure::Mae,
        Measure::SignedError,
        Measure::PresenceF1,
        Measure::EvidenceAp,
        Measure::Coverage,
    ];
    let slices =
        evaluation.slices.iter().enumerate().filter_map(|(i, slice)| match (&slice.competency, &slice.of) {
            (None, Some((field, language))) if field == "language" => Some((slice.reports, language, i)),
            _ => None,
        });
    let mut largest: Vec<(usize, &String, usize)> = slices.collect();
    largest.sort_by(|a, b| b.cmp(a));
    let [(_, a, i), (_, b, j), ..] = largest[..] else { return Vec::new() };
    let gap = |measure: Measure| {
        let value = |slice: usize| evaluation.slices[slice].figures.get(&measure).map(|figure| figure.value);
        let at = measure as usize;
        let draws = evaluation.draws.iter().map(|draw| draw[i][at] - draw[j][at]);
        let figure = Figure::new(value(i)? - value(j)?, draws)?;
        Some(Gap { measure, languages: [a.clone(), b.clone()], figure })
    };
    MEASURES.into_iter().filter_map(gap).collect()
}

/// An error of a level: report, by how much more than that of others of the same competency and true level.
pub fn errors(reports: &[LabelledReport], levels: &[Vec<f32>]) -> Vec<(usize, f64)> {
    let mut cells: BTreeMap<(usize, i64), Vec<(usize, f64)>> = BTreeMap::new();
    for (d, (report, levels)) in reports.iter().zip(levels).enumerate() {
        for (c, (truth, level)) in report.levels.iter().zip(levels).enumerate() {
            if let Some(truth) = truth {
                let cell = cells.entry((c, (f64::from(*truth) * 1000.0).round() as i64)).or_default();
                cell.push((d, f64::from(level - truth)));
            }
        }
    }
    let mut errors = Vec::new();
    for cell in cells.into_values() {
        let mean = cell.iter().map(|(_, error)| error).sum::<f64>() / cell.len() as f64;
        errors.extend(cell.into_iter().map(|(d, error)| (d, error - mean)));
    }
    errors
}

/// Errors by length and by every field of few values; `levels` are expected levels, [reports][competencies].
pub fn by_field(
    reports: &[LabelledReport],
    levels: &[Vec<f32>],
    bootstrap: &Bootstrap,
    asked: &[String],
) -> (Option<Figure>, Vec<FieldErrors>) {
    let errors = errors(reports, levels);
    let weights: Vec<[Vec<f64>; 2]> = (0..bootstrap.resamples).map(|draw| bootstrap.weights(draw)).collect();
    let one = vec![1.0; reports.len()];

    // Place among the reports of the same language, 0 to 1.
    let mut place = vec![0.0; reports.len()];
    let mut by_language: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (d, report) in reports.iter().enumerate() {
        by_language.entry(&report.language).or_default().push(d);
    }
    for members in by_language.into_values() {
        let lengths: Vec<f64> = members.iter().map(|&d| reports[d].characters as f64).collect();
        let ranks = Ranking::new(&lengths).ranks(&vec![1.0; members.len()]);
        members.iter().zip(ranks).for_each(|(&d, rank)| place[d] = rank / members.len() as f64);
    }
    let by_error = Ranking::new(&errors.iter().map(|(_, error)| *error).collect::<Vec<_>>());
    let by_place = Ranking::new(&errors.iter().map(|(d, _)| place[*d]).collect::<Vec<_>>());
    let correlation = |weights: &[f64]| {
        let of_error: Vec<f64> = errors.iter().map(|(d, _)| weights[*d]).collect();
        spearman(&by_error, &by_place, &of_error).unwrap_or(f64::NAN)
    };
    let length = Figure::new(correlation(&one), weights.iter().map(|[groups, _]| correlation(groups)));

    let mut of_document: Vec<Vec<f64>> = vec![Vec::new(); reports.len()];
    errors.iter().for_each(|(d, error)| of_document[*d].push(*error));
    let mut fields: Vec<FieldErrors> = Vec::new();
    for ((field, value), members) in slices(reports, asked) {
        let at = usize::from(bootstrap.unit(&members) == Unit::Reports);
        let draws = weights.iter().map(|w| mean_of(&members, &of_document, &w[at]));
        let Some(figure) = Figure::new(mean_of(&members, &of_document, &one), draws) else { continue };
        let entry = (value, members.len(), figure);
        match fields.iter_mut().find(|known| known.field == field) {
            Some(known) => known.values.push(entry),
            None => fields.push(FieldErrors { field, values: vec![entry] }),
        }
    }
    fields.retain(|field| field.values.len() > 1);
    (length, fields)
}

/// Weighted mean over the values of some reports; NaN of none.
fn mean_of(members: &[usize], of_document: &[Vec<f64>], weights: &[f64]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for &d in members {
        sum += weights[d] * of_document[d].iter().sum::<f64>();
        count += weights[d] * of_document[d].len() as f64;
    }
    sum / count
}

/// Levels of a report by competency, None where it is not shown.
pub type Shown = Vec<Option<f32>>;

/// Of a report the words that were exchanged and what it showed before and after.
pub type Pair = (usize, Shown, Shown);

/// What an exchange did to reports.
pub fn swapped(name: &str, pairs: &[Pair], bootstrap: &Bootstrap) -> Swapped {
    let mut changes: Vec<Vec<f64>> = Vec::new();
    let mut flips: Vec<Vec<f64>> = Vec::new();
    for (_, before, after) in pairs {
        let both = before.iter().zip(after);
        changes.push(both.clone().filter_map(|(a, b)| Some(f64::from((*b)? - (*a)?))).collect());
        flips.push(both.map(|(a, b)| f64::from(a.is_some() != b.is_some())).collect());
    }
    let sizes: Vec<Vec<f64>> = changes.iter().map(|of| of.iter().map(|c| c.abs()).collect()).collect();
    let all: Vec<usize> = (0..pairs.len()).collect();
    let one = vec![1.0; pairs.len()];
    let weights: Vec<[Vec<f64>; 2]> = (0..bootstrap.resamples).map(|draw| bootstrap.weights(draw)).collect();
    let at = usize::from(bootstrap.unit(&all) == Unit::Reports);
    let figure = |values: &[Vec<f64>]| {
        Figure::new(mean_of(&all, values, &one), weights.iter().map(|w| mean_of(&all, values, &w[at])))
    };
    Swapped {
        name: name.to_owned(),
        reports: pairs.len(),
        words: pairs.iter().map(|(words, ..)| words).sum(),
        change: figure(&sizes),
        signed: figure(&changes),
        largest: sizes.iter().flatten().copied().reduce(f64::max),
        flips: figure(&flips),
    }
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::report;
    use super::*;

    #[test]
    fn errors_are_against_others_of_the_same_level() {
        let reports: Vec<LabelledReport> =
            [Some(2.0), Some(2.0), Some(4.0), None].iter().map(|l| report("a-1", "en", vec![*l])).collect();
        let levels = [3.0, 2.0, 5.0, 1.0].map(|level| vec![level]);
        assert_eq!(errors(&reports, &levels), [(0, 0.5), (1, -0.5), (2, 0.0)]);
    }

    #[test]
    fn kindness_to_a_value_and_to_length_is_seen() {
        let mut reports: Vec<LabelledReport> = (0..40)
            .map(|i| report(&format!("{}{i}-1", ["a", "b"][i % 2]), "en", vec![Some(3.0)]))
            .collect();
        reports.iter_mut().enumerate().for_each(|(i, report)| report.characters = 100 + i);
        let level = |i: usize| 3.0 + [0.5, -0.5][i % 2] + i as f32 / 20.0;
        let levels: Vec<Vec<f32>> = (0..40).map(|i| vec![level(i)]).collect();
        let groups: Vec<usize> = (0..40).collect();
        let bootstrap = Bootstrap { resamples: 200, seed: 1, groups: &groups };
        let (length, fields) = by_field(&reports, &levels, &bootstrap, &[]);
        let industry = fields.iter().find(|field| field.field == "industry").unwrap();
        let [a, b] = &industry.values[..] else { panic!("two industries") };
        assert!(a.2.low.unwrap() > 0.0 && b.2.high.unwrap() < 0.0, "{industry:?}");
        assert!(length.unwrap().low.unwrap() > 0.3, "{length:?}");
    }

    #[test]
    fn changes_by_hand() {
        let pairs = [
            (2, vec![Some(3.0), None], vec![Some(3.5), None]),
            (1, vec![Some(2.0), Some(1.0)], vec![Some(1.9), None]),
        ];
        let bootstrap = Bootstrap { resamples: 10, seed: 0, groups: &[0, 1] };
        let swapped = swapped("x", &pairs, &bootstrap);
        assert_eq!((swapped.reports, swapped.words), (2, 3));
        assert!((swapped.change.unwrap().value - 0.3).abs() < 1e-5);
        assert!((swapped.signed.unwrap().value - 0.2).abs() < 1e-5);
        assert!((swapped.largest.unwrap() - 0.5).abs() < 1e-6);
        assert!((swapped.flips.unwrap().value - 0.25).abs() < 1e-6);
    }
}
