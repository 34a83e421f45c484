//! Sections of HTML pages: methods side by side, one evaluation, bias, and training curves.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::PageError;
use super::html::{Cell, Page, Picture};
use super::plots::{self, PlotError};
use crate::crossval::Crossval;
use crate::evaluation::evaluate::{ConfusionTable, ReliabilityBin};
use crate::evaluation::{Bias, Evaluation, Figure, Measure, ResamplingUnit, Slice};
use crate::run::metrics;

/// Measures by which groups are pictured, where they are defined.
const PICTURED: [Measure; 4] =
    [Measure::Kappa, Measure::PresenceF1, Measure::EvidenceAp, Measure::SignedError];

/// The share of true levels that intervals aim to hold, in percent.
pub fn interval_percent() -> f32 {
    salesmirror::model::INTERVAL_SHARE * 100.0
}

/// Those of the measures that some slice has.
pub fn defined_measures<'a>(
    measures: &[Measure],
    slices: impl Iterator<Item = &'a Slice> + Clone,
) -> Vec<Measure> {
    let is_defined = |measure: &Measure| slices.clone().any(|slice| slice.figures.contains_key(measure));
    measures.iter().copied().filter(is_defined).collect()
}

/// A table with a row for each slice: its name, its number of reports and its main figures.
fn slice_table<'a>(
    page: &mut Page,
    caption: &str,
    first: &str,
    slices: impl Iterator<Item = (String, &'a Slice)> + Clone,
) {
    let measures = defined_measures(&Measure::MAIN, slices.clone().map(|(_, slice)| slice));
    let head: Vec<&str> =
        [first, "reports"].into_iter().chain(measures.iter().map(|measure| measure.name())).collect();
    let row = |(name, slice): (String, &Slice)| {
        let figures = measures.iter().map(|measure| Cell::Figure(slice.figures.get(measure).copied()));
        [Cell::Text(name), Cell::Count(slice.reports)].into_iter().chain(figures).collect()
    };
    let rows: Vec<Vec<Cell>> = slices.map(row).collect();
    page.table(caption, &head, &rows);
}

/// A bar chart for each of the measures that some slice has; `by` says what the slices are.
fn slice_bars<'a>(
    page: &mut Page,
    measures: &[Measure],
    by: &str,
    slices: impl Iterator<Item = (String, &'a Slice)> + Clone,
) -> Result<(), PlotError> {
    let mut pictures = Vec::new();
    for measure in defined_measures(measures, slices.clone().map(|(_, slice)| slice)) {
        let rows: Vec<(String, Figure)> =
            slices.clone().filter_map(|(name, slice)| Some((name, *slice.figures.get(&measure)?))).collect();
        pictures.push(bars(format!("{} by {by}", measure.name()), measure, &rows)?);
    }
    page.pictures(&pictures);
    Ok(())
}

fn bars(title: String, measure: Measure, rows: &[(String, Figure)]) -> Result<Picture, PlotError> {
    let highest = rows.iter().max_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let lowest = rows.iter().min_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let words = match (lowest, highest) {
        (Some((low_name, low)), Some((high_name, high))) => {
            let (low, high) = (low.value, high.value);
            format!("From {low:.3} ({low_name}) to {high:.3} ({high_name}). The lines are 95 % intervals.")
        }
        _ => String::new(),
    };
    let row = |(name, figure): &(String, Figure)| vec![Cell::Text(name.clone()), Cell::Figure(Some(*figure))];
    Ok(Picture {
        title,
        words,
        svg: plots::bars(measure.name(), rows)?,
        head: vec![String::new(), measure.name().to_owned()],
        rows: rows.iter().map(row).collect(),
    })
}

/// Explains how tables of figures are read.
pub fn explain(page: &mut Page, evaluation: &Evaluation) {
    let Evaluation { reports, groups, resamples, grid, .. } = evaluation;
    page.paragraph(&format!(
        "The figures are computed from {reports} reports in {groups} groups. The range below a figure is its 95 % bootstrap \
         interval: the middle 95 % of its values in {resamples} resamples. A resample draws whole groups, or single reports \
         where a slice has fewer than ten groups. Levels are compared on a grid with steps of {grid}. Kappa has quadratic \
         weights and is 0 at the level of chance. MAE is the mean absolute error in levels, and ECE is the expected calibration \
         error. \"In interval\" is the share of true levels inside their interval, which aims at {} %. A dash means that the \
         data do not define the figure.",
        interval_percent()
    ));
}

