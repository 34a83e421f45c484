//! The parts of a mail thread: the message, and what is quoted above, below or between its lines.
//!
//! Mail programs differ in how they mark these parts, so the rules go by the marks of the common ones, in English and Chinese. A
//! text that is no mail is all message.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Origin, lines, pattern};

/// The most lines of a signature, and the most characters per line.
const SIGNATURE_LINES: usize = 10;
const SIGNATURE_WIDTH: usize = 80;

static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t]*(?:from|to|cc|bcc|sent|date|reply-to|message-id|x-[a-z-]+|mime-version|content-[a-z-]+|importance|attachments?|subject|re|发件人|收件人|抄送|密送|发送时间|发送日期|日期|时间|附件|主题)[ \t]*[:：]",
    )
});
/// The one header that is part of the message.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[ \t]*(?:subject|主题)[ \t]*[:：][ \t]*(?:(?:re|fw|fwd|回复|答复|转发)[ \t]*[:：][ \t]*)*")
});
/// A header that only a mail begins with.
static SENDER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^[ \t]*(?:from|发件人)[ \t]*[:：]"));
/// A line after which another mail follows to the end.
static QUOTED_BELOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t>]*-{2,}[ \t]*(?:original (?:message|e-?mail)|forwarded (?:message|by .*)|原始邮件|原邮件|转发(?:的)?邮件|回复的(?:原)?邮件)[ \t]*-{2,}",
    )
});
/// A line after which the quoted lines of another mail follow.
static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t>]*(?:on\b.{6,120}\bwrote[ \t]*:|(?:在|于)?[ \t]*\d{4}[年/-].{4,100}(?:写道|寫道)[ \t]*[:：])[ \t]*$",
    )
});
static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[ \t]*>"));
static DEVICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t]*(?:sent from (?:my|mail for|outlook|yahoo)\b.{0,40}|get outlook for .{2,20}|发自我的.{1,20}|从我的.{1,12}发送|来自我的.{1,20})[ \t]*$",
    )
});
/// The first line of a legal notice, which goes on to the end.
static DISCLAIMER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t*]*(?:(?:confidentiality (?:notice|note)|disclaimer|legal notice|(?:保密|免责)声明)\b|(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication)\b.{0,120}\b(?:confidential|privileged|intended)|(?:本|此)(?:电子)?邮件.{0,60}(?:保密|机密|仅供|收件人))",
    )
});
static DELIMITER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:--|—|——)[ \t]*$"));
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t]*(?:(?:with )?(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes|thanks)|best|regards|rgds|br|cheers|(?:yours )?(?:sincerely|truly|faithfully)(?: yours)?|(?:many )?thanks|thank you|此致|敬礼|祝好|顺祝商祺|顺颂商祺|顺祝.{2,4}|商祺|谢谢|多谢|此致敬礼|此致 敬礼)[ \t]*[,，.。!！]*[ \t]*$",
    )
});

/// What a line of a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailPart {
    /// The writer's message.
    Message,
    /// The header with the subject, which the writer chose.
    Subject,
    /// Another header.
    Header,
    /// Part of another mail, or the line that introduces it.
    Quoted,
    /// A signature, a disclaimer, or the note of a sending device.
    Signature,
}

impl MailPart {
    /// Returns why the part is not the writer's own words; `None` if it is.
    pub(super) fn origin(self) -> Option<Origin> {
        match self {
            Self::Message | Self::Subject => None,
            Self::Quoted => Some(Origin::QuotedMail),
            Self::Header | Self::Signature => Some(Origin::MailFrame),
        }
    }
}

