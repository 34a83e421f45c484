//! Markdown: escaping, tables, and tables of figures.

use std::fmt;

use crate::crossval::Crossval;
use crate::evaluation::slices::LANGUAGE;
use crate::evaluation::{Figure, Measure, Slice};

/// Escapes text so that it is not mark-up and stays in its cell of a table.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // CommonMark gives an underscore inside a word no meaning.
            '_' if before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric()) => {
                out.push(c);
            }
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A figure with its interval, or a dash.
pub fn figure_cell(figure: Option<&Figure>) -> String {
    figure.map_or("–".to_owned(), Figure::to_string)
}

/// A table whose first column is text and whose other columns are numbers.
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of figures: a name, the number of reports, and a column for each measure.
    pub fn of_slices<'a>(
        first: &str,
        measures: &[Measure],
        slices: impl IntoIterator<Item = (String, &'a Slice)>,
    ) -> Self {
        let columns = measures.iter().map(|measure| measure.name().to_owned());
        let row = |(name, slice): (String, &Slice)| {
            let figures = measures.iter().map(|measure| figure_cell(slice.figures.get(measure)));
            [escape(&name), slice.reports.to_string()].into_iter().chain(figures).collect()
        };
        Self {
            head: [first.to_owned(), "reports".to_owned()].into_iter().chain(columns).collect(),
            rows: slices.into_iter().map(row).collect(),
        }
    }

    /// A table of any cells.
    pub fn of_cells(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { head: head.iter().map(|name| (*name).to_owned()).collect(), rows }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.head.join(" | "))?;
        writeln!(f, "|---|{}", "---:|".repeat(self.head.len() - 1))?;
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}

/// The name of a slice in tables: "all", a competency, "all LANGUAGE", or the language below its competency.
pub fn slice_name(slice: &Slice) -> String {
    match (&slice.competency, &slice.of) {
        (None, None) => "all".to_owned(),
        (Some(competency), None) => competency.clone(),
        (Some(_), Some((_, value))) => format!("  {value}"),
        (None, Some((_, value))) => format!("all {value}"),
    }
}

/// The comparison of methods, and the chosen method by competency and language.
pub fn crossval_tables(crossval: &Crossval) -> String {
    let Crossval { folds, group_by, chosen, methods, .. } = crossval;
    let methods = methods.iter().map(|method| (method.method.clone(), &method.evaluation.slices[0]));
    let has_language = |slice: &&Slice| slice.of.as_ref().is_none_or(|(field, _)| field == LANGUAGE);
    let slices = crossval.chosen().evaluation.slices.iter().filter(has_language);
    format!(
        "{folds} folds grouped by {group_by}; 95 % bootstrap intervals in brackets.\n\n{}\n{chosen}, by competency and \
         language:\n\n{}",
        Table::of_slices("method", &Measure::MAIN, methods),
        Table::of_slices("slice", &Measure::MAIN, slices.map(|slice| (slice_name(slice), slice))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::ResamplingUnit;

    #[test]
    fn text_of_data_stays_in_its_cell() {
        assert_eq!(escape("a|b\n<c>`d`"), "a\\|b &lt;c>\\`d\\`");
        assert_eq!(escape("customer_focus _x_"), "customer_focus \\_x\\_");
    }

    #[test]
    fn figures_that_are_not_defined_are_dashes() {
        let figure = Figure { value: 0.5, low: Some(0.25), high: Some(0.75) };
        let slice = Slice {
            competency: None,
            of: Some((LANGUAGE.to_owned(), "zh".to_owned())),
            reports: 7,
            unit: ResamplingUnit::Groups,
            figures: [(Measure::Kappa, figure)].into(),
        };
        let table =
            Table::of_slices("slice", &[Measure::Kappa, Measure::Mae], [(slice_name(&slice), &slice)]);
        let lines = [
            "| slice | reports | kappa | MAE |",
            "|---|---:|---:|---:|",
            "| all zh | 7 | 0.500 [0.250, 0.750] | – |",
        ];
        assert_eq!(table.to_string().lines().collect::<Vec<_>>(), lines);
    }
}
