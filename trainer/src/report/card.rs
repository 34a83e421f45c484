//! The model card: what a model is for and not for, how it was made, and how good it is (Mitchell et al. 2019).

use std::fmt::Write;

use serde_json::Value;

use super::ModelFacts;
use super::markdown::{Table, escape, figure_cell, slice_name};
use super::sections::{defined_measures, interval_percent};
use crate::crossval::Summary;
use crate::evaluation::robustness::AdditionEffect;
use crate::evaluation::{Bias, Figure, Measure};

/// Writes the card in Markdown.
pub fn write(facts: &ModelFacts) -> String {
    let sections =
        [purpose(facts), making(facts), figures(facts), crossval(facts), bias(facts.bias), limits()];
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

fn purpose(facts: &ModelFacts) -> String {
    let rubric = &facts.model.rubric;
    let languages: Vec<&str> = rubric.languages.iter().map(|code| language_name(code)).collect();
    let competencies: Vec<String> = rubric.competencies.iter().map(|c| escape(&c.id)).collect();
    let has_evidence = facts.evaluation.all().contains_key(&Measure::EvidenceAp);
    let evidence = match has_evidence {
        true => " It marks the sentences that are evidence.",
        false => "",
    };
    format!(
        "# Model card: {id}\n\n\
         **What it does.** The model reads a text in {languages} and estimates a level from {min} to {max} for each of these \
         competencies: {competencies}. Each level comes with an interval that aims to contain the true level {percent} % of the \
         time. If the text does not show a competency, the model says \"not shown\"; that is never a low level.{evidence}\n\n\
         **What it is for.** It gives feedback to the writer of a text, and is a starting point for a conversation about it: \
         every level comes with its uncertainty and with sentences that people can check.\n\n\
         **What it is not for.** It must not be used to measure a person, to rank people, or as the sole basis of a decision \
         about anyone. It is not made for texts in other languages or of other kinds than those it was trained on.\n",
        id = escape(&facts.model.id),
        languages = languages.join(" or "),
        min = rubric.scale.min,
        max = rubric.scale.max,
        competencies = competencies.join(", "),
        percent = interval_percent(),
    )
}

/// The English name of a language, or its code where the name is not known here.
fn language_name(code: &str) -> &str {
    match code {
        "en" => "English",
        "zh" => "Chinese",
        other => other,
    }
}

fn making(facts: &ModelFacts) -> String {
    let ModelFacts { model, note, .. } = facts;
    let training = &model.training;
    let reports =
        training["reports"].as_u64().map_or(String::new(), |n| format!(" It was trained on {n} reports."));
    let config = model.encoder.config();
    let mut card = format!(
        "**How it was made.** The model is a Transformer encoder with {} layers of width {} and a vocabulary of {} tokens, with \
         heads on top that predict evidence, presence and ordinal level.{reports} The file has {:.1} MB; its SHA-256 is `{}`. \
         It was trained with these settings:\n\n",
        config.num_hidden_layers,
        config.hidden_size,
        config.vocab_size,
        model.bytes as f64 / 1e6,
        model.sha256
    );
    for (name, value) in leaves(&training["recipe"]) {
        let _ = writeln!(card, "- {}: {}", escape(&name), escape(&value));
    }
    if let Some(note) = note {
        // The note may be a README, whose headings would split the card into sections of its own.
        let lines: Vec<&str> = note.lines().filter(|line| !line.starts_with('#')).collect();
        let _ = writeln!(card, "\n**The data.** {}", lines.join("\n").trim());
    }
    card
}

fn figures(facts: &ModelFacts) -> String {
    let ModelFacts { data, seen, evaluation, .. } = facts;
    let seen = match seen {
        true => {
            " **The model was trained on these reports. The figures therefore say how well it remembers them, not how well it \
             judges new ones; cross-validation says that.**"
        }
        false => "",
    };
    let measures = defined_measures(&Measure::MAIN, evaluation.slices.iter());
    let slices = evaluation.main_slices().map(|slice| (slice_name(slice), slice));
    format!(
        "**Figures** on {} ({} reports in {} groups), with 95 % bootstrap intervals in brackets. They were computed from the \
         model file as it ships, with the thresholds that ship, by the code that runs in the browser.{seen}\n\n{}",
        escape(data),
        evaluation.reports,
        evaluation.groups,
        Table::of_slices("slice", &measures, slices)
    )
}

/// The figures of the cross-validation that the model file has; empty if it has none.
fn crossval(facts: &ModelFacts) -> String {
    let summary: Option<Summary> = serde_json::from_value(facts.model.training["crossval"].clone()).ok();
    let Some((summary, all)) = summary.as_ref().and_then(|summary| Some((summary, summary.rows.first()?)))
    else {
        return String::new();
    };
    let mut card = format!(
        "**Cross-validation** before the model was made, with {} folds grouped by {}, on {} reports:\n\n",
        summary.folds,
        escape(&summary.group_by),
        summary.reports
    );
    for (measure, figure) in &all.figures {
        let _ = writeln!(card, "- {}: {figure}", measure.name());
    }
    card
}

fn bias(bias: &Bias) -> String {
    let mut card =
        "**What must not matter.** Errors are in levels, compared among reports with the same true level.\n\n".to_owned();
    for gap in &bias.languages {
        let [a, b] = gap.languages.each_ref().map(|language| escape(language));
        let _ = writeln!(card, "- {}, {a} minus {b}: {}", gap.measure.name(), gap.figure);
    }
    if let Some(length) = bias.length {
        let _ = writeln!(card, "- Spearman's correlation between error and length: {length}");
    }
    for field in &bias.fields {
        let values = || field.values.iter();
        let lowest = values().min_by(|a, b| a.2.value.total_cmp(&b.2.value));
        let highest = values().max_by(|a, b| a.2.value.total_cmp(&b.2.value));
        if let (Some((low_name, _, low)), Some((high_name, _, high))) = (lowest, highest) {
            let (low_name, high_name) = (escape(low_name), escape(high_name));
            let _ = writeln!(
                card,
                "- mean error by {}: from {low} ({low_name}) to {high} ({high_name})",
                escape(&field.field),
            );
        }
    }
    for swap in &bias.swaps {
        let [percentile_99, largest] = [swap.percentile_99, swap.largest].map(number_cell);
        let cell = |figure: &Option<Figure>| figure_cell(figure.as_ref());
        let _ = writeln!(
            card,
            "- {} in {} reports: levels change by {} on average ({} with their sign), by {percentile_99} at the 99th percentile and \
             by {largest} at most; {} of the competencies are shown in one version only",
            swap.name,
            swap.reports,
            cell(&swap.change),
            cell(&swap.signed),
            cell(&swap.flips)
        );
    }
    card + &additions(&bias.additions)
}

/// What must not help: the effects of additions that are no evidence.
fn additions(effects: &[AdditionEffect]) -> String {
    let Some(first) = effects.first() else { return String::new() };
    let head = ["addition", "median change", "95th percentile", "mean, signed", "gained", "lost", "refused"];
    let row = |effect: &AdditionEffect| {
        let numbers = [effect.median, effect.percentile_95, effect.signed].map(number_cell);
        let shares = [effect.gained, effect.lost, effect.refused].map(|share| number_cell(Some(share)));
        [escape(&effect.name)].into_iter().chain(numbers).chain(shares).collect()
    };
    format!(
        "\n**What must not help.** Something that is no evidence was added to {} reports. The changes are those of levels that \
         both versions show; gained and lost count the competencies per report that only one version shows; refused is the share \
         of reports that were no longer taken for an account of sales work.\n\n{}",
        first.reports,
        Table::of_cells(&head, effects.iter().map(row).collect())
    )
}

/// A number with three digits, or a dash.
fn number_cell(number: Option<f64>) -> String {
    number.map_or("–".to_owned(), |number| format!("{number:.3}"))
}

fn limits() -> String {
    "**Limits.** The model can be wrong, and is wrong more often where its intervals are wide. It knows only what its training \
     data show, and the figures hold for texts like those that they were computed from. Names and genders are exchanged by \
     pattern, which misses some of them.\n"
        .to_owned()
}

/// The leaves of a JSON value that are not null, with their paths.
fn leaves(value: &Value) -> Vec<(String, String)> {
    fn collect(path: &str, value: &Value, out: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    collect(&path, value, out);
                }
            }
            Value::Null => {}
            Value::String(text) => out.push((path.to_owned(), text.clone())),
            _ => out.push((path.to_owned(), value.to_string())),
        }
    }
    let mut out = Vec::new();
    collect("", value, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_is_listed_leaf_by_leaf() {
        let recipe = serde_json::json!({"heads": {"epochs": 3, "note": null}, "data": "x"});
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(leaves(&recipe), [pair("data", "x"), pair("heads.epochs", "3")]);
    }
}
