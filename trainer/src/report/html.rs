//! The report as one HTML file: nothing is fetched, every picture is beside a table of what it shows, and it can be read on a
//! phone, on paper, in light and in dark, and aloud.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::bias::Bias;
use super::figures::{Evaluation, Figure, Measure, Slice, Unit, interval_percent};
use super::plots;
use crate::Result;

/// Measures by which groups are pictured, as far as they are defined.
const PICTURED: [Measure; 4] =
    [Measure::Kappa, Measure::PresenceF1, Measure::EvidenceAp, Measure::SignedError];

const STYLE: &str = r#"
:root { color-scheme: light dark; --ink: #1c2330; --faint: #d9dde5; --page: #ffffff; --panel: #f5f6f9;
  --one: #1f5fbf; --two: #b5460f; --three: #1a7a4c; --four: #7a3fa0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --faint: #3a4252; --page: #12161e; --panel: #1b212c;
  --one: #7fb2ff; --two: #ff9d66; --three: #6fd6a3; --four: #cf9df2; } }
@media print { :root { color-scheme: light; --ink: #000000; --faint: #cccccc; --page: #ffffff; --panel: #ffffff;
  --one: #1f5fbf; --two: #b5460f; --three: #1a7a4c; --four: #7a3fa0; }
  details::details-content { content-visibility: visible; } figure, tr { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid var(--faint); }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
p, li { max-width: 46rem; }
a { color: var(--one); }
.scroll { overflow-x: auto; } .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--one); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .25rem; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--faint); text-align: right; white-space: nowrap; vertical-align: top; }
th:first-child, td:first-child { text-align: left; } td small { display: block; opacity: .85; }
.pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); align-items: start; }
figure { margin: 0; padding: .75rem; background: var(--panel); border-radius: .5rem; min-width: 0; }
figcaption { font-size: .875rem; } svg { display: block; width: 100%; max-width: 26rem; height: auto; }
summary { cursor: pointer; font-size: .875rem; min-height: 24px; }
svg [fill="\#010101"] { fill: var(--ink); } svg [stroke="\#010101"] { stroke: var(--ink); }
svg [fill="\#020202"] { fill: var(--faint); } svg [stroke="\#020202"] { stroke: var(--faint); }
svg [fill="\#030301"] { fill: var(--one); } svg [stroke="\#030301"] { stroke: var(--one); }
svg [fill="\#030302"] { fill: var(--two); } svg [stroke="\#030302"] { stroke: var(--two); }
svg [fill="\#030303"] { fill: var(--three); } svg [stroke="\#030303"] { stroke: var(--three); }
svg [fill="\#030304"] { fill: var(--four); } svg [stroke="\#030304"] { stroke: var(--four); }
svg text { font-family: system-ui, sans-serif; }
"#;

/// Text that can stand in HTML, also inside an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A page that grows section by section.
pub struct Page {
    title: String,
    body: String,
}

impl Page {
    pub fn new(title: &str) -> Self {
        Self { title: escape(title), body: String::new() }
    }

    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escape(text));
    }

    pub fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
    }

    /// A table with a row of headings and a column of them.
    pub fn table(&mut self, caption: &str, head: &[&str], rows: &[Vec<Cell>]) {
        self.body += &table(caption, head, rows);
    }

    fn pictures(&mut self, figures: &[String]) {
        if !figures.is_empty() {
            let _ = writeln!(self.body, "<div class=\"pictures\">\n{}</div>", figures.concat());
        }
    }

    pub fn finish(self) -> String {
        let Self { title, body } = self;
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
        )
    }
}

/// What stands in a table.
pub enum Cell {
    Text(String),
    Count(usize),
    Figure(Option<Figure>),
}

impl Cell {
    fn html(&self) -> String {
        match self {
            Self::Text(text) => escape(text),
            Self::Count(count) => count.to_string(),
            Self::Figure(None) => "–".to_owned(),
            Self::Figure(Some(Figure { value, low: Some(low), high: Some(high) })) => {
                format!("{value:.3} <small>{low:.3} to {high:.3}</small>")
            }
            Self::Figure(Some(figure)) => format!("{:.3}", figure.value),
        }
    }
}

