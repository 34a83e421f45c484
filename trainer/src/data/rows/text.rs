//! Text files (.txt, .md): the whole file is one row.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{ByteCount, Columns, LARGEST_ROW, Place, Problem, Rejection, Row, RowReader, TextFile};
use crate::data::decode;

/// Extensions of files that are one text each.
pub const EXTENSIONS: &[&str] = &["txt", "md"];

/// Whether a path has the extension of a text file.
pub fn is_text_file(path: &Path) -> bool {
    EXTENSIONS.contains(&super::extension(path).as_str())
}

pub(super) fn open(path: &Path, _: &Columns) -> Result<RowReader, Problem> {
    let size = std::fs::metadata(path)?.len();
    let read = ByteCount::default();
    let done = read.clone();
    let (id, path) = (path.to_string_lossy().into_owned(), path.to_owned());
    let row = std::iter::once_with(move || {
        let row = whole_file(id, path);
        done.add(size);
        row
    });
    Ok(RowReader::new(row, size, read))
}

/// Reads a text file as one row.
pub(super) fn whole_file(id: String, path: PathBuf) -> Result<Row, Rejection> {
    let place = Place::file(&path);
    match read_text(&path) {
        Ok(text) => Ok(Row { place, id, text }),
        Err(problem) => Err(Rejection { id: Some(id), ..Rejection::new(place, problem) }),
    }
}

fn read_text(path: &Path) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    TextFile::open(path)?.reader.take(LARGEST_ROW as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST_ROW {
        return Err(Problem::TooLong);
    }
    Ok(decode::decode(&bytes)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::LARGEST_ROW;
    use super::super::tests::{rows_of, texts_of};

    #[test]
    fn a_text_file_is_one_row_as_it_is() {
        let text = "\u{feff}One.\r\n\r\n 客户 \n";
        assert_eq!(texts_of("one.txt", text.as_bytes()).0, ["One.\r\n\r\n 客户 \n"]);
    }

    #[test]
    fn a_text_file_that_cannot_be_read_whole_is_rejected() {
        for (name, bytes, problem) in [
            ("huge.md", vec![b'x'; LARGEST_ROW + 1], "longer than 16 MiB"),
            ("latin.txt", b"M\xfcller kauft ein".to_vec(), "not valid UTF-8 from byte 1"),
            ("binary.txt", b"PK\x03\x04\0\0".to_vec(), "a binary file"),
        ] {
            let rows = rows_of(name, &bytes).unwrap();
            let said = rows[0].as_ref().err().unwrap().to_string();
            assert!(rows.len() == 1 && said.contains(&format!("{name}: {problem}")), "{said}");
        }
    }
}
