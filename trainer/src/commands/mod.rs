//! One file a command: its options and what it prints.

pub mod config;
pub mod crossval;
pub mod evaluate;
