//! Names of languages in files and options.

use salesmirror::text::Language;

/// All languages that are told apart.
pub const LANGUAGES: [Language; 4] = [Language::Zh, Language::En, Language::Mixed, Language::Other];

/// The name of a language in files and options.
pub fn code(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
        Language::Mixed => "mixed",
        Language::Other => "other",
    }
}

/// The language of this name, see [`code`].
pub fn from_code(name: &str) -> Option<Language> {
    LANGUAGES.into_iter().find(|language| code(*language) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_library() {
        for language in LANGUAGES {
            assert_eq!(serde_json::json!(language), code(language));
            assert_eq!(from_code(code(language)), Some(language));
        }
        assert_eq!(from_code("fr"), None);
    }
}
