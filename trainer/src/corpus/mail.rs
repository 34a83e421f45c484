//! Removes what a mail contains besides its message: headers, quoted mails, signatures, and notes of the sending device. What is
//! what, [`salesmirror::text::mail`] knows.

use salesmirror::text::mail::{MailPart, parts, subject};

/// The message of a mail. Any other text is returned unchanged.
pub fn strip(text: &str) -> String {
    let kept = parts(text).into_iter().filter_map(|(range, part)| match part {
        MailPart::Message => Some(&text[range]),
        MailPart::Subject => Some(subject(&text[range])),
        MailPart::Header | MailPart::Quoted | MailPart::Signature => None,
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_and_its_subject_are_kept() {
        let mail = "From: Li <li@a.example>\nTo: Wu\nSubject: Re: Offer for lot 2\n\nWe settled on five.\n> Four?\n> Five?\nYes.\nRegards,\nJane";
        assert_eq!(strip(mail), "Offer for lot 2\n\nWe settled on five.\nYes.");
    }

    #[test]
    fn a_text_that_is_no_mail_is_unchanged() {
        for text in ["", "Best regards,\nJane", "> 90 % of the visits were planned.\r\nTo: be decided"] {
            assert_eq!(strip(text), text);
        }
    }
}
