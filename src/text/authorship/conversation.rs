//! Finds the speakers and the turns of a transcript or chat: "Rep: …", "[10:02] Anna: …", and the name and time above each
//! message that chat programs copy.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{lines, pattern};

/// Somebody who speaks in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The name as the text has it first.
    pub name: String,
    /// Number of turns.
    pub turns: usize,
    /// Whether the speaker's words count.
    pub counts: bool,
}

/// A text has a turn in at least this share of its lines that begin with a name or a field.
const SPOKEN_SHARE: f32 = 0.7;

/// A speaker has at least so many turns.
const TURNS: usize = 2;

/// A conversation has at most so many speakers; more names are the fields of a form.
const SPEAKERS: usize = 8;

/// At least this share of the turns follows a turn of somebody else.
const CHANGES: f32 = 0.4;

/// Where fewer turns go on in a second line, such lines are not part of them.
const GOING_ON: f32 = 0.25;

/// A time of day, perhaps with a date before it.
const TIME: &str = r"(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ \t]+)?(?:上午|下午|晚上)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[.,]\d{1,3})?(?:[ \t]?[AaPp]\.?[Mm]\.?)?";

const NAME: &str = r"\p{L}[\p{L}\p{M}\p{N} .'’·_&/-]{0,29}?";

/// A turn on the line of its speaker.
static TURN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^[ \t]*(?:[\[(（【<]?[ \t]*{TIME}[ \t]*[\])）】>]?[ \t]*[-–—|]?[ \t]*)?(?:\*\*)?(?P<name>{NAME})(?:[ \t]*[\[(（][^\[\]()（）]{{1,24}}[\])）])?(?:\*\*)?[ \t]*(?:：|:(?:\*\*)?(?:[ \t]|$|\p{{Han}}))"
    ))
});

/// A line with a name and a time, above what was said.
static ABOVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^[ \t]*(?:(?P<name>{NAME})(?:[ \t]*[(（<][^()（）<>]{{1,40}}[)）>])?[ \t]+[\[(（]?{TIME}[\])）]?|{TIME}[ \t]+(?P<later>{NAME})(?:[ \t]*[(（<][^()（）<>]{{1,40}}[)）>])?)[ \t]*[:：]?[ \t]*$"
    ))
});

/// Roles of those who sell, in lower case.
const SELLERS: &[&str] = &[
    "me",
    "i",
    "myself",
    "rep",
    "sales",
    "sales rep",
    "salesperson",
    "salesman",
    "saleswoman",
    "seller",
    "vendor",
    "account manager",
    "account executive",
    "am",
    "ae",
    "agent",
    "advisor",
    "adviser",
    "consultant",
    "shop assistant",
    "assistant",
    "shop",
    "candidate",
    "interviewee",
    "applicant",
    "persuader",
    "support",
    "我",
    "本人",
    "销售",
    "销售员",
    "销售顾问",
    "销售代表",
    "业务",
    "业务员",
    "业务代表",
    "客户经理",
    "大客户经理",
    "顾问",
    "置业顾问",
    "客服",
    "坐席",
    "导购",
    "店员",
    "店主",
    "卖家",
    "中介",
    "经纪人",
    "应聘者",
    "候选人",
    "求职者",
    "受访者",
    "答",
];

/// Roles of those whom they talk to.
const CUSTOMERS: &[&str] = &[
    "customer",
    "cust",
    "client",
    "buyer",
    "prospect",
    "lead",
    "visitor",
    "user",
    "shopper",
    "guest",
    "patient",
    "purchaser",
    "procurement",
    "interviewer",
    "host",
    "persuadee",
    "q",
    "客户",
    "顾客",
    "买家",
    "用户",
    "客人",
    "访客",
    "家长",
    "业主",
    "甲方",
    "采购",
    "对方",
    "面试官",
    "考官",
    "主持人",
    "记者",
    "问",
];

/// Fields of forms and records, which look like speakers.
const FIELDS: &[&str] = &[
    "date",
    "time",
    "day",
    "subject",
    "topic",
    "note",
    "notes",
    "action",
    "actions",
    "next",
    "next step",
    "next steps",
    "status",
    "stage",
    "amount",
    "value",
    "result",
    "results",
    "outcome",
    "contact",
    "company",
    "account",
    "summary",
    "product",
    "location",
    "place",
    "attendees",
    "present",
    "from",
    "to",
    "cc",
    "bcc",
    "sent",
    "type",
    "owner",
    "issue",
    "reason",
    "plan",
    "goal",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "日期",
    "时间",
    "主题",
    "备注",
    "内容",
    "结果",
    "下一步",
    "跟进",
    "进展",
    "金额",
    "状态",
    "阶段",
    "联系人",
    "公司",
    "地点",
    "参会",
    "参会人",
    "总结",
    "问题",
    "原因",
    "措施",
    "计划",
    "目标",
    "发件人",
    "收件人",
    "抄送",
    "方式",
    "类型",
    "情况",
    "反馈",
    "行动",
    "星期一",
    "星期二",
    "星期三",
    "星期四",
    "星期五",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
];

