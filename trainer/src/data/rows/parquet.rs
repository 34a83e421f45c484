//! Parquet files. Reads the columns of the text and the id, a batch of rows at a time and one row group after the other.
//! A damaged row group is rejected as a whole, and reading goes on with the next.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{ByteCount, Columns, LARGEST_ROW, Place, Problem, Rejection, Row, RowReader};
use crate::data::decode::decode;

/// How many rows are read together.
const BATCH: usize = 64;

pub(super) fn open(path: &Path, columns: &Columns) -> Result<RowReader, Problem> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let file = guarded(|| SerializedFileReader::new(file)).map_err(|e| Problem::Parquet(e.to_string()))?;
    let schema = file.metadata().file_metadata().schema_descr();
    let names: Vec<String> = schema.columns().iter().map(|column| column.path().string()).collect();
    let (text, id) = columns.find(&names)?;
    let check = |at: usize, types: &[Type], expected| {
        let column = schema.column(at);
        let found = match column.max_rep_level() {
            0 if types.contains(&column.physical_type()) => return Ok(()),
            0 => column.physical_type().to_string(),
            _ => "list".to_owned(),
        };
        Err(Problem::ColumnType { column: names[at].clone(), found, expected })
    };
    check(text, &[Type::BYTE_ARRAY], "strings")?;
    if let Some(id) = id {
        check(id, &[Type::BYTE_ARRAY, Type::INT32, Type::INT64], "strings or integers")?;
    }
    let total = file.metadata().file_metadata().num_rows().max(0) as u64;
    let read = ByteCount::default();
    let rows = Rows {
        place: Place::file(path),
        file,
        columns: (text, id),
        group: 0,
        open: None,
        ready: VecDeque::new(),
        number: 0,
        total,
        size,
        read: read.clone(),
    };
    Ok(RowReader::new(rows, size, read))
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Turns a panic into an error and prints nothing: the parquet crate panics at some damaged pages.
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
    // Callers drop the reader that panicked.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    result.unwrap_or_else(|_| Err(ParquetError::General("its pages do not fit together".to_owned())))
}

struct Rows {
    place: Place,
    file: SerializedFileReader<File>,
    /// Text and id.
    columns: (usize, Option<usize>),
    /// The row group that is opened next.
    group: usize,
    open: Option<RowGroup>,
    ready: VecDeque<Result<Row, Rejection>>,
    /// How many rows were read.
    number: u64,
    /// How many rows and bytes the file has.
    total: u64,
    size: u64,
    read: ByteCount,
}

struct RowGroup {
    text: Column,
    id: Option<Column>,
    /// How many rows are not read yet.
    left: u64,
}

impl Iterator for Rows {
    type Item = Result<Row, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            if self.open.as_ref().is_none_or(|group| group.left == 0) {
                if self.group == self.file.num_row_groups() {
                    self.read.set(self.size);
                    return None;
                }
                self.open_next();
            } else {
                self.read_batch();
            }
        }
        // The bytes of a row are unknown; rows are taken to be of equal length.
        let share = self.number as f64 / self.total.max(1) as f64;
        self.read.set((share * self.size as f64) as u64);
        self.ready.pop_front()
    }
}

impl Rows {
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

    /// Rejects rows that cannot be read, and skips the rest of their row group.
    fn reject(&mut self, rows: u64, error: &ParquetError) {
        self.open = None;
        if rows > 0 {
            let problem = Problem::RowGroup { rows, group: self.group - 1, problem: error.to_string() };
            let place = self.place.at_row(self.number + 1);
            self.ready.push_back(Err(Rejection { rows, ..Rejection::new(place, problem) }));
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
            let id = ids.as_ref().and_then(|ids| ids[i].as_deref()).map(String::from_utf8_lossy);
            let id = id.map_or_else(|| self.number.to_string(), |id| id.into_owned());
            let place = self.place.at_row(self.number);
            self.ready.push_back(row(place, id, text));
        }
    }
}

fn row(place: Place, id: String, text: Option<Vec<u8>>) -> Result<Row, Rejection> {
    let (problem, content) = match &text {
        None => (Problem::Null, None),
        Some(bytes) if bytes.len() > LARGEST_ROW => (Problem::TooLong, None),
        Some(bytes) => match decode(bytes) {
            Ok(text) => return Ok(Row { place, id, text: text.into_owned() }),
            Err(error) => (error.into(), Some(String::from_utf8_lossy(bytes).into_owned())),
        },
    };
    Err(Rejection { id: Some(id), content, ..Rejection::new(place, problem) })
}

