//! Replaces personal data with placeholders: addresses, phone numbers, identity and bank card numbers, number plates,
//! accounts, and names that a label, a title or a greeting marks as names. A number is only replaced if its form, a checksum
//! or a label leaves little doubt: prices, dates, order numbers and years are what a report is about.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};
use serde::Serialize;

use super::pattern;
use crate::data::segmenter::is_han;

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    Url,
    Email,
    Id,
    Card,
    Account,
    Phone,
    Plate,
    Name,
}

impl Kind {
    pub const ALL: [Kind; 8] =
        [Kind::Url, Kind::Email, Kind::Id, Kind::Card, Kind::Account, Kind::Phone, Kind::Plate, Kind::Name];

    pub fn placeholder(self) -> &'static str {
        match self {
            Kind::Url => "[URL]",
            Kind::Email => "[EMAIL]",
            Kind::Id => "[ID]",
            Kind::Card => "[CARD]",
            Kind::Account => "[ACCOUNT]",
            Kind::Phone => "[PHONE]",
            Kind::Plate => "[PLATE]",
            Kind::Name => "[NAME]",
        }
    }
}

/// How many placeholders of each kind were inserted.
pub type Replaced = BTreeMap<Kind, u64>;

/// The text with placeholders for personal data, and how many there are.
pub fn replace(text: &str) -> (String, Replaced) {
    let mut text = Text { text: text.to_owned(), replaced: Replaced::new() };
    let digits = text.text.bytes().any(|byte| byte.is_ascii_digit());
    text.each(Kind::Url, &URL, |found| Some(found.as_str().trim_end_matches(TRAILING).len()));
    text.each(Kind::Email, &EMAIL, |found| Some(found.as_str().trim_end_matches('.').len()));
    if digits {
        text.labelled(Kind::Id, &LABELLED_ID);
        text.labelled(Kind::Card, &LABELLED_CARD);
        text.labelled(Kind::Account, &LABELLED_QQ);
        text.labelled(Kind::Phone, &LABELLED_PHONE);
        text.numbers();
        text.labelled(Kind::Plate, &LABELLED_PLATE);
        text.each(Kind::Plate, &PLATE, whole);
    }
    text.labelled(Kind::Account, &LABELLED_WECHAT);
    text.labelled_names();
    text.titles();
    (text.text, text.replaced)
}

/// Characters at the end of an address that belong to the sentence.
const TRAILING: [char; 10] = ['.', ',', ';', ':', '!', '?', '\'', '"', ')', ']'];

static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?i)(?:(?:https?|ftp)://|www\.[a-z0-9-]+\.)[^\s<>"'“”‘’（）【】《》，。；：！？、\p{Han}]+"#)
});
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));

/// A labelled identity number needs no checksum: old ones with 15 digits have none, and people mistype.
static LABELLED_ID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:身份证|证件)(?:号码|号)?[ \t]*(?:[:：为是][ \t]*)?([1-9][0-9]{14}(?:[0-9]{2}[0-9Xx])?)")
});
static LABELLED_CARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:卡号|银行卡|账号|帐号|账户|帐户|开户行.{0,12}|\b(?:card|account|acct|a/c)(?:[ \t]*(?:no|number|#)\.?)?)[ \t]*[:：为是]?[ \t]*([0-9](?:[ \t-]?[0-9]){10,24}|[A-Z]{2}[0-9]{2}(?:[ \t]?[A-Z0-9]{4}){2,7}(?:[ \t]?[A-Z0-9]{1,3})?)",
    )
});
static LABELLED_QQ: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bQQ号?[ \t]*[:：是]?[ \t]*([1-9][0-9]{4,10})"));
static LABELLED_WECHAT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:微信号?|wechat(?:[ \t]*id)?|weixin)[ \t]*[:：是][ \t]*([a-z][a-z0-9_-]{5,19})")
});
static LABELLED_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:电话|手机|联系方式|座机|传真|微信|\b(?:tel|phone|telephone|mobile|cell|fax|whatsapp))(?:号码|号|[ \t]*(?:no|number)\.?)?\.?[ \t]*[:：][ \t]*(\+?[0-9(（](?:[ \t()（）./-]{0,2}[0-9]){6,14})",
    )
});
static LABELLED_PLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:licen[cs]e|number)[ \t-]plates?(?:[ \t]*(?:no|number)\.?)?[ \t]*[:：]?[ \t]*((?-i:[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,2}))",
    )
});
/// A province, an office and five characters, or six for electric cars.
static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•・ -]?[A-HJ-NP-Z0-9]{4}(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳])",
    )
});

