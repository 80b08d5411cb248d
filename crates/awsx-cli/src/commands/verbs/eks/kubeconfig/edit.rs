//! Entries put into the text of a kubeconfig file, line by line, as kubectl and people write it: lists in block style
//! under keys that begin a line. Whatever is written otherwise is not edited; the caller reads the result again.

use std::ops::Range;

use awsx_output::{Map, Value, yaml_document};

use super::{Entries, position};

/// The text with the entries in it; none where it is not written that way.
pub(super) fn with(text: &str, content: &Map, entries: &Entries) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    let mut lines = Lines::of(text);
    for (key, entry) in entries.listed() {
        let known = content.get(key).and_then(Value::as_list).map_or(0, <[Value]>::len);
        let name = entry.get("name").and_then(Value::as_str)?;
        lines.put(key, known, position(content, key, name), entry)?;
    }
    lines.set("current-context", entries.context_name())?;
    Some(lines.text())
}

/// A text by lines, each with its end.
struct Lines {
    lines: Vec<String>,
    end: &'static str,
}

impl Lines {
    fn of(text: &str) -> Self {
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
            last.push_str(end);
        }
        Self { lines, end }
    }

    fn text(self) -> String {
        self.lines.concat()
    }

    /// Puts an entry into a list of `known` ones: in the place `at`, or behind the last.
    fn put(&mut self, key: &str, known: usize, at: Option<usize>, entry: &Value) -> Option<()> {
        let Some(section) = self.section(key) else {
            let added = self.rendered(entry, 0);
            self.lines.push(format!("{key}:{}", self.end));
            self.lines.extend(added);
            return Some(());
        };
        if known == 0 {
            let comment = comment_of(&self.lines[section.start]);
            self.lines[section.start] = format!("{key}:{comment}{}", self.end);
            let added = self.rendered(entry, 0);
            let tail = self.lines.split_off(section.start + 1);
            self.lines.extend(added.into_iter().chain(tail));
            return Some(());
        }
        let items = self.items(&section);
        if items.len() != known {
            return None;
        }
        let indent = indent_of(&self.lines[items[0]]);
        let added = self.rendered(entry, indent);
        let replaced = match at {
            Some(at) => {
                items[at]..self.content_end(items[at], items.get(at + 1).copied().unwrap_or(section.end))
            }
            None => section.end..section.end,
        };
        self.lines.splice(replaced, added);
        Some(())
    }

    /// Sets a text that stands on its key's line.
    fn set(&mut self, key: &str, value: &str) -> Option<()> {
        let value = yaml_document(&Value::map([(key, value.into())]));
        let Some(section) = self.section(key) else {
            self.lines.push(value.replace('\n', self.end));
            return Some(());
        };
        let comment = comment_of(&self.lines[section.start]);
        self.lines[section.start] = format!("{}{comment}{}", value.trim_end(), self.end);
        (section.len() == 1).then_some(())
    }

    /// The lines of a key and of what belongs to it, without blank lines and comments behind.
    fn section(&self, key: &str) -> Option<Range<usize>> {
        let is_key = |line: &String| {
            line.strip_prefix(key)
                .and_then(|rest| rest.strip_prefix(':'))
                .is_some_and(|rest| rest.trim().is_empty() || rest.starts_with([' ', '\t']))
        };
        let start = self.lines.iter().position(is_key)?;
        let behind = self.lines[start + 1..].iter().position(|line| begins_another(line));
        let end = behind.map_or(self.lines.len(), |behind| start + 1 + behind);
        Some(start..self.content_end(start, end))
    }

    /// The end of the lines from `start` on, less blank ones and comments before `end`.
    fn content_end(&self, start: usize, end: usize) -> usize {
        let content = self.lines[start..end].iter().rposition(|line| !is_void(line));
        start + content.unwrap_or(0) + 1
    }

    /// The lines on which the items of a list begin.
    fn items(&self, section: &Range<usize>) -> Vec<usize> {
        let mut indent = None;
        (section.start + 1..section.end)
            .filter(|at| {
                let line = &self.lines[*at];
                let begins = line.trim_start().starts_with("- ") || line.trim() == "-";
                begins && indent_of(line) == *indent.get_or_insert(indent_of(line))
            })
            .collect()
    }

    fn rendered(&self, entry: &Value, indent: usize) -> Vec<String> {
        let item = yaml_document(&Value::List(vec![entry.clone()]));
        item.lines().map(|line| format!("{}{line}{}", " ".repeat(indent), self.end)).collect()
    }
}

