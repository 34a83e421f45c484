//! Pictures of figures, as SVG that fits into a page. They are drawn in a few key colours, which the page's style sheet replaces
//! by those of its light or dark theme.

use std::collections::BTreeMap;

use plotters::coord::Shift;
use plotters::prelude::*;
use thiserror::Error;

use crate::evaluation::Figure;
use crate::evaluation::evaluate::{ConfusionTable, ReliabilityBin};

/// A picture that could not be drawn.
#[derive(Debug, Error)]
#[error("a picture cannot be drawn: {0}")]
pub struct PlotError(String);

/// Text and lines. The style sheet of [`super::html`] replaces this colour and those below.
const INK: RGBColor = RGBColor(1, 1, 1);

/// The grid.
const FAINT: RGBColor = RGBColor(2, 2, 2);

/// Series, one colour after the other.
const SERIES: [RGBColor; 4] = [RGBColor(3, 3, 1), RGBColor(3, 3, 2), RGBColor(3, 3, 3), RGBColor(3, 3, 4)];

/// Width in pixels. It is small so that text stays readable when a phone shows the picture in full width.
const WIDTH: u32 = 360;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws a picture of [`WIDTH`] pixels and some height.
fn draw(
    height: u32,
    paint: impl FnOnce(&Area) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<String, PlotError> {
    let failed = |problem: &dyn std::fmt::Display| PlotError(problem.to_string());
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        paint(&area).map_err(|error| failed(&error))?;
        area.present().map_err(|error| failed(&error))?;
    }
    // The page sets the size, and says in words what the picture shows.
    let sized = format!("<svg width=\"{WIDTH}\" height=\"{height}\"");
    Ok(svg.replacen(&sized, "<svg aria-hidden=\"true\"", 1))
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// A number with at most two decimals.
fn short(value: &f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Draws lines over steps, one for each name.
pub fn curves(y_name: &str, series: &BTreeMap<String, Vec<(f64, f64)>>) -> Result<String, PlotError> {
    let points = || series.values().flatten();
    let last = points().map(|p| p.0).fold(1.0, f64::max);
    let (low, high) = range(points().map(|p| p.1));
    draw(250, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin_right(14)
            .margin_top(10)
            .x_label_area_size(38)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..last, low..high)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(FAINT)
            .axis_style(INK)
            .label_style(text(12))
            .axis_desc_style(text(13))
            .x_labels(5)
            .y_labels(5)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .y_label_formatter(&|y| if high - low < 0.05 { format!("{y:.4}") } else { short(y) })
            .x_desc("step")
            .y_desc(y_name)
            .draw()?;
        for (i, (name, points)) in series.iter().enumerate() {
            let colour = SERIES[i % SERIES.len()];
            chart
                .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?
                .label(name.as_str())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour.stroke_width(2)));
        }
        if series.len() > 1 {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperRight)
                .label_font(text(12))
                .border_style(TRANSPARENT)
                .draw()?;
        }
        Ok(())
    })
}

/// The range of some values with a little room around it.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.08).max(1e-4);
    (low - room, high + room)
}

/// Draws a reliability diagram: mean probability against the share that was right, with a point for each bin. Bins with more
/// cases have larger points.
pub fn reliability(bins: &[ReliabilityBin]) -> Result<String, PlotError> {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1) as f64;
    draw(300, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin_right(14)
            .margin_top(10)
            .x_label_area_size(38)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(FAINT)
            .axis_style(INK)
            .label_style(text(12))
            .axis_desc_style(text(13))
            .x_labels(6)
            .y_labels(6)
            .x_label_formatter(&short)
            .y_label_formatter(&short)
            .x_desc("predicted probability")
            .y_desc("share that was right")
            .draw()?;
        chart
            .draw_series(DashedLineSeries::new([(0.0, 0.0), (1.0, 1.0)], 5, 4, INK.stroke_width(1)))?
            .label("ideal")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 14, y)], INK.stroke_width(1)));
        let points = || bins.iter().map(|bin| (bin.confidence, bin.right));
        chart
            .draw_series(LineSeries::new(points(), SERIES[0].stroke_width(2)))?
            .label("model")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 14, y)], SERIES[0].stroke_width(2)));
        chart.draw_series(bins.iter().map(|bin| {
            let size = 3.0 + 5.0 * (bin.count as f64 / most).sqrt();
            Circle::new((bin.confidence, bin.right), size as i32, SERIES[0].filled())
        }))?;
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .label_font(text(12))
            .border_style(TRANSPARENT)
            .draw()?;
        Ok(())
    })
}

