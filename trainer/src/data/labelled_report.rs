//! Labelled reports (JSONL), checked against the rubric.
//!
//! A row has `id`, `text` and `scores`: for each competency of the rubric a level, in fractions where raters differ, or
//! null (or nothing) where the text shows nothing about it. `lang` is detected where it is missing. `evidence` lists spans in code
//! points with their tags; a row without it was not searched for evidence, which is not the same as `[]`. Every other string, number
//! or boolean is a field to group or slice by: doc_type, industry, writer, whatever the data have.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

use salesmirror::Rubric;
use salesmirror::text::Language;
use serde_json::{Map, Value};
use thiserror::Error;

/// A report with what raters found in it.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: String,
    pub language: String,
    pub text: String,
    pub evidence: Vec<LabelledSpan>,
    /// Whether raters looked for evidence at all; without that, `evidence` is empty and says nothing.
    pub searched: bool,
    /// One entry a competency of the rubric; None: the text shows nothing about it.
    pub levels: Vec<Option<f32>>,
    /// What else the row says: doc_type, industry, …
    pub fields: BTreeMap<String, String>,
}

impl Report {
    /// The writer: the row's own field, or else the id's part before the last `-`.
    pub fn writer(&self) -> &str {
        let before_dash = || self.id.rsplit_once('-').map_or(&*self.id, |(writer, _)| writer);
        self.fields.get("writer").map_or_else(before_dash, String::as_str)
    }

    /// Which outputs of the evidence head are right for each of some sentences, bytes of the text: a sentence has the tags
    /// of every labelled span that overlaps it, [sentences][2 · competencies].
    pub fn label(&self, sentences: &[Range<usize>]) -> Vec<Vec<bool>> {
        let outputs = 2 * self.levels.len();
        let label = |sentence: &Range<usize>| {
            let mut labels = vec![false; outputs];
            for span in &self.evidence {
                if span.range.start < sentence.end && sentence.start < span.range.end {
                    span.tags.iter().for_each(|&tag| labels[tag] = true);
                }
            }
            labels
        };
        sentences.iter().map(label).collect()
    }

    /// What to group or slice by: `id`, `lang`, `writer`, or a field of the row.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "id" => Some(&self.id),
            "lang" | "language" => Some(&self.language),
            "writer" => Some(self.writer()),
            _ => self.fields.get(name).map(String::as_str),
        }
    }
}

#[derive(Debug, Clone)]
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

/// Reads all reports of a file; the first bad line is an error.
pub fn read(path: &Path, rubric: &Rubric) -> Result<Vec<Report>, ReportError> {
    let bytes = std::fs::read(path).map_err(|source| ReportError::Io { path: path.to_owned(), source })?;
    let at =
        |line: usize, problem: String| ReportError::Line { path: path.to_owned(), line: line + 1, problem };
    let file = std::str::from_utf8(&bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count();
        at(line, "no UTF-8; save the file in that encoding".to_owned())
    })?;
    let mut lines: HashMap<String, usize> = HashMap::new();
    let mut reports = Vec::new();
    let rows = file.trim_start_matches('\u{feff}').lines().enumerate();
    for (i, row) in rows.filter(|(_, line)| !line.trim().is_empty()) {
        let report = parse(row, rubric).map_err(|problem| at(i, problem))?;
        if let Some(first) = lines.insert(report.id.clone(), i) {
            let problem =
                format!("field `id`: `{}` is also the id of line {}; make them differ", report.id, first + 1);
            return Err(at(i, problem));
        }
        reports.push(report);
    }
    if reports.is_empty() {
        return Err(ReportError::None { path: path.to_owned() });
    }
    Ok(reports)
}

fn parse(line: &str, rubric: &Rubric) -> Result<Report, String> {
    let mut row: Map<String, Value> = serde_json::from_str(line).map_err(|e| {
        format!(
            "no labelled report ({e}); needed is one JSON object, at least {{\"id\", \"text\", \"scores\"}}"
        )
    })?;
    let mut required = |field: &str| {
        let value = row.remove(field).and_then(plain);
        value.ok_or_else(|| format!("field `{field}` is missing or no text; give a string"))
    };
    let (id, text) = (required("id")?, required("text")?);
    let language = match row.remove("lang") {
        None | Some(Value::Null) => detect(&text),
        Some(Value::String(language)) => language,
        Some(other) => {
            return Err(format!(
                "field `lang` is {other}; give a code like \"en\", or leave it out to have it detected"
            ));
        }
    };
    let levels = levels(row.remove("scores"), rubric)?;
    let spans = row.remove("evidence").filter(|value| !value.is_null());
    let searched = spans.is_some();
    let evidence = spans.map_or(Ok(Vec::new()), |spans| evidence(&spans, &text, rubric))?;
    let fields = row.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect();
    Ok(Report { id, language, text, evidence, searched, levels, fields })
}

/// A string, number or boolean as text.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn detect(text: &str) -> String {
    match Language::of(text) {
        Language::Zh => "zh",
        Language::En => "en",
        Language::Mixed => "mixed",
        Language::Other => "other",
    }
    .to_owned()
}

