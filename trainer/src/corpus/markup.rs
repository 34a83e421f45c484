//! Removes HTML and Markdown: tags, entities, emphasis, links, tables and rules. Their content and the line structure are
//! kept. Only certain mark-up is removed: `<3`, `a < b`, `5 * 3` and lists are text.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern;

/// Elements that occur in HTML mails and in exports of CRM systems.
const TAGS: &str = "a|abbr|article|b|big|blockquote|body|br|center|code|col|colgroup|dd|div|dl|dt|em|font|footer|form|h[1-6]|head|header|hr|html|i|img|ins|label|li|link|main|meta|nav|o:p|ol|option|p|pre|q|s|section|select|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|u|ul";

static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?is)<!--.*?-->|<script\b[^>]*>.*?</script\s*>|<style\b[^>]*>.*?</style\s*>|<!doctype[^>]*>|<\?xml[^>]*>|<!\[CDATA\[|\]\]>",
    )
});
static LINE_TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)<br\s*/?>|<hr\b[^<>]*>|</(?:p|div|tr|li|ul|ol|h[1-6]|table|blockquote|section|article|dd|dt|title|pre)\s*>",
    )
});
static CELL_TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)</(?:td|th)\s*>"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)</?(?:{TAGS})(?:\s[^<>]*)?/?>")));
static ENTITY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,6});"));

static FRONT_MATTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\A---[ \t]*\n(?:[^\n]*\n){0,60}?(?:---|\.\.\.)[ \t]*\n"));
static FENCED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?ms)^[ \t]*(?:```[^\n]*\n.*?^[ \t]*```|~~~[^\n]*\n.*?^[ \t]*~~~)[ \t]*$"));
/// Rules, underlines of headings, and the second line of tables. Two hyphens alone mark a signature and are kept.
static RULE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,}|(?:[-*_] ){2,}[-*_]|\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?|\|[ \t]*:?-+:?[ \t]*\|)[ \t]*$",
    )
});
static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*#{1,6}[ \t]+|[ \t]+#+[ \t]*$"));
static QUOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*(?:>[ \t]?)+"));
static TABLE_ROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*\|(.*)\|[ \t]*$"));
static LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"\n]*")?\)"#));
static STRONG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\*\*(\S|\S[^\n]*?\S)\*\*|\b__(\S|\S[^\n]*?\S)__\b|~~(\S|\S[^\n]*?\S)~~"));
static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(^|[\s\p{P}\p{Han}])\*([\p{L}\p{N}](?:[^*\n]*?[\p{L}\p{N}\p{P}])?)\*($|[\s\p{P}\p{Han}])")
});
static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`([^`\n]+)`"));

/// The text without mark-up. In a Markdown file, front matter, code and quote marks are removed too; elsewhere, lines with
/// `>` belong to mails.
pub fn strip(text: &str, markdown: bool) -> String {
    let mut text = Cow::Borrowed(text);
    if text.contains('<') {
        text = replace(text, &HIDDEN, "\n");
        text = replace(text, &LINE_TAG, "\n");
        text = replace(text, &CELL_TAG, " ");
        text = replace(text, &TAG, "");
    }
    if text.contains('&') {
        text = own(ENTITY
            .replace_all(&text, |entity: &Captures| {
                character(&entity[1]).unwrap_or_else(|| entity[0].to_owned())
            })
            .into_owned());
    }
    if markdown {
        text = replace(text, &FRONT_MATTER, "");
        text = replace(text, &FENCED, "");
        text = replace(text, &QUOTE, "");
    }
    text = replace(text, &RULE, "");
    if text.contains('#') {
        text = replace(text, &HEADING, "");
    }
    if text.contains('|') {
        text = own(TABLE_ROW.replace_all(&text, |row: &Captures| row[1].replace('|', " ")).into_owned());
    }
    if text.contains("](") {
        text = replace(text, &LINK, "$1");
    }
    if text.contains(['*', '_', '~']) {
        text = replace(text, &STRONG, "$1$2$3");
        text = replace(text, &EMPHASIS, "$1$2$3");
    }
    if text.contains('`') {
        text = replace(text, &CODE, "$1");
    }
    text.into_owned()
}

fn own<'t>(text: String) -> Cow<'t, str> {
    Cow::Owned(text)
}

fn replace<'t>(text: Cow<'t, str>, pattern: &Regex, by: &str) -> Cow<'t, str> {
    match pattern.replace_all(&text, by) {
        Cow::Borrowed(_) => text,
        Cow::Owned(replaced) => Cow::Owned(replaced),
    }
}

/// The character of an HTML entity, for those that occur in prose.
fn character(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).map(String::from);
    }
    let known = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
        "ndash" => "–",
        "mdash" => "—",
        "hellip" => "…",
        "lsquo" => "‘",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        "bull" => "•",
        "middot" => "·",
        "times" => "×",
        "deg" => "°",
        "euro" => "€",
        "pound" => "£",
        "yen" => "¥",
        "copy" => "©",
        "reg" => "®",
        "trade" => "™",
        "zwnj" | "zwj" | "shy" => "",
        _ => return None,
    };
    Some(known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_lines_of_html_are_kept() {
        for (html, text) in [
            ("<p>One<br/>two</p><div class=\"x\">three</div>", "One\ntwo\nthree\n"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b \n\n"),
            (
                "a &amp; b&nbsp;&lt;c&gt; &#8212; &#x4f60; &unknown; R&D; AT&T",
                "a & b <c> — 你 &unknown; R&D; AT&T",
            ),
            ("x<style>p { color: red }</style><!-- note\n -->y", "x\n\ny"),
            ("<a href=\"https://a.example\">the offer</a>", "the offer"),
        ] {
            assert_eq!(strip(html, false), text, "{html}");
        }
    }

    #[test]
    fn text_of_markdown_is_kept() {
        for (markdown, text) in [
            ("# Visit\n\n**Big** order, *not* `small`", "Visit\n\nBig order, not small"),
            ("see [the offer](https://a.example/x_(1) \"t\") ![logo](l.png)", "see the offer logo"),
            ("| Customer | Sum |\n|---|:-:|\n| Li | 5 |", " Customer   Sum \n\n Li   5 "),
            ("Head\n====\ntext\n---\n* * *", "Head\n\ntext\n\n"),
            ("__init__ ~~old~~ new", "init old new"),
            ("价格**降了**5%，客户*很满意*。", "价格降了5%，客户很满意。"),
        ] {
            assert_eq!(strip(markdown, false), text, "{markdown}");
        }
    }

    #[test]
    fn front_matter_code_and_quote_marks_are_removed_from_markdown_files_only() {
        let text = "---\ntitle: x\n---\nText\n```sh\nrm x\n```\n> quoted\nend";
        assert_eq!(strip(text, true), "Text\n\nquoted\nend");
        assert!(strip(text, false).contains("> quoted") && strip(text, false).contains("title: x"));
    }

    #[test]
    fn text_that_looks_like_mark_up_is_kept() {
        for text in [
            "I <3 this client, margin < 5 and > 3",
            "价格<5万，>3万的不要",
            "- first\n- second\n1. third",
            "3 * 4 * 5 = 60, 2*3*4",
            "#1 supplier, C# and #hashtag",
            "file_name_of_mine, a | b",
            "[1] and [draft] (see below)",
            "--",
            "<Müller> said",
        ] {
            assert_eq!(strip(text, false), text);
        }
    }
}
