//! Assessments as a CSV or Parquet table, one row per report. What a report does not show is empty or null.
//!
//! The columns are `id`, then `overall`, `overall.low` and `overall.high`, then `level`, `low`, `high` and `presence` of
//! each competency (`<competency>.level` and so on).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, FloatType};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use salesmirror::{Assessment, Rubric};

use super::ScoreError;
use crate::run::files::{AtomicFile, FileError};

/// Rows per row group.
const ROW_GROUP: usize = 8192;

/// A table that is being written.
pub enum Table {
    Csv(CsvTable),
    Parquet(Box<ParquetTable>),
}

pub struct CsvTable {
    path: PathBuf,
    writer: Box<csv::Writer<AtomicFile>>,
}

pub struct ParquetTable {
    path: PathBuf,
    writer: SerializedFileWriter<AtomicFile>,
    /// The rows of the next row group, column by column.
    ids: Vec<ByteArray>,
    columns: Vec<Vec<Option<f32>>>,
}

/// The names of all columns except `id`.
fn column_names(rubric: &Rubric) -> Vec<String> {
    let overall = ["overall", "overall.low", "overall.high"].map(str::to_owned);
    let parts = ["level", "low", "high", "presence"];
    let each = rubric.competencies.iter().flat_map(|c| parts.map(|part| format!("{}.{part}", c.id)));
    overall.into_iter().chain(each).collect()
}

/// The values of these columns.
fn values(assessment: &Assessment) -> Vec<Option<f32>> {
    let overall = assessment.overall.as_ref();
    let mut values =
        vec![overall.map(|o| o.level), overall.map(|o| o.interval[0]), overall.map(|o| o.interval[1])];
    for c in &assessment.competencies {
        values.extend([c.level, c.interval.map(|i| i[0]), c.interval.map(|i| i[1]), Some(c.presence)]);
    }
    values
}

impl Table {
    pub fn csv(file: AtomicFile, rubric: &Rubric) -> Result<Self, ScoreError> {
        let path = file.path().to_owned();
        let mut table = CsvTable { path, writer: Box::new(csv::Writer::from_writer(file)) };
        table.write("id", column_names(rubric))?;
        Ok(Self::Csv(table))
    }

    pub fn parquet(file: AtomicFile, rubric: &Rubric) -> Result<Self, ScoreError> {
        let path = file.path().to_owned();
        let names = column_names(rubric);
        let columns = vec![Vec::new(); names.len()];
        let writer = parquet_writer(file, &names).map_err(failed(&path))?;
        Ok(Self::Parquet(Box::new(ParquetTable { path, writer, ids: Vec::new(), columns })))
    }

    pub fn write(&mut self, id: &str, assessment: &Assessment) -> Result<(), ScoreError> {
        let values = values(assessment);
        match self {
            Self::Csv(table) => {
                table.write(id, values.iter().map(|value| value.map_or_else(String::new, |x| x.to_string())))
            }
            Self::Parquet(table) => table.write(id, values),
        }
    }

    pub fn finish(self) -> Result<(), ScoreError> {
        match self {
            Self::Csv(CsvTable { path, writer }) => {
                let file = writer
                    .into_inner()
                    .map_err(|error| FileError::Io { path, source: error.into_error() })?;
                Ok(file.finish()?)
            }
            Self::Parquet(mut table) => {
                table.flush()?;
                let ParquetTable { path, writer, .. } = *table;
                Ok(writer.into_inner().map_err(failed(&path))?.finish()?)
            }
        }
    }
}

impl CsvTable {
    fn write(&mut self, id: &str, fields: impl IntoIterator<Item = String>) -> Result<(), ScoreError> {
        let record = std::iter::once(id.to_owned()).chain(fields);
        let written = self.writer.write_record(record);
        written.map_err(|source| ScoreError::Csv { path: self.path.clone(), source })
    }
}

fn parquet_writer(file: AtomicFile, names: &[String]) -> ParquetResult<SerializedFileWriter<AtomicFile>> {
    let id = Type::primitive_type_builder("id", Physical::BYTE_ARRAY)
        .with_converted_type(ConvertedType::UTF8)
        .with_repetition(Repetition::REQUIRED)
        .build()?;
    let mut fields = vec![Arc::new(id)];
    for name in names {
        let field = Type::primitive_type_builder(name, Physical::FLOAT);
        fields.push(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?));
    }
    let schema = Type::group_type_builder("assessments").with_fields(fields).build()?;
    SerializedFileWriter::new(file, Arc::new(schema), Arc::new(WriterProperties::builder().build()))
}

impl ParquetTable {
    fn write(&mut self, id: &str, values: Vec<Option<f32>>) -> Result<(), ScoreError> {
        self.ids.push(ByteArray::from(id));
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
        if self.ids.len() == ROW_GROUP { self.flush() } else { Ok(()) }
    }

    /// Writes the collected rows as a row group.
    fn flush(&mut self) -> Result<(), ScoreError> {
        if self.ids.is_empty() {
            return Ok(());
        }
        self.write_row_group().map_err(failed(&self.path))?;
        self.ids.clear();
        self.columns.iter_mut().for_each(Vec::clear);
        Ok(())
    }

    fn write_row_group(&mut self) -> ParquetResult<()> {
        let mut group = self.writer.next_row_group()?;
        if let Some(mut column) = group.next_column()? {
            column.typed::<ByteArrayType>().write_batch(&self.ids, None, None)?;
            column.close()?;
        }
        for values in &self.columns {
            let Some(mut column) = group.next_column()? else { break };
            let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
            let shown: Vec<f32> = values.iter().flatten().copied().collect();
            column.typed::<FloatType>().write_batch(&shown, Some(&levels), None)?;
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

fn failed(path: &Path) -> impl FnOnce(ParquetError) -> ScoreError {
    move |source| ScoreError::Parquet { path: path.to_owned(), source }
}
