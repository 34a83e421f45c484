//! What runs measured, as curves in one SVG.

use std::path::{Path, PathBuf};

use plotters::coord::Shift;
use plotters::prelude::*;
use thiserror::Error;

use crate::run::files::{self, FileError};
use crate::run::metrics::{self, METRICS_LOG, Measurements};

/// Why curves cannot be drawn.
#[derive(Debug, Error)]
pub enum CurveError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(
        "{path}: no line has both `{over}` and `{value}`; the run measured {measured}",
        path = path.display()
    )]
    NotMeasured { path: PathBuf, value: String, over: String, measured: String },
    #[error("the curves cannot be drawn: {0}")]
    Drawing(String),
}

/// The colours of Okabe and Ito, which colour-blind people can tell apart; each curve also has a mark of its own.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

const SIZE: (u32, u32) = (840, 480);

/// A curve of at most this many points has a mark at each.
const MARKED: usize = 60;

/// A run's name and its points.
type Curve = (String, Vec<(f64, f64)>);

/// Draws one curve for each run directory, named as the directory: the measurement `value` over the measurement `over`.
///
/// # Errors
/// When a run has not measured both.
pub fn draw_runs(runs: &[PathBuf], value: &str, over: &str) -> Result<String, CurveError> {
    let curves = runs.iter().map(|run| read_curve(run, value, over)).collect::<Result<Vec<_>, _>>()?;
    draw(&curves, value, over)
}

/// Draws a run's own curve into its directory; does nothing if the run has not measured the value.
pub fn draw_own(run: &Path, value: &str, file: &str) -> Result<(), CurveError> {
    match draw_runs(&[run.to_owned()], value, "step") {
        Ok(svg) => Ok(files::write_bytes(&run.join(file), svg.as_bytes())?),
        Err(CurveError::NotMeasured { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn read_curve(run: &Path, value: &str, over: &str) -> Result<Curve, CurveError> {
    let lines = metrics::read(run)?;
    let point = |line: &Measurements| Some((*line.get(over)?, *line.get(value)?));
    let points: Vec<(f64, f64)> =
        lines.iter().filter_map(point).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    if points.is_empty() {
        let mut names: Vec<&str> = lines.iter().flat_map(|line| line.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        return Err(CurveError::NotMeasured {
            path: run.join(METRICS_LOG),
            value: value.to_owned(),
            over: over.to_owned(),
            measured: names.join(", "),
        });
    }
    let name = run.file_name().unwrap_or(run.as_os_str()).to_string_lossy().into_owned();
    Ok((name, points))
}

/// The curves as SVG with a description in words.
fn draw(curves: &[Curve], value: &str, over: &str) -> Result<String, CurveError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        draw_on(&area, curves, value, over).map_err(|e| CurveError::Drawing(e.to_string()))?;
    }
    let ends = curves.iter().filter_map(|(name, points)| {
        let ((_, first), (x, last)) = (points.first()?, points.last()?);
        Some(format!("{name}: from {first:.4} to {last:.4} at {over} {x}"))
    });
    let words = ends.collect::<Vec<_>>().join("; ").replace('&', "&amp;").replace('<', "&lt;");
    let title = format!("<title>{value} over {over}</title><desc>{words}</desc>");
    Ok(match svg.find("<svg").and_then(|at| Some(at + svg[at..].find('>')? + 1)) {
        Some(after) => {
            format!("{} role=\"img\">{title}{}", &svg[..after - 1], &svg[after..])
        }
        None => svg,
    })
}

fn draw_on(
    area: &DrawingArea<SVGBackend, Shift>,
    curves: &[Curve],
    value: &str,
    over: &str,
) -> std::result::Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let all = || curves.iter().flat_map(|(_, points)| points.iter().copied());
    let range = |numbers: &mut dyn Iterator<Item = f64>, margin: f64| {
        let (low, high) = numbers.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        let space = (margin * (high - low)).max(1e-9);
        low - space..high + space
    };
    let (x, y) = (range(&mut all().map(|(x, _)| x), 0.0), range(&mut all().map(|(_, y)| y), 0.05));
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_right(28)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(x.clone(), y)?;
    let step = (x.end - x.start) / 8.0;
    let digits = if step >= 1.0 { 0 } else { (1.0 - step.log10()).ceil() as usize };
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_desc(over)
        .y_desc(value)
        .x_label_formatter(&|x| format!("{x:.digits$}"))
        .label_style(("sans-serif", 14))
        .draw()?;
    for (i, (name, points)) in curves.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let mark = move |at: (i32, i32)| mark(i, at, colour);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| {
                EmptyElement::at((x, y))
                    + PathElement::new(vec![(0, 0), (24, 0)], colour.stroke_width(2))
                    + mark((12, 0))
            });
        if points.len() <= MARKED {
            chart.draw_series(points.iter().map(|&point| EmptyElement::at(point) + mark((0, 0))))?;
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .legend_area_size(32)
        .background_style(WHITE.mix(0.9))
        .border_style(RGBColor(200, 200, 200))
        .label_font(("sans-serif", 14))
        .draw()?;
    area.present()
}

/// The mark of the i-th curve: square, diamond, triangle, in turn.
fn mark(i: usize, (x, y): (i32, i32), colour: RGBColor) -> Polygon<(i32, i32)> {
    let corners = match i % 3 {
        0 => vec![(x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4)],
        1 => vec![(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)],
        _ => vec![(x, y - 6), (x + 6, y + 5), (x - 6, y + 5)],
    };
    Polygon::new(corners, colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_drawn_and_said_in_words() {
        let folder = std::env::temp_dir().join(format!("salesmirror-plot-{}", std::process::id()));
        let runs = ["dense", "experts"].map(|name| folder.join(name));
        for (i, run) in runs.iter().enumerate() {
            std::fs::create_dir_all(run).unwrap();
            let lines: Vec<String> =
                (0..5).map(|step| format!("{{\"step\":{step},\"loss\":{}}}", 9 - step - i)).collect();
            std::fs::write(run.join("metrics.jsonl"), lines.join("\n") + "\n{\"step\":5,\"lo").unwrap();
        }
        let svg = draw_runs(&runs, "loss", "step").unwrap();
        for colour in ["#0072B2", "#D55E00"] {
            assert!(svg.matches(colour).count() >= 7, "a curve of five points and its key: {svg}");
        }
        assert!(svg.contains("experts: from 8.0000 to 4.0000 at step 4") && svg.contains("role=\"img\""));
        let error = read_curve(&runs[0], "mlm_loss", "step").unwrap_err().to_string();
        assert!(error.contains("`mlm_loss`") && error.contains("measured loss, step"), "{error}");
    }
}