/// The methods of a cross-validation side by side.
pub fn comparison(page: &mut Page, crossval: &Crossval) -> Result<(), PlotError> {
    page.heading("Methods side by side");
    let slices = crossval.methods.iter().map(|method| (method.method.clone(), &method.evaluation.slices[0]));
    slice_table(page, "All reports and competencies", "method", slices.clone());
    slice_bars(page, &PICTURED[..3], "method", slices)?;
    page.paragraph(&format!(
        "There are {} folds, grouped by {}. Each fold is judged with the thresholds and the temperature that were fitted to the \
         other folds.",
        crossval.folds, crossval.group_by
    ));
    gains(page, crossval);
    Ok(())
}

/// What the chosen method gains over each of the others.
fn gains(page: &mut Page, crossval: &Crossval) {
    let Crossval { gains, chosen, .. } = crossval;
    if gains.is_empty() {
        return;
    }
    let is_defined = |measure: &Measure| gains.values().any(|figures| figures.contains_key(measure));
    let measures: Vec<Measure> = Measure::MAIN.into_iter().filter(is_defined).collect();
    let head: Vec<&str> = ["compared with"].into_iter().chain(measures.iter().map(|m| m.name())).collect();
    let rows: Vec<Vec<Cell>> = gains
        .iter()
        .map(|(other, figures)| {
            let figures = measures.iter().map(|measure| Cell::Figure(figures.get(measure).copied()));
            [Cell::Text(other.clone())].into_iter().chain(figures).collect()
        })
        .collect();
    page.table(
        &format!("Differences between {chosen} and the other methods, on the same resamples"),
        &head,
        &rows,
    );
}

/// One method or model: by competency, by group of reports, confusion, reliability, and every figure.
pub fn evaluation(page: &mut Page, evaluation: &Evaluation) -> Result<(), PlotError> {
    page.heading("By competency");
    let name = |slice: &Slice| slice.competency.clone().unwrap_or_else(|| "all".to_owned());
    let whole = evaluation.slices.iter().filter(|slice| slice.of.is_none());
    slice_table(page, "Figures by competency", "competency", whole.map(|slice| (name(slice), slice)));
    let competencies = evaluation.competencies().map(|(id, slice)| (id.to_owned(), slice));
    slice_bars(page, &PICTURED, "competency", competencies)?;

    page.heading("By group of reports");
    page.paragraph("Lengths are quarters of the reports of each language, by number of characters.");
    for field in evaluation.fields() {
        let slices = evaluation.by(field).map(|(value, slice)| (value.to_owned(), slice));
        slice_table(page, &format!("Figures by {field}"), field, slices.clone());
        slice_bars(page, &PICTURED, field, slices)?;
    }
    let drawn_singly = evaluation.slices.iter().filter(|slice| slice.unit == ResamplingUnit::Reports).count();
    if drawn_singly > 0 && evaluation.slices[0].unit == ResamplingUnit::Groups {
        page.paragraph(&format!(
            "{drawn_singly} slices have too few groups; for their intervals, single reports are drawn."
        ));
    }

    page.heading("Confusion of levels");
    page.paragraph(
        "Rows are true levels and columns are predicted levels. The more of its row a cell holds, the stronger its colour.",
    );
    let pictures: Vec<Picture> = evaluation.confusion.iter().map(confusion).collect::<Result<_, _>>()?;
    page.pictures(&pictures);

    page.heading("Reliability");
    page.paragraph(
        "The pictures show whether probabilities mean what they say. Points above the dashed line stand for probabilities that \
         were too low, points below it for probabilities that were too high. Larger points hold more cases.",
    );
    let pictures: Vec<Picture> = evaluation
        .reliability
        .iter()
        .map(|(about, bins)| reliability(evaluation, about, bins))
        .collect::<Result<_, _>>()?;
    page.pictures(&pictures);

    page.heading("Every figure over all reports");
    let rows: Vec<Vec<Cell>> = evaluation
        .all()
        .iter()
        .map(|(measure, figure)| vec![Cell::Text(measure.name().to_owned()), Cell::Figure(Some(*figure))])
        .collect();
    page.table("All reports and competencies", &["figure", "value"], &rows);
    Ok(())
}