/// Returns the speakers of a conversation and the byte ranges of the turns that do not count; nothing for any other text.
///
/// `own` is the name of the speaker whose words count. If it is not given, or is none of the names, the roles decide: only
/// those who sell count, or else all who are not customers.
pub fn read(text: &str, own: Option<&str>) -> (Vec<Speaker>, Vec<Range<usize>>) {
    let turns = turns(text);
    let mut speakers: Vec<Speaker> = Vec::new();
    for (name, _) in &turns {
        match speakers.iter_mut().find(|speaker| same(&speaker.name, name)) {
            Some(speaker) => speaker.turns += 1,
            None => speakers.push(Speaker { name: (*name).to_owned(), turns: 1, counts: true }),
        }
    }
    let all = turns.len();
    speakers.retain(|speaker| speaker.turns >= TURNS);
    let spoken: usize = speakers.iter().map(|speaker| speaker.turns).sum();
    let changes = turns.windows(2).filter(|pair| !same(pair[0].0, pair[1].0)).count();
    let is_conversation = (2..=SPEAKERS).contains(&speakers.len())
        && spoken as f32 >= SPOKEN_SHARE * all as f32
        && changes as f32 >= CHANGES * all as f32
        && !speakers.iter().any(|speaker| FIELDS.contains(&speaker.name.to_lowercase().as_str()));
    if !is_conversation {
        return (Vec::new(), Vec::new());
    }
    choose(&mut speakers, own);
    let counts =
        |name: &str| speakers.iter().find(|s| same(&s.name, name)).is_none_or(|speaker| speaker.counts);
    let others = turns.into_iter().filter(|(name, _)| !counts(name)).map(|(_, range)| range).collect();
    (speakers, others)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Decides whose words count.
fn choose(speakers: &mut [Speaker], own: Option<&str>) {
    let is = |roles: &[&str], speaker: &Speaker| roles.contains(&speaker.name.to_lowercase().as_str());
    // Questions and answers are often marked by their first letters.
    let asked = speakers.iter().any(|speaker| same(&speaker.name, "q"));
    let sells = |speaker: &Speaker| is(SELLERS, speaker) || (asked && same(&speaker.name, "a"));
    let named = own.filter(|own| speakers.iter().any(|speaker| same(&speaker.name, own)));
    let some_sell = speakers.iter().any(sells);
    let all_buy = speakers.iter().all(|speaker| is(CUSTOMERS, speaker));
    for speaker in speakers {
        speaker.counts = match named {
            Some(own) => same(&speaker.name, own),
            None if some_sell => sells(speaker),
            None => all_buy || !is(CUSTOMERS, speaker),
        };
    }
}

/// Returns the name and the byte range of every turn. A turn ends at the next one or at a blank line, after which the writer
/// may comment. Where hardly any turn goes on in a second line, such a line is a comment too.
fn turns(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut is_open = false;
    for (range, line) in lines(text) {
        let above = ABOVE.captures(line);
        let name = above.as_ref().and_then(|found| found.name("name").or_else(|| found.name("later")));
        let is_above = name.is_some();
        let name = name.or_else(|| TURN.captures(line).and_then(|found| found.name("name")));
        match (name, turns.last_mut()) {
            (Some(name), _) => {
                turns.push(Turn { name: name.as_str().trim_end(), is_above, end: range.end, line: range });
                is_open = true;
            }
            (None, Some(turn)) if is_open && !line.trim().is_empty() => turn.end = range.end,
            _ => is_open = false,
        }
    }
    let longer = turns.iter().filter(|turn| turn.end > turn.line.end).count();
    let go_on = longer as f32 >= GOING_ON * turns.len() as f32;
    let range = |turn: &Turn| turn.line.start..if turn.is_above || go_on { turn.end } else { turn.line.end };
    turns.iter().map(|turn| (turn.name, range(turn))).collect()
}

struct Turn<'t> {
    name: &'t str,
    /// Whether the name stands above what was said.
    is_above: bool,
    /// The line with the name.
    line: Range<usize>,
    /// Where the last line ends before the next turn or a blank line.
    end: usize,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The names, with a star for those who count, and the turns that do not.
    fn of<'t>(text: &'t str, own: Option<&str>) -> (String, Vec<&'t str>) {
        let (speakers, others) = read(text, own);
        let names =
            speakers.iter().map(|s| format!("{}{}{}", s.name, s.turns, if s.counts { "*" } else { "" }));
        (names.collect::<Vec<_>>().join(" "), others.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn roles_tell_who_sells() {
        let text = "Rep: What changed?\nCustomer: The budget.\nIt is half.\nREP: I see.\nCustomer: Yes.\n\nI should have asked earlier.";
        assert_eq!(
            of(text, None),
            ("Rep2* Customer2".to_owned(), vec!["Customer: The budget.\nIt is half.", "Customer: Yes."])
        );
        assert_eq!(of(text, Some("customer")).0, "Rep2 Customer2*");
        assert_eq!(of(text, Some("Nobody")).0, "Rep2* Customer2");
        assert_eq!(of("Q: Why?\nA: Because.\nQ: How?\nA: So.", None).0, "Q2 A2*");
        assert_eq!(of("A: Why?\nB: Because.\nA: How?\nB: So.", None).0, "A2* B2*");
        assert_eq!(of("客户：在吗？\n张伟：在。\n客户：价格？\n张伟：我查一下。", None).0, "客户2 张伟2*");
    }

    #[test]
    fn times_and_lines_above_are_known() {
        for text in [
            "[10:02] Anna: Hello.\n[10:03] Tom Li: Hi.\n[10:04] Anna: Well?\n[10:05] Tom Li: Fine.",
            "10:02 Anna: Hello.\n10:03 Tom Li (Acme): Hi.\n10:04 Anna: Well?\n10:05 Tom Li (Acme): Fine.",
            "Anna 10:02\nHello.\n\nTom Li 10:03\nHi.\n\nAnna 10:04 AM\nWell?\n\nTom Li 10:05\nFine.",
            "Anna (anna@a.example) 2025/3/3 10:02:11\nHello.\nTom Li 2025/3/3 10:02:40\nHi.\nAnna 2025/3/3 10:03:02\nWell?\nTom Li 2025/3/3 10:04:00\nFine.",
            "2025-03-03 10:02:11 Anna\nHello.\n2025-03-03 10:02:40 Tom Li\nHi.\n2025-03-03 10:03:02 Anna\nWell?\n2025-03-03 10:04:00 Tom Li\nFine.",
            "**Anna:** Hello.\n**Tom Li:** Hi.\n**Anna:** Well?\n**Tom Li:** Fine.",
        ] {
            let (names, others) = of(text, Some("Anna"));
            assert_eq!(names, "Anna2* Tom Li2", "{text}");
            assert_eq!(others.len(), 2, "{text}");
            assert!(others[0].contains("Hi.") && others[1].contains("Fine."), "{others:?}");
        }
        let (names, others) = of(
            "张伟 2025年3月3日 上午10:02\n在吗\n李娜 10:03\n在的\n张伟 10:04\n价格？\n李娜 10:05\n稍等",
            Some("李娜"),
        );
        assert_eq!(names, "张伟2 李娜2*");
        assert_eq!(others, ["张伟 2025年3月3日 上午10:02\n在吗", "张伟 10:04\n价格？"]);
    }

    #[test]
    fn a_comment_without_a_blank_line_is_the_writers() {
        let text = "我：您那边数对得上吗？\n栾：对得上。\n我：超市卡在哪一步？\n栾：验收。\n我：我去导出来。\n栾：行。\n我：发您了。\n栾：盖了。\n后来款按时到了。";
        assert_eq!(of(text, None).1, ["栾：对得上。", "栾：验收。", "栾：行。", "栾：盖了。"]);
    }

    #[test]
    fn forms_and_reports_are_no_conversations() {
        for text in [
            "客户：华联\n内容：报价\n客户：新世纪\n内容：回访",
            "Date: Monday\nCustomer: Acme\nNotes: called\nDate: Tuesday\nCustomer: Beta\nNotes: met",
            "Customer: Acme\nNext step: an offer by Friday",
            "Visited two plants.\nResult: one order.\nI will go back on: Monday, Friday.",
            "See https://a.example\nsee http://b.example\nhttps://a.example\nhttp://b.example",
            "Monday: calls\nTuesday: visits\nMonday: calls\nTuesday: visits",
            "",
        ] {
            assert_eq!(of(text, None), (String::new(), vec![]), "{text}");
        }
    }

    proptest! {
        #[test]
        fn turns_are_parts_of_the_text(text in "(Rep|客户|Anna|10:02|\\[|\\]|:|：| |\n|\r\n|a|。|é){0,80}") {
            let (speakers, others) = read(&text, Some("Anna"));
            prop_assert!(speakers.is_empty() || speakers.len() > 1);
            for pair in others.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
            for range in others {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