/// Returns what each line of a text is, with its byte range without the line break. Without a message of its own, a mail is all
/// message.
pub fn parts(text: &str) -> Vec<(Range<usize>, MailPart)> {
    let (ranges, lines): (Vec<_>, Vec<&str>) = lines(text).unzip();
    let mut parts = vec![MailPart::Message; lines.len()];
    let end = quoted_below(&lines).unwrap_or(lines.len());
    parts[end..].fill(MailPart::Quoted);
    // Where several senders are named above what they wrote, the lines with `>` can be the writer's answers.
    let senders = lines[..end].iter().filter(|line| SENDER.is_match(line)).count();
    let mut message: Vec<usize> = Vec::with_capacity(end);
    let mut at = 0;
    while at < end {
        let rest = &lines[at..end];
        let (headers, quoted) = (headers(rest), quoted(rest, senders < 2));
        if headers >= 2 && message.iter().all(|&line| lines[line].trim().is_empty()) {
            for line in at..at + headers {
                let is_subject = SUBJECT.is_match(lines[line]);
                parts[line] = if is_subject { MailPart::Subject } else { MailPart::Header };
                message.extend(is_subject.then_some(line));
            }
            at += headers;
        } else if quoted > 0 {
            parts[at..at + quoted].fill(MailPart::Quoted);
            at += quoted;
        } else {
            if DEVICE.is_match(lines[at]) {
                parts[at] = MailPart::Signature;
            } else {
                message.push(at);
            }
            at += 1;
        }
    }
    let kept: Vec<&str> = message.iter().map(|&line| lines[line]).collect();
    if let Some(start) = signature(&kept) {
        message[start..].iter().for_each(|&line| parts[line] = MailPart::Signature);
    }
    ranges.into_iter().zip(parts).collect()
}

/// Returns the subject in a [`MailPart::Subject`], without the name of the header and without "Re:".
pub fn subject(line: &str) -> &str {
    SUBJECT.find(line).map_or(line, |name| &line[name.end()..])
}

/// How many header lines there are at the beginning.
fn headers(lines: &[&str]) -> usize {
    lines.iter().take_while(|line| HEADER.is_match(line)).count()
}

/// The line where a quoted mail begins that goes on to the end, if there is a message before it.
fn quoted_below(lines: &[&str]) -> Option<usize> {
    let start = (0..lines.len()).find(|&at| {
        QUOTED_BELOW.is_match(lines[at])
            || (at > 0 && SENDER.is_match(lines[at]) && headers(&lines[at..]) >= 3)
    })?;
    let message = |line: &&str| !line.trim().is_empty() && !HEADER.is_match(line);
    lines[..start].iter().any(message).then_some(start)
}

/// How many lines at the beginning quote another mail: lines with `>` after an introduction, or two or more of them. A
/// single one may mean "more than". `unannounced` says whether an introduction can be missing.
fn quoted(lines: &[&str], unannounced: bool) -> usize {
    // Mail programs wrap long introductions.
    let introduction = (1..=2).find(|&n| {
        n <= lines.len()
            && (n == 1 || lines[0].trim_start().to_lowercase().starts_with("on "))
            && INTRODUCTION.is_match(&lines[..n].join(" "))
    });
    let from = introduction.unwrap_or(0);
    let blank = lines[from..].iter().take_while(|line| line.trim().is_empty()).count();
    let start = if from > 0 { from + blank } else { from };
    let marked = lines[start..].iter().take_while(|line| QUOTED.is_match(line)).count();
    match (from, marked) {
        (0, 0 | 1) => 0,
        (0, _) if !unannounced => 0,
        (from, 0) => from,
        (_, marked) => start + marked,
    }
}

/// The line where the signature begins: its delimiter or the closing formula, if only short lines follow and there is a
/// message before it. A disclaimer can follow it, or stand alone.
fn signature(lines: &[&str]) -> Option<usize> {
    let filled = |lines: &[&str]| lines.iter().filter(|line| !line.trim().is_empty()).count();
    let notice = (1..lines.len()).find(|&at| DISCLAIMER.is_match(lines[at]));
    let lines = &lines[..notice.unwrap_or(lines.len())];
    let closing = (1..lines.len()).find(|&at| {
        let below = &lines[at + 1..];
        (DELIMITER.is_match(lines[at]) || CLOSING.is_match(lines[at]))
            && filled(below) <= SIGNATURE_LINES
            && below.iter().all(|line| line.chars().count() <= SIGNATURE_WIDTH)
            && !below.iter().any(|line| is_prose(line))
    });
    let start = closing.or(notice)?;
    (filled(&lines[..start]) > 0).then_some(start)
}

