//! Finds the speakers and the turns of a transcript or chat: "Rep: …", `[10:02] Anna: …`, and the name and time above each
//! message that chat programs copy.

use std::collections::{HashMap, HashSet};
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
const TIME: &str = r"(?:(?:\d{1,4}[-/.年]\d{1,2}(?:[-/.月]\d{1,4})?日?|\d{1,2}月\d{1,2}日),?[ \t\u{202f}]+)?(?:上午|下午|晚上)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[.,]\d{1,3})?(?:[ \t\u{202f}]?[AaPp]\.?[Mm]\.?)?";

const NAME: &str = r"\p{L}[\p{L}\p{M}\p{N} .'’·_&/-]{0,40}?";

/// A turn on the line of its speaker. After a time, a surname can come first: "Li, Tom".
static TURN: LazyLock<Regex> = LazyLock::new(|| {
    let role = r"(?:[ \t]*[\[(（][^\[\]()（）]{1,24}[\])）])?";
    pattern(&format!(
        r"^[ \t]*(?:(?P<time>[\[(（【<]?[ \t]*{TIME}[ \t]*[\])）】>]?[ \t]*[-–—|]?[ \t]*)(?P<timed>{NAME}(?:, {NAME})?)|(?:\*\*)?(?P<name>{NAME})){role}(?:\*\*)?[ \t]*(?:：|:(?:\*\*)?(?:[ \t]|$|\p{{Han}}))"
    ))
});

