//! Comma-separated and tab-separated values (RFC 4180).

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{Columns, LARGEST_ROW, Place, Problem, Rejection, Row, RowReader, TextFile};
use crate::data::decode::decode;

pub(super) fn open(path: &Path, columns: &Columns) -> Result<RowReader, Problem> {
    open_separated(path, columns, b',')
}

pub(super) fn open_tsv(path: &Path, columns: &Columns) -> Result<RowReader, Problem> {
    open_separated(path, columns, b'\t')
}

fn open_separated(path: &Path, columns: &Columns, delimiter: u8) -> Result<RowReader, Problem> {
    let TextFile { reader, size, read } = TextFile::open(path)?;
    let left = Rc::new(Cell::new(LARGEST_ROW));
    let limited = Limited { reader, left: Rc::clone(&left) };
    let reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(limited);
    let mut records = Records { reader, left };
    let Some(header) = records.next_record()? else {
        return Ok(RowReader::new(std::iter::empty(), size, read));
    };
    let names: Vec<String> = header.iter().map(|name| lossy(name).trim().to_owned()).collect();
    let (text, id) = columns.find(&names)?;
    let rows = Rows {
        records,
        file: Place::file(path),
        fields: names.len(),
        text,
        id,
        number: 0,
        delimiter,
        failed: false,
    };
    Ok(RowReader::new(rows, size, read))
}

fn lossy(field: &[u8]) -> String {
    decode(field).map_or_else(|_| String::from_utf8_lossy(field).into_owned(), |text| text.into_owned())
}

/// The records of a file, of limited length.
struct Records {
    reader: Reader<Limited>,
    left: Rc<Cell<usize>>,
}

impl Records {
    fn next_record(&mut self) -> Result<Option<ByteRecord>, Problem> {
        self.left.set(LARGEST_ROW);
        let mut record = ByteRecord::new();
        match self.reader.read_byte_record(&mut record) {
            Ok(true) => Ok(Some(record)),
            Ok(false) => Ok(None),
            Err(error) => Err(match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    Problem::EndlessRecord
                }
                csv::ErrorKind::Io(error) => error.into(),
                other => io::Error::other(format!("{other:?}")).into(),
            }),
        }
    }

    /// The line that is read next.
    fn line(&self) -> u64 {
        self.reader.position().line()
    }
}

struct Rows {
    records: Records,
    file: Place,
    /// How many fields the header has.
    fields: usize,
    text: usize,
    id: Option<usize>,
    /// How many records were read.
    number: u64,
    delimiter: u8,
    failed: bool,
}

impl Rows {
    fn row(&self, line: u64, record: &ByteRecord) -> Result<Row, Rejection> {
        let place = self.file.at_line(line);
        let id = self.id.and_then(|at| record.get(at)).map_or_else(|| self.number.to_string(), lossy);
        let text = match record.get(self.text) {
            Some(text) if record.len() == self.fields => decode(text).map_err(Problem::from),
            _ => {
                let last = self.records.line().saturating_sub(1).max(line);
                Err(Problem::Fields { last, found: record.len(), expected: self.fields })
            }
        };
        match text {
            Ok(text) => Ok(Row { text: text.into_owned(), id, place }),
            Err(problem) => {
                let fields: Vec<_> = record.iter().map(lossy).collect();
                let content = fields.join(&char::from(self.delimiter).to_string());
                Err(Rejection { id: Some(id), ..Rejection::new(place, problem).with_content(content) })
            }
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let line = self.records.line();
        match self.records.next_record() {
            Ok(record) => {
                let record = record?;
                self.number += 1;
                // Blank lines do not belong to the record after them.
                let line = record.position().map_or(line, csv::Position::line);
                Some(self.row(line, &record))
            }
            Err(problem) => {
                self.failed = true;
                Some(Err(Rejection { last: true, ..Rejection::new(self.file.at_line(line), problem) }))
            }
        }
    }
}

/// A reader that fails when a record does not end, so that an open quotation mark does not draw the rest of a large file
/// into memory.
struct Limited {
    reader: Box<dyn io::BufRead>,
    /// Bytes that may be read before the next record begins.
    left: Rc<Cell<usize>>,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        match self.left.get().checked_sub(count) {
            Some(left) => self.left.set(left),
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, rows_of, texts_of};
    use super::super::{IdColumn, RowError, open};
    use super::*;

    #[test]
    fn records_may_have_line_breaks_and_rejected_ones_are_told() {
        let table = "id,text\n\n7,\"Line one,\nline two\"\n8\n9,Hello, world\n10,Three\n";
        let rows = rows_of("breaks.csv", table.as_bytes()).unwrap();
        let read: Vec<_> = rows.iter().flatten().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        assert_eq!(read, [("7", "Line one,\nline two"), ("10", "Three")]);
        assert_eq!(rows[0].as_ref().unwrap().place.line.unwrap().get(), 3);
        for (at, line, found, content) in [(1, 5, 1, "8"), (2, 6, 3, "9,Hello, world")] {
            let rejection = rows[at].as_ref().unwrap_err();
            let problem = format!(
                "line {line}: the record, which ends on line {line}, has {found} fields where the header has 2"
            );
            assert!(rejection.to_string().contains(&problem), "{rejection}");
            assert_eq!(rejection.content.as_deref(), Some(content));
            assert!(!rejection.last);
        }
    }

    #[test]
    fn an_open_quotation_mark_ends_the_file_and_is_told() {
        let table = format!("id,text\n1,Good\n2,\"{}", "never closed\n".repeat(2 * LARGEST_ROW / 13));
        let rows = rows_of("open.csv", table.as_bytes()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].as_ref().unwrap().text, "Good");
        let rejection = rows[1].as_ref().unwrap_err();
        assert!(
            rejection.last && rejection.to_string().contains("line 3: a record longer than 16 MiB"),
            "{rejection}"
        );
    }

    #[test]
    fn columns_are_found_by_name() {
        let path = file("columns.csv", " id , body\n1,Hello.\n".as_bytes());
        let ids = |text: &str, id: IdColumn| -> Result<Vec<String>, RowError> {
            Ok(open(&path, &Columns { text: text.to_owned(), id })?.map(|row| row.unwrap().id).collect())
        };
        assert_eq!(ids("body", IdColumn::Default).unwrap(), ["1"]);
        assert_eq!(ids("body", IdColumn::Named("body".to_owned())).unwrap(), ["Hello."]);
        let error = ids("text", IdColumn::Default).unwrap_err().to_string();
        assert!(
            error.contains(
                "no column `text`; name the right one with --text-column. The columns are `id`, `body`"
            ),
            "{error}"
        );
        let error = ids("body", IdColumn::Named("key".to_owned())).unwrap_err().to_string();
        assert!(error.contains("no column `key`; name the right one with --id-column"), "{error}");
    }

    #[test]
    fn tabs_separate_values_too() {
        assert_eq!(texts_of("tabs.tsv", b"text\tid\nA, b.\t1\n").0, ["A, b."]);
    }
}