fn confusion(table: &ConfusionTable) -> Result<Picture, PlotError> {
    let ConfusionTable { competency, levels, counts } = table;
    let cells = || {
        counts.iter().enumerate().flat_map(|(i, row)| row.iter().enumerate().map(move |(j, n)| (i, j, *n)))
    };
    let count_within = |steps: usize| -> usize {
        cells().filter(|(i, j, _)| i.abs_diff(*j) <= steps).map(|(_, _, n)| n).sum()
    };
    let all: usize = cells().map(|(_, _, n)| n).sum();
    let percent = |n: usize| 100 * n / all.max(1);
    let words = format!(
        "Of {all} levels, {} % are predicted exactly and {} % are at most one step off.",
        percent(count_within(0)),
        percent(count_within(1))
    );
    let row = |(level, row): (&f64, &Vec<usize>)| {
        [Cell::Text(level.to_string())].into_iter().chain(row.iter().map(|n| Cell::Count(*n))).collect()
    };
    Ok(Picture {
        title: competency.clone(),
        words,
        svg: plots::confusion(table)?,
        head: ["true level".to_owned()].into_iter().chain(levels.iter().map(f64::to_string)).collect(),
        rows: levels.iter().zip(counts).map(row).collect(),
    })
}

fn reliability(evaluation: &Evaluation, about: &str, bins: &[ReliabilityBin]) -> Result<Picture, PlotError> {
    let (title, error) = match about {
        "level" => ("The most likely level is the true one", Measure::LevelEce),
        "presence" => ("The report shows the competency", Measure::PresenceEce),
        _ => ("The sentence is evidence", Measure::EvidenceEce),
    };
    let error = evaluation.all().get(&error);
    let row = |bin: &ReliabilityBin| {
        vec![
            Cell::Text(format!("{:.3}", bin.confidence)),
            Cell::Text(format!("{:.3}", bin.right)),
            Cell::Count(bin.count),
        ]
    };
    Ok(Picture {
        title: title.to_owned(),
        words: error.map_or(String::new(), |error| format!("The expected calibration error is {error}.")),
        svg: plots::reliability(bins)?,
        head: ["mean probability", "share right", "cases"].map(str::to_owned).into(),
        rows: bins.iter().map(row).collect(),
    })
}

/// Whether the model treats alike what must not matter.
pub fn bias(page: &mut Page, bias: &Bias) -> Result<(), PlotError> {
    page.heading("What must not matter");
    page.paragraph(
        "Errors are in levels. They are compared among reports with the same true level of the same competency: above 0, a group \
         is judged more kindly than the others. If an interval contains 0, no difference is shown.",
    );
    if let [first, ..] = &bias.languages[..] {
        let [a, b] = &first.languages;
        let rows: Vec<Vec<Cell>> = bias
            .languages
            .iter()
            .map(|gap| vec![Cell::Text(gap.measure.name().to_owned()), Cell::Figure(Some(gap.figure))])
            .collect();
        page.table(
            &format!("Differences between languages: {a} minus {b}"),
            &["figure", "difference"],
            &rows,
        );
    }
    if let Some(length) = bias.length {
        page.paragraph(&format!(
            "Spearman's correlation between the error of a level and the length of the report, compared within each language, is \
             {length}."
        ));
    }
    let mut pictures = Vec::new();
    for field in &bias.fields {
        let rows: Vec<(String, Figure)> =
            field.values.iter().map(|(value, _, figure)| (value.clone(), *figure)).collect();
        let title = format!("Error at a fixed true level by {}", field.field);
        pictures.push(bars(title, Measure::SignedError, &rows)?);
    }
    page.pictures(&pictures);
    if bias.swaps.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<Cell>> = bias
        .swaps
        .iter()
        .map(|swap| {
            vec![
                Cell::Text(swap.name.clone()),
                Cell::Count(swap.reports),
                Cell::Count(swap.words),
                Cell::Figure(swap.change),
                Cell::Figure(swap.signed),
                Cell::Text(swap.largest.map_or("–".to_owned(), |largest| format!("{largest:.3}"))),
                Cell::Figure(swap.flips),
            ]
        })
        .collect();
    let head = [
        "exchange",
        "reports",
        "words",
        "mean absolute change",
        "mean signed change",
        "largest change",
        "shown in one version only",
    ];
    page.table("The same reports about other people", &head, &rows);
    page.paragraph(
        "Changes are in levels. The last column is the share of competencies that only one of the two versions shows. Words are \
         found by pattern (pronouns, forms of address, common names, Chinese surnames with a title), so some are missed.",
    );
    Ok(())
}

