//! Which known words a mistyped one resembles, by Python's `difflib`, as AWS CLI measures it.

/// How alike two words must be, from 0 to 1.
const CUTOFF: f64 = 0.8;
/// How many are suggested at most.
const COUNT: usize = 3;

/// The known words most like `word`, the best first.
pub fn matches<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> =
        known.map(|name| (ratio(word, name), name)).filter(|(score, _)| *score >= CUTOFF).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(a.1)));
    scored.into_iter().take(COUNT).map(|(_, name)| name).collect()
}

/// Twice the matching characters over all characters (Ratcliff and Obershelp).
fn ratio(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let total = a.len() + b.len();
    if total == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let ratio = 2.0 * matching(&a, &b) as f64 / total as f64;
    ratio
}

fn matching(a: &[char], b: &[char]) -> usize {
    let (mut best, mut at_a, mut at_b) = (0, 0, 0);
    for i in 0..a.len() {
        for j in 0..b.len() {
            let length = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
            if length > best {
                (best, at_a, at_b) = (length, i, j);
            }
        }
    }
    match best {
        0 => 0,
        _ => best + matching(&a[..at_a], &b[..at_b]) + matching(&a[at_a + best..], &b[at_b + best..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_difflib_s() {
        for (a, b, expected) in
            [("abcd", "bcde", 0.75), ("agenttoolkit", "agent-toolkit", 0.96), ("a", "b", 0.0)]
        {
            assert!((ratio(a, b) - expected).abs() < 1e-9, "{a} {b}");
        }
    }
}
