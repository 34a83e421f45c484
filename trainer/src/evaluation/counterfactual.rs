//! Makes the same report about other people: exchanges genders and names in Chinese and English texts. What a report shows of
//! sales work must not depend on them.
//!
//! Words are found by pattern, so some are missed and a few are mistaken. That is accurate enough to see whether levels move.

/// What is exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swap {
    /// Men become women and women men.
    Genders,
    /// Men become women; women stay.
    Feminine,
    /// Women become men; men stay.
    Masculine,
    /// English names become names of another origin, and Chinese surnames become other surnames; genders stay.
    Names,
}

/// Masculine and feminine words. The words him, her, his and hers are not here, because they depend on what follows.
const ENGLISH: &[(&str, &str)] = &[
    ("he", "she"),
    ("himself", "herself"),
    ("mr", "ms"),
    ("mr", "mrs"),
    ("mr", "miss"),
    ("sir", "madam"),
    ("man", "woman"),
    ("men", "women"),
    ("gentleman", "lady"),
    ("gentlemen", "ladies"),
    ("boy", "girl"),
    ("father", "mother"),
    ("dad", "mum"),
    ("brother", "sister"),
    ("husband", "wife"),
    ("son", "daughter"),
    ("businessman", "businesswoman"),
    ("chairman", "chairwoman"),
    ("salesman", "saleswoman"),
];

/// Men's first names: English ones, then names of other origins to exchange them with, in the same order.
const MEN: [&[&str]; 2] = [
    &[
        "James", "John", "Robert", "Michael", "David", "Tom", "Peter", "Paul", "Daniel", "Kevin", "Brian",
        "Steve", "Andrew", "Ben", "George", "Henry", "Mike", "Dave", "Martin", "Simon",
    ],
    &[
        "Ahmed", "Wei", "Rajesh", "Carlos", "Kwame", "Omar", "Diego", "Ivan", "Ali", "Arjun", "Mateo",
        "Tariq", "Chidi", "Minh", "Yusuf", "Pedro", "Luis", "Raj", "Marco", "Hassan",
    ],
];

/// Women's first names, in the same form.
const WOMEN: [&[&str]; 2] = [
    &[
        "Mary", "Linda", "Sarah", "Emma", "Anna", "Laura", "Jane", "Karen", "Lisa", "Susan", "Rachel",
        "Julia", "Kate", "Helen", "Amy", "Emily", "Claire", "Sophie", "Maria", "Alice",
    ],
    &[
        "Fatima", "Mei", "Priya", "Lucia", "Amara", "Leila", "Sofia", "Olga", "Aisha", "Ananya", "Camila",
        "Nadia", "Ngozi", "Linh", "Zeynep", "Rosa", "Ines", "Divya", "Elena", "Yasmin",
    ],
];

/// Surnames, in the same form.
const SURNAMES: [&[&str]; 2] = [
    &[
        "Smith", "Johnson", "Williams", "Jones", "Davis", "Miller", "Wilson", "Taylor", "Anderson",
        "Thompson", "Clark", "Lewis", "Walker", "Harris", "Evans", "Roberts",
    ],
    &[
        "Nguyen",
        "Okafor",
        "Patel",
        "Garcia",
        "Kim",
        "Chen",
        "Singh",
        "Hernandez",
        "Ivanov",
        "Yilmaz",
        "Mensah",
        "Tanaka",
        "Khan",
        "Rossi",
        "Novak",
        "Haddad",
    ],
];

/// Masculine and feminine Chinese words, longest first.
const CHINESE: &[(&str, &str)] = &[
    ("先生", "女士"),
    ("先生", "小姐"),
    ("先生", "太太"),
    ("男士", "女士"),
    ("男的", "女的"),
    ("老公", "老婆"),
    ("丈夫", "妻子"),
    ("父亲", "母亲"),
    ("爸爸", "妈妈"),
    ("儿子", "女儿"),
    ("他", "她"),
];

/// Characters before and after 他 that make it part of a word such as 其他 or 他人, which is not about a man.
const NOT_HE: (&str, &str) = ("其吉", "人日国乡");

/// Common Chinese surnames that do not form another word with the titles in [`TITLES_ZH`].
const SURNAMES_ZH: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董程曹袁邓许傅沈彭吕苏卢蒋蔡贾丁魏薛叶潘杜戴钟汪田姜范石姚谭廖邹熊陆郝孔白崔康邱秦顾侯邵孟";

