//! Labelled reports (JSONL), checked against the labels that a rubric defines and split into sentences.
//!
//! A row has `id`, `text` and `scores`: a level for each competency of the rubric, fractional where raters differ, and null
//! (or nothing) where the text shows nothing about it. A row whose `scores` are null was not rated: it says only whether the text is an account. `lang` is detected where it is missing. `evidence` lists spans in code
//! points with their tags; a row without it was not searched for evidence, which is not the same as `[]`. `sales` is false where
//! the text is no account of the writer's own sales work; such a text has neither levels nor evidence. `source` says of what kind
//! a collection of texts is, `writer` who wrote a text, and `set` names texts that differ in one thing only, which no fold may
//! split. Every other string, number or boolean is a field to group or slice by: doc_type, industry, or whatever the data have.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

use salesmirror::text::{self, Language};
use serde_json::{Map, Value};
use thiserror::Error;

use super::label_space::LabelSpace;
use super::rows::{Place, Rejection, RowError, jsonl};

/// A report, its sentences, and what raters found in it.
#[derive(Debug, Clone)]
pub struct LabelledReport {
    pub id: String,
    pub language: String,
    pub text: String,
    /// Byte ranges of the text.
    pub sentences: Vec<Range<usize>>,
    /// How many visible characters the text has.
    pub characters: usize,
    /// `[sentences][2 · competencies]`, see [`LabelSpace`]; `None` where raters did not look for evidence.
    pub evidence: Option<Vec<Vec<bool>>>,
    /// `[competencies]`; `None` where the text shows nothing about a competency.
    pub levels: Vec<Option<f32>>,
    /// Whether the text is an account of the writer's own sales work; true where the row does not say it.
    pub sales: bool,
    /// Whether the levels are known: raters gave them, or the text is no account and can show nothing.
    pub rated: bool,
    /// The other fields of the row: source, set, doc_type, industry, …
    pub fields: BTreeMap<String, String>,
}

impl LabelledReport {
    /// The writer: the row's own field, or else the id's part before the last `-`.
    pub fn writer(&self) -> &str {
        let before_dash = || self.id.rsplit_once('-').map_or(&*self.id, |(writer, _)| writer);
        self.fields.get("writer").map_or_else(before_dash, String::as_str)
    }

    /// The set of texts that differ in one thing only, if the text belongs to one.
    pub fn set(&self) -> Option<&str> {
        self.fields.get("set").map(String::as_str)
    }

    /// A value to group or slice by: `id`, `lang`, `writer`, or a field of the row.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "id" => Some(&self.id),
            "lang" | "language" => Some(&self.language),
            "writer" => Some(self.writer()),
            _ => self.fields.get(name).map(String::as_str),
        }
    }
}

/// A span that raters marked as evidence.
pub(super) struct Span {
    /// Byte range of the text.
    pub range: Range<usize>,
    /// Outputs of the evidence head.
    pub tags: Vec<usize>,
}

/// What is wrong with a file of labelled reports.
#[derive(Debug, Error)]
pub enum LabelledReportError {
    #[error(transparent)]
    Rows(#[from] RowError),
    #[error("{0}")]
    Rejected(Rejection),
    #[error("{place}: {problem}")]
    Report { place: Place, problem: String },
    #[error("{path}: there are no reports; expected one JSON object per line", path = path.display())]
    Empty { path: PathBuf },
}

/// Reads all reports of some JSONL files.
///
/// # Errors
/// The first bad row is an error, and so is an id that occurs twice: a report that is silently left out would change every
/// figure.
pub fn read_labelled_reports<P: AsRef<Path>>(
    paths: &[P],
    labels: &LabelSpace,
) -> Result<Vec<LabelledReport>, LabelledReportError> {
    let mut places: HashMap<String, Place> = HashMap::new();
    let mut reports = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        let before = reports.len();
        for row in jsonl::objects(path)? {
            let (place, row) = row.map_err(LabelledReportError::Rejected)?;
            let at = |problem: String| LabelledReportError::Report { place: place.clone(), problem };
            let report = parse(row, labels).map_err(at)?;
            if let Some(first) = places.insert(report.id.clone(), place.clone()) {
                return Err(at(format!(
                    "field `id`: `{}` is also the id of {first}; ids must be unique",
                    report.id
                )));
            }
            reports.push(report);
        }
        if reports.len() == before {
            return Err(LabelledReportError::Empty { path: path.to_owned() });
        }
    }
    Ok(reports)
}

