//! Wildcards in keys: `logs/2024-*/x?.gz`.
//!
//! They are a shell's, not those of `--exclude` and `--include`: `*`, `?` and `[a-z]` stay within one level, `**` crosses
//! slashes. So `rm logs/*` takes no more than what `logs/` holds itself.

/// A key with wildcards.
#[derive(Clone, Debug)]
pub struct Glob {
    /// The folder in which the first wildcard stands, with its slash.
    folder: String,
    /// What keys below the folder begin with.
    beginning: String,
    /// The pattern below the folder.
    steps: Vec<Step>,
    /// Whether what lies below something that fits does too.
    is_recursive: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Literal(char),
    /// `?`
    One,
    /// `[a-c]` or `[!a-c]`.
    OneOf {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
    /// `*`
    Any,
    /// `**`
    AnyDeep,
    /// `**/`: any number of whole levels, none too.
    Levels,
}

impl Glob {
    /// Reads a key; none if nothing in it looks like a wildcard. With `is_recursive` all below what fits is meant as well.
    pub fn new(key: &str, is_recursive: bool) -> Option<Self> {
        let first = key.find(['*', '?', '['])?;
        let (folder, rest) = key.split_at(key[..first].rfind('/').map_or(0, |slash| slash + 1));
        let rest = if is_recursive { rest.trim_end_matches('/') } else { rest };
        let steps = read_steps(rest);
        let literal = |step: &Step| match step {
            Step::Literal(character) => Some(*character),
            _ => None,
        };
        let beginning = steps.iter().map_while(literal).collect();
        Some(Self { folder: folder.to_owned(), beginning, steps, is_recursive })
    }

    /// The folder in which the first wildcard stands, with its slash: names at a target begin behind it.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// What keys that fit begin with below the folder.
    pub fn beginning(&self) -> &str {
        &self.beginning
    }

    /// Whether all that fits lies in the folder itself, so that deeper levels need not be listed.
    pub fn is_one_level(&self) -> bool {
        let crosses = |step: &Step| matches!(step, Step::AnyDeep | Step::Levels | Step::Literal('/'));
        !self.is_recursive && !self.steps.iter().any(crosses)
    }

    /// Whether a whole key fits.
    pub fn fits(&self, key: &str) -> bool {
        key.strip_prefix(self.folder.as_str()).is_some_and(|below| self.fits_below(below))
    }

    /// Whether what follows the folder in a key fits.
    ///
    /// All ways to fit are followed at once, one character after the other, so no pattern takes long.
    pub fn fits_below(&self, below: &str) -> bool {
        let end = self.steps.len();
        let mut reached = vec![false; end + 1];
        // Inside levels that are passed through, which end with a slash.
        let mut inside = vec![false; end];
        self.reach(&mut reached, &mut inside, 0);
        for character in below.chars() {
            if self.is_recursive && character == '/' && reached[end] {
                return true;
            }
            let (before, within) = (std::mem::take(&mut reached), std::mem::take(&mut inside));
            (reached, inside) = (vec![false; end + 1], vec![false; end]);
            for (at, step) in self.steps.iter().enumerate() {
                if within[at] {
                    inside[at] = true;
                    if character == '/' {
                        self.reach(&mut reached, &mut inside, at + 1);
                    }
                }
                if !before[at] {
                    continue;
                }
                match step {
                    Step::Any if character != '/' => self.reach(&mut reached, &mut inside, at),
                    Step::AnyDeep => self.reach(&mut reached, &mut inside, at),
                    Step::Any | Step::Levels => {}
                    step if step.fits(character) => self.reach(&mut reached, &mut inside, at + 1),
                    _ => {}
                }
            }
        }
        reached[end]
    }

    /// Marks a step as the next, and those behind it that need no character.
    fn reach(&self, reached: &mut [bool], inside: &mut [bool], from: usize) {
        for at in from..reached.len() {
            reached[at] = true;
            match self.steps.get(at) {
                Some(Step::Levels) => inside[at] = true,
                Some(Step::Any | Step::AnyDeep) => {}
                _ => return,
            }
        }
    }
}

impl Step {
    fn fits(&self, character: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == character,
            Self::One => character != '/',
            Self::OneOf { ranges, negated } => {
                let is_in = ranges.iter().any(|(first, last)| (first..=last).contains(&&character));
                character != '/' && is_in != *negated
            }
            Self::Any | Self::AnyDeep | Self::Levels => false,
        }
    }
}