/// A column of texts or ids, which may have nulls.
struct Column {
    reader: TypedReader,
    /// The definition level of a value that is not null.
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
            _ => {
                return Err(ParquetError::General("a column has another type than its file says".to_owned()));
            }
        };
        Ok(Self { reader, defined })
    }

    /// The next `count` values as bytes, integers as decimal digits; `None` is null.
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

    use super::super::IdColumn;
    use super::super::tests::{file, rows_of};
    use super::*;

    /// A file with the columns `id` (counting from 100) and `text`, and a row group for each list of texts.
    fn parquet(groups: &[Vec<Option<Vec<u8>>>]) -> Vec<u8> {
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

    #[test]
    fn nulls_and_undecodable_texts_are_told_by_row_and_the_others_keep_their_ids() {
        let text = |text: &str| Some(text.as_bytes().to_vec());
        let bytes = parquet(&[vec![text("A."), None, text("B.")], vec![Some(vec![b'x', 0xff]), text("C.")]]);
        let rows = rows_of("mixed.parquet", &bytes).unwrap();
        let read: Vec<_> = rows.iter().flatten().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        assert_eq!(read, [("100", "A."), ("102", "B."), ("104", "C.")]);
        let told: Vec<String> = rows.iter().filter_map(|row| Some(row.as_ref().err()?.to_string())).collect();
        assert!(told[0].contains("row 2: the text is null"), "{told:?}");
        assert!(told[1].contains("row 4: not valid UTF-8 from byte 1"), "{told:?}");
    }

    #[test]
    fn a_damaged_row_group_is_told_and_the_next_is_read() {
        let texts = |word: &str| (0..100).map(|i| Some(format!("{word} {i}").into_bytes())).collect();
        let mut bytes = parquet(&[texts("first"), texts("second")]);
        // The header of the first page of the first column.
        bytes[4..40].fill(0xff);
        let rows = rows_of("damaged.parquet", &bytes).unwrap();
        let rejection = rows[0].as_ref().err().unwrap();
        assert!(
            rejection.rows == 100 && rejection.to_string().contains("row 1: 100 rows of row group 0"),
            "{rejection}"
        );
        assert_eq!(rows.len(), 101);
        assert_eq!(rows[1].as_ref().ok().unwrap().text, "second 0");
    }

    #[test]
    fn a_truncated_file_and_a_missing_column_are_told() {
        let bytes = parquet(&[vec![Some(b"A.".to_vec())]]);
        let said = rows_of("cut.parquet", &bytes[..bytes.len() - 20]).err().unwrap().to_string();
        assert!(said.contains("cut.parquet: damaged or not a Parquet file"), "{said}");
        let path = file("columns.parquet", &bytes);
        let open = |text: &str, id: IdColumn| {
            let columns = Columns { text: text.to_owned(), id };
            super::super::open(&path, &columns).err().unwrap().to_string()
        };
        let said = open("body", IdColumn::Default);
        assert!(said.contains("no column `body`") && said.contains("`id`, `text`"), "{said}");
        let said = open("id", IdColumn::Default);
        assert!(said.contains("column `id` has the type INT64; expected strings"), "{said}");
        let said = open("text", IdColumn::Named("number".to_owned()));
        assert!(said.contains("--id-column"), "{said}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_survives(texts in prop::collection::vec(any::<String>(), 1..200)) {
            let bytes = parquet(&[texts.iter().map(|text| Some(text.clone().into_bytes())).collect()]);
            let read: Vec<String> =
                rows_of("texts.parquet", &bytes).unwrap().into_iter().map(|row| row.unwrap().text).collect();
            prop_assert_eq!(read, texts);
        }

        #[test]
        fn a_file_with_flipped_bits_never_panics(at in 0.0..1.0f64, bit in 0u8..8) {
            let mut bytes = two_groups();
            let at = (bytes.len() as f64 * at) as usize;
            bytes[at] ^= 1 << bit;
            let _ = rows_of("flipped.parquet", &bytes);
        }
    }

    fn two_groups() -> Vec<u8> {
        let texts = |n: usize| (0..n).map(|i| Some(format!("Report {i}.").into_bytes())).collect();
        parquet(&[texts(70), texts(5)])
    }

    /// Some of these make the library panic.
    #[test]
    fn a_file_that_lacks_bytes_never_panics() {
        for count in 1..150 {
            let mut bytes = two_groups();
            bytes.drain(16..16 + count);
            let _ = rows_of("torn.parquet", &bytes);
        }
    }
}
