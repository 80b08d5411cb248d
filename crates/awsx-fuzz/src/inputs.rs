//! Inputs by number: a text of the corpus, changed in a few places.

use std::fs;
use std::path::Path;

/// Longer inputs find nothing that shorter ones do not.
const LONGEST: usize = 64 * 1024;
/// What a depth limit has to stand.
const MOST_REPETITIONS: u64 = 20_000;

/// Makes the inputs of one target.
pub(crate) struct Inputs {
    corpus: Vec<Vec<u8>>,
    words: &'static [&'static [u8]],
}

impl Inputs {
    /// Reads the corpus of a target. `words` are pieces of its language.
    pub(crate) fn read(folder: &Path, words: &'static [&'static [u8]]) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("`{}`: {error}", folder.display());
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            paths.push(entry.map_err(failed)?.path());
        }
        // The order of a folder differs from machine to machine, the inputs should not.
        paths.sort();
        let corpus: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<Result<_, _>>().map_err(failed)?;
        if corpus.is_empty() {
            Err(format!("`{}` is empty", folder.display()))
        } else {
            Ok(Self { corpus, words })
        }
    }

    /// The input of a number. The first ones are the corpus as it lies.
    pub(crate) fn make(&self, number: u64) -> Vec<u8> {
        if let Some(input) = usize::try_from(number).ok().and_then(|number| self.corpus.get(number)) {
            return input.clone();
        }
        let mut chance = Chance(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
        let mut input = chance.pick(&self.corpus).clone();
        for _ in 0..=chance.below(6) {
            self.change(&mut input, &mut chance);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&self, input: &mut Vec<u8>, chance: &mut Chance) {
        let (start, end) = chance.range(input.len());
        match chance.below(9) {
            0 => input.truncate(start),
            1 => drop(input.drain(start..end)),
            2 if start < input.len() => input[start] ^= 1 << chance.below(8),
            3 if start < input.len() => {
                input[start] = *chance.pick(&[0, b'\n', b'"', b'\\', 0x7f, 0x80, 0xff]);
            }
            4 => {
                let word = chance.pick(self.words);
                splice(input, start, start, word, 1);
            }
            5 => {
                // Deep nesting and long lists.
                let word = chance.pick(self.words);
                // Mostly few.
                let most = 1 + chance.below(MOST_REPETITIONS);
                let times = 1 + chance.below(most);
                splice(input, start, start, word, times);
            }
            6 => {
                let piece = input[start..end].to_vec();
                let times = 1 + chance.below(64);
                splice(input, end, end, &piece, times);
            }
            7 => {
                let other = chance.pick(&self.corpus);
                let (from, to) = chance.range(other.len());
                splice(input, start, end, &other[from..to], 1);
            }
            _ => {
                let number = chance.pick(&["0", "-1", "2147483648", "9223372036854775808", "1e999", "NaN"]);
                splice(input, start, start, number.as_bytes(), 1);
            }
        }
    }
}

/// Puts a piece, as often as it fits, in the place of a range.
fn splice(input: &mut Vec<u8>, start: usize, end: usize, piece: &[u8], times: u64) {
    let room = LONGEST.saturating_sub(input.len());
    let fit = room.checked_div(piece.len()).unwrap_or_default();
    let times = usize::try_from(times).unwrap_or(usize::MAX).min(fit);
    input.splice(start..end, piece.repeat(times));
}

/// `SplitMix64`: small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let position = self.below(choices.len() as u64);
        &choices[usize::try_from(position).expect("a position in memory fits")]
    }

    /// A range within `length`, mostly short.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let bound = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let start = bound(self.below(length as u64 + 1));
        let longest = (length - start).min(1 << self.below(12));
        (start, start + bound(self.below(longest as u64 + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_one_input_within_bounds() {
        let inputs = Inputs { corpus: vec![b"[a]\nb = c\n".to_vec(), Vec::new()], words: &[b"[", b"="] };
        assert_eq!(inputs.make(0), b"[a]\nb = c\n");
        let mut lengths = std::collections::BTreeSet::new();
        for number in 0..2000 {
            let input = inputs.make(number);
            assert_eq!(input, inputs.make(number));
            assert!(input.len() <= LONGEST);
            lengths.insert(input.len());
        }
        assert!(lengths.len() > 100, "inputs differ: {}", lengths.len());
    }
}