/// Any run of digits with the separators of one number, optionally with a plus sign and brackets.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\+|[(（]\+?)?[0-9](?:(?:[ ()（）./-]|[)）][ -]|[ -][(（])?[0-9]){5,24}[Xx]?")
});

/// Labels of numbers that are not personal.
static OTHER_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:订单|单号|编号|合同|运单|发票|流水|型号|料号|批号|批次|序列号|税号|代码|条码|货号|票号|案号|工单|项目号|\b(?:order|invoice|contract|tracking|serial|ref|reference|ticket|case|part|sku|item|batch|lot|model|po|vat|ean|barcode|job|quote|id)\b)[^0-9\n]{0,12}$",
    )
});

static MOBILE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:\+|00)?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4}|[0-9][ -]?[0-9]{3}[ -][0-9]{4})$",
    )
});
/// Chinese, British and other numbers that begin with 0, with a separator after the area code or brackets around it.
static LANDLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:0[0-9]{1,4}(?:[ -][0-9]{3,8}){1,2}(?:-[0-9]{1,5})?|[(（]0[0-9]{1,4}[)）][ -]?[0-9]{3,8}(?:[ -][0-9]{3,6})?)$",
    )
});
static SERVICE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[48]00-[0-9]{3}-?[0-9]{4}$|^[48]00-[0-9]{4}-[0-9]{3}$"));
static AMERICAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\+?1[ .-])?(?:[(][2-9][0-9]{2}[)] ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}$")
});
static INTERNATIONAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\+|00|[(]\+)[1-9][0-9]{0,2}[)]?[ ()./-]{0,2}[0-9][0-9 ()./-]*$"));

static CHINESE_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:联系人|对接人|姓名|客户姓名|负责人|经办人|签字人|签收人|收件人|收货人|报告人|汇报人|填报人|填表人|拜访人|受访人|业务员|销售员|销售代表|销售经理|客户经理|参会人员?|出席人员?)[ \t]*[:：][ \t]*(\p{Han}{2,4}(?:[、，,/ ][ \t]*\p{Han}{2,4})*)",
    )
});
static CHINESE_TITLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\p{Han}{1,3})(?:先生|女士|小姐)"));
static ENGLISH_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:Mr|Mrs|Ms|Dr|Prof)\b\.?[ \t]+((?:[A-Z]\.[ \t]*)*\p{Lu}[\p{L}'’-]+(?:[ \t]+\p{Lu}[\p{Ll}'’-]+){0,2})",
    )
});
static ENGLISH_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?im)^[ \t]*(?:[-*•][ \t]*)?(?:(?:full |customer |client |contact )?name|contact(?: person)?|prepared by|reported by|written by|author|account manager|sales rep(?:resentative)?|attendees?)[ \t]*[:：][ \t]*((?-i:\p{Lu}[\p{L}'’-]+(?:[ \t]+\p{Lu}[\p{L}'’.-]*){1,2}(?:,[ \t]*\p{Lu}[\p{L}'’-]+(?:[ \t]+\p{Lu}[\p{L}'’.-]*){1,2})*))",
    )
});
static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^[ \t]*(?:Dear|Hi|Hello|Hey)[ \t]+(\p{Lu}[\p{Ll}'’-]+(?:[ \t]+\p{Lu}[\p{Ll}'’-]+)?)[ \t]*[,!:，！]",
    )
});

/// Surnames of about nine in ten Chinese people.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪季严涂倪温葛柯俞童詹严莫闫肖樊鲁翁祝殷齐凌毕聂焦柴骆苗";
/// Surnames that are also common words and therefore do not indicate a name.
const ALSO_WORDS: &str = "高何于方任白常万文金石田江温易段马严黄康";
const COMPOUND_SURNAMES: [&str; 8] = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙"];
/// Final characters of words after a label that are not a person.
const NO_PERSON: &str = "部处科司组室厂店院会局所队办定有无";