fn levels(scores: Option<Value>, rubric: &Rubric) -> Result<Vec<Option<f32>>, String> {
    let known = || rubric.competencies.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", ");
    let Some(Value::Object(scores)) = scores else {
        return Err(format!(
            "field `scores` is missing or no object; give a level or null for each of {}",
            known()
        ));
    };
    let (min, max) = (rubric.scale.min, rubric.scale.max);
    let mut levels = vec![None; rubric.competencies.len()];
    for (id, score) in scores {
        let c = rubric.position(&id).ok_or_else(|| {
            format!("field `scores.{id}`: `{id}` is no competency of the rubric, which has {}", known())
        })?;
        levels[c] = match score.as_f64() {
            Some(level) if (f64::from(min)..=f64::from(max)).contains(&level) => Some(level as f32),
            Some(level) => {
                return Err(format!(
                    "field `scores.{id}`: level {level} is off the scale; give {min} to {max} or null"
                ));
            }
            None if score.is_null() => None,
            None => {
                return Err(format!(
                    "field `scores.{id}` is {score}; give a number from {min} to {max} or null"
                ));
            }
        };
    }
    Ok(levels)
}

fn evidence(spans: &Value, text: &str, rubric: &Rubric) -> Result<Vec<LabelledSpan>, String> {
    let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let form = "needed is a list of {\"start\", \"end\", \"tags\": [..]}, or no `evidence` at all";
    let spans = spans.as_array().ok_or_else(|| format!("field `evidence` is no list; {form}"))?;
    let span = |(i, span): (usize, &Value)| {
        let number = |name: &str| {
            let number = span.get(name).and_then(Value::as_u64);
            number
                .map(|n| n as usize)
                .ok_or_else(|| format!("field `evidence[{i}].{name}` is no offset; {form}"))
        };
        let (start, end) = (number("start")?, number("end")?);
        if start >= end || end >= bytes.len() {
            let length = bytes.len() - 1;
            return Err(format!(
                "field `evidence[{i}]` is {start}..{end} in a text of {length} code points; offsets count code points, `end` is exclusive"
            ));
        }
        let tags = span.get("tags").and_then(Value::as_array);
        let tags = tags.ok_or_else(|| format!("field `evidence[{i}].tags` is no list; {form}"))?;
        let tags = tags.iter().map(|tag| {
            tag.as_str().and_then(|tag| position(tag, rubric)).ok_or_else(|| {
                format!("field `evidence[{i}].tags` has {tag}; give a competency of the rubric with + or - behind it")
            })
        });
        Ok(LabelledSpan { range: bytes[start]..bytes[end], tags: tags.collect::<Result<_, _>>()? })
    };
    spans.iter().enumerate().map(span).collect()
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
        parse(row, &rubric()).expect_err("the row must be refused")
    }

    #[test]
    fn code_points_become_bytes() {
        let row = r#"{"id":"w-1","lang":"zh","text":"好👍。Yes.","evidence":[{"start":3,"end":7,"tags":["planning-"]}],"scores":{"growth":2}}"#;
        let report = parse(row, &rubric()).unwrap();
        assert_eq!(&report.text[report.evidence[0].range.clone()], "Yes.");
        assert_eq!(report.evidence[0].tags, [11]);
        assert_eq!(report.levels, [None, None, None, None, None, None, Some(2.0)]);
        assert_eq!(report.writer(), "w");
        assert!(report.searched);
    }

    #[test]
    fn an_essay_needs_no_more_than_text_and_scores() {
        let row = r#"{"id":7,"text":"We met the customer and agreed on a price.","scores":{"growth":2.5},"prompt":3,"writer":"ann","draft":true,"notes":["x"]}"#;
        let report = parse(row, &rubric()).unwrap();
        assert_eq!((report.id.as_str(), report.language.as_str(), report.searched), ("7", "en", false));
        assert_eq!(report.levels[6], Some(2.5));
        let fields: Vec<_> = ["prompt", "draft", "writer", "notes", "lang"].map(|f| report.field(f)).into();
        assert_eq!(fields, [Some("3"), Some("true"), Some("ann"), None, Some("en")]);
    }

    #[test]
    fn mistakes_are_told_with_their_field() {
        let row = |evidence: &str, scores: &str| {
            format!(r#"{{"id":"a","lang":"en","text":"Yes.","evidence":[{evidence}],"scores":{{{scores}}}}}"#)
        };
        assert!(problem(&row(r#"{"start":0,"end":5,"tags":[]}"#, "")).contains("`evidence[0]` is 0..5"));
        assert!(problem(&row(r#"{"start":0,"end":4,"tags":["planning"]}"#, "")).contains("\"planning\""));
        assert!(problem(&row(r#"{"start":0,"tags":[]}"#, "")).contains("`evidence[0].end`"));
        assert!(problem(&row("", r#""juggling":3"#)).contains("`scores.juggling`"));
        assert!(problem(&row("", r#""growth":6"#)).contains("`scores.growth`: level 6"));
        assert!(problem(&row("", r#""growth":"high""#)).contains("`scores.growth` is \"high\""));
        assert!(problem(r#"{"id":"a","lang":1,"text":"Yes.","scores":{}}"#).contains("`lang` is 1"));
        assert!(problem(r#"{"id":"a","scores":{}}"#).contains("`text` is missing"));
        assert!(problem(r#"{"id":"a","text":"Yes."}"#).contains("`scores` is missing"));
        assert!(problem("{").contains("no labelled report"));
    }

    #[test]
    fn an_id_occurs_once() {
        let path = std::env::temp_dir().join(format!("salesmirror-reports-{}.jsonl", std::process::id()));
        let row = r#"{"id":"a","text":"Yes.","scores":{}}"#;
        std::fs::write(&path, format!("\u{feff}{row}\n\n{row}\n")).unwrap();
        let said = read(&path, &rubric()).unwrap_err().to_string();
        std::fs::write(&path, [row.as_bytes(), b"\n\xff\n"].concat()).unwrap();
        let encoding = read(&path, &rubric()).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        assert!(said.contains("line 3") && said.contains("id of line 1"), "{said}");
        assert!(encoding.contains("line 2") && encoding.contains("UTF-8"), "{encoding}");
    }
}