/// Whether a line is a sentence, which does not occur in signatures.
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    let latin = line.ends_with(['.', '!', '?']) && line.split_whitespace().count() >= 4;
    latin || (line.ends_with(['。', '！', '？', '；']) && line.chars().count() >= 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A letter for each line that is not empty.
    fn of(text: &str) -> String {
        let parts = parts(text).into_iter().filter(|(range, _)| !text[range.clone()].trim().is_empty());
        let letter = |(_, part)| match part {
            MailPart::Message => 'm',
            MailPart::Subject => 's',
            MailPart::Header => 'h',
            MailPart::Quoted => 'q',
            MailPart::Signature => 'x',
        };
        parts.map(letter).collect()
    }

    #[test]
    fn headers_and_subject() {
        let mail = "From: Li <li@a.example>\nTo: Wu\nSubject: Re: Offer for lot 2\n\nWe settled on five.";
        assert_eq!(of(mail), "hhsm");
        assert_eq!(subject("Subject: Re: 答复：Offer for lot 2"), "Offer for lot 2");
        assert_eq!(of("发件人：张伟\n收件人：李娜\n主题：报价\n正文在这里。"), "hhsm");
        assert_eq!(of("To: be decided\nWe wait."), "mm");
        assert_eq!(of("日期：3月5日\n拜访客户。"), "mm");
    }

    #[test]
    fn quoted_mails_and_the_answers_between_them() {
        let between = "Agreed.\n\nOn Mon, 3 Mar 2025 at 10:00, Li Wei\n<li@a.example> wrote:\n\n> Can we?\n> Please.\nYes.\n> More\n> lines\nEnd.";
        assert_eq!(of(between), "mqqqqmqqm");
        assert_eq!(of(&between.replace('\n', "\r\n")), "mqqqqmqqm");
        assert_eq!(of("可以。\n在 2025年3月3日 10:00，张伟 写道：\n> 价格呢"), "mqq");
        assert_eq!(of("Fine.\n-----Original Message-----\nFrom: x\nAll of it."), "mqqq");
        assert_eq!(of("同意。\n------------------ 原始邮件 ------------------\n发件人: x\n原文。"), "mqqq");
        assert_eq!(
            of("同意。\n\n发件人: 张伟\n发送时间: 2025年\n收件人: 李娜\n主题: 报价\n原文。"),
            "mqqqqq"
        );
    }

    #[test]
    fn answers_in_a_thread_with_senders_are_message() {
        let thread = "From: Wendy\nCan you quote?\n\n> Two things on the drawing.\n> Note 4 cannot be right.\n\nFrom: Wendy\nI asked him.\n\n> I rang him too.\n> We agreed on H8.";
        assert_eq!(of(thread), "mmmmmmmm");
    }

    #[test]
    fn a_forward_without_a_message_of_its_own_is_the_message() {
        let forward = "---------- Forwarded message ----------\nFrom: x\nTo: y\nDate: z\nThe message.";
        assert_eq!(of(forward), "mmmmm");
    }

    #[test]
    fn signatures_and_disclaimers() {
        for (mail, expected) in [
            ("We met.\n\nBest regards,\nJane Doe\nAcme Ltd\nTel: 1", "mxxxx"),
            ("见面了。\n此致\n敬礼\n张伟", "mxxx"),
            ("We met.\n-- \nJane\nwww.a.example", "mxxx"),
            ("We met.\nSent from my iPhone", "mx"),
            ("见面了。\n发自我的 iPhone", "mx"),
            (
                "We met.\nRegards,\nJane\n\nThis e-mail and its attachments are confidential and intended for the addressee. Delete it otherwise.\nThank you for your help with that.",
                "mxxxx",
            ),
            ("We met.\nCONFIDENTIALITY NOTICE: do not read.", "mx"),
            ("见面了。\n本邮件及其附件含有保密信息，仅供收件人使用。", "mx"),
        ] {
            assert_eq!(of(mail), expected, "{mail}");
        }
    }

    #[test]
    fn text_that_looks_like_a_mail_is_message() {
        for text in [
            "Thanks\nThe buyer asked for a second offer by Friday.\nI sent it.",
            "> 90 % of the visits were planned.",
            "Thank you, he said, and left.",
            "谢谢\n客户随后追加了二十套的订单。",
            "On Monday the buyer wrote: no.",
            "From: 3 visits a week\nwe went to five.",
            "Best regards,\nJane",
            "This e-mail is what I sent on Monday.",
            "—\n",
            "",
        ] {
            assert!(of(text).chars().all(|part| part == 'm'), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_line_is_a_part_and_some_of_a_text_is_message(text in "(From: |发件人：|主题：|> |--|On 3 March Li wrote:|Regards|谢谢|\n|\r\n|a|。|é){0,60}") {
            let parts = parts(&text);
            prop_assert_eq!(parts.len(), text.split('\n').count());
            let mut at = 0;
            for (range, _) in &parts {
                prop_assert_eq!(range.start, at);
                prop_assert!(text.get(range.clone()).is_some());
                at = range.end + 1;
            }
        }
    }
}