/// Draws horizontal bars from zero with their intervals, one for each row. Names that are too long end in an ellipsis.
pub fn bars(x_name: &str, rows: &[(String, Figure)]) -> Result<String, PlotError> {
    let count = rows.len();
    let values = rows.iter().flat_map(|(_, f)| [Some(f.value), f.low, f.high]).flatten();
    let (low, high) = range(values.chain([0.0]));
    let (low, high) = (if low > -0.02 { 0.0 } else { low }, if high < 0.02 { 0.0 } else { high });
    let high = if low == high { low + 1.0 } else { high };
    let longest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let room = (longest * 7 + 12).clamp(48, 150) as u32;
    draw(56 + 22 * count as u32, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin_right(14)
            .margin_top(8)
            .x_label_area_size(38)
            .y_label_area_size(room)
            .build_cartesian_2d(low..high, 0.0..count as f64)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(FAINT)
            .axis_style(INK)
            .disable_y_mesh()
            .y_labels(0)
            .label_style(text(12))
            .axis_desc_style(text(13))
            .x_labels(5)
            .x_label_formatter(&short)
            .x_desc(x_name)
            .draw()?;
        for (i, (name, figure)) in rows.iter().enumerate() {
            let middle = count as f64 - i as f64 - 0.5;
            let bar = Rectangle::new(
                [(0.0, middle - 0.32), (figure.value, middle + 0.32)],
                SERIES[0].mix(0.55).filled(),
            );
            chart.draw_series([bar])?;
            if let (Some(from), Some(to)) = (figure.low, figure.high) {
                let line = |points: Vec<(f64, f64)>| PathElement::new(points, INK.stroke_width(2));
                chart.draw_series([
                    line(vec![(from, middle), (to, middle)]),
                    line(vec![(from, middle - 0.15), (from, middle + 0.15)]),
                    line(vec![(to, middle - 0.15), (to, middle + 0.15)]),
                ])?;
            }
            let (_, y) = chart.backend_coord(&(low, middle));
            let style = text(12).pos(plotters::style::text_anchor::Pos::new(
                plotters::style::text_anchor::HPos::Right,
                plotters::style::text_anchor::VPos::Center,
            ));
            area.draw_text(&cut(name, (room as usize - 12) / 7), &style, (room as i32 - 8, y))?;
        }
        Ok(())
    })
}

/// The width of a text in columns; a Chinese character is two columns wide.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c as u32 > 0x2e80 { 2 } else { 1 }).sum()
}

/// Cuts a text to some columns.
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept) + width(&c.to_string()) + 1 > columns {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// Draws true against predicted levels. The more of its row a cell holds, the stronger its colour.
pub fn confusion(table: &ConfusionTable) -> Result<String, PlotError> {
    let count = table.levels.len();
    let (left, top, bottom) = (52i32, 8i32, 44i32);
    let cell = (WIDTH as i32 - left - 10) / count as i32;
    let tall = cell.min(44);
    let height = top + tall * count as i32 + bottom;
    let small = if count > 7 { 11 } else { 13 };
    draw(height as u32, |area| {
        let centred = |size: u32| {
            text(size).pos(plotters::style::text_anchor::Pos::new(
                plotters::style::text_anchor::HPos::Center,
                plotters::style::text_anchor::VPos::Center,
            ))
        };
        let (end, foot) = (left + cell * count as i32, top + tall * count as i32);
        for (i, row) in table.counts.iter().enumerate() {
            let all = row.iter().sum::<usize>().max(1) as f64;
            let y = top + tall * i as i32;
            for (j, &n) in row.iter().enumerate() {
                let x = left + cell * j as i32;
                let corners = [(x, y), (x + cell, y + tall)];
                if n > 0 {
                    let share = SERIES[0].mix(0.08 + 0.52 * n as f64 / all);
                    area.draw(&Rectangle::new(corners, share.filled()))?;
                    area.draw_text(&n.to_string(), &centred(small), (x + cell / 2, y + tall / 2))?;
                }
                area.draw(&Rectangle::new(corners, FAINT.stroke_width(1)))?;
            }
            area.draw_text(&short(&table.levels[i]), &centred(small), (left - 14, y + tall / 2))?;
            area.draw_text(
                &short(&table.levels[i]),
                &centred(small),
                (left + cell * i as i32 + cell / 2, foot + 12),
            )?;
        }
        area.draw_text("predicted level", &centred(13), ((left + end) / 2, foot + 32))?;
        let turned = centred(13).transform(FontTransform::Rotate270);
        area.draw_text("true level", &turned, (14, (top + foot) / 2))?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_data_cannot_become_markup() {
        let figure = Figure { value: 0.5, low: Some(0.4), high: Some(0.6) };
        let svg = bars("kappa", &[("<script>&".to_owned(), figure)]).unwrap();
        assert!(svg.contains("&lt;script&gt;&amp;") && !svg.contains("<script>"), "{svg}");
    }

    #[test]
    fn long_names_are_cut_to_their_room() {
        assert_eq!(cut("retail banking", 14), "retail banking");
        assert_eq!(cut("telecom enterprise accounts", 10), "telecom e…");
        assert_eq!(cut("通信运营商政企", 9), "通信运营…");
    }

    #[test]
    fn odd_data_can_be_drawn() {
        bars("kappa", &[]).unwrap();
        let zero = Figure { value: 0.0, low: None, high: None };
        bars("kappa", &[("a".to_owned(), zero)]).unwrap();
        curves("loss", &BTreeMap::from([("loss".to_owned(), vec![(0.0, 1.0)])])).unwrap();
        reliability(&[]).unwrap();
        let levels: Vec<f64> = (0..9).map(f64::from).collect();
        confusion(&ConfusionTable { competency: "x".to_owned(), levels, counts: vec![vec![0; 9]; 9] })
            .unwrap();
    }
}