/// Those of them that do not form another word with 小 or 老 before them.
const FAMILIAR_ZH: &str = "王李张刘陈杨赵吴徐孙朱胡郭宋郑谢韩唐冯曹袁邓许沈彭吕蒋蔡魏薛潘姜谭廖邹";

/// Titles that follow a surname.
const TITLES_ZH: &[&str] = &[
    "总", "经理", "先生", "女士", "小姐", "太太", "工", "主任", "老师", "哥", "姐", "厂长", "处长", "科长",
    "主管", "院长", "校长", "店长", "老板", "师傅", "队长", "会计",
];

/// Characters that make a title such as 总 or 工 before them part of another word.
const NOT_TITLE_ZH: &str = "结共量计部体价额是会数期作程厂地业";

/// Words before which "her" and "his" are not possessive.
const AFTER_HER: &[&str] = &[
    "a",
    "about",
    "after",
    "again",
    "an",
    "and",
    "as",
    "at",
    "back",
    "because",
    "before",
    "but",
    "by",
    "directly",
    "for",
    "from",
    "how",
    "if",
    "in",
    "into",
    "is",
    "not",
    "of",
    "off",
    "on",
    "once",
    "or",
    "out",
    "over",
    "so",
    "that",
    "the",
    "then",
    "through",
    "to",
    "today",
    "tomorrow",
    "twice",
    "until",
    "up",
    "was",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "with",
    "yesterday",
];

/// Exchanges the people in a text. Returns the new text and the number of words that were exchanged.
pub fn swap(text: &str, swap: Swap) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut count) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if c.is_ascii_alphabetic() {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let found = match c.is_ascii_alphabetic() {
            true => english(&rest[..length], &rest[length..], swap).map(|new| (new, length)),
            false => chinese(&text[..at], rest, swap),
        };
        match found {
            Some((new, length)) => {
                out += &new;
                at += length;
                count += 1;
            }
            None => {
                out += &rest[..length];
                at += length;
            }
        }
    }
    (out, count)
}

/// The counterpart of a masculine or feminine word; `None` where the exchange keeps it.
fn turn<'a>(masculine: &'a str, feminine: &'a str, is_masculine: bool, swap: Swap) -> Option<&'a str> {
    match (is_masculine, swap) {
        (true, Swap::Genders | Swap::Feminine) => Some(feminine),
        (false, Swap::Genders | Swap::Masculine) => Some(masculine),
        _ => None,
    }
}

