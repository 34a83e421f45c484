//! Finds the parts of a text that are not the writer's own words, or that stand there twice: what others said in a
//! conversation, quoted mails, what frames a mail, and repeated sentences.
//!
//! | module | what it owns |
//! |---|---|
//! | `mail` | the parts of a mail thread |
//! | `conversation` | the speakers and turns of a transcript or chat |
//!
//! What follows from it is left to the assessment. A text that is neither mail nor conversation is all the writer's own.

pub mod mail;

mod conversation;

pub use conversation::Speaker;

use std::collections::HashSet;
use std::ops::Range;

use serde::Deserialize;

use super::Sentence;

/// A sentence of fewer characters, such as "I see", can occur twice without having been pasted twice.
const REPEATED_CHARACTERS: usize = 12;

/// What the reader of a text decides about whose words count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Whose {
    /// The name of the speaker whose words a conversation is assessed for. By default this follows from the roles that the
    /// names tell, such as "Rep" and "Customer".
    pub speaker: Option<String>,
    /// Whether all of a text is the writer's own that only looks like a conversation.
    pub whole: bool,
    /// Whether quoted mails, headers and signatures count too.
    pub quoted: bool,
    /// Whether the reader says that all of a text is an account of the writer's own sales work, which the gate may not see.
    pub account: bool,
}

/// Why a part of a text is not taken for the writer's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A mail that was answered or forwarded.
    QuotedMail,
    /// The headers of a mail, a signature, a disclaimer, or the note of a sending device.
    MailFrame,
    /// Somebody else's turn in a conversation.
    OtherSpeaker,
    /// A sentence that stood in the text before.
    Repeated,
}

/// Whose words a text consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorship {
    /// The speakers of a conversation in the order of their first turn; empty if the text is none.
    pub speakers: Vec<Speaker>,
    /// For each sentence, why it is not taken for the writer's own; `None` where it is.
    pub origins: Vec<Option<Origin>>,
}

impl Authorship {
    /// Finds out whose words the sentences of a text are.
    pub fn of(text: &str, sentences: &[Sentence], whose: &Whose) -> Self {
        let (mut speakers, mut turns) = conversation::read(text, whose.speaker.as_deref());
        if whose.whole {
            speakers.iter_mut().for_each(|speaker| speaker.counts = true);
            turns.clear();
        }
        let mut foreign: Vec<(Range<usize>, Origin)> =
            turns.into_iter().map(|turn| (turn, Origin::OtherSpeaker)).collect();
        if !whose.quoted && foreign.is_empty() {
            foreign.extend(
                mail::parts(text).into_iter().filter_map(|(range, part)| Some((range, part.origin()?))),
            );
        }
        let mut seen = HashSet::new();
        let mut foreign = foreign.into_iter().peekable();
        let origins = sentences.iter().map(|sentence| {
            // Both are in text order.
            while foreign.next_if(|(range, _)| range.end <= sentence.range.start).is_some() {}
            let origin = foreign
                .peek()
                .filter(|(range, _)| range.contains(&sentence.range.start))
                .map(|(_, origin)| *origin);
            let is_long = sentence.text.chars().count() >= REPEATED_CHARACTERS;
            let is_repeated = origin.is_none() && is_long && !seen.insert(sentence.text.as_str());
            origin.or(is_repeated.then_some(Origin::Repeated))
        });
        let mut origins: Vec<Option<Origin>> = origins.collect();
        // A mail without words of its own, such as a bare forward, is read as a text.
        if origins.iter().all(Option::is_some) {
            origins.fill(None);
        }
        Self { origins, speakers }
    }
}

/// The lines of a text with their byte ranges, without line breaks.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        (range, line.trim_end_matches('\r'))
    })
}

fn pattern(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).expect("the pattern is a constant and well-formed")
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    /// The sentences that count, and those that do not with the reason.
    fn split<'t>(text: &'t str, whose: &Whose) -> (Vec<&'t str>, Vec<(&'t str, Origin)>) {
        let sentences = read(text).unwrap().sentences;
        let authorship = Authorship::of(text, &sentences, whose);
        assert_eq!(authorship.origins.len(), sentences.len());
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for (sentence, origin) in sentences.iter().zip(authorship.origins) {
            let words = &text[sentence.range.clone()];
            match origin {
                None => own.push(words),
                Some(origin) => others.push((words, origin)),
            }
        }
        (own, others)
    }

    #[test]
    fn quoted_mails_and_signatures_can_be_counted() {
        let mail = "I called the plant.\n\nBest regards,\nJane\n\nOn Mon, 3 Mar 2025 at 10:00, Li wrote:\n> We waited a week.\n> Where are you?";
        let (own, others) = split(mail, &Whose::default());
        assert_eq!(own, ["I called the plant."]);
        assert_eq!(others.last(), Some(&("> Where are you?", Origin::QuotedMail)));
        assert!(others.contains(&("Jane", Origin::MailFrame)));
        let (own, others) = split(mail, &Whose { quoted: true, ..Whose::default() });
        assert_eq!((own.len(), others.len()), (6, 0));
    }

    #[test]
    fn what_the_customer_says_does_not_count() {
        let (own, others) = split(
            "销售：您最担心哪一点？\n客户：交期。上次晚了两周。\n销售：我把排产表发给您。\n客户：可以。",
            &Whose::default(),
        );
        assert_eq!(own, ["销售：您最担心哪一点？", "销售：我把排产表发给您。"]);
        assert!(others.iter().all(|(_, origin)| *origin == Origin::OtherSpeaker));
        assert_eq!(others.len(), 3);
    }

    #[test]
    fn the_reader_can_say_that_all_of_it_is_their_own() {
        let text = "Rep: What changed?\nCustomer: The budget.\nRep: I see.\nCustomer: Yes.";
        let whose = Whose { whole: true, ..Whose::default() };
        assert_eq!(split(text, &whose).1, []);
        let sentences = read(text).unwrap().sentences;
        let counted: Vec<bool> =
            Authorship::of(text, &sentences, &whose).speakers.iter().map(|speaker| speaker.counts).collect();
        assert_eq!(counted, [true, true]);
    }

    #[test]
    fn a_sentence_counts_once() {
        let text = "I asked what the delay cost them. OK then. I asked what the delay cost them. OK then.";
        let (own, others) = split(text, &Whose::default());
        assert_eq!(own, ["I asked what the delay cost them.", "OK then.", "OK then."]);
        assert_eq!(others, [("I asked what the delay cost them.", Origin::Repeated)]);
    }
}