fn parse(mut row: Map<String, Value>, labels: &LabelSpace) -> Result<LabelledReport, String> {
    let mut required = |field: &str| {
        let value = row.remove(field).and_then(as_text);
        value.ok_or_else(|| format!("field `{field}` is missing or is not text; expected a string"))
    };
    let (id, text) = (required("id")?, required("text")?);
    let language = match row.remove("lang") {
        None | Some(Value::Null) => Language::of(&text).code().to_owned(),
        Some(Value::String(language)) => language,
        Some(other) => {
            return Err(format!(
                "field `lang` is {other}; expected a code such as \"en\", or no `lang` to have it detected"
            ));
        }
    };
    for field in ["source", "writer", "set"] {
        match row.get(field) {
            None | Some(Value::String(_)) => {}
            Some(Value::Null) => {
                row.remove(field);
            }
            Some(other) => {
                return Err(format!("field `{field}` is {other}; expected a string, or no `{field}`"));
            }
        }
    }
    let scores = row.remove("scores");
    let unrated = scores == Some(Value::Null);
    let levels = match unrated {
        true => vec![None; labels.competencies.len()],
        false => parse_levels(scores, labels)?,
    };
    let spans = row.remove("evidence").filter(|value| !value.is_null());
    let spans = spans.map(|spans| parse_spans(&spans, &text, labels)).transpose()?;
    let sales = match row.remove("sales") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(sales)) => sales,
        Some(other) => return Err(format!("field `sales` is {other}; expected true or false")),
    };
    if !sales && (levels.iter().any(Option::is_some) || spans.iter().flatten().next().is_some()) {
        return Err(
            "field `sales` is false, but the text has levels or evidence; it can have only one of them"
                .to_owned(),
        );
    }
    if unrated && spans.is_some() {
        return Err(
            "field `scores` is null, but the text has `evidence`; expected both or none of them".to_owned()
        );
    }
    let rated = !unrated || !sales;
    let document =
        text::read(&text).map_err(|e| format!("field `text` of report `{id}` cannot be read: {e}"))?;
    let sentences: Vec<Range<usize>> = document.sentences.into_iter().map(|s| s.range).collect();
    let evidence = spans.map(|spans| label_sentences(&sentences, &spans, labels.evidence_outputs()));
    let fields = row.into_iter().filter_map(|(name, value)| Some((name, as_text(value)?))).collect();
    let characters = document.characters;
    Ok(LabelledReport { id, language, text, sentences, characters, evidence, levels, sales, rated, fields })
}

/// Labels of each sentence: it has the tags of every span that overlaps it.
pub(super) fn label_sentences(sentences: &[Range<usize>], spans: &[Span], outputs: usize) -> Vec<Vec<bool>> {
    let label = |sentence: &Range<usize>| {
        let mut labels = vec![false; outputs];
        for span in spans {
            if span.range.start < sentence.end && sentence.start < span.range.end {
                span.tags.iter().for_each(|&tag| labels[tag] = true);
            }
        }
        labels
    };
    sentences.iter().map(label).collect()
}

/// A string, number or boolean as text.
fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn parse_levels(scores: Option<Value>, labels: &LabelSpace) -> Result<Vec<Option<f32>>, String> {
    let known = || labels.competencies.join(", ");
    let Some(Value::Object(scores)) = scores else {
        return Err(format!(
            "field `scores` is missing or is not an object; expected a level or null for each of {}",
            known()
        ));
    };
    let (min, max) = (labels.lowest, labels.highest());
    let mut levels = vec![None; labels.competencies.len()];
    for (id, score) in scores {
        let c = labels.competency(&id).ok_or_else(|| {
            format!("field `scores.{id}`: `{id}` is not a competency of the rubric, which has {}", known())
        })?;
        levels[c] = match score.as_f64() {
            Some(level) if (f64::from(min)..=f64::from(max)).contains(&level) => Some(level as f32),
            Some(level) => {
                return Err(format!(
                    "field `scores.{id}`: level {level} is off the scale; expected {min} to {max} or null"
                ));
            }
            None if score.is_null() => None,
            None => {
                return Err(format!(
                    "field `scores.{id}` is {score}; expected a number from {min} to {max} or null"
                ));
            }
        };
    }
    Ok(levels)
}

fn parse_spans(spans: &Value, text: &str, labels: &LabelSpace) -> Result<Vec<Span>, String> {
    let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let form = "expected a list of {\"start\", \"end\", \"tags\": [..]}, or no `evidence` at all";
    let spans = spans.as_array().ok_or_else(|| format!("field `evidence` is not a list; {form}"))?;
    let span = |(i, span): (usize, &Value)| {
        let offset = |name: &str| {
            let number = span.get(name).and_then(Value::as_u64);
            number
                .map(|n| n as usize)
                .ok_or_else(|| format!("field `evidence[{i}].{name}` is not an offset; {form}"))
        };
        let (start, end) = (offset("start")?, offset("end")?);
        if start >= end || end >= bytes.len() {
            let length = bytes.len() - 1;
            return Err(format!(
                "field `evidence[{i}]` is {start}..{end} in a text of {length} code points; offsets count code points, \
                 and `end` is exclusive"
            ));
        }
        let tags = span.get("tags").and_then(Value::as_array);
        let tags = tags.ok_or_else(|| format!("field `evidence[{i}].tags` is not a list; {form}"))?;
        let tags = tags.iter().map(|tag| {
            tag.as_str().and_then(|tag| labels.evidence_output(tag)).ok_or_else(|| {
                format!(
                    "field `evidence[{i}].tags` has {tag}; expected a competency of the rubric followed by + or -"
                )
            })
        });
        Ok(Span { range: bytes[start]..bytes[end], tags: tags.collect::<Result<_, _>>()? })
    };
    spans.iter().enumerate().map(span).collect()
}