/// Capitalized words after a title, a label or a greeting that are not names. Sorted.
#[rustfmt::skip]
const NO_NAME: &[&str] = &[
    "Accounts", "All", "Both", "Buyer", "Chair", "Client", "Colleague", "Colleagues", "Committee", "Company",
    "Customer", "Customers", "Department", "Director", "Everybody", "Everyone", "Excel", "Finance", "Folks",
    "Friday", "Friend", "Friends", "Group", "Guys", "Head", "I", "Inc", "Ltd", "Madam", "Management", "Manager",
    "Marketing", "Monday", "Office", "Operations", "Partner", "Partners", "Procurement", "Purchasing", "Reception",
    "Sales", "Saturday", "Service", "Sir", "Sirs", "Sunday", "Supplier", "Support", "Team", "The", "There",
    "Thursday", "Tuesday", "Wednesday", "Word",
];

fn is_name(words: &str) -> bool {
    !words.split([' ', '\t', ',']).any(|word| NO_NAME.binary_search(&word.trim_end_matches('.')).is_ok())
}

/// A name without the genitive: "Smith" for "Smith's".
fn without_genitive(name: &str) -> &str {
    name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name)
}

fn has_surname(name: &str) -> bool {
    name.chars().next().is_some_and(|c| SURNAMES.contains(c))
        || COMPOUND_SURNAMES.iter().any(|surname| name.starts_with(surname))
}

fn is_chinese_name(name: &str) -> bool {
    has_surname(name) && !name.ends_with(|c| NO_PERSON.contains(c))
}

fn whole(found: Match) -> Option<usize> {
    Some(found.len())
}

/// A text in which personal data is being replaced.
struct Text {
    text: String,
    replaced: Replaced,
}

impl Text {
    /// Replaces every match that is not part of a longer word, or as many of its bytes as `accept` returns.
    fn each(&mut self, kind: Kind, pattern: &Regex, accept: impl Fn(Match) -> Option<usize>) {
        let found = pattern.find_iter(&self.text).filter_map(|found| {
            let end = found.start() + accept(found)?;
            is_apart(&self.text, found.start(), end).then_some((found.start(), end, kind))
        });
        let found = found.collect();
        self.put(found);
    }

    /// Replaces what follows a label: the first group of the pattern.
    fn labelled(&mut self, kind: Kind, pattern: &Regex) {
        let found = pattern.captures_iter(&self.text).filter_map(|found| {
            let value = found.get(1)?;
            let plausible = match kind {
                Kind::Phone => !is_date(value.as_str()) && (7..=15).contains(&digits(value.as_str()).len()),
                Kind::Plate => value.as_str().contains(|c: char| c.is_ascii_digit()) && value.len() >= 4,
                _ => true,
            };
            (plausible && ends_apart(&self.text, value.end())).then_some((value.start(), value.end(), kind))
        });
        let found = found.collect();
        self.put(found);
    }

    /// Replaces numbers that are recognized by their form alone.
    fn numbers(&mut self) {
        let found = NUMBER.find_iter(&self.text).filter_map(|found| {
            let kind = number(found.as_str())?;
            let apart = is_apart(&self.text, found.start(), found.end());
            // An identity number has a checksum, so that its label does not matter.
            let other = kind != Kind::Id && OTHER_NUMBER.is_match(line_before(&self.text, found.start()));
            (apart && !other).then_some((found.start(), found.end(), kind))
        });
        let found = found.collect();
        self.put(found);
    }

    fn labelled_names(&mut self) {
        let mut places = Vec::new();
        for label in CHINESE_NAME.captures_iter(&self.text) {
            let Some(names) = label.get(1) else { continue };
            let mut at = names.start();
            for name in names.as_str().split_inclusive(['、', '，', ',', '/', ' ', '\t']) {
                let bare = name.trim_end_matches(['、', '，', ',', '/', ' ', '\t']);
                if bare.is_empty() {
                    at += name.len();
                    continue;
                }
                // A name has at most four characters; if another Han character follows, this is not a name.
                let whole = self.text[at + bare.len()..].chars().next().is_none_or(|c| !is_han(c));
                if !is_chinese_name(bare) || !whole {
                    break;
                }
                places.push((at, at + bare.len(), Kind::Name));
                at += name.len();
            }
        }
        self.put(places);
        self.captured_names(&ENGLISH_NAME);
        self.captured_names(&GREETING);
    }

