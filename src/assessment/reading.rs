//! A report on its way through the encoder: its windows, and the sentence vectors computed from them. Parts of it can be read once
//! more, alone, and sentences that turn out not to count are taken out of it.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::{AssessError, Length, Objection};
use crate::model::{Encoder, Tokenizer};
use crate::rubric::Rubric;
use crate::text::{
    Authorship, Document, Language, Origin, Sentence, Speaker, TextError, Whose, Window, windows,
};

/// The most tokens in a window, including the framing ids. Longer windows cost more than they gain.
const WINDOW_TOKENS: usize = 384;

/// The number of framing ids in a window.
const FRAME: usize = 2;

/// The most windows that [`WindowMemory`] keeps, which is about a hundred pages.
const REMEMBERED: usize = 256;

/// A window as the encoder sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenWindow {
    /// Token ids, including the framing ids.
    ids: Vec<u32>,
    /// The number of tokens in each piece of a sentence, in order. Together the pieces hold all tokens but the framing ids.
    lengths: Vec<u32>,
}

impl TokenWindow {
    /// Makes a window from token ids, including the framing ids, and the number of tokens in each piece.
    ///
    /// # Errors
    /// When the lengths do not add up to the number of ids between the framing ids.
    pub fn new(ids: Vec<u32>, lengths: Vec<u32>) -> candle_core::Result<Self> {
        let total: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
        if total + FRAME as u64 != ids.len() as u64 {
            candle_core::bail!("a window of {} ids cannot have pieces of {total} tokens in all", ids.len());
        }
        Ok(Self { ids, lengths })
    }

    /// Returns the token ids, including the framing ids.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Returns the number of tokens in each piece.
    pub fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    /// Sums the window's token vectors, `[tokens, hidden]`, over each piece, and returns `[pieces, hidden]`, row by row.
    ///
    /// # Errors
    /// When there are fewer token vectors than tokens.
    pub fn sums(&self, states: &Tensor) -> candle_core::Result<Vec<f32>> {
        let mut sums = Vec::with_capacity(self.lengths.len() * states.dim(1)?);
        let mut start = 1;
        for &length in &self.lengths {
            let sum = states.narrow(0, start, length as usize)?.sum(0)?;
            sums.extend(sum.to_vec1::<f32>()?);
            start += length as usize;
        }
        Ok(sums)
    }
}

/// Encodes windows, sums their token vectors over each piece, and returns `[pieces, hidden]` for each window.
///
/// # Errors
/// As [`Encoder::forward`].
pub fn encode(encoder: &Encoder, windows: &[&TokenWindow]) -> Result<Vec<Vec<f32>>, AssessError> {
    let ids: Vec<&[u32]> = windows.iter().map(|window| window.ids()).collect();
    let states = encoder.forward(&ids)?;
    let mut start = 0;
    let mut all = Vec::with_capacity(windows.len());
    for window in windows {
        all.push(window.sums(&states.narrow(0, start, window.ids.len())?)?);
        start += window.ids.len();
    }
    Ok(all)
}

/// A part of a report that the gate judges for itself.
pub(super) struct JudgedPart {
    pub(super) sentences: Range<usize>,
    /// The probability that it is an account of the writer's own sales work.
    pub(super) sales: f32,
    /// Its own windows, if it is read alone.
    alone: Option<Alone>,
}

/// The windows of a part that is read without the rest of its report as context.
struct Alone {
    /// Their pieces count the part's own sentences.
    layout: Vec<Window>,
    /// The index of the first of them in [`Reading::windows`].
    first: usize,
}