fn table(caption: &str, head: &[&str], rows: &[Vec<Cell>]) -> String {
    let caption = escape(caption);
    // A table that scrolls must be reachable by keyboard.
    let mut out = format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table><caption>{caption}</caption>\n<thead><tr>"
    );
    head.iter().for_each(|name| {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(name));
    });
    out += "</tr></thead>\n<tbody>\n";
    for row in rows {
        out += "<tr>";
        for (i, cell) in row.iter().enumerate() {
            let _ = match i {
                0 => write!(out, "<th scope=\"row\">{}</th>", cell.html()),
                _ => write!(out, "<td>{}</td>", cell.html()),
            };
        }
        out += "</tr>\n";
    }
    out += "</tbody></table></div>\n";
    out
}

/// A picture with its title, what it says in words, and its numbers behind a fold.
fn figure(title: &str, words: &str, svg: &str, numbers: &str) -> String {
    format!(
        "<figure><h3>{}</h3>{svg}<figcaption>{}</figcaption><details><summary>Numbers</summary>{numbers}</details></figure>\n",
        escape(title),
        escape(words)
    )
}

/// A slice as a row: its name, reports and main figures.
pub fn row(name: String, slice: &Slice, measures: &[Measure]) -> Vec<Cell> {
    let figures = measures.iter().map(|measure| Cell::Figure(slice.figures.get(measure).copied()));
    [Cell::Text(name), Cell::Count(slice.reports)].into_iter().chain(figures).collect()
}

/// Headings of rows of [`row`].
pub fn head<'a>(first: &'a str, measures: &[Measure]) -> Vec<&'a str> {
    [first, "reports"].into_iter().chain(measures.iter().map(|measure| measure.name())).collect()
}

/// Measures that some slice has.
pub fn defined<'a>(measures: &[Measure], slices: impl Iterator<Item = &'a Slice> + Clone) -> Vec<Measure> {
    let some = |measure: &Measure| slices.clone().any(|slice| slice.figures.contains_key(measure));
    measures.iter().copied().filter(some).collect()
}

/// What every table of figures needs to be read.
pub fn explain(page: &mut Page, evaluation: &Evaluation) {
    let Evaluation { reports, groups, resamples, grid, .. } = evaluation;
    page.paragraph(&format!(
        "{reports} reports in {groups} groups. Below each figure stand the middle 95 % of what it was in {resamples} \
         bootstrap resamples, which draw whole groups (or, in slices of fewer than ten groups, single reports). Levels are compared on a \
         grid of {grid}; kappa has quadratic weights, its chance level is 0; MAE is in levels; ECE is the expected \
         calibration error; intervals aim at {} %. A dash: the data do not define the figure.",
        interval_percent()
    ));
}

/// Several methods beside each other, tables and bars.
pub fn comparison(page: &mut Page, methods: &[(&str, &Evaluation)]) -> Result<()> {
    page.heading("Methods side by side");
    let slices = methods.iter().map(|(_, evaluation)| &evaluation.slices[0]);
    let measures = defined(&Measure::MAIN, slices);
    let rows: Vec<Vec<Cell>> = methods
        .iter()
        .map(|(name, evaluation)| row((*name).to_owned(), &evaluation.slices[0], &measures))
        .collect();
    page.table("All reports and competencies", &head("method", &measures), &rows);
    let mut pictures = Vec::new();
    for measure in defined(&PICTURED[..3], methods.iter().map(|(_, e)| &e.slices[0])) {
        let rows = methods.iter().filter_map(|(name, e)| Some(((*name).to_owned(), *e.all().get(&measure)?)));
        pictures.push(bars(&format!("{} by method", measure.name()), measure, &rows.collect::<Vec<_>>())?);
    }
    page.pictures(&pictures);
    Ok(())
}

fn bars(title: &str, measure: Measure, rows: &[(String, Figure)]) -> Result<String> {
    let best = rows.iter().max_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let worst = rows.iter().min_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let words = match (worst, best) {
        (Some(low), Some(high)) => {
            format!(
                "From {:.3} ({}) to {:.3} ({}); lines are 95 % intervals.",
                low.1.value, low.0, high.1.value, high.0
            )
        }
        _ => String::new(),
    };
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(name, figure)| vec![Cell::Text(name.clone()), Cell::Figure(Some(*figure))])
        .collect();
    let numbers = table(title, &["", measure.name()], &cells);
    Ok(figure(title, &words, &plots::bars(measure.name(), rows)?, &numbers))
}

