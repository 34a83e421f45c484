//! The model card: what a model is for and not for, how it was made, what it is worth (Mitchell et al. 2019).

use std::fmt::Write;

use salesmirror::Rubric;
use salesmirror::model::Model;
use serde_json::Value;

use super::bias::Bias;
use super::figures::{Evaluation, Figure, Measure, Slice};

/// What the card is written from.
pub struct Facts<'a> {
    pub model: &'a Model,
    pub bytes: usize,
    /// Name of the data file that was judged.
    pub data: &'a str,
    /// What is to be said of the data, in the words of those who gave them.
    pub note: Option<&'a str>,
    /// Whether the model was trained on these data.
    pub seen: bool,
    pub evaluation: &'a Evaluation,
    pub bias: &'a Bias,
}

/// Text that stays in one cell of a Markdown table and is no mark-up.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn cell(figure: Option<&Figure>) -> String {
    figure.map_or("–".to_owned(), Figure::to_string)
}

/// The card in Markdown.
pub fn write(facts: &Facts) -> String {
    let Facts { model, bytes, data, note, seen, evaluation, bias } = facts;
    let rubric: &Rubric = &model.rubric;
    let mut card = String::new();
    let scale = &rubric.scale;
    let names: Vec<&str> = rubric.competencies.iter().map(|c| c.id.as_str()).collect();
    let evidence = evaluation.all().contains_key(&Measure::EvidenceAp);
    let _ = writeln!(card, "# Model card: {}\n", plain(&model.id));
    let _ = writeln!(
        card,
        "**What it does.** Reads a text in {} and estimates a level from {} to {} with an {} % interval for each of: {}. \
         What a text does not show is \"not shown\", never a low level.{}\n",
        rubric.languages.join(", "),
        scale.min,
        scale.max,
        super::figures::interval_percent(),
        plain(&names.join(", ")),
        if evidence { " Sentences that are the evidence are marked." } else { "" }
    );
    card += "**What it is for.** Feedback to the writer of a text, and a starting point for a conversation about it: \
             every level comes with its uncertainty and with sentences that people can check.\n\n";
    card += "**What it is not for.** Measuring a person; being the sole basis of a decision on anyone; ranking people; texts in \
             other languages or of other kinds than it was trained on.\n\n";
    let heads = &model.training;
    let reports = heads["reports"].as_u64().map_or(String::new(), |n| format!(" Trained on {n} reports."));
    let config = model.encoder.config();
    let _ = writeln!(
        card,
        "**How it was made.** A Transformer encoder of {} layers of width {} with a vocabulary of {}, and heads for evidence, presence \
         and ordinal level.{reports} The file holds {:.1} MB; SHA-256 `{}`. The recipe:\n",
        config.num_hidden_layers,
        config.hidden_size,
        config.vocab_size,
        *bytes as f64 / 1e6,
        model.sha256
    );
    let mut recipe = Vec::new();
    flatten("", &heads["recipe"], &mut recipe);
    recipe.iter().for_each(|(name, value)| {
        let _ = writeln!(card, "- {}: {}", plain(name), plain(value));
    });
    if let Some(note) = note {
        // A README's own headings would cut the card in pieces.
        let lines: Vec<&str> = note.lines().filter(|line| !line.starts_with('#')).collect();
        let _ = writeln!(card, "\n**The data.** {}\n", lines.join("\n").trim());
    }
    let _ = writeln!(
        card,
        "\n**Figures** on {} ({} reports, {} groups), 95 % bootstrap intervals in brackets; computed by the code that runs in the \
         browser, from the file as it ships, with the thresholds that ship.{}\n",
        plain(data),
        evaluation.reports,
        evaluation.groups,
        if *seen {
            " **The model was trained on these reports: these figures say how well it remembers, not how well it judges new \
             ones.** Cross-validation does that."
        } else {
            ""
        }
    );
    let measures = super::html::defined(&Measure::MAIN, evaluation.slices.iter());
    table(&mut card, evaluation, &measures);
    crossvalidation(&mut card, &heads["crossval"]);

    card += "\n**What must not matter.** Errors in levels, at a fixed true level.\n\n";
    for gap in &bias.languages {
        let [a, b] = &gap.languages;
        let _ = writeln!(card, "- {}, {} minus {}: {}", gap.measure.name(), plain(a), plain(b), gap.figure);
    }
    if let Some(length) = bias.length {
        let _ = writeln!(card, "- Spearman's correlation of error and length: {length}");
    }
    for field in &bias.fields {
        let extreme = |best: fn(&f64, &f64) -> bool| {
            let values = field.values.iter();
            values.reduce(|a, b| if best(&b.2.value, &a.2.value) { b } else { a })
        };
        if let (Some(low), Some(high)) = (extreme(|a, b| a < b), extreme(|a, b| a > b)) {
            let _ = writeln!(
                card,
                "- by {}: from {} ({}) to {} ({})",
                plain(&field.field),
                low.2,
                plain(&low.0),
                high.2,
                plain(&high.0)
            );
        }
    }
    for swap in &bias.swaps {
        let largest = swap.largest.map_or("–".to_owned(), |largest| format!("{largest:.3}"));
        let _ = writeln!(
            card,
            "- {} in {} reports: levels change by {} (signed {}), at most by {largest}; share shown or not shown anew {}",
            swap.name,
            swap.reports,
            cell(swap.change.as_ref()),
            cell(swap.signed.as_ref()),
            cell(swap.flips.as_ref())
        );
    }
    card += "\n**Limits.** It can be wrong, and is wrong more often where its intervals are wide. It knows what its training data show \
             and nothing else; figures hold for texts like those they were computed on. Names and genders are exchanged by pattern, which \
             misses some.\n";
    card
}