    fn titles(&mut self) {
        self.captured_names(&ENGLISH_TITLE);
        if !["先生", "女士", "小姐"].iter().any(|title| self.text.contains(title)) {
            return;
        }
        let found = CHINESE_TITLE.captures_iter(&self.text).filter_map(|found| {
            let before = found.get(1)?;
            let start = before.start() + name_at_end(before.as_str())?;
            Some((start, before.end(), Kind::Name))
        });
        let found = found.collect();
        self.put(found);
    }

    fn captured_names(&mut self, pattern: &Regex) {
        let found = pattern
            .captures_iter(&self.text)
            .filter_map(|found: Captures| found.get(1))
            .filter(|name| is_name(name.as_str()))
            .map(|name| (name.start(), name.start() + without_genitive(name.as_str()).len(), Kind::Name));
        let found = found.collect();
        self.put(found);
    }

    /// Replaces ranges, which are in order, with placeholders.
    fn put(&mut self, places: Vec<(usize, usize, Kind)>) {
        if places.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (start, end, kind) in places {
            text.push_str(&self.text[at..start]);
            text.push_str(kind.placeholder());
            *self.replaced.entry(kind).or_default() += 1;
            at = end;
        }
        text.push_str(&self.text[at..]);
        self.text = text;
    }
}

/// Where a name begins in the characters before a title, if there is one.
fn name_at_end(before: &str) -> Option<usize> {
    let starts: Vec<usize> = before.char_indices().map(|(at, _)| at).collect();
    let last = *starts.last()?;
    let compound =
        starts.iter().find(|at| COMPOUND_SURNAMES.iter().any(|surname| before[**at..].starts_with(surname)));
    let sure = |at: &&usize| {
        before[**at..].chars().next().is_some_and(|c| SURNAMES.contains(c) && !ALSO_WORDS.contains(c))
    };
    // "对方女士" is not Ms Fang but "the lady of the other party".
    let alone = has_surname(&before[last..]) && !before.ends_with("对方") && !before.ends_with("各方");
    compound.or_else(|| starts.iter().find(sure)).copied().or(alone.then_some(last))
}

/// Whether a range is surrounded by neither Latin letters, digits nor characters that join digits.
fn is_apart(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let joined = before.is_some_and(|c| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_' | '#' | '$' | '€' | '£' | '¥' | '￥')
    });
    !joined && ends_apart(text, end)
}

fn ends_apart(text: &str, end: usize) -> bool {
    let mut after = text[end..].chars();
    match after.next() {
        Some(c) if c.is_ascii_alphanumeric() || matches!(c, '%' | '％' | '_') => false,
        // "12.5" is one number; "12." ends a sentence.
        Some('.' | ',' | '-' | '/') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

fn line_before(text: &str, end: usize) -> &str {
    let line = &text[..end];
    let start = line.rfind('\n').map_or(0, |at| at + 1);
    let near = line.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    &line[start.max(near)..]
}

fn digits(number: &str) -> Vec<u32> {
    number.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The kind of a number, if its form tells.
fn number(text: &str) -> Option<Kind> {
    let digits = digits(text);
    if is_date(text) {
        return None;
    }
    if is_identity_number(text) {
        return Some(Kind::Id);
    }
    let phone = MOBILE.is_match(text)
        || (SERVICE.is_match(text))
        || AMERICAN.is_match(text)
        || (LANDLINE.is_match(text) && (9..=16).contains(&digits.len()))
        || (INTERNATIONAL.is_match(text) && (9..=15).contains(&digits.len()));
    if phone {
        return Some(Kind::Phone);
    }
    (is_grouped_as_card(text) && is_card_number(&digits)).then_some(Kind::Card)
}

/// Whether a number begins with a date such as 2025-03-05, 2025.3.5 or 20250305.
fn is_date(text: &str) -> bool {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:19|20)[0-9]{2}(?:[-./ ](?:0?[1-9]|1[0-2])(?:[-./ ]|$)|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$))|^(?:0?[1-9]|[12][0-9]|3[01])[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:19|20)[0-9]{2}",
        )
    });
    DATE.is_match(text)
}

