//! Assessments as a table: one row a report; empty or null is what the report does not show.

use std::sync::Arc;

use parquet::basic::{ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, FloatType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use salesmirror::{Assessment, Rubric};

use super::Target;
use crate::{Result, TrainerError};

/// Rows of a row group.
const ROW_GROUP: usize = 8192;

/// A table that is being written: `id`, then `overall`, `overall.low` and `overall.high`, then `level`, `low`, `high` and
/// `presence` of each competency.
pub enum Table {
    Csv(Box<csv::Writer<Target>>, String),
    Parquet(Box<ParquetTable>),
}

pub struct ParquetTable {
    writer: SerializedFileWriter<Target>,
    name: String,
    ids: Vec<ByteArray>,
    /// Of each column.
    values: Vec<Vec<Option<f32>>>,
}

/// Names of the columns but the id.
fn names(rubric: &Rubric) -> Vec<String> {
    let overall = ["overall", "overall.low", "overall.high"].map(str::to_owned);
    let parts = ["level", "low", "high", "presence"];
    let each = rubric.competencies.iter().flat_map(|c| parts.map(|part| format!("{}.{part}", c.id)));
    overall.into_iter().chain(each).collect()
}

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
    pub fn csv(target: Target, rubric: &Rubric) -> Result<Self> {
        let name = target.name().display().to_string();
        let mut table = Self::Csv(Box::new(csv::Writer::from_writer(target)), name);
        table.record("id", names(rubric))?;
        Ok(table)
    }

    pub fn parquet(target: Target, rubric: &Rubric) -> Result<Self> {
        let name = target.name().display().to_string();
        let create = || {
            let id = Type::primitive_type_builder("id", Physical::BYTE_ARRAY)
                .with_converted_type(ConvertedType::UTF8)
                .with_repetition(Repetition::REQUIRED)
                .build()?;
            let mut fields = vec![Arc::new(id)];
            for name in names(rubric) {
                let field = Type::primitive_type_builder(&name, Physical::FLOAT);
                fields.push(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?));
            }
            let columns = fields.len() - 1;
            let schema = Type::group_type_builder("assessments").with_fields(fields).build()?;
            let properties = Arc::new(WriterProperties::builder().build());
            let writer = SerializedFileWriter::new(target, Arc::new(schema), properties)?;
            Ok((writer, columns))
        };
        let (writer, columns) = create().map_err(|e| failed(&name, e))?;
        Ok(Self::Parquet(Box::new(ParquetTable {
            writer,
            name,
            ids: Vec::new(),
            values: vec![Vec::new(); columns],
        })))
    }

    pub fn write(&mut self, id: &str, assessment: &Assessment) -> Result<()> {
        let values = values(assessment);
        match self {
            Self::Csv(..) => {
                self.record(id, values.iter().map(|value| value.map_or_else(String::new, |x| x.to_string())))
            }
            Self::Parquet(table) => {
                table.ids.push(ByteArray::from(id));
                for (column, value) in table.values.iter_mut().zip(values) {
                    column.push(value);
                }
                if table.ids.len() == ROW_GROUP { table.flush() } else { Ok(()) }
            }
        }
    }

    fn record(&mut self, id: &str, fields: impl IntoIterator<Item = String>) -> Result<()> {
        let Self::Csv(writer, name) = self else { return Ok(()) };
        let record: Vec<String> = std::iter::once(id.to_owned()).chain(fields).collect();
        writer.write_record(&record).map_err(|e| TrainerError::Usage(format!("{name}: {e}")))
    }

    pub fn finish(self) -> Result<()> {
        match self {
            Self::Csv(writer, name) => match writer.into_inner() {
                Ok(target) => target.finish(),
                Err(e) => Err(TrainerError::Usage(format!("{name}: {}", e.error()))),
            },
            Self::Parquet(mut table) => {
                table.flush()?;
                let ParquetTable { writer, name, .. } = *table;
                writer.into_inner().map_err(|e| failed(&name, e))?.finish()
            }
        }
    }
}

impl ParquetTable {
    /// Writes what is collected as a row group.
    fn flush(&mut self) -> Result<()> {
        if self.ids.is_empty() {
            return Ok(());
        }
        let mut write = || {
            let mut group = self.writer.next_row_group()?;
            if let Some(mut column) = group.next_column()? {
                column.typed::<ByteArrayType>().write_batch(&self.ids, None, None)?;
                column.close()?;
            }
            for values in &self.values {
                let Some(mut column) = group.next_column()? else { break };
                let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                let shown: Vec<f32> = values.iter().flatten().copied().collect();
                column.typed::<FloatType>().write_batch(&shown, Some(&levels), None)?;
                column.close()?;
            }
            group.close()?;
            Ok(())
        };
        write().map_err(|e| failed(&self.name, e))?;
        self.ids.clear();
        self.values.iter_mut().for_each(Vec::clear);
        Ok(())
    }
}

fn failed(name: &str, error: ParquetError) -> TrainerError {
    TrainerError::Usage(format!("{name} cannot be written: {error}"))
}
