//! `trainer pretrain` trains an encoder on texts without labels.

use salesmirror_trainer::pretraining::{PretrainArgs, pretrain};
use salesmirror_trainer::run::{interrupt, training};

use super::Outcome;

pub type Options = PretrainArgs;

pub fn run(options: &Options) -> Outcome {
    interrupt::listen()?;
    let pretrained = pretrain(options, &training::stop_on_interrupt)?;
    match pretrained.held_out {
        Some(accuracy) => println!(
            "held out: MLM loss {:.3}, accuracy {:.3} of {} masked tokens; NSP accuracy {:.3} of {} pairs",
            accuracy.mlm_loss(),
            accuracy.mlm_accuracy(),
            accuracy.masked,
            accuracy.nsp_accuracy(),
            accuracy.pairs
        ),
        None => println!("no texts were held out"),
    }
    println!("{}", pretrained.encoder.display());
    Ok(())
}
