//! JSON Lines: one object per line.

use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use super::{
    ByteCount, Columns, ID_OPTION, IdColumn, Lines, Place, Problem, Rejection, Row, RowError, RowReader,
    TEXT_OPTION, TextFile, quoted,
};
use crate::data::decode::{self, Encoding};

/// The objects of a JSONL file, in order, with their places.
///
/// # Errors
/// If the file cannot be opened.
pub fn objects(path: &Path) -> Result<Objects, RowError> {
    Objects::open(path).map_err(|problem| RowError { path: path.to_owned(), problem })
}

/// An object, its place and the content of its line.
type ObjectInLine<'l> = (Place, Map<String, Value>, &'l [u8]);

/// Iterates over the objects of a JSONL file, see [`objects`].
pub struct Objects {
    place: Place,
    lines: Lines,
    size: u64,
    read: ByteCount,
}

impl Objects {
    fn open(path: &Path) -> Result<Self, Problem> {
        Ok(Self::new(Place::file(path), TextFile::open(path)?))
    }

    fn new(place: Place, file: TextFile) -> Self {
        Self { place, lines: Lines::new(file.reader), size: file.size, read: file.read }
    }

    fn next_in_line(&mut self) -> Option<Result<ObjectInLine<'_>, Rejection>> {
        let read = loop {
            match self.lines.next_line()? {
                Ok(line) if line.trim_ascii().is_empty() => {}
                line => break line.map(|_| ()),
            }
        };
        let place = self.place.at_line(self.lines.number());
        if let Err(problem) = read {
            let last = self.lines.has_failed();
            return Some(Err(Rejection { last, ..Rejection::new(place, problem) }));
        }
        let line = self.lines.line();
        Some(match parse(line) {
            Ok(object) => Ok((place, object, line)),
            Err(problem) => Err(Rejection::new(place, problem).with_content(line)),
        })
    }
}

impl Iterator for Objects {
    type Item = Result<(Place, Map<String, Value>), Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_in_line()?.map(|(place, object, _)| (place, object)))
    }
}

fn parse(line: &[u8]) -> Result<Map<String, Value>, Problem> {
    serde_json::from_str(&decode::decode(line)?).map_err(Problem::Json)
}

/// Opens a JSONL file for its texts.
pub(super) fn open(path: &Path, columns: &Columns) -> Result<RowReader, Problem> {
    Ok(rows(Objects::open(path)?, columns))
}

/// Texts of JSONL that is not in a file.
pub(super) fn from_reader(input: Box<dyn Read>, columns: &Columns) -> Result<RowReader, Problem> {
    let place = Place::file(Path::new("standard input"));
    Ok(rows(Objects::new(place, TextFile::new(input, Encoding::Mixed, 0)?), columns))
}

fn rows(mut objects: Objects, columns: &Columns) -> RowReader {
    let (size, read, columns) = (objects.size, objects.read.clone(), columns.clone());
    let rows = std::iter::from_fn(move || {
        let (place, object, line) = match objects.next_in_line()? {
            Ok(object) => object,
            Err(rejection) => return Some(Err(rejection)),
        };
        Some(match text_and_id(object, &columns) {
            Ok((text, id)) => {
                let number = || place.line.map_or_else(String::new, |line| line.to_string());
                Ok(Row { id: id.unwrap_or_else(number), text, place })
            }
            Err(problem) => Err(Rejection::new(place, problem).with_content(line)),
        })
    });
    RowReader::new(rows, size, read)
}

