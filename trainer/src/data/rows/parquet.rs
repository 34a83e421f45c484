//! Reports out of a Parquet file: two columns, a batch of rows at a time, row group by row group. What a damaged row
//! group holds is told and left out.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Once;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::ScoreError;
use super::rows::{Columns, Place, Rejection, Row, Source, open_file, utf8};
use crate::Result;

/// Rows that are read together.
const BATCH: usize = 64;

pub fn open(path: &Path, columns: &Columns) -> Result<Source> {
    let (file, _) = open_file(path)?;
    let damaged = |e: ParquetError| ScoreError::Parquet { path: path.to_owned(), problem: e.to_string() };
    let file = guarded(|| SerializedFileReader::new(file)).map_err(damaged)?;
    let schema = file.metadata().file_metadata().schema_descr();
    let find = |column: &str| schema.columns().iter().position(|c| c.path().string() == column);
    let missing = |column: &str, option| ScoreError::Column {
        path: path.to_owned(),
        column: column.to_owned(),
        option,
        found: schema
            .columns()
            .iter()
            .map(|c| format!("`{}`", c.path().string()))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let text = find(&columns.text_column).ok_or_else(|| missing(&columns.text_column, "--text-column"))?;
    let id = find(columns.id());
    if id.is_none() && columns.id_column.is_some() {
        return Err(missing(columns.id(), "--id-column").into());
    }
    // What cannot be read is told before anything is scored.
    for (at, types, needed) in [
        (Some(text), &[parquet::basic::Type::BYTE_ARRAY][..], "strings"),
        (
            id,
            &[parquet::basic::Type::BYTE_ARRAY, parquet::basic::Type::INT32, parquet::basic::Type::INT64][..],
            "strings or integers",
        ),
    ] {
        let Some(at) = at else { continue };
        let column = schema.column(at);
        let found = match column.max_rep_level() {
            0 if types.contains(&column.physical_type()) => continue,
            0 => column.physical_type().to_string(),
            _ => "lists".to_owned(),
        };
        let column = column.path().string();
        return Err(ScoreError::ColumnType { path: path.to_owned(), column, found, needed }.into());
    }
    let total = file.metadata().file_metadata().num_rows().max(0) as u64;
    let position = Rc::new(Cell::new(0));
    let rows = ParquetRows {
        path: path.to_owned(),
        file,
        columns: (text, id),
        group: 0,
        open: None,
        ready: VecDeque::new(),
        number: 0,
        position: Rc::clone(&position),
    };
    Ok(Source { rows: Box::new(rows), total, unit: "scoring, rows", position })
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// The library panics at some damaged pages; that is an error like its others, and nothing to print.
fn guarded<T>(read: impl FnOnce() -> ParquetResult<T>) -> ParquetResult<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                usual(info);
            }
        }));
    });
    GUARDED.set(true);
    // What was being read when it panicked is dropped by the caller.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    result.unwrap_or_else(|_| Err(ParquetError::General("pages that do not fit together".to_owned())))
}

struct ParquetRows {
    path: PathBuf,
    file: SerializedFileReader<std::fs::File>,
    /// Text and id.
    columns: (usize, Option<usize>),
    /// The row group that is opened next.
    group: usize,
    open: Option<RowGroup>,
    ready: VecDeque<std::result::Result<Row, Rejection>>,
    /// Rows so far.
    number: u64,
    position: Rc<Cell<u64>>,
}

struct RowGroup {
    text: Column,
    id: Option<Column>,
    /// Rows that are not read yet.
    left: u64,
}

impl Iterator for ParquetRows {
    type Item = std::result::Result<Row, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            if self.open.as_ref().is_none_or(|group| group.left == 0) {
                if self.group == self.file.num_row_groups() {
                    return None;
                }
                self.open_next();
            } else {
                self.read_batch();
            }
        }
        self.position.set(self.number);
        self.ready.pop_front()
    }
}

impl ParquetRows {
    fn open_next(&mut self) {
        let group = self.group;
        self.group += 1;
        let rows = self.file.metadata().row_group(group).num_rows().max(0) as u64;
        match guarded(|| self.open_group(group, rows)) {
            Ok(opened) => self.open = Some(opened),
            Err(error) => self.reject(rows, &error),
        }
    }

    fn open_group(&self, group: usize, left: u64) -> ParquetResult<RowGroup> {
        let group = self.file.get_row_group(group)?;
        let column = |at: usize| {
            let nullable = group.metadata().column(at).column_descr().max_def_level();
            Column::new(group.get_column_reader(at)?, nullable)
        };
        Ok(RowGroup { text: column(self.columns.0)?, id: self.columns.1.map(column).transpose()?, left })
    }

