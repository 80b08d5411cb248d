//! `--exclude` and `--include`: patterns in order, the last that fits decides.

/// A rule as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether what fits is taken.
    pub include: bool,
    /// The pattern, as Python's `fnmatch` reads it.
    pub pattern: String,
}

/// Rules made into whole paths, once below the source and once below the target, as AWS CLI does.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    rules: Vec<(bool, [Vec<char>; 2])>,
}

impl Filter {
    /// `roots` are the folders or `bucket/prefix` that patterns are relative to.
    pub fn new(rules: &[Rule], roots: [&str; 2]) -> Self {
        let rules = rules.iter().map(|rule| {
            let patterns = roots.map(|root| join(root, &rule.pattern).chars().collect());
            (rule.include, patterns)
        });
        Self { rules: rules.collect() }
    }

    /// Whether the rules let this path through: a whole local path, or `bucket/key`.
    pub fn takes(&self, path: &str) -> bool {
        if self.rules.is_empty() {
            return true;
        }
        let path: Vec<char> = path.chars().collect();
        let fits =
            |(_, patterns): &&(bool, [Vec<char>; 2])| patterns.iter().any(|pattern| matches(pattern, &path));
        self.rules.iter().rev().find(fits).is_none_or(|(include, _)| *include)
    }
}

/// Python's `os.path.join`: a pattern that begins at the root stays as it is.
fn join(root: &str, pattern: &str) -> String {
    let pattern =
        if std::path::MAIN_SEPARATOR == '\\' { pattern.replace('\\', "/") } else { pattern.to_owned() };
    if pattern.starts_with('/') || root.is_empty() {
        pattern
    } else if root.ends_with('/') {
        format!("{root}{pattern}")
    } else {
        format!("{root}/{pattern}")
    }
}

/// A pattern as Python's `fnmatch` reads it.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<char>);

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(pattern: &str) -> Self {
        Self(pattern.chars().collect())
    }

    /// Whether it fits the whole text.
    pub fn fits(&self, text: &str) -> bool {
        matches(&self.0, &text.chars().collect::<Vec<_>>())
    }
}

/// Whether Python's `fnmatch` finds that the pattern fits the whole text: `*`, `?`, `[a-z]`, `[!a-z]`.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let (mut at, mut in_text) = (0, 0);
    // Where to go on if what follows a star does not fit: behind the star, one character later.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if at < pattern.len() && pattern[at] == '*' {
            retry = Some((at + 1, in_text));
            at += 1;
            continue;
        }
        if in_text == text.len() {
            return pattern[at..].iter().all(|&character| character == '*');
        }
        if let Some(length) = fits_one(&pattern[at..], text[in_text]) {
            at += length;
            in_text += 1;
            continue;
        }
        match &mut retry {
            Some((behind_star, from)) => {
                *from += 1;
                (at, in_text) = (*behind_star, *from);
            }
            None => return false,
        }
    }
}

/// How much of the pattern stands for this character; none if it does not.
fn fits_one(pattern: &[char], character: char) -> Option<usize> {
    match *pattern.first()? {
        '?' => Some(1),
        '[' => match set_end(pattern) {
            Some(end) => in_set(&pattern[1..end], character).then_some(end + 1),
            None => (character == '[').then_some(1),
        },
        literal => (literal == character).then_some(1),
    }
}

/// Where the set that begins the pattern is closed; a `]` right behind the beginning belongs to it.
fn set_end(pattern: &[char]) -> Option<usize> {
    let mut from = 1;
    if pattern.get(from) == Some(&'!') {
        from += 1;
    }
    if pattern.get(from) == Some(&']') {
        from += 1;
    }
    pattern[from.min(pattern.len())..].iter().position(|&character| character == ']').map(|at| from + at)
}

fn in_set(set: &[char], character: char) -> bool {
    let (negated, mut rest) = match set.split_first() {
        Some(('!', rest)) => (true, rest),
        _ => (false, set),
    };
    let mut found = false;
    while let Some((&first, tail)) = rest.split_first() {
        if let ['-', last, after @ ..] = tail {
            found |= (first..=*last).contains(&character);
            rest = after;
        } else {
            found |= first == character;
            rest = tail;
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).fits(text)
    }

    #[test]
    fn patterns_fit_as_in_python() {
        for (pattern, text) in [
            ("*", ""),
            ("*.txt", "a/b.txt"),
            ("a?c", "abc"),
            ("a*b*c", "a1b2bc"),
            ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"),
            ("[]]", "]"),
            ("[a", "[a"),
            ("*ü?", "grüß"),
            ("[-a]", "-"),
            ("**", "x"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("*.txt", "a.txt~"),
            ("a?c", "ac"),
            ("[!a-c]x", "ax"),
            ("", "a"),
            ("a", ""),
            ("[c-a]", "b"),
            ("A", "a"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_end_soon() {
        let pattern = "a*".repeat(40);
        assert!(!fits(&format!("{pattern}b"), &"a".repeat(300)));
    }

    #[test]
    fn the_last_rule_that_fits_decides() {
        let rule = |include, pattern: &str| Rule { include, pattern: pattern.to_owned() };
        let filter = Filter::new(&[rule(false, "*"), rule(true, "*.txt")], ["/src", "bkt/p/"]);
        assert!(filter.takes("/src/a.txt") && filter.takes("bkt/p/x/b.txt"));
        assert!(!filter.takes("/src/a.log"));
        assert!(filter.takes("/elsewhere/a.log"));
        let filter = Filter::new(&[rule(true, "*.txt"), rule(false, "*")], ["/src", "b/"]);
        assert!(!filter.takes("/src/a.txt"));
        assert!(!Filter::new(&[rule(false, "/src/x*")], ["/src", "b/"]).takes("/src/xy"));
    }
}
