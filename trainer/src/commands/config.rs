//! `--config FILE.toml` reads options of a command from a file. A key is the name of a flag, at the top level or in a table
//! with the name of the command. Flags on the command line take precedence.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::CommandFactory;
use salesmirror_trainer::run::files::{self, FileError};
use thiserror::Error;

use crate::Arguments;

/// Why a configuration file cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path}: {source}", path = path.display())]
    Toml { path: PathBuf, source: toml::de::Error },
    #[error(
        "{path}: `{key}` is not an option of `{command}`; `trainer help {command}` lists them",
        path = path.display()
    )]
    UnknownOption { path: PathBuf, key: String, command: String },
    #[error(
        "{path}: `{key}` must be a string, a number, true or false, or an array of these",
        path = path.display()
    )]
    Value { path: PathBuf, key: String },
}

/// Returns the arguments of the process, with the options of the configuration file added if one is named.
pub fn arguments() -> Result<Vec<OsString>, ConfigError> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let text = |argument: &OsString| argument.to_string_lossy().into_owned();
    let named = given.iter().enumerate().find_map(|(i, argument)| match text(argument).as_str() {
        "--config" => given.get(i + 1).map(PathBuf::from),
        argument => argument.strip_prefix("--config=").map(PathBuf::from),
    });
    let Some(path) = named else { return Ok(given) };
    let command = Arguments::command();
    let place = given.iter().position(|argument| command.find_subcommand(text(argument)).is_some());
    let Some(place) = place else { return Ok(given) };
    let name = text(&given[place]);
    let flags: Vec<String> = command
        .find_subcommand(&name)
        .into_iter()
        .flat_map(|command| command.get_arguments())
        .filter_map(|argument| argument.get_long().map(str::to_owned))
        .collect();
    let table: toml::Table = files::read_text(&path)?
        .parse()
        .map_err(|source| ConfigError::Toml { path: path.clone(), source })?;

    let is_command = |key: &str| command.find_subcommand(key).is_some();
    let mut entries: Vec<(&String, &toml::Value)> = Vec::new();
    for (key, value) in &table {
        match value {
            toml::Value::Table(options) if *key == name => entries.extend(options),
            toml::Value::Table(_) if is_command(key) => {}
            _ => entries.push((key, value)),
        }
    }
    let mut added = Vec::new();
    for (key, value) in entries {
        if !flags.contains(key) {
            return Err(ConfigError::UnknownOption { path, key: key.clone(), command: name });
        }
        let flag = format!("--{key}");
        let overridden = given.iter().map(text).any(|a| a == flag || a.starts_with(&format!("{flag}=")));
        if !overridden {
            let value = as_flags(&flag, value);
            added.extend(value.ok_or_else(|| ConfigError::Value { path: path.clone(), key: key.clone() })?);
        }
    }
    let mut all = given;
    all.splice(place + 1..place + 1, added.into_iter().map(OsString::from));
    Ok(all)
}

fn as_flags(flag: &str, value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::String(text) => Some(vec![format!("{flag}={text}")]),
        toml::Value::Integer(number) => Some(vec![format!("{flag}={number}")]),
        toml::Value::Float(number) => Some(vec![format!("{flag}={number}")]),
        toml::Value::Boolean(true) => Some(vec![flag.to_owned()]),
        toml::Value::Boolean(false) => Some(Vec::new()),
        toml::Value::Array(values) => {
            let all: Option<Vec<_>> = values.iter().map(|value| as_flags(flag, value)).collect();
            all.map(|all| all.concat())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_flags() {
        let table: toml::Table =
            "a = 1\nb = \"x y\"\nc = [0.5, 1.5]\nd = true\ne = false\nf = {}".parse().unwrap();
        let flags = |key: &str| as_flags("--k", &table[key]);
        assert_eq!(flags("a"), Some(vec!["--k=1".to_owned()]));
        assert_eq!(flags("b"), Some(vec!["--k=x y".to_owned()]));
        assert_eq!(flags("c"), Some(vec!["--k=0.5".to_owned(), "--k=1.5".to_owned()]));
        assert_eq!(flags("d"), Some(vec!["--k".to_owned()]));
        assert_eq!(flags("e"), Some(Vec::new()));
        assert_eq!(flags("f"), None);
    }
}