/// A tokenized report, some of whose windows are encoded.
pub struct Reading {
    document: Document,
    /// Whose words its sentences are.
    authorship: Authorship,
    /// Whether the reader says that it is an account of the writer's own sales work.
    claimed: bool,
    /// What the reader says is no evidence, as indices of a competency and of a sentence.
    objections: BTreeSet<(usize, usize)>,
    /// The tokens of each sentence that the encoder reads.
    tokens: Vec<Vec<u32>>,
    /// The ids that frame a window.
    frame: [u32; FRAME],
    /// The most tokens in a window, without the framing ids.
    budget: usize,
    coverage: f32,
    layout: Vec<Window>,
    /// The parts of the report; `None` until its windows are encoded and the parts are judged.
    parts: Option<Vec<JudgedPart>>,
    /// Whether each sentence belongs to a part that is refused; `None` until it is known which are.
    refused: Option<Vec<bool>>,
    /// The windows of the text, and after them those of parts that are read alone.
    windows: Vec<TokenWindow>,
    /// For each encoded window, the sums of the token vectors of its pieces, `[pieces, hidden]`.
    sums: Vec<Option<Arc<[f32]>>>,
}

impl Reading {
    /// Tokenizes a report and lays out its windows for an encoder with `positions` positions. All of it is taken for the writer's
    /// own words.
    ///
    /// # Errors
    /// [`TextError::Empty`] if no sentence has a token.
    pub fn begin(document: Document, tokenizer: &Tokenizer, positions: usize) -> Result<Self, AssessError> {
        Self::lay_out(document, tokenizer, positions, |_| Authorship::default())
    }

