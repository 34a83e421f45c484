//! The rubric: which competencies are assessed, on which scale, and what each level looks like.
//!
//! Owns the form of the rubric file and its checks. A rubric may have any number of competencies, any integer scale and
//! any languages; no code depends on the seven competencies and five levels of the default, `data/rubric.json`. Fields that
//! only the page reads (`counts`, `weights`, `editions`) are passed over.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A text in every language of the rubric, by language code (such as "en" or "zh").
pub type Translations = BTreeMap<String, String>;

/// What is assessed and how: competencies with anchored levels on one common scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rubric {
    /// The rubric's name, which never changes. A model file is made for one id and version.
    pub id: String,
    /// Version of the rubric; it changes if a level means something else than before.
    pub version: u32,
    /// Codes of the languages in which every name, definition and anchor is given.
    pub languages: Vec<String>,
    /// The levels that all competencies share.
    pub scale: Scale,
    /// The competencies, in the order of the model's outputs.
    pub competencies: Vec<Competency>,
}

/// The scale shared by all competencies: consecutive integers `min..=max`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// The lowest level.
    pub min: i32,
    /// The highest level.
    pub max: i32,
    /// The name of each level.
    pub names: Vec<LevelName>,
}

/// The name of a level, which all competencies share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelName {
    /// The level on the scale.
    pub level: i32,
    /// Its name.
    pub name: Translations,
}

/// A competency with its anchored levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Competency {
    /// The competency's name in files.
    pub id: String,
    /// The competency's name for readers.
    pub name: Translations,
    /// What the competency is.
    pub definition: Translations,
    /// The levels, each once.
    pub levels: Vec<Level>,
}

/// One level of one competency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The level on the scale.
    pub level: i32,
    /// The behaviour that anchors the level.
    pub anchor: Translations,
}

/// What is wrong with a rubric file, where, and what to do about it.
#[derive(Debug, Error)]
pub enum RubricError {
    /// The file cannot be parsed.
    #[error("the rubric is not valid JSON or lacks a field: {0}; see data/rubric.json for its form")]
    Json(#[from] serde_json::Error),
    /// A field that needs a value has none.
    #[error("the rubric's field `{field}` is empty; give at least one")]
    Empty { field: &'static str },
    /// The scale is empty or too long.
    #[error(
        "the rubric's scale runs from {min} to {max}; `max` must be greater than `min`, with at most 100 levels"
    )]
    Scale { min: i32, max: i32 },
    /// A level is missing, repeated, or not on the scale.
    #[error("the {place} has levels {found:?}; give each of {min}..={max} exactly once")]
    Levels { place: String, found: Vec<i32>, min: i32, max: i32 },
    /// A text is missing in a language.
    #[error("the {place} has no text in language `{language}`; give it in every language of `languages`")]
    Translation { place: String, language: String },
    /// Two competencies have the same id.
    #[error("the competency id `{0}` occurs twice; give each competency its own id")]
    DuplicateId(String),
}

impl Rubric {
    /// Parses and checks a rubric.
    ///
    /// # Errors
    /// [`RubricError`] with the first thing that is wrong.
    pub fn from_json(json: &str) -> Result<Self, RubricError> {
        let rubric: Self = serde_json::from_str(json)?;
        rubric.check()?;
        Ok(rubric)
    }

    /// Number of levels on the scale.
    pub fn levels(&self) -> usize {
        (self.scale.max - self.scale.min + 1) as usize
    }

    /// The index of a competency in the rubric, which is also its index in the model's outputs.
    pub fn position(&self, competency: &str) -> Option<usize> {
        self.competencies.iter().position(|c| c.id == competency)
    }

    fn check(&self) -> Result<(), RubricError> {
        for (field, empty) in [
            ("id", self.id.is_empty()),
            ("languages", self.languages.is_empty()),
            ("competencies", self.competencies.is_empty()),
        ] {
            if empty {
                return Err(RubricError::Empty { field });
            }
        }
        let Scale { min, max, .. } = self.scale;
        if !(1..100).contains(&(i64::from(max) - i64::from(min))) {
            return Err(RubricError::Scale { min, max });
        }
        self.check_levels("field `scale.names`", self.scale.names.iter().map(|n| n.level))?;
        for name in &self.scale.names {
            self.check_translations(|| format!("scale's name of level {}", name.level), &name.name)?;
        }
        let mut ids = BTreeSet::new();
        for competency in &self.competencies {
            let id = &competency.id;
            if id.is_empty() {
                return Err(RubricError::Empty { field: "competencies[].id" });
            }
            if !ids.insert(id) {
                return Err(RubricError::DuplicateId(id.clone()));
            }
            self.check_translations(|| format!("name of competency `{id}`"), &competency.name)?;
            self.check_translations(|| format!("definition of competency `{id}`"), &competency.definition)?;
            self.check_levels(&format!("competency `{id}`"), competency.levels.iter().map(|l| l.level))?;
            for level in &competency.levels {
                self.check_translations(
                    || format!("anchor of level {} of competency `{id}`", level.level),
                    &level.anchor,
                )?;
            }
        }
        Ok(())
    }

    fn check_levels(&self, place: &str, levels: impl Iterator<Item = i32>) -> Result<(), RubricError> {
        let Scale { min, max, .. } = self.scale;
        let found: Vec<i32> = levels.collect();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        if sorted.into_iter().eq(min..=max) {
            return Ok(());
        }
        Err(RubricError::Levels { place: place.to_owned(), found, min, max })
    }

    fn check_translations(
        &self,
        place: impl Fn() -> String,
        texts: &Translations,
    ) -> Result<(), RubricError> {
        for language in &self.languages {
            if texts.get(language).is_none_or(|text| text.trim().is_empty()) {
                return Err(RubricError::Translation { place: place(), language: language.clone() });
            }
        }
        Ok(())
    }
}