fn text_and_id(
    mut object: Map<String, Value>,
    columns: &Columns,
) -> Result<(String, Option<String>), Problem> {
    let missing = |field: &str, option, object: &Map<String, Value>| Problem::NoField {
        field: field.to_owned(),
        option,
        found: quoted(object.keys()),
    };
    let id = match columns.id().map(|name| (name, object.get(name))) {
        Some((_, Some(Value::String(id)))) => Some(id.clone()),
        Some((_, Some(Value::Number(id)))) => Some(id.to_string()),
        Some((name, Some(_))) => return Err(Problem::IdType(name.to_owned())),
        Some((name, None)) if columns.id != IdColumn::Default => {
            return Err(missing(name, ID_OPTION, &object));
        }
        _ => None,
    };
    match object.remove(&columns.text) {
        Some(Value::String(text)) => Ok((text, id)),
        Some(_) => Err(Problem::TextType(columns.text.clone())),
        None => Err(missing(&columns.text, TEXT_OPTION, &object)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::LARGEST_ROW;
    use super::super::tests::{columns, file};
    use super::*;

    fn rows(bytes: &[u8], columns: &Columns) -> Vec<Result<Row, Rejection>> {
        from_reader(Box::new(Cursor::new(bytes.to_vec())), columns).unwrap().collect()
    }

    #[test]
    fn a_rejected_line_is_told_by_its_number_and_the_next_is_read() {
        let lines = b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"A.\"}\r\n\n{\"id\":7,\"text\":\"B.\"}\n{\"text\":1}\n[]\n{\"x\":1}\n\xff\n{\"text\":\n{\"text\":\"C.\"}";
        let rows = rows(lines, &columns());
        let texts: Vec<_> = rows.iter().flatten().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        assert_eq!(texts, [("a", "A."), ("7", "B."), ("9", "C.")]);
        let told: Vec<String> = rows.iter().filter_map(|row| Some(row.as_ref().err()?.to_string())).collect();
        for (said, (line, problem)) in told.iter().zip([
            (4, "field `text`: expected a string"),
            (5, "expected one JSON object per line"),
            (6, "no field `text`; name the right one with --text-column. The fields are `x`"),
            (7, "not valid UTF-8 from byte 0"),
            (8, "expected one JSON object per line"),
        ]) {
            assert!(said.contains(&format!("standard input line {line}: {problem}")), "{said}");
        }
        assert_eq!(told.len(), 5);
    }

    #[test]
    fn a_rejection_keeps_the_content_of_its_line() {
        let rows = rows(b"{\"text\":1}\r\n[]\n", &columns());
        let contents: Vec<_> =
            rows.iter().map(|row| row.as_ref().err().unwrap().content.as_deref().unwrap()).collect();
        assert_eq!(contents, ["{\"text\":1}", "[]"]);
    }

    #[test]
    fn ids_are_looked_for_where_the_columns_say() {
        let id = |line: &str, id: IdColumn| {
            let columns = Columns { text: "text".to_owned(), id };
            let row = rows(line.as_bytes(), &columns).remove(0);
            row.map(|row| row.id).map_err(|rejection| rejection.to_string())
        };
        let named = || IdColumn::Named("key".to_owned());
        assert_eq!(id(r#"{"id":"x","key":5,"text":"A."}"#, IdColumn::Default).unwrap(), "x");
        assert_eq!(id(r#"{"id":"x","key":5,"text":"A."}"#, IdColumn::Number).unwrap(), "1");
        assert_eq!(id(r#"{"id":"x","key":5,"text":"A."}"#, named()).unwrap(), "5");
        assert_eq!(id(r#"{"id":[],"text":"A."}"#, IdColumn::Number).unwrap(), "1");
        assert!(id(r#"{"id":[],"text":"A."}"#, IdColumn::Default).unwrap_err().contains("`id`: expected"));
        assert!(id(r#"{"text":"A."}"#, named()).unwrap_err().contains("--id-column"));
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept() {
        let mut bytes = vec![b'x'; LARGEST_ROW + 10];
        bytes.extend(b"\n{\"text\":\"B.\"}\n");
        let rows = rows(&bytes, &columns());
        assert_eq!(rows.len(), 2);
        let rejection = rows[0].as_ref().err().unwrap();
        assert!(rejection.to_string().contains("line 1: longer than 16 MiB"), "{rejection}");
        assert!(rejection.content.is_none() && !rejection.last);
        assert_eq!(rows[1].as_ref().ok().unwrap().text, "B.");
    }

    #[test]
    fn objects_come_with_their_places() {
        let path = file("objects.jsonl", b"{\"a\":1}\n\n[]\n{\"b\":2}\n");
        let found: Vec<_> = objects(&path).unwrap().collect();
        assert_eq!(found.len(), 3);
        let (place, object) = found[2].as_ref().unwrap();
        assert_eq!((place.line.unwrap().get(), &object["b"]), (4, &Value::from(2)));
        assert!(
            found[1].as_ref().unwrap_err().to_string().contains("objects.jsonl line 3: expected one JSON")
        );
    }
}
