//! Figures for people: pages, plots, tables and the model card.

pub mod card;
pub mod curves;
pub mod html;
mod plots;
