//! Labelled reports (JSONL), checked against the rubric.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use salesmirror::Rubric;
use serde::Deserialize;
use thiserror::Error;

/// A report with what raters found in it.
pub struct Report {
    pub id: String,
    pub language: String,
    pub text: String,
    pub evidence: Vec<LabelledSpan>,
    /// One entry a competency of the rubric; None: the text shows nothing about it.
    pub levels: Vec<Option<f32>>,
}

impl Report {
    /// The writer, by the id's part before the last `-`: reports of one writer belong in one fold.
    pub fn writer(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(writer, _)| writer)
    }
}

pub struct LabelledSpan {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Outputs of the evidence head: 2c for positive, 2c + 1 for negative evidence of competency c.
    pub tags: Vec<usize>,
}

/// A mistake in a data file.
#[derive(Debug, Error)]
pub enum ReportError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path}: no reports; one JSON object a line is needed", path = path.display())]
    None { path: PathBuf },
    #[error("{path} line {line}: {problem}", path = path.display())]
    Line { path: PathBuf, line: usize, problem: String },
}

#[derive(Deserialize)]
struct Row {
    id: String,
    lang: String,
    text: String,
    #[serde(default)]
    evidence: Vec<Span>,
    scores: BTreeMap<String, Option<f32>>,
}

/// Offsets are Unicode code points.
#[derive(Deserialize)]
struct Span {
    start: usize,
    end: usize,
    tags: Vec<String>,
}

/// Reads all reports of a file; the first bad line is an error.
pub fn read(path: &Path, rubric: &Rubric) -> Result<Vec<Report>, ReportError> {
    let file =
        std::fs::read_to_string(path).map_err(|source| ReportError::Io { path: path.to_owned(), source })?;
    let rows = file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let reports: Vec<Report> = rows
        .map(|(i, line)| {
            parse(line, rubric).map_err(|problem| ReportError::Line {
                path: path.to_owned(),
                line: i + 1,
                problem,
            })
        })
        .collect::<Result<_, _>>()?;
    if reports.is_empty() {
        return Err(ReportError::None { path: path.to_owned() });
    }
    Ok(reports)
}

fn parse(line: &str, rubric: &Rubric) -> Result<Report, String> {
    let row: Row = serde_json::from_str(line).map_err(|e| format!("no labelled report: {e}"))?;
    let bytes: Vec<usize> = row.text.char_indices().map(|(i, _)| i).chain([row.text.len()]).collect();
    let evidence = row
        .evidence
        .iter()
        .enumerate()
        .map(|(i, span)| {
            let &Span { start, end, .. } = span;
            if start >= end || end >= bytes.len() {
                let length = bytes.len() - 1;
                return Err(format!("evidence[{i}] is {start}..{end} in a text of {length} code points"));
            }
            let tags = span.tags.iter().map(|tag| {
                position(tag, rubric).ok_or_else(|| {
                    format!(
                        "evidence[{i}].tags has `{tag}`; needed is a competency of the rubric with + or -"
                    )
                })
            });
            Ok(LabelledSpan { range: bytes[start]..bytes[end], tags: tags.collect::<Result<_, _>>()? })
        })
        .collect::<Result<_, _>>()?;
    if let Some(unknown) = row.scores.keys().find(|id| rubric.position(id).is_none()) {
        return Err(format!("scores has `{unknown}`, which is no competency of the rubric"));
    }
    let (min, max) = (rubric.scale.min as f32, rubric.scale.max as f32);
    let levels: Vec<Option<f32>> =
        rubric.competencies.iter().map(|c| row.scores.get(&c.id).copied().flatten()).collect();
    if let Some(level) = levels.iter().flatten().find(|level| !(min..=max).contains(*level)) {
        return Err(format!("scores has level {level}; the scale runs from {min} to {max}"));
    }
    Ok(Report { id: row.id, language: row.lang, text: row.text, evidence, levels })
}

fn position(tag: &str, rubric: &Rubric) -> Option<usize> {
    let (competency, negative) = match tag.strip_suffix('+') {
        Some(competency) => (competency, 0),
        None => (tag.strip_suffix('-')?, 1),
    };
    Some(2 * rubric.position(competency)? + negative)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rubric() -> Rubric {
        Rubric::from_json(include_str!("../../../data/rubric.json")).unwrap()
    }

    fn problem(row: &str) -> String {
        parse(row, &rubric()).err().expect("the row must be refused")
    }

    #[test]
    fn code_points_become_bytes() {
        let row = r#"{"id":"w-1","lang":"zh","text":"好👍。Yes.","evidence":[{"start":3,"end":7,"tags":["planning-"]}],"scores":{"growth":2}}"#;
        let report = parse(row, &rubric()).unwrap();
        assert_eq!(&report.text[report.evidence[0].range.clone()], "Yes.");
        assert_eq!(report.evidence[0].tags, [11]);
        assert_eq!(report.levels, [None, None, None, None, None, None, Some(2.0)]);
        assert_eq!(report.writer(), "w");
    }

    #[test]
    fn mistakes_are_told_with_their_field() {
        let row = |evidence: &str, scores: &str| {
            format!(r#"{{"id":"a","lang":"en","text":"Yes.","evidence":[{evidence}],"scores":{{{scores}}}}}"#)
        };
        assert!(problem(&row(r#"{"start":0,"end":5,"tags":[]}"#, "")).contains("evidence[0] is 0..5"));
        assert!(problem(&row(r#"{"start":0,"end":4,"tags":["planning"]}"#, "")).contains("`planning`"));
        assert!(problem(&row("", r#""juggling":3"#)).contains("`juggling`"));
        assert!(problem(&row("", r#""growth":6"#)).contains("level 6"));
        assert!(problem("{").contains("no labelled report"));
    }
}