/// Whether this is a Chinese identity number: 18 characters with a date of birth and a checksum (GB 11643, ISO 7064 MOD
/// 11-2).
fn is_identity_number(text: &str) -> bool {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$",
        )
    });
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    FORM.is_match(text) && {
        let sum: u32 =
            text.chars().zip(WEIGHTS).filter_map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum();
        "10X98765432".chars().nth((sum % 11) as usize) == text.chars().last().map(|c| c.to_ascii_uppercase())
    }
}

/// Whether digits are grouped as on a bank card: not at all, or in groups of four.
fn is_grouped_as_card(text: &str) -> bool {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:[0-9]{15,19}|[0-9]{4}(?: [0-9]{4}){3}(?: [0-9]{1,3})?|[0-9]{4}(?:-[0-9]{4}){3}(?:-[0-9]{1,3})?|3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5})$",
        )
    });
    FORM.is_match(text)
}

/// Whether digits are a card number: the prefix and length of Visa, Mastercard, American Express, Maestro or UnionPay, and
/// Luhn's checksum (ISO/IEC 7812).
fn is_card_number(digits: &[u32]) -> bool {
    let prefix = digits.iter().take(4).fold(0, |number, digit| 10 * number + digit);
    let issued = match prefix {
        4000..=4999 | 5100..=5599 | 2221..=2720 => digits.len() == 16,
        3400..=3499 | 3700..=3799 => digits.len() == 15,
        6200..=6299 => (16..=19).contains(&digits.len()),
        3528..=3589 | 6000..=6099 | 6500..=6599 => digits.len() == 16,
        _ => false,
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| match i % 2 {
            0 => *digit,
            _ => 2 * digit - 9 * u32::from(*digit > 4),
        })
        .sum();
    issued && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn becomes(pairs: &[(&str, &str)]) {
        for (text, expected) in pairs {
            assert_eq!(replace(text).0, *expected);
        }
    }

    fn stays(texts: &[&str]) {
        for text in texts {
            assert_eq!(replace(text).0, *text);
        }
    }

    #[test]
    fn addresses() {
        becomes(&[
            ("See https://a.example/x?y=1;z=2.", "See [URL]."),
            ("详见www.acme.com/报价，请查收", "详见[URL]报价，请查收"),
            ("（http://a.example）里", "（[URL]）里"),
            ("mail li.wei+x@mail.acme.co.uk, please", "mail [EMAIL], please"),
            ("邮箱zhang_wei@163.com。", "邮箱[EMAIL]。"),
        ]);
        stays(&["Salesforce.com and 3M.com renewed", "at 5 @ 10 EUR", "@everyone", "v2.1.3", "e.g. this"]);
    }

    #[test]
    fn phone_numbers() {
        becomes(&[
            ("打13812345678找他", "打[PHONE]找他"),
            ("138 1234 5678 / 138-1234-5678", "[PHONE] / [PHONE]"),
            ("+86 13812345678，+86-138-1234-5678", "[PHONE]，[PHONE]"),
            ("010-66554433、0571-88889999-802", "[PHONE]、[PHONE]"),
            ("(0571) 88889999, 拨400-820-8820", "[PHONE], 拨[PHONE]"),
            ("电话：88889999。", "电话：[PHONE]。"),
            ("Tel: 6655 4433", "Tel: [PHONE]"),
            ("Call (212) 555-0142 or 212-555-0142 today.", "Call [PHONE] or [PHONE] today."),
            ("+44 20 7946 0958, +49 (0)30 901820", "[PHONE], [PHONE]"),
            ("020 7946 0958 or 07700 900123", "[PHONE] or [PHONE]"),
            ("Mobile no.: 07700900123", "Mobile no.: [PHONE]"),
        ]);
    }

    #[test]
    fn identity_and_card_numbers() {
        becomes(&[
            ("11010519491231002X", "[ID]"),
            ("身份证号：110105491231002", "身份证号：[ID]"),
            ("身份证110105194912310021办理", "身份证[ID]办理"),
            ("卡 4111 1111 1111 1111 到期", "卡 [CARD] 到期"),
            ("6222021234567890128", "[CARD]"),
            ("账号：1234567890123", "账号：[CARD]"),
            ("account no. 12345678901", "account no. [CARD]"),
            ("account: DE89 3704 0044 0532 0130 00", "account: [CARD]"),
            ("QQ：123456789，微信号：li_wei88", "QQ：[ACCOUNT]，微信号：[ACCOUNT]"),
        ]);
        // Wrong checksums, an unknown issuer, an order and an invoice.
        stays(&[
            "110105194912310021",
            "4111 1111 1111 1112",
            "9999 9999 9999 9995",
            "订单号4111111111111111",
            "invoice no. 4111111111111111",
        ]);
    }

    #[test]
    fn plates() {
        becomes(&[
            ("车牌京A12345停在门口", "车牌[PLATE]停在门口"),
            ("粤B·D12345、沪AF12345", "[PLATE]、[PLATE]"),
            ("number plate: AB12 CDE", "number plate: [PLATE]"),
        ]);
        stays(&["京A1", "云A型2025", "number plates are ready", "新A方案12345"]);
    }

    #[test]
    fn names() {
        becomes(&[
            ("联系人：张伟", "联系人：[NAME]"),
            ("联系人：张伟、李小娜，电话", "联系人：[NAME]、[NAME]，电话"),
            ("姓名: 欧阳修\n部门: 采购", "姓名: [NAME]\n部门: 采购"),
            ("我见了王先生和张建国先生", "我见了[NAME]先生和[NAME]先生"),
            ("安排马女士验货", "安排[NAME]女士验货"),
            ("Mr. Li and Ms Okonjo-Iweala signed.", "Mr. [NAME] and Ms [NAME] signed."),
            ("Mr Bose's papers, Ms Li’s car", "Mr [NAME]'s papers, Ms [NAME]’s car"),
            ("Dr. J. Smith agreed", "Dr. [NAME] agreed"),
            ("Contact: Jane Doe", "Contact: [NAME]"),
            ("Dear Maria,\nwe met", "Dear [NAME],\nwe met"),
        ]);
        stays(&[
            "联系人：采购部",
            "负责人：待定",
            "联系人：张伟已经离职三个月",
            "一位女士，对方女士，那位先生",
            "Contact: Purchasing Department",
            "Dear Customer,",
            "Hi Team,",
            "Name: to be decided",
            "MS Excel",
        ]);
    }

    #[test]
    fn the_content_of_a_report_is_kept() {
        stays(&[
            "报价36.8万，让了40.2%，1,200,000元",
            "$1,250,000.00 or €118 000 a year",
            "2025-03-05 14:30, 05.03.2025, 2025/3/5, 20250305",
            "2025年3月5日，2024-2025财年",
            "order 12345678, PO 4500012345, contract 2024-0815-33",
            "订单号13812345678，合同编号20250305001",
            "3-5天，10-15 days, 1 200 000 pcs, 100 000 000",
            "增长12%到2,000,000，同比+15.5%",
            "型号X-2000-1234，版本1.2.3.4",
            "ISO 9001:2015, EN 10204-3.1, 0.5 mm",
            "尺寸1200*800*600，电压220-240V",
            "电话回访3次，2025-03-05再约",
            "电话：2025-03-05",
            "192.168.0.1",
            "8000000000",
            "08:30-17:30",
            "0.123456789",
        ]);
    }

    #[test]
    fn placeholders_are_counted_and_not_replaced_again() {
        let (text, replaced) = replace("Mr. Li: 13812345678, 13912345678");
        assert_eq!(text, "Mr. [NAME]: [PHONE], [PHONE]");
        assert_eq!(replaced, BTreeMap::from([(Kind::Name, 1), (Kind::Phone, 2)]));
        assert_eq!(replace(&text), (text, BTreeMap::new()));
    }

    #[test]
    fn lists_are_sorted() {
        assert!(NO_NAME.is_sorted());
    }

    proptest! {
        #[test]
        fn any_text_is_replaced_in(text in "(\\PC|[0-9+(). -]{1,12}|联系人：|[张伟王先生女士]|Mr. |Tel: |\n){0,30}") {
            let (replaced, counts) = replace(&text);
            let placeholders: usize = Kind::ALL.iter().map(|kind| replaced.matches(kind.placeholder()).count()).sum();
            prop_assert!(placeholders as u64 >= counts.values().sum());
            prop_assert!(!counts.is_empty() || replaced == text);
        }
    }
}