    /// Tells rows that cannot be read and goes on behind them.
    fn reject(&mut self, rows: u64, error: &ParquetError) {
        self.open = None;
        if rows > 0 {
            let problem = format!(
                "{rows} rows of row group {} cannot be read ({error}); fetch or write the file again",
                self.group - 1
            );
            let place = Place::row(&self.path, self.number + 1);
            self.ready.push_back(Err(Rejection { rows, ..Rejection::new(place, problem, None) }));
            self.number += rows;
        }
    }

    fn read_batch(&mut self) {
        let Some(group) = &mut self.open else { return };
        let count = group.left.min(BATCH as u64) as usize;
        let read = guarded(|| {
            let ids = group.id.as_mut().map(|id| id.read(count)).transpose()?;
            Ok((group.text.read(count)?, ids))
        });
        let (texts, ids) = match read {
            Ok(read) => read,
            Err(error) => {
                let left = group.left;
                return self.reject(left, &error);
            }
        };
        group.left -= count as u64;
        for (i, text) in texts.into_iter().enumerate() {
            self.number += 1;
            let place = Place::row(&self.path, self.number);
            let id = ids.as_ref().and_then(|ids| ids[i].as_deref()).map(String::from_utf8_lossy);
            let id = id.map_or_else(|| self.number.to_string(), |id| id.into_owned());
            let row = match text {
                None => Err(("the text is null; give the row a text or leave it out".to_owned(), None)),
                Some(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => Ok(text),
                    Err(e) => {
                        let problem = utf8(e.as_bytes()).err().unwrap_or_default();
                        Err((problem, Some(String::from_utf8_lossy(e.as_bytes()).into_owned())))
                    }
                },
            };
            self.ready.push_back(match row {
                Ok(text) => Ok(Row { place, id, text }),
                Err((problem, content)) => {
                    Err(Rejection { id: Some(id), ..Rejection::new(place, problem, content) })
                }
            });
        }
    }
}

/// A column that may have nulls, of a kind that texts and ids have.
struct Column {
    reader: TypedReader,
    /// Definition level of a value that is no null.
    defined: i16,
}

enum TypedReader {
    Bytes(ColumnReaderImpl<ByteArrayType>),
    Int32(ColumnReaderImpl<Int32Type>),
    Int64(ColumnReaderImpl<Int64Type>),
}

impl Column {
    fn new(reader: ColumnReader, defined: i16) -> ParquetResult<Self> {
        let reader = match reader {
            ColumnReader::ByteArrayColumnReader(reader) => TypedReader::Bytes(reader),
            ColumnReader::Int32ColumnReader(reader) => TypedReader::Int32(reader),
            ColumnReader::Int64ColumnReader(reader) => TypedReader::Int64(reader),
            _ => return Err(ParquetError::General("a column of another type than the file's".to_owned())),
        };
        Ok(Self { reader, defined })
    }

    /// The next values, None for null, as bytes or digits.
    fn read(&mut self, count: usize) -> ParquetResult<Vec<Option<Vec<u8>>>> {
        match &mut self.reader {
            TypedReader::Bytes(reader) => values(reader, self.defined, count, |bytes| bytes.data().to_vec()),
            TypedReader::Int32(reader) => values(reader, self.defined, count, |n| n.to_string().into_bytes()),
            TypedReader::Int64(reader) => values(reader, self.defined, count, |n| n.to_string().into_bytes()),
        }
    }
}

fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    defined: i16,
    count: usize,
    bytes: impl Fn(&T::T) -> Vec<u8>,
) -> ParquetResult<Vec<Option<Vec<u8>>>> {
    let (mut levels, mut found, mut records) = (Vec::new(), Vec::new(), 0);
    while records < count {
        let (read, ..) = reader.read_records(count - records, Some(&mut levels), None, &mut found)?;
        if read == 0 {
            break;
        }
        records += read;
    }
    let mut found = found.iter();
    let rows: Vec<Option<Vec<u8>>> = match defined {
        0 => found.map(|value| Some(bytes(value))).collect(),
        _ => levels
            .iter()
            .map(|&level| if level == defined { found.next().map(&bytes) } else { None })
            .collect(),
    };
    if rows.len() != count {
        return Err(ParquetError::General(format!("a column ends after {} of {count} rows", rows.len())));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::ByteArray;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use proptest::prelude::*;

    use super::*;

    fn columns() -> Columns {
        Columns { text_column: "text".to_owned(), id_column: None }
    }

    /// A file of two columns, a row group of each list of texts; ids count from 100.
    fn file(groups: &[Vec<Option<Vec<u8>>>]) -> Vec<u8> {
        let schema = "message reports { REQUIRED INT64 id; OPTIONAL BYTE_ARRAY text (UTF8); }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap();
        let mut id = 100;
        for texts in groups {
            let mut group = writer.next_row_group().unwrap();
            let ids: Vec<i64> = (id..).take(texts.len()).collect();
            id += texts.len() as i64;
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&ids, None, None).unwrap();
            column.close().unwrap();
            let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
            let values: Vec<ByteArray> =
                texts.iter().flatten().map(|text| ByteArray::from(text.clone())).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn rows_of(bytes: &[u8], name: &str) -> Result<Vec<std::result::Result<Row, Rejection>>> {
        let path = std::env::temp_dir().join(format!("salesmirror-{}-{name}.parquet", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Ok(open(&path, &columns())?.rows.collect())
    }

    #[test]
    fn nulls_and_broken_text_are_told_by_row_and_the_others_keep_their_ids() {
        let text = |text: &str| Some(text.as_bytes().to_vec());
        let bytes = file(&[vec![text("A."), None, text("B.")], vec![Some(vec![b'x', 0xff]), text("C.")]]);
        let rows = rows_of(&bytes, "mixed").unwrap();
        let read: Vec<_> = rows.iter().flatten().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        assert_eq!(read, [("100", "A."), ("102", "B."), ("104", "C.")]);
        let told: Vec<String> = rows.iter().filter_map(|row| Some(row.as_ref().err()?.to_string())).collect();
        assert!(told[0].contains("row 2: the text is null"), "{told:?}");
        assert!(told[1].contains("row 4: no UTF-8 from byte 1 on"), "{told:?}");
    }

    #[test]
    fn a_damaged_row_group_is_told_and_the_next_is_read() {
        let texts = |word: &str| (0..100).map(|i| Some(format!("{word} {i}").into_bytes())).collect();
        let mut bytes = file(&[texts("first"), texts("second")]);
        // The header of the first page of the first column.
        bytes[4..40].fill(0xff);
        let rows = rows_of(&bytes, "damaged").unwrap();
        let rejection = rows[0].as_ref().err().unwrap();
        assert!(rejection.rows == 100 && rejection.problem.contains("row group 0"), "{rejection}");
        assert_eq!(rows.len(), 101);
        assert_eq!(rows[1].as_ref().ok().unwrap().text, "second 0");
    }

    #[test]
    fn a_truncated_file_and_a_missing_column_are_told() {
        let bytes = file(&[vec![Some(b"A.".to_vec())]]);
        let said = rows_of(&bytes[..bytes.len() - 20], "cut").err().unwrap().to_string();
        assert!(said.contains("damaged or no Parquet file"), "{said}");
        let path = std::env::temp_dir().join(format!("salesmirror-{}-columns.parquet", std::process::id()));
        std::fs::write(&path, &bytes).unwrap();
        let open = |text_column: &str, id_column: Option<&str>| {
            let (text_column, id_column) = (text_column.to_owned(), id_column.map(str::to_owned));
            open(&path, &Columns { text_column, id_column }).err().unwrap().to_string()
        };
        let said = open("body", None);
        assert!(said.contains("no column `body`") && said.contains("`id`, `text`"), "{said}");
        let said = open("id", None);
        assert!(said.contains("holds INT64; needed are strings"), "{said}");
        let said = open("text", Some("number"));
        assert!(said.contains("--id-column"), "{said}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_survives(texts in prop::collection::vec(any::<String>(), 1..200)) {
            let bytes = file(&[texts.iter().map(|text| Some(text.clone().into_bytes())).collect()]);
            let read: Vec<String> =
                rows_of(&bytes, "texts").unwrap().into_iter().map(|row| row.unwrap().text).collect();
            prop_assert_eq!(read, texts);
        }

        #[test]
        fn a_file_with_flipped_bits_never_panics(at in 0.0..1.0f64, bit in 0u8..8) {
            let mut bytes = two_groups();
            let at = (bytes.len() as f64 * at) as usize;
            bytes[at] ^= 1 << bit;
            let _ = rows_of(&bytes, "flipped");
        }
    }

    fn two_groups() -> Vec<u8> {
        let texts = |n: usize| (0..n).map(|i| Some(format!("Report {i}.").into_bytes())).collect();
        file(&[texts(70), texts(5)])
    }

    /// Some of these make the library panic.
    #[test]
    fn a_file_that_lacks_bytes_never_panics() {
        for count in 1..150 {
            let mut bytes = two_groups();
            bytes.drain(16..16 + count);
            let _ = rows_of(&bytes, "torn");
        }
    }
}
