//! Reads S3's documents: elements and text, front to back, without building a tree.
//!
//! Attributes, comments and declarations are passed over. A document that breaks off ends the reading early; what S3
//! must say is checked by who reads.

use std::borrow::Cow;

/// Where reading stands in a document.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a str,
    /// The element just entered was closed at once (`<a/>`).
    is_empty: bool,
}

enum Tag<'a> {
    Open { name: &'a str, is_empty: bool },
    Close,
}

impl<'a> Reader<'a> {
    /// Before the document's first element.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text, is_empty: false }
    }

    /// Enters the outermost element and gives its name.
    pub fn root(&mut self) -> Option<&'a str> {
        match self.tag()? {
            Tag::Open { name, is_empty } => {
                self.is_empty = is_empty;
                Some(name)
            }
            Tag::Close => None,
        }
    }

    /// Enters the next element inside the one reading stands in; none, and out of it, if there is no more.
    ///
    /// What is entered must be left by [`Self::text`], [`Self::skip`] or by asking for children until there are none.
    pub fn child(&mut self) -> Option<&'a str> {
        if std::mem::take(&mut self.is_empty) {
            return None;
        }
        self.root()
    }

    /// The text of the element just entered, and out of it. Elements inside are passed over.
    pub fn text(&mut self) -> Cow<'a, str> {
        if std::mem::take(&mut self.is_empty) {
            return Cow::Borrowed("");
        }
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        let text = &self.rest[..end];
        if self.rest[end..].starts_with("</") {
            self.rest = &self.rest[end..];
            self.skip();
            return unescape(text);
        }
        let mut whole = String::new();
        self.collect_text(&mut whole);
        Cow::Owned(whole)
    }

    /// Out of the element just entered.
    pub fn skip(&mut self) {
        if std::mem::take(&mut self.is_empty) {
            return;
        }
        let mut depth = 1;
        while depth > 0 {
            match self.tag() {
                Some(Tag::Open { is_empty: false, .. }) => depth += 1,
                Some(Tag::Open { .. }) => {}
                Some(Tag::Close) => depth -= 1,
                None => return,
            }
        }
    }

    /// Text with comments, `CDATA` or elements in between.
    fn collect_text(&mut self, whole: &mut String) {
        loop {
            let end = self.rest.find('<').unwrap_or(self.rest.len());
            whole.push_str(&unescape(&self.rest[..end]));
            self.rest = &self.rest[end..];
            if let Some(data) = self.rest.strip_prefix("<![CDATA[") {
                let (data, rest) = data.split_once("]]>").unwrap_or((data, ""));
                whole.push_str(data);
                self.rest = rest;
                continue;
            }
            if let Some(comment) = self.rest.strip_prefix("<!--") {
                self.rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
                continue;
            }
            match self.tag() {
                Some(Tag::Open { is_empty, .. }) => {
                    self.is_empty = is_empty;
                    self.skip();
                }
                Some(Tag::Close) | None => return,
            }
        }
    }

    fn tag(&mut self) -> Option<Tag<'a>> {
        loop {
            let start = self.rest.find('<')?;
            let inside = &self.rest[start + 1..];
            let end_mark = if inside.starts_with("!--") {
                "-->"
            } else if inside.starts_with("![CDATA[") {
                "]]>"
            } else {
                ">"
            };
            let end = inside.find(end_mark)?;
            let tag = &inside[..end];
            self.rest = &inside[end + end_mark.len()..];
            if tag.starts_with(['?', '!']) {
                continue;
            }
            if tag.starts_with('/') {
                return Some(Tag::Close);
            }
            let is_empty = tag.ends_with('/');
            let name = tag.trim_end_matches('/').split_ascii_whitespace().next()?;
            // A prefix of a namespace says nothing here.
            let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
            return Some(Tag::Open { name, is_empty });
        }
    }
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let replaced = rest.find(';').and_then(|end| Some((character(&rest[1..end])?, end)));
        if let Some((character, end)) = replaced {
            out.push(character);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that `&entity;` stands for: one of XML's own five, or one by its number.
pub(crate) fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// The text of the first element of this name below the outermost.
pub fn child_text(document: &str, wanted: &str) -> Option<String> {
    let mut reader = Reader::new(document);
    reader.root()?;
    while let Some(name) = reader.child() {
        if name == wanted {
            return Some(reader.text().into_owned());
        }
        reader.skip();
    }
    None
}

/// Text for between two tags, or for an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text, true);
    out
}

/// Writes text for between two tags, or `with_quotes` for an attribute. Line ends are escaped too: a reader would make
/// other line ends of them.
pub(crate) fn escape_into(out: &mut String, text: &str, with_quotes: bool) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if with_quotes => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' => out.push_str("&#xA;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_in_order_and_what_is_not_wanted_is_passed_over() {
        let text = "<?xml version=\"1.0\"?><!-- hi --><a xmlns=\"x>\"><b><c>1</c></b><d/><e f='1'>&#x41;&amp;&nope;</e></a>";
        let text = text.replace("x>", "x");
        let mut reader = Reader::new(&text);
        assert_eq!(reader.root(), Some("a"));
        assert_eq!(reader.child(), Some("b"));
        reader.skip();
        assert_eq!(reader.child(), Some("d"));
        assert_eq!(reader.text(), "");
        assert_eq!(reader.child(), Some("e"));
        assert_eq!(reader.text(), "A&&nope;");
        assert_eq!(reader.child(), None);
    }

    #[test]
    fn text_may_be_in_pieces_and_nested_elements_are_left_by_asking_for_more() {
        let mut reader = Reader::new("<l><k>a<![CDATA[<b>]]>c<!-- x -->d</k><o><n>1</n></o><n>2</n></l>");
        reader.root();
        reader.child();
        assert_eq!(reader.text(), "a<b>cd");
        assert_eq!(reader.child(), Some("o"));
        assert_eq!(reader.child(), Some("n"));
        assert_eq!(reader.text(), "1");
        assert_eq!(reader.child(), None);
        assert_eq!(reader.child(), Some("n"));
        assert_eq!(reader.text(), "2");
    }

    #[test]
    fn a_document_that_breaks_off_ends() {
        let mut reader = Reader::new("<a><b>1</b><c>tex");
        assert_eq!((reader.root(), reader.child()), (Some("a"), Some("b")));
        reader.skip();
        assert_eq!(reader.child(), Some("c"));
        assert_eq!(reader.text(), "tex");
        assert_eq!(reader.child(), None);
        assert!(Reader::new("not xml").root().is_none());
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let text = "a&b<c>\"d\"\r\n";
        assert_eq!(unescape(&escape(text)), text);
    }
}