    /// Does the same as [`Self::begin`], but first finds out whose words the sentences of `report` are, which is the text that
    /// was read. Other speakers are context for the encoder; what is quoted, frames a mail or stood in the text before is not
    /// encoded, so the assessment is the same as without it.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_attributed(
        report: &str,
        whose: &Whose,
        document: Document,
        tokenizer: &Tokenizer,
        positions: usize,
    ) -> Result<Self, AssessError> {
        let attribute = |sentences: &[Sentence]| Authorship::of(report, sentences, whose);
        let reading = Self::lay_out(document, tokenizer, positions, attribute)?;
        Ok(Self { claimed: whose.account, ..reading })
    }

    fn lay_out(
        mut document: Document,
        tokenizer: &Tokenizer,
        positions: usize,
        attribute: impl FnOnce(&[Sentence]) -> Authorship,
    ) -> Result<Self, AssessError> {
        let mut tokens = Vec::with_capacity(document.sentences.len());
        let mut unknown = 0;
        let mut sentences = Vec::with_capacity(document.sentences.len());
        for sentence in document.sentences.drain(..) {
            let encoding = tokenizer.encode(&sentence.text)?;
            if !encoding.ids.is_empty() {
                unknown += encoding.unknown_characters;
                tokens.push(encoding.ids);
                sentences.push(sentence);
            }
        }
        if sentences.is_empty() {
            return Err(TextError::Empty.into());
        }
        document.sentences = sentences;
        let authorship = attribute(&document.sentences);
        let is_read = |origin: &Option<Origin>| matches!(origin, None | Some(Origin::OtherSpeaker));
        if authorship.origins.iter().any(is_read) {
            for (ids, _) in tokens.iter_mut().zip(&authorship.origins).filter(|(_, origin)| !is_read(origin))
            {
                ids.clear();
            }
        }
        let characters = document.characters.max(1) as f32;
        let mut reading = Self {
            coverage: (1.0 - unknown as f32 / characters).max(0.0),
            sums: Vec::new(),
            parts: None,
            refused: None,
            tokens,
            frame: tokenizer.frame(),
            budget: positions.min(WINDOW_TOKENS) - FRAME,
            windows: Vec::new(),
            layout: Vec::new(),
            document,
            authorship,
            claimed: false,
            objections: BTreeSet::new(),
        };
        reading.lay_out_windows();
        Ok(reading)
    }

    /// Lays out the windows of the text, and no others. Those that it had before stay encoded.
    fn lay_out_windows(&mut self) {
        let encoded: HashMap<TokenWindow, Arc<[f32]>> = self
            .windows
            .drain(..)
            .zip(self.sums.drain(..))
            .filter_map(|(window, sums)| Some((window, sums?)))
            .collect();
        self.layout = windows(&self.tokens, self.budget);
        self.windows = self.layout.iter().map(|window| framed(window, &self.tokens, self.frame)).collect();
        self.sums = self.windows.iter().map(|window| encoded.get(window).cloned()).collect();
    }

    /// Returns the parts of the report; `None` until they are judged.
    pub(super) fn parts(&self) -> Option<&[JudgedPart]> {
        self.parts.as_deref()
    }

    /// Takes note of how the parts of the report, given by their sentences, are judged, and lays out windows for those that
    /// `is_doubtful` says are to be read alone. They come after the windows of the text.
    pub(super) fn judge(
        &mut self,
        parts: impl IntoIterator<Item = (Range<usize>, f32)>,
        is_doubtful: impl Fn(f32) -> bool,
    ) {
        let mut judged = Vec::new();
        for (sentences, sales) in parts {
            let alone = is_doubtful(sales).then(|| {
                let tokens = &self.tokens[sentences.clone()];
                let layout = windows(tokens, self.budget);
                let first = self.windows.len();
                self.windows.extend(layout.iter().map(|window| framed(window, tokens, self.frame)));
                Alone { layout, first }
            });
            judged.push(JudgedPart { sentences, sales, alone });
        }
        self.sums.resize(self.windows.len(), None);
        self.parts = Some(judged);
    }

    /// Judges the parts that were read alone by their mean token vectors, `[sentences, hidden]`.
    ///
    /// # Errors
    /// When a window is not encoded yet, or `judge` fails.
    pub(super) fn judge_alone(
        &mut self,
        judge: impl Fn(&Range<usize>, &Tensor) -> Result<f32, AssessError>,
    ) -> Result<(), AssessError> {
        let judge_anew = |JudgedPart { sentences, sales, alone }: &JudgedPart| {
            let Some(Alone { layout, first }) = alone else { return Ok(*sales) };
            let vectors = self.vectors(&self.tokens[sentences.clone()], layout, &self.sums[*first..])?;
            judge(sentences, &vectors)
        };
        let judged: Vec<f32> =
            self.parts.iter().flatten().map(judge_anew).collect::<Result<_, AssessError>>()?;
        for (part, sales) in self.parts.iter_mut().flatten().zip(judged) {
            part.sales = sales;
        }
        Ok(())
    }

    /// Takes the refused sentences out of what is encoded, so that the rest is read as if they did not stand in the text.
    pub(super) fn refuse(&mut self, refused: Vec<bool>) {
        if refused.contains(&true) {
            for (ids, _) in self.tokens.iter_mut().zip(&refused).filter(|(_, refused)| **refused) {
                ids.clear();
            }
            self.lay_out_windows();
        } else {
            self.windows.truncate(self.layout.len());
            self.sums.truncate(self.layout.len());
        }
        self.refused = Some(refused);
    }

    /// Returns whether each sentence belongs to a part that is refused; `None` until it is known.
    pub(super) fn refused(&self) -> Option<&[bool]> {
        self.refused.as_deref()
    }

    /// Returns whether a sentence, given by its index, is taken for the writer's own and belongs to no part that is refused.
    pub fn counts(&self, sentence: usize) -> bool {
        self.origin(sentence).is_none() && !self.refused().is_some_and(|refused| refused[sentence])
    }

    /// Takes note of what the reader says is no evidence. An objection to a competency that the rubric does not have, or to
    /// anything but a sentence, is ignored.
    pub(super) fn object(&mut self, objections: &[Objection], rubric: &Rubric) {
        let sentences = self.document.sentences.as_slice();
        let resolve = |Objection { competency, start, end }: &Objection| {
            let sentence = sentences.binary_search_by_key(start, |sentence| sentence.range.start).ok()?;
            (sentences[sentence].range.end == *end).then_some((rubric.position(competency)?, sentence))
        };
        self.objections = objections.iter().filter_map(resolve).collect();
    }

    /// Returns the objections of the reader as indices of a competency and of a sentence, in order.
    pub(super) fn objections(&self) -> &BTreeSet<(usize, usize)> {
        &self.objections
    }

    /// Returns whether the reader says that the report is an account of the writer's own sales work.
    pub fn is_claimed(&self) -> bool {
        self.claimed
    }

    /// Returns why a sentence, given by its index, is not taken for the writer's own; `None` if it is.
    pub fn origin(&self, sentence: usize) -> Option<Origin> {
        self.authorship.origins.get(sentence).copied().flatten()
    }

    /// Returns the speakers if the report is a conversation.
    pub fn speakers(&self) -> &[Speaker] {
        &self.authorship.speakers
    }

    /// Returns the report's language.
    pub fn language(&self) -> Language {
        self.document.language
    }

    /// Returns the report's sentences that have a token, in text order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.document.sentences
    }

    /// Returns the share of the report's characters that are in the vocabulary, from 0 to 1.
    pub fn coverage(&self) -> f32 {
        self.coverage
    }

    /// Returns the report's length.
    pub fn length(&self) -> Length {
        Length {
            characters: self.document.characters,
            sentences: self.document.sentences.len(),
            tokens: self.tokens.iter().map(Vec::len).sum(),
            windows: self.layout.len(),
        }
    }

    /// Returns the number of tokens in the sentences that count.
    pub fn own_tokens(&self) -> usize {
        self.tokens.iter().enumerate().filter(|(j, _)| self.counts(*j)).map(|(_, tokens)| tokens.len()).sum()
    }

    /// Returns the report's windows in text order, and after them those of parts that are read alone.
    pub fn windows(&self) -> &[TokenWindow] {
        &self.windows
    }

    /// Returns, for each sentence, the rows of its tokens in the concatenated token vectors of the text's windows.
    pub fn sentence_rows(&self) -> Vec<Vec<Range<usize>>> {
        let mut rows: Vec<Vec<Range<usize>>> = vec![Vec::new(); self.tokens.len()];
        let mut start = 0;
        for (window, layout) in self.windows.iter().zip(&self.layout) {
            let mut at = start + 1;
            for (piece, &length) in layout.pieces.iter().zip(&window.lengths) {
                rows[piece.sentence].push(at..at + length as usize);
                at += length as usize;
            }
            start += window.ids.len();
        }
        rows
    }

    /// Returns the indices of the windows that are not encoded yet.
    pub fn missing(&self) -> Vec<usize> {
        (0..self.sums.len()).filter(|&i| self.sums[i].is_none()).collect()
    }

    /// Stores the result of [`encode`] for a window.
    ///
    /// # Errors
    /// When there is no window with that index, or the sums are not `[pieces, hidden]`.
    pub fn fill(&mut self, window: usize, sums: Vec<f32>) -> candle_core::Result<()> {
        let pieces = self.windows.get(window).map_or(0, |window| window.lengths.len());
        if pieces == 0 || sums.is_empty() || !sums.len().is_multiple_of(pieces) {
            candle_core::bail!(
                "{} sums cannot be those of the {pieces} pieces of window {window}",
                sums.len()
            );
        }
        self.sums[window] = Some(sums.into());
        Ok(())
    }

    /// Encodes every window that is missing.
    ///
    /// # Errors
    /// As [`Encoder::forward`].
    pub fn encode_missing(&mut self, encoder: &Encoder) -> Result<(), AssessError> {
        let mut missing = self.missing().into_iter().peekable();
        while missing.peek().is_some() {
            // Short windows share a pass over the weights, as long as memory stays bounded.
            let mut tokens = 0;
            let mut batch = Vec::new();
            while let Some(i) = missing.next_if(|&i| {
                tokens += self.windows[i].ids.len();
                batch.is_empty() || tokens <= WINDOW_TOKENS
            }) {
                batch.push(i);
            }
            let windows: Vec<&TokenWindow> = batch.iter().map(|&i| &self.windows[i]).collect();
            for (i, sums) in batch.into_iter().zip(encode(encoder, &windows)?) {
                self.fill(i, sums)?;
            }
        }
        Ok(())
    }

    /// Computes the mean token vector of each sentence, `[sentences, hidden]`; zero for a sentence that is not read.
    ///
    /// # Errors
    /// When a window of the text is not encoded yet.
    pub fn sentence_vectors(&self) -> candle_core::Result<Tensor> {
        self.vectors(&self.tokens, &self.layout, &self.sums)
    }

    /// Computes the mean token vector of each sentence, given by its tokens, from the windows laid out for them and their sums.
    fn vectors(
        &self,
        tokens: &[Vec<u32>],
        layout: &[Window],
        sums: &[Option<Arc<[f32]>>],
    ) -> candle_core::Result<Tensor> {
        let mut vectors: Vec<Vec<f32>> = vec![Vec::new(); tokens.len()];
        let mut hidden = 0;
        for (window, sums) in layout.iter().zip(sums) {
            let Some(sums) = sums else {
                let (missing, all) = (self.missing().len(), self.sums.len());
                candle_core::bail!("{missing} of {all} windows are not encoded yet");
            };
            hidden = sums.len() / window.pieces.len();
            for (piece, sum) in window.pieces.iter().zip(sums.chunks_exact(hidden)) {
                let vector = &mut vectors[piece.sentence];
                vector.resize(hidden, 0.0);
                vector.iter_mut().zip(sum).for_each(|(total, x)| *total += x);
            }
        }
        for (vector, tokens) in vectors.iter_mut().zip(tokens) {
            vector.resize(hidden, 0.0);
            vector.iter_mut().for_each(|x| *x /= tokens.len().max(1) as f32);
        }
        Tensor::from_vec(vectors.concat(), (tokens.len(), hidden), &Device::Cpu)
    }
}