/// What an English word becomes; `rest` is the text after it. `None` where it stays.
fn english(word: &str, rest: &str, swap: Swap) -> Option<String> {
    let position = |names: &[&str]| names.iter().position(|name| *name == word);
    if swap == Swap::Names {
        for [a, b] in [MEN, WOMEN, SURNAMES] {
            if let Some(new) = position(a).map(|i| b[i]).or_else(|| position(b).map(|i| a[i])) {
                return Some(new.to_owned());
            }
        }
        return None;
    }
    for (men, women) in MEN.into_iter().zip(WOMEN) {
        let new = match (position(men), position(women)) {
            (Some(i), _) => turn(men[i], women[i], true, swap),
            (_, Some(i)) => turn(men[i], women[i], false, swap),
            _ => continue,
        };
        return new.map(str::to_owned);
    }
    let lower = word.to_ascii_lowercase();
    let next = rest.strip_prefix(' ').unwrap_or("");
    let next: String = next.chars().take_while(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let possessive = !next.is_empty() && !AFTER_HER.contains(&next.as_str());
    let new = match lower.as_str() {
        "him" => turn("him", "her", true, swap),
        "his" => turn("his", if possessive { "her" } else { "hers" }, true, swap),
        "her" => turn(if possessive { "his" } else { "him" }, "her", false, swap),
        "hers" => turn("his", "hers", false, swap),
        _ => {
            let pair = ENGLISH.iter().find(|(m, f)| *m == lower || *f == lower);
            pair.and_then(|(m, f)| turn(m, f, *m == lower, swap))
        }
    }?;
    // Keeps the case: lower case, an initial capital, or all capitals.
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    if capital && word.len() > 1 && letters.all(char::is_uppercase) {
        return Some(new.to_uppercase());
    }
    match capital {
        true => Some(new[..1].to_uppercase() + &new[1..]),
        false => Some(new.to_owned()),
    }
}

/// What the Chinese word at the beginning of `rest` becomes, and how many bytes of `rest` that replaces. `None` where it stays.
fn chinese(before: &str, rest: &str, swap: Swap) -> Option<(String, usize)> {
    let last = before.chars().next_back();
    let first = rest.chars().next()?;
    if swap == Swap::Names {
        let after = &rest[first.len_utf8()..];
        let title = TITLES_ZH.iter().find(|title| after.starts_with(**title));
        let titled = title.is_some_and(|title| {
            let next = after[title.len()..].chars().next();
            !next.is_some_and(|c| NOT_TITLE_ZH.contains(c))
        });
        let familiar = last.is_some_and(|c| "小老".contains(c)) && FAMILIAR_ZH.contains(first);
        if !(titled && SURNAMES_ZH.contains(first) || familiar) {
            return None;
        }
        let names: Vec<char> = SURNAMES_ZH.chars().collect();
        let i = names.iter().position(|name| *name == first)?;
        // The list is rotated by half, so that exchanging twice gives the text back.
        let half = names.len() / 2;
        let other = if i < half { i + half } else { i - half };
        return Some((names.get(other)?.to_string(), first.len_utf8()));
    }
    if "哥姐".contains(first) && last.is_some_and(|c| SURNAMES_ZH.contains(c)) {
        let new = turn("哥", "姐", first == '哥', swap)?;
        return Some((new.to_owned(), first.len_utf8()));
    }
    let (masculine, feminine) =
        CHINESE.iter().find(|(m, f)| rest.starts_with(m) || rest.starts_with(f)).copied()?;
    let is_masculine = rest.starts_with(masculine);
    let found = if is_masculine { masculine } else { feminine };
    let next = rest[found.len()..].chars().next();
    if found == "他"
        && (last.is_some_and(|c| NOT_HE.0.contains(c)) || next.is_some_and(|c| NOT_HE.1.contains(c)))
    {
        return None;
    }
    Some((turn(masculine, feminine, is_masculine, swap)?.to_owned(), found.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn swapped(text: &str, how: Swap) -> String {
        swap(text, how).0
    }

    #[test]
    fn english_people_change_and_nothing_else() {
        for (text, other) in [
            ("He called her. She sent him her price.", "She called him. He sent her his price."),
            ("Mr Lee and his team; the choice was his.", "Ms Lee and her team; the choice was hers."),
            ("I asked her about it, John.", "I asked him about it, Linda."),
            ("THE SHEET IS HERE, his sheet.", "THE SHEET IS HERE, her sheet."),
        ] {
            assert_eq!(swapped(text, Swap::Genders), other);
        }
        assert_eq!(swapped("He met her.", Swap::Feminine), "She met her.");
        assert_eq!(swapped("He met her.", Swap::Masculine), "He met him.");
        assert_eq!(
            swapped("John Smith met Priya; he smiled.", Swap::Names),
            "Wei Nguyen met Sarah; he smiled."
        );
    }

    #[test]
    fn chinese_people_change_and_nothing_else() {
        for (text, other) in [
            ("他说其他客户也问过李女士。", "她说其他客户也问过李先生。"),
            ("王哥的报价她看了。", "王姐的报价他看了。"),
            ("他人的意见", "他人的意见"),
        ] {
            assert_eq!(swapped(text, Swap::Genders), other);
        }
        let (named, count) = swap("王总和小李开会，周总结写了，张经理签字。", Swap::Names);
        assert_eq!(count, 3, "{named}");
        assert!(named.contains("周总结") && !named.contains("王总") && !named.contains("小李"), "{named}");
    }

    proptest! {
        #[test]
        fn exchanging_names_twice_gives_the_text_back(text in "[王李张小老总经理他她 a-zA-Z，。]{0,40}") {
            let known = swapped(&text, Swap::Names);
            if SURNAMES_ZH.chars().filter(|c| text.contains(*c)).count() == 0 {
                prop_assert_eq!(swapped(&known, Swap::Names), text);
            }
        }

        #[test]
        fn any_text_is_accepted(text in ".*") {
            for how in [Swap::Genders, Swap::Feminine, Swap::Masculine, Swap::Names] {
                let (new, count) = swap(&text, how);
                prop_assert!(count > 0 || new == text);
            }
        }
    }
}
