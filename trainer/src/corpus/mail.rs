//! Removes what a mail contains besides its message: headers, quoted mails, signatures, and notes of the sending device.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

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
static DELIMITER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:--|—|——)[ \t]*$"));
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t]*(?:(?:with )?(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes|thanks)|best|regards|rgds|br|cheers|(?:yours )?(?:sincerely|truly|faithfully)(?: yours)?|(?:many )?thanks|thank you|此致|敬礼|祝好|顺祝商祺|顺颂商祺|顺祝.{2,4}|商祺|谢谢|多谢|此致敬礼|此致 敬礼)[ \t]*[,，.。!！]*[ \t]*$",
    )
});

/// The message of a mail. Any other text is returned unchanged.
pub fn strip(text: &str) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    if let Some(end) = quoted_below(&lines) {
        lines.truncate(end);
    }
    let mut kept = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let headers = headers(&lines[at..]);
        let quoted = quoted(&lines[at..]);
        if kept.iter().all(|line: &&str| line.trim().is_empty()) && headers >= 2 {
            kept.extend(
                lines[at..at + headers]
                    .iter()
                    .filter_map(|line| SUBJECT.find(line).map(|name| &line[name.end()..])),
            );
            at += headers;
        } else if quoted > 0 {
            at += quoted;
        } else {
            if !DEVICE.is_match(lines[at]) {
                kept.push(lines[at]);
            }
            at += 1;
        }
    }
    if let Some(start) = signature(&kept) {
        kept.truncate(start);
    }
    kept.join("\n")
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
/// single one may mean "more than".
fn quoted(lines: &[&str]) -> usize {
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
        (from, 0) => from,
        (_, marked) => start + marked,
    }
}

/// The line where the signature begins: its delimiter or the closing formula, if only short lines follow and there is a
/// message before it.
fn signature(lines: &[&str]) -> Option<usize> {
    let filled = |lines: &[&str]| lines.iter().filter(|line| !line.trim().is_empty()).count();
    let start = (1..lines.len()).find(|&at| {
        let below = &lines[at + 1..];
        (DELIMITER.is_match(lines[at]) || CLOSING.is_match(lines[at]))
            && filled(below) <= SIGNATURE_LINES
            && below.iter().all(|line| line.chars().count() <= SIGNATURE_WIDTH)
            && !below.iter().any(|line| is_prose(line))
    })?;
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
    use super::*;

    #[test]
    fn headers_are_removed_and_the_subject_is_kept() {
        assert_eq!(
            strip("From: Li <li@a.example>\nTo: Wu\nSubject: Re: Offer for lot 2\n\nWe settled on five."),
            "Offer for lot 2\n\nWe settled on five."
        );
        assert_eq!(strip("发件人：张伟\n收件人：李娜\n主题：报价\n正文在这里。"), "报价\n正文在这里。");
        assert_eq!(strip("To: be decided\nWe wait."), "To: be decided\nWe wait.");
        assert_eq!(strip("日期：3月5日\n拜访客户。"), "日期：3月5日\n拜访客户。");
    }

    #[test]
    fn quoted_mails_are_removed_and_answers_between_them_are_kept() {
        assert_eq!(
            strip(
                "Agreed.\n\nOn Mon, 3 Mar 2025 at 10:00, Li Wei\n<li@a.example> wrote:\n\n> Can we?\n> Please.\nYes.\n> More\n> lines\nEnd."
            ),
            "Agreed.\n\nYes.\nEnd."
        );
        assert_eq!(strip("可以。\n在 2025年3月3日 10:00，张伟 写道：\n> 价格呢"), "可以。");
        assert_eq!(strip("Fine.\n-----Original Message-----\nFrom: x\nAll of it."), "Fine.");
        assert_eq!(
            strip("同意。\n\n发件人: 张伟\n发送时间: 2025年\n收件人: 李娜\n主题: 报价\n原文。"),
            "同意。\n"
        );
    }

    #[test]
    fn a_forward_without_its_own_message_is_kept() {
        assert!(
            strip("---------- Forwarded message ----------\nFrom: x\nTo: y\nDate: z\nThe message.")
                .contains("The message.")
        );
    }

    #[test]
    fn signatures_are_removed() {
        for (mail, message) in [
            ("We met.\n\nBest regards,\nJane Doe\nAcme Ltd\nTel: 1", "We met.\n"),
            ("见面了。\n此致\n敬礼\n张伟", "见面了。"),
            ("We met.\n-- \nJane\nwww.a.example", "We met."),
            ("We met.\nSent from my iPhone", "We met."),
            ("见面了。\n发自我的 iPhone", "见面了。"),
        ] {
            assert_eq!(strip(mail), message, "{mail}");
        }
    }

    #[test]
    fn text_that_looks_like_a_mail_is_kept() {
        for text in [
            "Thanks\nThe buyer asked for a second offer by Friday.\nI sent it.",
            "> 90 % of the visits were planned.",
            "Thank you, he said, and left.",
            "谢谢\n客户随后追加了二十套的订单。",
            "On Monday the buyer wrote: no.",
            "From: 3 visits a week\nwe went to five.",
            "—\n",
        ] {
            assert_eq!(strip(text), text);
        }
    }

    #[test]
    fn a_text_without_a_message_is_unchanged() {
        assert_eq!(strip(""), "");
        assert_eq!(strip("Best regards,\nJane"), "Best regards,\nJane");
    }
}