/// A line with a name and a time, above what was said.
static ABOVE: LazyLock<Regex> = LazyLock::new(|| {
    let account = r"(?:[ \t]*[(（<][^()（）<>]{1,40}[)）>])?";
    pattern(&format!(
        r"^[ \t]*(?:(?P<name>{NAME}){account}[ \t]+[\[(（]?{TIME}[\])）]?|{TIME}[ \t]+(?P<later>{NAME}){account})[ \t]*[:：]?[ \t]*$"
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

/// The names under which writers put themselves.
const FIRST_PERSON: &[&str] = &["me", "i", "myself", "我", "本人"];

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

/// Words that the fields of forms and records begin or end with. Such fields look like speakers.
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
    "step",
    "steps",
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
    "need",
    "needs",
    "offer",
    "offers",
    "call",
    "calls",
    "visit",
    "visits",
    "morning",
    "afternoon",
    "evening",
    "price",
    "budget",
    "follow-up",
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
    "需求",
    "方案",
    "报价",
    "价格",
    "上午",
    "下午",
    "晚上",
    "负责人",
    "项目",
    "产品",
    "拜访",
    "星期",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
];

/// Returns the speakers of a conversation and the byte ranges of the turns that do not count; nothing for any other text.
///
/// `own` is the name of the speaker whose words count. If it is not given, or is none of the names, the roles decide: where
/// somebody sells, only they count, and otherwise all who are not customers. Roles alone prove little, for a form has them
/// too: somebody must have each of the two, or speak in the first person, or the turns must have times.
pub fn read(text: &str, own: Option<&str>) -> (Vec<Speaker>, Vec<Range<usize>>) {
    let turns = turns(text);
    let mut speakers: Vec<Speaker> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for turn in &turns {
        let number = *numbers.entry(turn.name.to_lowercase()).or_insert(speakers.len());
        match speakers.get_mut(number) {
            Some(speaker) => speaker.turns += 1,
            None => speakers.push(Speaker { name: turn.name.to_owned(), turns: 1, counts: true }),
        }
    }
    let all = turns.len() as f32;
    let has_fields = speakers.iter().any(|speaker| is_field(&speaker.name));
    // Whoever speaks only once is counted after the others are known.
    let (mut speakers, single): (Vec<_>, Vec<_>) =
        speakers.into_iter().partition(|speaker| speaker.turns >= TURNS);
    let spoken: usize = speakers.iter().map(|speaker| speaker.turns).sum();
    let changes = turns.windows(2).filter(|pair| pair[0].name != pair[1].name).count();
    let is_conversation = (2..=SPEAKERS).contains(&speakers.len())
        && spoken as f32 >= SPOKEN_SHARE * all
        && changes as f32 >= CHANGES * all
        && !has_fields;
    if !is_conversation {
        return (Vec::new(), Vec::new());
    }
    let is_timed = turns.iter().filter(|turn| turn.has_time).count() as f32 >= all / 2.0;
    let single_count = choose(&mut speakers, own, is_timed);
    let single: HashSet<&str> = single.iter().map(|speaker| speaker.name.as_str()).collect();
    let counts = |name: &str| match numbers.get(&name.to_lowercase()) {
        _ if single.contains(name) => single_count && !is(CUSTOMERS, name),
        Some(_) => speakers.iter().find(|s| same(&s.name, name)).is_none_or(|speaker| speaker.counts),
        None => true,
    };
    let others = turns.iter().filter(|turn| !counts(turn.name)).map(|turn| turn.range.clone()).collect();
    (speakers, others)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Whether a name is one of some roles.
fn is(roles: &[&str], name: &str) -> bool {
    roles.contains(&name.to_lowercase().as_str())
}

fn is_field(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = || name.split([' ', '/']);
    FIELDS.iter().any(|field| match field.is_ascii() {
        true => words().next() == Some(*field) || words().next_back() == Some(*field),
        false => name.starts_with(field) || name.ends_with(field),
    })
}

/// Decides whose words count, and returns whether those of people count who speak only once.
fn choose(speakers: &mut [Speaker], own: Option<&str>, is_timed: bool) -> bool {
    // Questions and answers are often marked by their first letters.
    let asked = speakers.iter().any(|speaker| same(&speaker.name, "q"));
    let sells = |speaker: &Speaker| is(SELLERS, &speaker.name) || (asked && same(&speaker.name, "a"));
    let buys = |speaker: &Speaker| is(CUSTOMERS, &speaker.name);
    let named = own.filter(|own| speakers.iter().any(|speaker| same(&speaker.name, own)));
    let (some_sell, some_buy) = (speakers.iter().any(sells), speakers.iter().any(buys));
    let all_buy = speakers.iter().all(buys);
    let is_proved = is_timed || some_buy || speakers.iter().any(|speaker| is(FIRST_PERSON, &speaker.name));
    for speaker in speakers {
        speaker.counts = match named {
            Some(own) => same(&speaker.name, own),
            None if some_sell && is_proved => sells(speaker),
            None => all_buy || !buys(speaker) || !(is_timed || some_sell),
        };
    }
    named.is_none() && !(some_sell && is_proved)
}

/// One turn of a speaker.
struct Turn<'t> {
    name: &'t str,
    /// Whether a time stands beside the name.
    has_time: bool,
    /// Its bytes, with the name.
    range: Range<usize>,
}

/// Finds all turns. A turn ends at the next one or at a blank line, after which the writer may comment. Where hardly any turn
/// goes on in a second line, such a line is a comment too.
fn turns(text: &str) -> Vec<Turn<'_>> {
    /// How far a turn reaches that may go on in other lines.
    struct Open {
        end: usize,
        is_above: bool,
    }
    let mut turns: Vec<(Turn, Open)> = Vec::new();
    let mut is_open = false;
    for (range, line) in lines(text) {
        let above = ABOVE.captures(line);
        let beside = if above.is_none() { TURN.captures(line) } else { None };
        let found = above.as_ref().or(beside.as_ref());
        let name =
            found.and_then(|found| ["name", "later", "timed"].iter().find_map(|group| found.name(group)));
        match (name, turns.last_mut()) {
            (Some(name), _) => {
                let is_above = above.is_some();
                let has_time = is_above || beside.is_some_and(|found| found.name("time").is_some());
                let end = range.end;
                turns
                    .push((Turn { name: name.as_str().trim_end(), has_time, range }, Open { end, is_above }));
                is_open = true;
            }
            (None, Some((_, open))) if is_open && !line.trim().is_empty() => open.end = range.end,
            // What was said can follow its name and time after a blank line.
            (None, Some((turn, open))) if is_open && open.is_above && open.end == turn.range.end => {}
            _ => is_open = false,
        }
    }
    let longer = turns.iter().filter(|(turn, open)| open.end > turn.range.end).count();
    let go_on = longer as f32 >= GOING_ON * turns.len() as f32;
    for (turn, open) in &mut turns {
        if open.is_above || go_on {
            turn.range.end = open.end;
        }
    }
    turns.into_iter().map(|(turn, _)| turn).collect()
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
        let unproved = "客户：在吗？\n张伟：在。\n客户：价格？\n张伟：我查一下。";
        assert_eq!(of(unproved, None), ("客户2* 张伟2*".to_owned(), vec![]));
        assert_eq!(of(unproved, Some("张伟")).0, "客户2 张伟2*");
        let once = "Rep: Why?\nCustomer: So.\nCFO: I planned it.\nRep: I see.\nCustomer: Yes.\nRep: Fine.\nCustomer: Bye.";
        assert_eq!(
            of(once, None).1,
            ["Customer: So.", "CFO: I planned it.", "Customer: Yes.", "Customer: Bye."]
        );
    }

    #[test]
    fn times_and_lines_above_are_known() {
        for text in [
            "[10:02] Anna: Hello.\n[10:03] Tom Li: Hi.\n[10:04] Anna: Well?\n[10:05] Tom Li: Fine.",
            "10:02 Anna: Hello.\n10:03 Tom Li (Acme): Hi.\n10:04 Anna: Well?\n10:05 Tom Li (Acme): Fine.",
            "Anna 10:02\nHello.\n\nTom Li 10:03\nHi.\n\nAnna 10:04 AM\nWell?\n\nTom Li 10:05\nFine.",
            "Anna (anna@a.example) 2025/3/3 10:02:11\nHello.\nTom Li 2025/3/3 10:02:40\nHi.\nAnna 2025/3/3 10:03:02\nWell?\nTom Li 2025/3/3 10:04:00\nFine.",
            "2025-03-03 10:02:11 Anna\nHello.\n2025-03-03 10:02:40 Tom Li\nHi.\n2025-03-03 10:03:02 Anna\nWell?\n2025-03-03 10:04:00 Tom Li\nFine.",
            "12/03/2025, 10:02 - Anna: Hello.\n12/03/2025, 10:03 - Tom Li: Hi.\n12/03/2025, 10:04 - Anna: Well?\n12/03/2025, 10:05 - Tom Li: Fine.",
            "[12/03/2025, 10:02:11] Anna: Hello.\n[12/03/2025, 10:03:12] Tom Li: Hi.\n[12/03/2025, 10:04:00] Anna: Well?\n[12/03/2025, 10:05:00] Tom Li: Fine.",
            "Anna 3月3日 10:02\n\nHello.\n\nTom Li 3月4日 10:03\n\nHi.\n\nAnna 3月4日 10:04\n\nWell?\n\nTom Li 3月5日 10:05\n\nFine.",
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
            "客户：华联\n我问了店长断货一天损失多少，他说四千。\n需求：缩短补货\n客户：新世纪\n我用三年维保换了5%。\n需求：降价",
            "客户：华联\n销售：张三\n需求：补货\n方案：直送\n客户：新世纪\n销售：张三\n需求：降价\n方案：维保",
            "Calls: 12, I asked each what a stop costs\nSales: 3 units\nCalls: 9, I asked each who signs\nSales: 1 unit",
            "上午：拜访华联\n下午：拜访新世纪\n上午：培训\n下午：报价",
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
