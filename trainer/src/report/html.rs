//! Building blocks of HTML pages: one file without scripts that fetches nothing, with a table beside every picture. Pages can be
//! read on a phone, on paper, in light and dark colours, and with a screen reader.

use std::fmt::Write;

use crate::evaluation::Figure;

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

/// Escapes text for HTML, also inside an attribute.
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
    /// Escaped.
    title: String,
    body: String,
}

impl Page {
    /// An empty page.
    pub fn new(title: &str) -> Self {
        Self { title: escape(title), body: String::new() }
    }

    /// Begins a section.
    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escape(text));
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
    }

    /// Adds a table with headings above its columns; the first column has the headings of the rows.
    pub fn table(&mut self, caption: &str, head: &[&str], rows: &[Vec<Cell>]) {
        self.body += &table(caption, head, rows);
    }

    /// Adds pictures in as many columns as there is room for.
    pub fn pictures(&mut self, pictures: &[Picture]) {
        if !pictures.is_empty() {
            let pictures: String = pictures.iter().map(Picture::html).collect();
            let _ = writeln!(self.body, "<div class=\"pictures\">\n{pictures}</div>");
        }
    }

    /// The page as an HTML document.
    pub fn finish(self) -> String {
        let Self { title, body } = self;
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
        )
    }
}

/// A cell of a table.
pub enum Cell {
    Text(String),
    Count(usize),
    /// `None` is shown as a dash.
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

/// A picture, what it shows in words, and its numbers as a table that can be unfolded.
pub struct Picture {
    pub title: String,
    pub words: String,
    pub svg: String,
    /// Headings of the table's columns.
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl Picture {
    fn html(&self) -> String {
        let Self { title, words, svg, head, rows } = self;
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        format!(
            "<figure><h3>{}</h3>{svg}<figcaption>{}</figcaption><details><summary>Numbers</summary>{}</details></figure>\n",
            escape(title),
            escape(words),
            table(title, &head, rows),
        )
    }
}

fn table(caption: &str, head: &[&str], rows: &[Vec<Cell>]) -> String {
    let caption = escape(caption);
    // A region that scrolls must be reachable by keyboard.
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