/// Everything that is said of one method or model.
pub fn evaluation(page: &mut Page, evaluation: &Evaluation) -> Result<()> {
    page.heading("By competency");
    let whole = evaluation.slices.iter().filter(|slice| slice.of.is_none());
    let measures = defined(&Measure::MAIN, whole.clone());
    let rows: Vec<Vec<Cell>> = whole
        .map(|slice| row(slice.competency.clone().unwrap_or_else(|| "all".to_owned()), slice, &measures))
        .collect();
    page.table("Figures by competency", &head("competency", &measures), &rows);
    let mut pictures = Vec::new();
    for measure in defined(&PICTURED, evaluation.competencies().map(|(_, slice)| slice)) {
        let rows = evaluation
            .competencies()
            .filter_map(|(id, slice)| Some((id.to_owned(), *slice.figures.get(&measure)?)));
        pictures.push(bars(
            &format!("{} by competency", measure.name()),
            measure,
            &rows.collect::<Vec<_>>(),
        )?);
    }
    page.pictures(&pictures);

    page.heading("By group of reports");
    page.paragraph("Lengths are quarters of the characters of a language's reports.");
    for field in evaluation.fields() {
        let measures = defined(&Measure::MAIN, evaluation.by(field).map(|(_, slice)| slice));
        let rows: Vec<Vec<Cell>> =
            evaluation.by(field).map(|(value, slice)| row(value.to_owned(), slice, &measures)).collect();
        page.table(&format!("Figures by {field}"), &head(field, &measures), &rows);
        let mut pictures = Vec::new();
        for measure in defined(&PICTURED, evaluation.by(field).map(|(_, slice)| slice)) {
            let rows = evaluation
                .by(field)
                .filter_map(|(value, slice)| Some((value.to_owned(), *slice.figures.get(&measure)?)));
            pictures.push(bars(
                &format!("{} by {field}", measure.name()),
                measure,
                &rows.collect::<Vec<_>>(),
            )?);
        }
        page.pictures(&pictures);
    }
    let few: Vec<&Slice> =
        evaluation.slices.iter().filter(|slice| slice.resampled == Unit::Reports).collect();
    if !few.is_empty() && evaluation.groups >= 10 {
        page.paragraph(&format!(
            "{} slices have too few groups; their intervals are of single reports.",
            few.len()
        ));
    }

    page.heading("Confusion of levels");
    page.paragraph("Rows are true levels; a cell is the stronger the more of its row it holds.");
    let mut pictures = Vec::new();
    for confusion in &evaluation.confusion {
        let levels: Vec<String> = confusion.levels.iter().map(f64::to_string).collect();
        let head: Vec<&str> = ["true"].into_iter().chain(levels.iter().map(String::as_str)).collect();
        let rows: Vec<Vec<Cell>> = levels
            .iter()
            .zip(&confusion.counts)
            .map(|(level, row)| {
                [Cell::Text(level.clone())].into_iter().chain(row.iter().map(|n| Cell::Count(*n))).collect()
            })
            .collect();
        let all: usize = confusion.counts.iter().flatten().sum();
        let right: usize = (0..levels.len()).map(|i| confusion.counts[i][i]).sum();
        let near: usize = confusion
            .counts
            .iter()
            .enumerate()
            .flat_map(|(i, row)| {
                row.iter().enumerate().filter(move |(j, _)| i.abs_diff(*j) <= 1).map(|(_, n)| *n)
            })
            .sum();
        let percent = |n: usize| 100 * n / all.max(1);
        let words = format!(
            "{all} levels, {} % exactly right, {} % at most one step off.",
            percent(right),
            percent(near)
        );
        let numbers = table(&format!("True and predicted levels, {}", confusion.competency), &head, &rows);
        pictures.push(figure(&confusion.competency, &words, &plots::confusion(confusion)?, &numbers));
    }
    page.pictures(&pictures);

    page.heading("Reliability");
    page.paragraph(
        "Whether probabilities mean what they say. Points above the dashed line were too modest, points below it too sure; larger points hold more cases.",
    );
    let mut pictures = Vec::new();
    for (claim, bins) in &evaluation.reliability {
        let title = match claim.as_str() {
            "level" => "The most likely level is the true one",
            "presence" => "The report shows the competency",
            _ => "The sentence is evidence",
        };
        let ece = match claim.as_str() {
            "level" => Measure::LevelEce,
            "presence" => Measure::PresenceEce,
            _ => Measure::EvidenceEce,
        };
        let words =
            evaluation.all().get(&ece).map_or(String::new(), |f| format!("Expected calibration error {f}."));
        let rows: Vec<Vec<Cell>> = bins
            .iter()
            .map(|bin| {
                vec![
                    Cell::Text(format!("{:.3}", bin.confidence)),
                    Cell::Text(format!("{:.3}", bin.right)),
                    Cell::Count(bin.count),
                ]
            })
            .collect();
        let numbers = table(title, &["mean probability", "share right", "cases"], &rows);
        pictures.push(figure(title, &words, &plots::reliability(bins)?, &numbers));
    }
    page.pictures(&pictures);
    all_figures(page, evaluation);
    Ok(())
}