/// Parses a number that a command line gives for one source, such as `lifelike=0.6`.
pub fn parse_source_number(text: &str) -> Result<(String, f64), String> {
    let number =
        text.split_once('=').and_then(|(source, number)| Some((source, number.trim().parse().ok()?)));
    match number {
        Some((source, number)) if number >= 0.0 && f64::is_finite(number) => {
            Ok((source.trim().to_owned(), number))
        }
        _ => Err("expected a source and a number from 0, such as lifelike=0.6".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use salesmirror::Rubric;

    use super::*;

    fn labels() -> LabelSpace {
        let rubric = Rubric::from_json(include_str!("../../../data/rubric.json")).unwrap();
        LabelSpace::from(&rubric)
    }

    fn parse_line(row: &str) -> Result<LabelledReport, String> {
        parse(serde_json::from_str(row).unwrap(), &labels())
    }

    fn problem(row: &str) -> String {
        parse_line(row).expect_err("the row must be refused")
    }

    #[test]
    fn code_points_become_bytes() {
        let row = r#"{"id":"w-1","lang":"zh","text":"好👍。Yes.","evidence":[{"start":3,"end":7,"tags":["planning-"]}],"scores":{"growth":2}}"#;
        let report = parse_line(row).unwrap();
        assert_eq!(&report.text[report.sentences[1].clone()], "Yes.");
        let labels: Vec<Vec<usize>> = report
            .evidence
            .iter()
            .flatten()
            .map(|labels| (0..labels.len()).filter(|&tag| labels[tag]).collect())
            .collect();
        assert_eq!(labels, [vec![], vec![11]]);
        assert_eq!(report.levels, [None, None, None, None, None, None, Some(2.0)]);
        assert_eq!(report.writer(), "w");
    }

    #[test]
    fn an_essay_needs_no_more_than_text_and_scores() {
        let row = r#"{"id":7,"text":"We met the customer and agreed on a price.","scores":{"growth":2.5},"prompt":3,"writer":"ann","draft":true,"notes":["x"]}"#;
        let report = parse_line(row).unwrap();
        assert_eq!(
            (report.id.as_str(), report.language.as_str(), report.evidence.is_none()),
            ("7", "en", true)
        );
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
        assert!(problem(r#"{"id":"a","text":"Yes.","scores":{},"set":3}"#).contains("`set` is 3"));
        assert!(
            problem(r#"{"id":"a","text":"Yes.","scores":{},"sales":"no"}"#).contains("`sales` is \"no\"")
        );
    }

    #[test]
    fn what_is_no_account_has_no_levels() {
        let row = |sales: &str, scores: &str| {
            format!(
                r#"{{"id":"a","text":"Yes.","scores":{{{scores}}},"sales":{sales},"set":"s","source":"other"}}"#
            )
        };
        let parsed = |line: &str| parse(serde_json::from_str(line).unwrap(), &labels());
        let advert = parsed(&row("false", r#""growth":null"#)).unwrap();
        assert!(!advert.sales && advert.set() == Some("s") && advert.field("source") == Some("other"));
        assert!(parsed(&row("null", r#""growth":3"#)).unwrap().sales);
        assert!(parsed(&row("false", r#""growth":3"#)).unwrap_err().contains("`sales` is false"));
    }

    #[test]
    fn an_id_occurs_once() {
        let path = std::env::temp_dir().join(format!("salesmirror-reports-{}.jsonl", std::process::id()));
        let row = r#"{"id":"a","text":"Yes.","scores":{}}"#;
        std::fs::write(&path, format!("\u{feff}{row}\n\n{row}\n")).unwrap();
        let said = read_labelled_reports(&[&path], &labels()).unwrap_err().to_string();
        std::fs::write(&path, [row.as_bytes(), b"\n\xff\n"].concat()).unwrap();
        let encoding = read_labelled_reports(&[&path], &labels()).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        assert!(said.contains("line 3") && said.contains("line 1"), "{said}");
        assert!(encoding.contains("line 2") && encoding.contains("UTF-8"), "{encoding}");
    }
}
