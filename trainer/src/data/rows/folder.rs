//! Folders: which files are in them, and the rows of a folder of text files.

use std::fs::FileType;
use std::path::{Path, PathBuf};

use super::text::{is_text_file, whole_file};
use super::{ByteCount, Place, Problem, Rejection, RowReader};

/// A file in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    pub path: PathBuf,
    pub bytes: u64,
}

/// What [`walk`] finds: a file, or the path of a file or folder that cannot be read and the reason.
pub type Found = Result<InputFile, (PathBuf, Problem)>;

/// All files below a path, which may also be a single file, sorted by the names in each folder. Skips hidden files and
/// the folder `excluded`, and does not follow links to folders.
pub fn walk(root: &Path, excluded: Option<&Path>) -> Vec<Found> {
    let mut found = Vec::new();
    let excluded = excluded.and_then(|folder| folder.canonicalize().ok());
    match std::fs::metadata(root) {
        Ok(metadata) => visit(root, metadata.file_type(), excluded.as_deref(), &mut found),
        Err(error) => found.push(Err((root.to_owned(), error.into()))),
    }
    found
}

fn visit(path: &Path, kind: FileType, excluded: Option<&Path>, found: &mut Vec<Found>) {
    if !kind.is_dir() {
        found.push(match std::fs::metadata(path) {
            Err(error) => Err((path.to_owned(), error.into())),
            Ok(metadata) if metadata.is_dir() => Err((path.to_owned(), Problem::LinkedFolder)),
            Ok(metadata) => Ok(InputFile { path: path.to_owned(), bytes: metadata.len() }),
        });
        return;
    }
    if excluded.is_some() && path.canonicalize().ok().as_deref() == excluded {
        return;
    }
    let entries = std::fs::read_dir(path).and_then(|entries| {
        entries.map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))).collect()
    });
    let mut entries: Vec<(PathBuf, FileType)> = match entries {
        Ok(entries) => entries,
        Err(error) => return found.push(Err((path.to_owned(), error.into()))),
    };
    entries
        .retain(|(path, _)| !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")));
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        visit(&path, kind, excluded, found);
    }
}

/// Opens all text files below a folder, one row each. The id of a row is the path of its file within the folder; files of
/// other formats are ignored.
pub(super) fn open(root: &Path) -> Result<RowReader, Problem> {
    let mut found = walk(root, None);
    found.retain(|found| match found {
        Ok(file) => is_text_file(&file.path),
        Err((path, _)) => is_text_file(path) || path.is_dir(),
    });
    if found.is_empty() {
        return Err(Problem::EmptyFolder);
    }
    let size = found.iter().flatten().map(|file| file.bytes).sum();
    let read = ByteCount::default();
    let (root, done) = (root.to_owned(), read.clone());
    let rows = found.into_iter().map(move |found| match found {
        Ok(InputFile { path, bytes }) => {
            done.add(bytes);
            let id = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
            whole_file(id, path)
        }
        Err((path, problem)) => Err(Rejection::new(Place::file(&path), problem)),
    });
    Ok(RowReader::new(rows, size, read))
}

#[cfg(test)]
mod tests {
    use super::super::tests::columns;
    use super::*;

    /// A folder of this test run with these files.
    fn folder(name: &str, files: &[&str]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("salesmirror-folder-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        for file in files {
            let path = root.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, format!("Text of {file}.")).unwrap();
        }
        root
    }

    #[test]
    fn files_are_found_in_the_order_of_their_names() {
        let root =
            folder("walk", &["b.csv", "a/2.txt", "a/1.md", "c.pdf", ".hidden", ".git/x.txt", "out/old.txt"]);
        let found = walk(&root, Some(&root.join("out")));
        let names: Vec<_> =
            found.iter().flatten().map(|file| file.path.strip_prefix(&root).unwrap().to_owned()).collect();
        assert_eq!(names, ["a/1.md", "a/2.txt", "b.csv", "c.pdf"].map(PathBuf::from));
        assert_eq!(found[0].as_ref().unwrap().bytes, "Text of a/1.md.".len() as u64);
        assert!(matches!(walk(&root.join("none"), None)[..], [Err((_, Problem::Unreadable(_)))]));
    }

    #[test]
    fn a_folder_has_a_row_for_each_text_file() {
        let root = folder("rows", &["b.txt", "a/2.md", "table.csv"]);
        let mut rows = super::super::open(&root, &columns()).unwrap();
        let found: Vec<_> = rows.by_ref().map(|row| row.unwrap()).map(|row| (row.id, row.text)).collect();
        let expected = ["a/2.md", "b.txt"].map(|name| (name.to_owned(), format!("Text of {name}.")));
        assert_eq!(found, expected);
        assert_eq!(rows.bytes_read(), rows.size());
        let empty = folder("empty", &["table.csv"]);
        let error = super::super::open(&empty, &columns()).err().unwrap().to_string();
        assert!(error.contains("contains no .txt or .md file"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_not_followed() {
        let root = folder("links", &["a/1.txt"]);
        std::os::unix::fs::symlink(root.join("a"), root.join("link")).unwrap();
        let found = walk(&root, None);
        assert!(matches!(&found[..], [Ok(_), Err((_, Problem::LinkedFolder))]), "{found:?}");
    }
}
