//! The parts of a mail thread: the message, and what is quoted above, below or between its lines.
//!
//! Mail programs differ in how they mark these parts, so the rules go by the marks of the common ones, in English and Chinese. A
//! text that is no mail is all message.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Origin, lines, pattern};

/// The most lines of a signature, and the most characters per line.
const SIGNATURE_LINES: usize = 8;
const SIGNATURE_WIDTH: usize = 60;

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
        r"(?i)^[ \t>]*(?:on\b.{6,120}\bwrote[ \t]*:|(?:.{1,60}[ \t])?(?:在|于|於)?[ \t]*\d{4}[年/-].{4,100}(?:写道|寫道)[ \t]*[:：])[ \t]*$",
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
        r"(?i)^[ \t*]*(?:(?:confidentiality (?:notice|note)|disclaimer|legal notice|(?:保密|免责)声明)[ \t*]*[:：]?[ \t*]*$|(?:(?:confidentiality (?:notice|note)|disclaimer)[ \t]*[:：][ \t]*)?(?:this|the (?:information|contents?)\b.{0,40}\bthis) (?:e-?mail|message|communication)\b.{0,160}\b(?:confidential|privileged|recipient|addressee)|(?:(?:保密|免责)声明[:：])?(?:本|此)(?:电子)?邮件.{0,60}(?:保密信息|机密|仅供.{0,12}收件人|误收))",
    )
});
/// A list item, which does not occur in signatures.
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[ \t]*(?:[-*•·]|\d{1,2}[.、)）]|[一二三四五六七八九十]、)[ \t]*\S"));
/// A header that tells a mail from a note with a date and a subject.
static CORRESPONDENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[ \t]*(?:from|to|发件人|收件人)[ \t]*[:：]"));
/// RFC 3676, section 4.3. Without its space, it may divide a text.
static DELIMITER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^-- $"));
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
    let unannounced = quotes_unannounced(&lines[..end]);
    let mut message: Vec<usize> = Vec::with_capacity(end);
    let mut has_message = false;
    let mut at = 0;
    while at < end {
        let rest = &lines[at..end];
        let headers = if has_message { 0 } else { headers(rest) };
        let quoted = quoted(rest, unannounced);
        if headers >= 2 && rest[..headers].iter().any(|line| CORRESPONDENT.is_match(line)) {
            for line in at..at + headers {
                let is_subject = SUBJECT.is_match(lines[line]);
                parts[line] = if is_subject { MailPart::Subject } else { MailPart::Header };
                message.extend(is_subject.then_some(line));
            }
            has_message = lines[at..at + headers].iter().any(|line| SUBJECT.is_match(line));
            at += headers;
        } else if quoted > 0 {
            parts[at..at + quoted].fill(MailPart::Quoted);
            at += quoted;
        } else {
            if DEVICE.is_match(lines[at]) {
                parts[at] = MailPart::Signature;
            } else {
                has_message |= !lines[at].trim().is_empty();
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

/// Whether lines with `>` quote a mail without an introduction: only where something else shows that the text is a mail, for
/// `>` can also mark the items of a list. Where several senders are named above what they wrote, such lines can be the writer's answers.
fn quotes_unannounced(lines: &[&str]) -> bool {
    let senders = lines.iter().filter(|line| SENDER.is_match(line)).count();
    let is_mark =
        |line: &str| CORRESPONDENT.is_match(line) || CLOSING.is_match(line) || DEVICE.is_match(line);
    let is_mail = |at: usize| is_mark(lines[at]) || introduction(&lines[at..]).is_some();
    senders < 2 && (0..lines.len()).any(is_mail)
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
    let is_message =
        |line: &&str| !line.trim().is_empty() && !HEADER.is_match(line) && !QUOTED_BELOW.is_match(line);
    let message = lines.iter().position(is_message)?;
    let last_mark = lines.iter().rposition(|line| QUOTED.is_match(line));
    let is_quoted = |&at: &usize| {
        QUOTED_BELOW.is_match(lines[at])
            || (SENDER.is_match(lines[at]) && headers(&lines[at..]) >= 3)
            // Mail programs that write HTML quote without `>`.
            || (last_mark.is_none_or(|mark| mark < at) && is_dated_introduction(&lines[at..]))
    };
    (message + 1..lines.len()).find(is_quoted)
}

/// Whether the first line introduces a mail and has a date in digits or an address, which tells it from "On Monday the buyer
/// wrote:".
fn is_dated_introduction(lines: &[&str]) -> bool {
    let Some(length) = introduction(lines) else { return false };
    let head = lines[..length].join(" ");
    head.contains('@') || head.chars().filter(char::is_ascii_digit).count() >= 4
}

/// How many lines at the beginning introduce a quoted mail. Mail programs wrap long introductions.
fn introduction(lines: &[&str]) -> Option<usize> {
    (1..=2).find(|&n| {
        n <= lines.len()
            && (n == 1 || lines[0].trim_start().to_lowercase().starts_with("on "))
            && INTRODUCTION.is_match(&lines[..n].join(" "))
    })
}

/// How many lines at the beginning quote another mail: lines with `>` after an introduction, or two or more of them. A
/// single one may mean "more than". `unannounced` says whether an introduction can be missing.
fn quoted(lines: &[&str], unannounced: bool) -> usize {
    let marked = |lines: &[&str]| lines.iter().take_while(|line| QUOTED.is_match(line)).count();
    match introduction(lines) {
        Some(from) => {
            let blank = lines[from..].iter().take_while(|line| line.trim().is_empty()).count();
            let quoted = marked(&lines[from + blank..]);
            if quoted > 0 { from + blank + quoted } else { from }
        }
        None if unannounced => Some(marked(lines)).filter(|&quoted| quoted > 1).unwrap_or(0),
        None => 0,
    }
}

/// The line where the signature begins: its delimiter or the closing formula, if only short lines follow and there is a
/// message before it. A disclaimer can follow it, or stand alone.
fn signature(lines: &[&str]) -> Option<usize> {
    let is_filled = |line: &&str| !line.trim().is_empty();
    let notice = (1..lines.len()).find(|&at| DISCLAIMER.is_match(lines[at]));
    let lines = &lines[..notice.unwrap_or(lines.len())];
    let mut filled = (0..lines.len()).rev().filter(|&at| is_filled(&lines[at]));
    let first = filled.nth(SIGNATURE_LINES).unwrap_or(0).max(1);
    let closing = (first..lines.len()).find(|&at| {
        let below = &lines[at + 1..];
        (DELIMITER.is_match(lines[at]) || CLOSING.is_match(lines[at]))
            && below.iter().all(|line| line.chars().count() <= SIGNATURE_WIDTH)
            && !below.iter().any(|line| is_prose(line) || ITEM.is_match(line))
    });
    let start = closing.or(notice)?;
    lines[..start].iter().any(is_filled).then_some(start)
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
        assert_eq!(of("Fine.\nOn Mon, 3 Mar 2025 at 10:00, Tom Li wrote:\n\nWe waited a week."), "mqq");
        assert_eq!(of("可以。\n张伟 <a@b.example> 于2025年3月3日周一 10:00写道：\n等了一周。"), "mqq");
        assert_eq!(
            of(
                "Subject: Offer\nFrom: Jane\nTo: Tom\nDate: 3 March\n\nI asked him why.\n\nFrom: Tom\nSent: 2 March\nTo: Jane\n\nWe planned it."
            ),
            "shhhmqqqq"
        );
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
            ("We met.\nCONFIDENTIALITY NOTICE\nDo not read.", "mxx"),
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
            "I met them.\nDisclaimer: I only took this account over in May.\nThey signed.",
            "I met them.\nLegal notice was served on the buyer on Tuesday.",
            "I met them.\nThis message was intended for their CFO, so I rang her.",
            "见了面。\n此邮件发出后，我请对方对报价保密。",
            "Monday\nAsked Acme what a stop costs\n--\nTuesday\nGot Beta to agree a trial",
            "本周拜访两家，都在谈续约\n谢谢\n下周计划\n1. 约店长复盘断货\n2. 报三年维保价",
            "This week\n> asked Acme about downtime\n> sent Beta the payback sheet",
            "日期：3月5日\n主题：续约\n谈了三年。",
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