/// Whether a line is the beginning of something that no list above it takes in.
fn begins_another(line: &str) -> bool {
    let is_item = line.starts_with("- ") || line.trim_end() == "-";
    !is_void(line) && indent_of(line) == 0 && !is_item
}

fn is_void(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The comment at the end of a line, with a blank before it, where it is surely one.
fn comment_of(line: &str) -> String {
    if line.contains(['"', '\'']) {
        return String::new();
    }
    line.split_once(" #").map(|(_, comment)| format!(" #{}", comment.trim_end())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Kubeconfig;
    use super::*;

    fn entries() -> Entries {
        let entry =
            |kind: &str, name: &str, inside: Value| Value::map([(kind, inside), ("name", name.into())]);
        Entries {
            cluster: entry("cluster", "arn:prod", Value::map([("server", "https://new".into())])),
            user: Value::map([("name", "arn:prod".into()), ("user", Value::map([("exec", "x".into())]))]),
            context: entry("context", "prod", Value::map([("cluster", "arn:prod".into())])),
        }
    }

    fn edited(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        awsx_core::store::write_atomic(&path, text.as_bytes()).unwrap();
        Kubeconfig::read(&path).unwrap().with(&entries())
    }

    #[test]
    fn a_new_file_has_what_aws_clis_has() {
        insta::assert_snapshot!(edited(""), @r"
        apiVersion: v1
        clusters:
        - cluster:
            server: https://new
          name: arn:prod
        contexts:
        - context:
            cluster: arn:prod
          name: prod
        current-context: prod
        kind: Config
        preferences: {}
        users:
        - name: arn:prod
          user:
            exec: x
        ");
    }

    #[test]
    fn comments_and_strangers_stay_where_they_are() {
        let text = "# mine\napiVersion: v1\nclusters:\n# the old one\n- cluster: {server: https://old}\n  name: arn:prod\n\
                    # the other one\n- name: other\n  cluster:\n    server: https://other # far away\n\n# contexts\ncontexts: \
                    [] # none\ncurrent-context: \"\"\nkind: Config\nusers:\n  - name: \"other\"\n    user: {}\n\nextra: [1, 2]\n";
        insta::assert_snapshot!(edited(text), @r#"
        # mine
        apiVersion: v1
        clusters:
        # the old one
        - cluster:
            server: https://new
          name: arn:prod
        # the other one
        - name: other
          cluster:
            server: https://other # far away

        # contexts
        contexts: # none
        - context:
            cluster: arn:prod
          name: prod
        current-context: prod
        kind: Config
        users:
          - name: "other"
            user: {}
          - name: arn:prod
            user:
              exec: x

        extra: [1, 2]
        "#);
    }

    #[test]
    fn what_is_missing_is_added_with_the_file_s_own_line_ends() {
        let text = "apiVersion: v1\r\nkind: Config";
        let after = edited(text);
        assert!(
            after.starts_with("apiVersion: v1\r\nkind: Config\r\nclusters:\r\n- cluster:\r\n"),
            "{after}"
        );
        assert!(after.ends_with("\r\ncurrent-context: prod\r\n"), "{after}");
        assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    }

    /// Nothing is lost where lines cannot be edited.
    #[test]
    fn what_is_written_otherwise_is_written_anew() {
        let text =
            "{apiVersion: v1, clusters: [{name: a, cluster: {x: '1'}}], \"kind\": Config, odd: {y: 1.5}}\n";
        insta::assert_snapshot!(edited(text), @r"
        apiVersion: v1
        clusters:
        - name: a
          cluster:
            x: '1'
        - cluster:
            server: https://new
          name: arn:prod
        kind: Config
        odd:
          y: 1.5
        users:
        - name: arn:prod
          user:
            exec: x
        contexts:
        - context:
            cluster: arn:prod
          name: prod
        current-context: prod
        ");
    }

    #[test]
    fn once_more_changes_nothing() {
        let once = edited("");
        assert_eq!(edited(&once), once);
    }
}