/// Values over steps, by the name of what was measured.
type Series = BTreeMap<String, Vec<(f64, f64)>>;

/// Points of a curve at most.
const CURVE_POINTS: usize = 300;

/// Points of a curve that its table lists.
const LISTED_POINTS: usize = 12;

/// The curves of a training run: those whose name contains "loss" in one picture, and each other one in a picture of its own.
///
/// # Errors
/// When the directory has no metrics, or they have no numbers.
pub fn training(page: &mut Page, run: &Path) -> Result<(), PageError> {
    let series = read_series(run)?;
    page.heading("Training");
    let mut grouped: BTreeMap<&str, Series> = BTreeMap::new();
    for (name, points) in &series {
        let picture = if name.contains("loss") { "loss" } else { name };
        grouped.entry(picture).or_default().insert(name.clone(), points.clone());
    }
    let pictures: Vec<Picture> =
        grouped.iter().map(|(name, series)| curves(name, series)).collect::<Result<_, _>>()?;
    page.pictures(&pictures);
    Ok(())
}

fn curves(title: &str, series: &Series) -> Result<Picture, PlotError> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut words = String::new();
    for (name, points) in series {
        let Some((first, last)) = points.first().zip(points.last()) else { continue };
        let _ = write!(words, "{name}: from {:.4} to {:.4} at step {:.0}. ", first.1, last.1, last.0);
        let listed = points.len().min(LISTED_POINTS);
        for i in 0..listed {
            let (step, value) = points[i * (points.len() - 1) / (listed - 1).max(1)];
            rows.push(vec![
                Cell::Text(name.clone()),
                Cell::Text(format!("{step:.0}")),
                Cell::Text(format!("{value:.4}")),
            ]);
        }
    }
    Ok(Picture {
        title: title.to_owned(),
        words: words.trim().to_owned(),
        svg: plots::curves(title, series)?,
        head: ["series", "step", "value"].map(str::to_owned).into(),
        rows,
    })
}

/// What a run has measured, with at most [`CURVE_POINTS`] points of each measurement: means of neighbours, so that no single
/// step decides how a curve looks.
fn read_series(run: &Path) -> Result<Series, PageError> {
    let mut series = Series::new();
    for line in metrics::read(run)? {
        let Some(&step) = line.get("step") else { continue };
        for (name, value) in
            line.into_iter().filter(|(name, _)| !["step", "seconds"].contains(&name.as_str()))
        {
            series.entry(name).or_default().push((step, value));
        }
    }
    if series.is_empty() {
        return Err(PageError::NoMeasurements { run: run.to_owned() });
    }
    for points in series.values_mut() {
        let mean = |some: &[(f64, f64)]| {
            let n = some.len() as f64;
            (some.iter().map(|p| p.0).sum::<f64>() / n, some.iter().map(|p| p.1).sum::<f64>() / n)
        };
        *points = points.chunks(points.len().div_ceil(CURVE_POINTS)).map(mean).collect();
    }
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::metrics::METRICS_LOG;

    #[test]
    fn long_curves_are_means_of_neighbours() {
        let run = std::env::temp_dir().join(format!("salesmirror-series-{}", std::process::id()));
        std::fs::create_dir_all(&run).unwrap();
        let lines: Vec<String> =
            (0..600).map(|step| format!("{{\"step\":{step},\"seconds\":1,\"loss\":{}}}", step % 2)).collect();
        std::fs::write(run.join(METRICS_LOG), lines.join("\n")).unwrap();
        let series = read_series(&run).unwrap();
        assert_eq!((series.len(), series["loss"].len()), (1, CURVE_POINTS));
        assert_eq!((series["loss"][0], series["loss"][299]), ((0.5, 0.5), (598.5, 0.5)));
        assert_eq!(curves("loss", &series).unwrap().rows.len(), LISTED_POINTS);

        std::fs::write(run.join(METRICS_LOG), "{\"step\":1}").unwrap();
        let error = read_series(&run).unwrap_err().to_string();
        assert!(error.contains("no measurements"), "{error}");
        std::fs::remove_dir_all(run).unwrap();
    }
}
