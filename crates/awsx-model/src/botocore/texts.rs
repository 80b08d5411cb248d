//! Keeps the texts of a model for as long as the program runs, each once.

use std::collections::HashSet;

use crate::Text;

/// The texts that are kept.
#[derive(Debug, Default)]
pub(crate) struct Texts(HashSet<Text>);

impl Texts {
    pub(crate) fn keep(&mut self, text: &str) -> Text {
        if let Some(kept) = self.0.get(text) {
            return kept;
        }
        let kept: Text = text.to_owned().leak();
        self.0.insert(kept);
        kept
    }

    pub(crate) fn keep_optional(&mut self, text: Option<&String>) -> Option<Text> {
        text.map(|text| self.keep(text))
    }

    pub(crate) fn keep_all(&mut self, texts: &[String]) -> Vec<Text> {
        texts.iter().map(|text| self.keep(text)).collect()
    }
}