fn read_steps(pattern: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let begins_level = steps.last().is_none_or(|last| *last == Step::Literal('/'));
        if let Some(behind) = rest.strip_prefix("**/").filter(|_| begins_level) {
            steps.push(Step::Levels);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("**") {
            steps.push(Step::AnyDeep);
            rest = behind.trim_start_matches('*');
        } else if let Some((set, behind)) = rest.strip_prefix('[').and_then(read_set) {
            steps.push(set);
            rest = behind;
        } else {
            steps.push(match character {
                '*' => Step::Any,
                '?' => Step::One,
                literal => Step::Literal(literal),
            });
            rest = &rest[character.len_utf8()..];
        }
    }
    steps
}

/// The set behind a `[`, and what follows it; none if it is not closed. A `]` right at its beginning belongs to it. A
/// set of one character stands for that character: `[*]` is an asterisk.
fn read_set(text: &str) -> Option<(Step, &str)> {
    let (negated, body) = match text.strip_prefix(['!', '^']) {
        Some(body) => (true, body),
        None => (false, text),
    };
    let skipped = usize::from(body.starts_with(']'));
    let end = body[skipped..].find(']')? + skipped;
    let characters: Vec<char> = body[..end].chars().collect();
    let mut ranges = Vec::new();
    let mut rest = characters.as_slice();
    while let Some((&first, tail)) = rest.split_first() {
        if let ['-', last, after @ ..] = tail {
            ranges.push((first, *last));
            rest = after;
        } else {
            ranges.push((first, first));
            rest = tail;
        }
    }
    let step = match ranges[..] {
        [(first, last)] if first == last && !negated => Step::Literal(first),
        _ => Step::OneOf { ranges, negated },
    };
    Some((step, &body[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, key: &str) -> bool {
        Glob::new(pattern, false).is_some_and(|glob| glob.fits(key))
    }

    #[test]
    fn wildcards_stay_within_a_level_unless_doubled() {
        for (pattern, key) in [
            ("logs/2024-*/x?.gz", "logs/2024-01/x1.gz"),
            ("*", "a"),
            ("a*", "a"),
            ("*.gz", "x.gz"),
            ("a/**", "a/b/c"),
            ("a/**/c", "a/c"),
            ("a/**/c", "a/b/c"),
            ("a/**/c", "a/b/b/c"),
            ("**/*.gz", "x.gz"),
            ("**/*.gz", "a/b/x.gz"),
            ("a**c", "a/b/c"),
            ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"),
            ("a[*]b?", "a*bc"),
            ("[]]?", "]x"),
            ("[a?", "[ab"),
            ("grü?", "grüß"),
            ("*a*b*c", "xxaxxbxxc"),
        ] {
            assert!(fits(pattern, key), "{pattern} {key}");
        }
        for (pattern, key) in [
            ("logs/*", "logs/a/b"),
            ("logs/2024-*/x?.gz", "logs/2024-01/a/x1.gz"),
            ("a?b", "a/b"),
            ("[!a]", "/"),
            ("a/**/c", "a/bc"),
            ("a/**/c", "ac"),
            ("**/c", "abc"),
            ("*.gz", "a/x.gz"),
            ("*.gz", "x.gz2"),
            ("*", "/"),
        ] {
            assert!(!fits(pattern, key), "{pattern} {key}");
        }
    }

    #[test]
    fn a_listing_begins_at_the_longest_literal_prefix() {
        let glob = Glob::new("logs/2024-*/x?.gz", false).unwrap();
        assert_eq!((glob.folder(), glob.beginning()), ("logs/", "2024-"));
        assert!(!glob.is_one_level());
        assert!(Glob::new("logs/2024-*.gz", false).unwrap().is_one_level());
        assert!(!Glob::new("logs/**", false).unwrap().is_one_level());
        assert_eq!(Glob::new("a[*]b*", false).unwrap().beginning(), "a*b");
        assert!(Glob::new("logs/plain", false).is_none());
        let escaped = Glob::new("a[*]b", false).unwrap();
        assert!(escaped.fits("a*b") && !escaped.fits("axb"));
    }

    #[test]
    fn recursively_all_below_what_fits_does_too() {
        let glob = Glob::new("logs/2024-*", true).unwrap();
        assert!(glob.fits("logs/2024-01/x/y") && glob.fits("logs/2024-01"));
        assert!(!glob.fits("logs/2023-01/2024-x"));
        assert!(Glob::new("logs/*/", true).unwrap().fits("logs/a/b"));
    }

    #[test]
    fn many_stars_end_soon() {
        let pattern = format!("{}b", "a*".repeat(200));
        assert!(!fits(&pattern, &"a".repeat(1000)));
        assert!(!fits(&format!("{}b", "**/".repeat(50)), &"a/".repeat(500)));
    }
}
