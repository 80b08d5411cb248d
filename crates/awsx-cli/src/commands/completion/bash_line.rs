//! bash's idea of words: it parts them at colons and equals signs too, and inserts what it is told as it stands.

/// A line up to the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BashLine {
    /// The words behind the command's own, unquoted; the last is the one being typed and may be empty.
    pub(super) words: Vec<String>,
    /// How much of the last word bash leaves where it is: up to the last of its own breaks.
    kept: usize,
    /// The quote that the last word stands in.
    quote: Option<char>,
}

impl BashLine {
    /// Reads a line; `breaks` are bash's `COMP_WORDBREAKS`.
    pub(super) fn read(line: &str, breaks: &str) -> Self {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut kept = 0;
        let mut quote = None;
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            match (quote, character) {
                (None, ' ' | '\t' | '\n') => {
                    words.extend(word.take());
                    kept = 0;
                }
                (None, '\'' | '"') => {
                    quote = Some(character);
                    word.get_or_insert_default();
                }
                (Some(open), _) if character == open => quote = None,
                (None | Some('"'), '\\') => word.get_or_insert_default().extend(characters.next()),
                _ => {
                    let word = word.get_or_insert_default();
                    word.push(character);
                    if quote.is_none() && [':', '=', '@'].contains(&character) && breaks.contains(character) {
                        kept = word.len();
                    }
                }
            }
        }
        words.push(word.unwrap_or_default());
        // The command itself.
        if words.len() > 1 {
            words.remove(0);
        }
        Self { words, kept, quote }
    }

    /// What bash is to insert for a candidate.
    pub(super) fn insertion(&self, candidate: &str) -> String {
        if self.quote.is_some() {
            return candidate.to_owned();
        }
        candidate.get(self.kept..).unwrap_or(candidate).chars().flat_map(escaped).collect()
    }
}

/// Characters that mean something to bash get a backslash.
fn escaped(character: char) -> impl Iterator<Item = char> {
    let plain = character.is_alphanumeric() || "-_./:=@%+,^~".contains(character);
    (!plain).then_some('\\').into_iter().chain([character])
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    fn read(line: &str) -> (Vec<String>, usize) {
        let line = BashLine::read(line, BREAKS);
        (line.words, line.kept)
    }

    #[test]
    fn words_are_the_shell_s_and_the_last_may_be_open() {
        assert_eq!(read("awsx s3 ls"), (vec!["s3".to_owned(), "ls".to_owned()], 0));
        assert_eq!(read("awsx s3 ls ").0, ["s3", "ls", ""]);
        assert_eq!(read(r"awsx s3 ls s3://b/my\ dir/su").0[2], "s3://b/my dir/su");
        assert_eq!(read("awsx s3 ls 's3://b/my dir").0[2], "s3://b/my dir");
        assert_eq!(read("awsx"), (vec!["awsx".to_owned()], 0));
    }

    #[test]
    fn bash_keeps_what_stands_before_its_own_breaks() {
        let insertion = |line: &str, candidate: &str| BashLine::read(line, BREAKS).insertion(candidate);
        assert_eq!(insertion("awsx s3 ls s3://bu", "s3://bucket/"), "//bucket/");
        assert_eq!(insertion("awsx s3 ls --profile=d", "--profile=dev"), "dev");
        assert_eq!(insertion("awsx iam get-user --user-name b", "bob"), "bob");
        // Inside quotes bash parts nothing.
        assert_eq!(insertion("awsx s3 ls \"s3://bu", "s3://bucket/"), "s3://bucket/");
        // Somebody took the colon out of COMP_WORDBREAKS.
        assert_eq!(BashLine::read("awsx s3 ls s3://bu", " =").insertion("s3://bucket/"), "s3://bucket/");
    }

    #[test]
    fn what_means_something_to_bash_is_escaped() {
        let line = BashLine::read("awsx s3 ls s3://b/", BREAKS);
        assert_eq!(line.insertion("s3://b/my dir/$(x)"), r"//b/my\ dir/\$\(x\)");
        assert_eq!(line.insertion("s3://b/it's;&|<>*?[]`\"\\"), r#"//b/it\'s\;\&\|\<\>\*\?\[\]\`\"\\"#);
    }
}
