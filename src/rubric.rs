//! The rubric: which competencies are assessed, on which scale, and what each level looks like.
//!
//! Owns the rubric file's form and its checks. Any number of competencies, any integer scale and any languages are
//! allowed; nothing here or elsewhere counts to seven or five. The default is `data/rubric.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A text in every language of the rubric, by language code ("en", "zh").
pub type Translations = BTreeMap<String, String>;

/// What is assessed and how: the competencies with their anchored levels on one common scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rubric {
    /// Stable name; a model file is made for one rubric id and version.
    pub id: String,
    pub version: u32,
    /// Language codes in which every name, definition and anchor is given.
    pub languages: Vec<String>,
    pub scale: Scale,
    pub competencies: Vec<Competency>,
}

/// The scale shared by all competencies: consecutive integers `min..=max`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    pub min: i32,
    pub max: i32,
    pub names: Vec<LevelName>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelName {
    pub level: i32,
    pub name: Translations,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Competency {
    pub id: String,
    pub name: Translations,
    pub definition: Translations,
    pub levels: Vec<Level>,
}

/// One level of one competency, with the behaviour that anchors it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    pub level: i32,
    pub anchor: Translations,
}

/// What is wrong with a rubric file. Each variant names the place and the remedy.
#[derive(Debug, Error)]
pub enum RubricError {
    #[error("rubric is not valid JSON or lacks a field: {0}; see data/rubric.json for the form")]
    Json(#[from] serde_json::Error),
    #[error("rubric field `{field}` is empty; give at least one")]
    Empty { field: &'static str },
    #[error(
        "rubric scale runs from {min} to {max}; `max` must be greater than `min`, with at most 100 levels"
    )]
    Scale { min: i32, max: i32 },
    #[error("{place} has levels {found:?}; give each of {min}..={max} exactly once")]
    Levels { place: String, found: Vec<i32>, min: i32, max: i32 },
    #[error(
        "{place} has no text in language `{language}`; every text is needed in every language of `languages`"
    )]
    Translation { place: String, language: String },
    #[error("competency id `{0}` occurs twice; ids must differ")]
    DuplicateId(String),
}

impl Rubric {
    /// Reads and checks a rubric from its JSON form.
    pub fn from_json(json: &str) -> Result<Self, RubricError> {
        let rubric: Self = serde_json::from_str(json)?;
        rubric.check()?;
        Ok(rubric)
    }

    /// Number of levels on the scale.
    pub fn levels(&self) -> usize {
        (self.scale.max - self.scale.min + 1) as usize
    }

    /// Position of a competency in the rubric, which is also its position in the model's outputs.
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
        self.check_levels("scale.names", self.scale.names.iter().map(|n| n.level))?;
        for name in &self.scale.names {
            self.check_translations(|| format!("scale name of level {}", name.level), &name.name)?;
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