/// Makes the window that the encoder sees of pieces of sentences, which are given by their tokens.
fn framed(window: &Window, tokens: &[Vec<u32>], [first, last]: [u32; FRAME]) -> TokenWindow {
    let pieces = window.pieces.iter().map(|piece| &tokens[piece.sentence][piece.tokens.clone()]);
    TokenWindow {
        lengths: pieces.clone().map(|ids| ids.len() as u32).collect(),
        ids: [first].into_iter().chain(pieces.flatten().copied()).chain([last]).collect(),
    }
}

/// Recently encoded windows, kept so that an edit costs no more than the windows that it changes. The encoding of a
/// window depends on its ids alone, so a recalled window is bit for bit what encoding it again would give.
#[derive(Default)]
pub struct WindowMemory {
    /// The sums of each window, with the time of its last use.
    sums: HashMap<TokenWindow, (u64, Arc<[f32]>)>,
    /// Counts the calls of [`Self::recall`].
    time: u64,
}

impl WindowMemory {
    /// Fills in the windows of a reading that are remembered.
    pub fn recall(&mut self, reading: &mut Reading) {
        self.time += 1;
        for (window, sums) in reading.windows.iter().zip(&mut reading.sums) {
            if let Some((used, known)) = self.sums.get_mut(window) {
                *used = self.time;
                *sums = Some(Arc::clone(known));
            }
        }
    }

    /// Remembers the encoded windows of a reading, and forgets the windows that have been unused for longest.
    pub fn keep(&mut self, reading: &Reading) {
        for window in 0..reading.windows.len() {
            self.remember(reading, window);
        }
        self.forget();
    }

    /// Does the same as [`Self::keep`] for one window, so that a long text can keep each window as soon as it is encoded.
    pub fn keep_window(&mut self, reading: &Reading, window: usize) {
        self.remember(reading, window);
        self.forget();
    }

    fn remember(&mut self, reading: &Reading, window: usize) {
        let (Some(ids), Some(Some(sums))) = (reading.windows.get(window), reading.sums.get(window)) else {
            return;
        };
        self.sums.insert(ids.clone(), (self.time, Arc::clone(sums)));
    }

    fn forget(&mut self) {
        if self.sums.len() > REMEMBERED {
            let mut times: Vec<u64> = self.sums.values().map(|(used, _)| *used).collect();
            times.sort_unstable();
            let oldest = times[times.len() - REMEMBERED];
            self.sums.retain(|_, (used, _)| *used >= oldest);
        }
    }
}