fn table(card: &mut String, evaluation: &Evaluation, measures: &[Measure]) {
    let _ = write!(card, "| slice | reports |");
    measures.iter().for_each(|measure| {
        let _ = write!(card, " {} |", measure.name());
    });
    let _ = writeln!(card, "\n|---|---:|{}", "---:|".repeat(measures.len()));
    let few = |slice: &&Slice| match &slice.of {
        None => true,
        Some((field, _)) => field == "language" && slice.competency.is_none(),
    };
    for slice in evaluation.slices.iter().filter(few) {
        let name = match (&slice.competency, &slice.of) {
            (Some(competency), _) => competency.clone(),
            (None, Some((_, value))) => format!("all {value}"),
            (None, None) => "all".to_owned(),
        };
        let _ = write!(card, "| {} | {} |", plain(&name), slice.reports);
        for measure in measures {
            let _ = write!(card, " {} |", cell(slice.figures.get(measure)));
        }
        card.push('\n');
    }
}

/// Figures of the cross-validation that the file remembers.
fn crossvalidation(card: &mut String, crossval: &Value) {
    let Some(figures) = crossval["rows"][0]["figures"].as_object() else { return };
    let _ = writeln!(
        card,
        "\n**Cross-validation** before it was made: {} folds grouped by {}, {} reports.\n",
        crossval["folds"],
        plain(crossval["group_by"].as_str().unwrap_or("")),
        crossval["reports"]
    );
    for (name, figure) in figures {
        if let Ok(figure) = serde_json::from_value::<Figure>(figure.clone()) {
            let _ = writeln!(card, "- {}: {figure}", name.replace('_', " "));
        }
    }
}

/// Leaves of a JSON value with their path.
fn flatten(path: &str, value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, out);
            }
        }
        Value::Null => {}
        Value::String(text) => out.push((path.to_owned(), text.clone())),
        _ => out.push((path.to_owned(), value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_data_stays_in_its_cell() {
        assert_eq!(plain("a|b\n<c>`d`"), "a\\|b &lt;c>\\`d\\`");
    }

    #[test]
    fn a_recipe_is_told_leaf_by_leaf() {
        let mut out = Vec::new();
        flatten("", &serde_json::json!({"heads": {"epochs": 3, "note": null}, "data": "x"}), &mut out);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(out, [pair("data", "x"), pair("heads.epochs", "3")]);
    }
}