/// Every figure of all reports.
fn all_figures(page: &mut Page, evaluation: &Evaluation) {
    page.heading("Every figure over all reports");
    let rows: Vec<Vec<Cell>> = evaluation
        .all()
        .iter()
        .map(|(measure, figure)| vec![Cell::Text(measure.name().to_owned()), Cell::Figure(Some(*figure))])
        .collect();
    page.table("All reports and competencies", &["figure", "value"], &rows);
}

/// Numbers over steps, by name.
pub type Curves = BTreeMap<String, Vec<(f64, f64)>>;

/// Curves of a run's metrics: those whose name has "loss" in one picture, each other one in its own.
pub fn curves(page: &mut Page, series: &Curves) -> Result<()> {
    if series.is_empty() {
        return Ok(());
    }
    page.heading("Training");
    let mut pictures: BTreeMap<&str, Curves> = BTreeMap::new();
    for (name, points) in series {
        let picture = if name.contains("loss") { "loss" } else { name };
        pictures.entry(picture).or_default().insert(name.clone(), points.clone());
    }
    let mut drawn = Vec::new();
    for (name, series) in pictures {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut words = String::new();
        for (name, points) in &series {
            let Some((first, last)) = points.first().zip(points.last()) else { continue };
            let _ = write!(words, "{name}: from {:.4} to {:.4} at step {:.0}. ", first.1, last.1, last.0);
            // A dozen places of the curve say enough.
            for i in 0..12.min(points.len()) {
                let (step, value) = points[i * (points.len() - 1) / 11.min(points.len() - 1).max(1)];
                rows.push(vec![
                    Cell::Text(name.clone()),
                    Cell::Text(format!("{step:.0}")),
                    Cell::Text(format!("{value:.4}")),
                ]);
            }
        }
        let numbers = table(name, &["series", "step", "value"], &rows);
        drawn.push(figure(name, words.trim(), &plots::curves(name, &series)?, &numbers));
    }
    page.pictures(&drawn);
    Ok(())
}

/// What must not matter.
pub fn bias(page: &mut Page, bias: &Bias) -> Result<()> {
    page.heading("What must not matter");
    page.paragraph(
        "Errors are in levels and compared at a fixed true level of the same competency: above 0 a group is judged too \
         kindly against the others. An interval that holds 0 is no finding.",
    );
    if let [first, ..] = &bias.languages[..] {
        let [a, b] = &first.languages;
        let rows: Vec<Vec<Cell>> = bias
            .languages
            .iter()
            .map(|gap| vec![Cell::Text(gap.measure.name().to_owned()), Cell::Figure(Some(gap.figure))])
            .collect();
        page.table(&format!("Language gap: {a} minus {b}"), &["figure", "difference"], &rows);
    }
    if let Some(length) = bias.length {
        page.paragraph(&format!(
            "Length: Spearman's correlation between a level's error and the length of the report among those of its language is {length}."
        ));
    }
    let mut pictures = Vec::new();
    for field in &bias.fields {
        let rows: Vec<(String, Figure)> =
            field.values.iter().map(|(value, _, figure)| (value.clone(), *figure)).collect();
        pictures.push(bars(
            &format!("Error at a fixed true level by {}", field.field),
            Measure::SignedError,
            &rows,
        )?);
    }
    page.pictures(&pictures);
    if !bias.swaps.is_empty() {
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
        page.table(
            "The same reports about other people",
            &[
                "exchange",
                "reports",
                "words",
                "mean change",
                "mean signed change",
                "largest change",
                "share shown or not shown anew",
            ],
            &rows,
        );
        page.paragraph("Words are found by pattern (pronouns, forms of address, common names, Chinese surnames with a title), so some are missed.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_data_cannot_become_markup() {
        assert_eq!(escape("<b a=\"1\">&'"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
        let mut page = Page::new("<script>");
        page.table(
            "\"><script>",
            &["<script>"],
            &[vec![Cell::Text("<script>".to_owned()), Cell::Figure(None)]],
        );
        let html = page.finish();
        assert!(!html.contains("<script>") && html.contains("&lt;script&gt;") && html.contains("<td>–</td>"));
    }
}
