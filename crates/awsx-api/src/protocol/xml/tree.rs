//! A document as a tree of elements, without their prefixes.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

use crate::protocol::AnswerError;
use crate::wire::xml;

/// Far beyond what any service sends, and shallow enough for every stack.
const NESTING_LIMIT: usize = 256;

/// Characters of a broken document that are shown.
const LONGEST_SHOWN: usize = 2000;

/// An element. Names and texts lie in the document, unless something in them is written in another way than it reads.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::protocol) struct Element<'d> {
    /// Without its prefix.
    pub(in crate::protocol) name: Cow<'d, str>,
    /// With their prefixes.
    pub(in crate::protocol) attributes: Vec<(String, String)>,
    /// What stands before the first child.
    pub(in crate::protocol) text: Cow<'d, str>,
    pub(in crate::protocol) children: Vec<Self>,
}

impl<'d> Element<'d> {
    /// Reads a document.
    pub(in crate::protocol) fn parse(body: &'d [u8]) -> Result<Self, AnswerError> {
        match std::str::from_utf8(body) {
            Ok(text) => Self::read(text),
            Err(_) => Element::read(&String::from_utf8_lossy(body)).map(Element::into_owned),
        }
    }

    fn read(text: &'d str) -> Result<Self, AnswerError> {
        let refused = |error: &dyn std::fmt::Display| {
            let shown: String = text.chars().take(LONGEST_SHOWN).collect();
            AnswerError(format!(
                "Unable to parse response ({error}), invalid XML received. Further retries may succeed:\n{shown}"
            ))
        };
        let mut reader = quick_xml::Reader::from_str(text);
        // The lowest element stands for the document.
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event().map_err(|error| refused(&error))?;
            let depth = open.len();
            let innermost = open.last_mut().expect("the document itself is never closed");
            match event {
                Event::Start(_) if depth > NESTING_LIMIT => return Err(refused(&"nested too deeply")),
                Event::Start(tag) => open.push(Self::start(text, &tag).map_err(|error| refused(&error))?),
                Event::Empty(tag) => {
                    innermost.children.push(Self::start(text, &tag).map_err(|error| refused(&error))?);
                }
                Event::End(_) => {
                    let closed = open.pop().expect("the reader refuses an end without a start");
                    open.last_mut().expect("the document itself is never closed").children.push(closed);
                }
                Event::Text(piece) => innermost.push_text(piece.decode().map_err(|error| refused(&error))?),
                Event::CData(piece) => innermost.push_text(piece.decode().map_err(|error| refused(&error))?),
                Event::GeneralRef(name) => {
                    let name = name.decode().map_err(|error| refused(&error))?;
                    match xml::character(&name) {
                        Some(character) => innermost.push_text(character.to_string().into()),
                        None => return Err(refused(&format!("undefined entity &{name};"))),
                    }
                }
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        if open.len() > 1 {
            return Err(refused(&"unclosed token"));
        }
        let document = open.pop().expect("the document itself is never closed");
        document.children.into_iter().next().ok_or_else(|| refused(&"no element found"))
    }

    fn start(text: &'d str, tag: &BytesStart<'_>) -> Result<Self, quick_xml::Error> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned();
            attributes.push((String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value));
        }
        Ok(Self { name: name_in(text, tag), attributes, ..Self::default() })
    }

    fn push_text(&mut self, piece: Cow<'d, str>) {
        if !self.children.is_empty() {
            return;
        }
        if self.text.is_empty() {
            self.text = piece;
        } else {
            self.text.to_mut().push_str(&piece);
        }
    }

    fn into_owned(self) -> Element<'static> {
        let children = self.children.into_iter().map(Element::into_owned);
        Element {
            name: self.name.into_owned().into(),
            attributes: self.attributes,
            text: self.text.into_owned().into(),
            children: children.collect(),
        }
    }

    /// The first child of this name.
    pub(in crate::protocol) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first child of this name, and what follows it, itself first.
    pub(in crate::protocol) fn children_from(&self, name: &str) -> Option<(&Self, &[Self])> {
        let at = self.children.iter().position(|child| child.name == name)?;
        Some((&self.children[at], &self.children[at..]))
    }

    /// The attribute of this name. Prefixes may differ.
    pub(in crate::protocol) fn attribute(&self, name: &str) -> Option<&str> {
        let local =
            |name: &str| name.rsplit_once(':').map_or_else(|| name.to_owned(), |(_, local)| local.to_owned());
        let exact = self.attributes.iter().find(|(key, _)| key == name);
        let found = exact.or_else(|| {
            let mut prefixed =
                self.attributes.iter().filter(|(key, _)| key.contains(':') && !key.starts_with("xmlns"));
            prefixed.find(|(key, _)| name.contains(':') && local(key) == local(name))
        });
        found.map(|(_, value)| value.as_str())
    }
}

/// A tag's name without its prefix, as a part of the document. quick-xml's own lives no longer than its event.
fn name_in<'d>(text: &'d str, tag: &BytesStart<'_>) -> Cow<'d, str> {
    let name = tag.local_name();
    let name = name.as_ref();
    let at = (name.as_ptr().addr()).wrapping_sub(text.as_ptr().addr());
    let end = at.wrapping_add(name.len());
    match text.get(at..end) {
        Some(found) if found.as_bytes() == name => Cow::Borrowed(found),
        _ => Cow::Owned(String::from_utf8_lossy(name).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_entities_and_prefixes_are_read() {
        let root = Element::parse(
            b"<?xml version='1.0'?><a:r xmlns:a='u' x:t='1'>&lt;x&#233;<![CDATA[<]]><b/><b> 2 </b>z</a:r>",
        );
        let root = root.unwrap();
        assert_eq!((&*root.name, &*root.text), ("r", "<x\u{e9}<"));
        assert_eq!(root.children.iter().map(|b| &*b.text).collect::<Vec<_>>(), ["", " 2 "]);
        assert_eq!(root.attribute("xsi:t"), Some("1"));
    }

    #[test]
    fn names_and_plain_texts_are_not_copied() {
        let root = Element::parse(b"<a:r><b>text</b><c/></a:r>").unwrap();
        let borrowed = |text: &Cow<'_, str>| text.is_empty() || matches!(text, Cow::Borrowed(_));
        assert!(borrowed(&root.name) && root.name == "r");
        assert!(root.children.iter().all(|child| borrowed(&child.name) && borrowed(&child.text)));
    }

    #[test]
    fn what_is_no_utf_8_is_read_as_far_as_it_goes() {
        let root = Element::parse(b"<r><b>x\xff</b></r>").unwrap();
        assert_eq!(root.child("b").map(|b| &*b.text), Some("x\u{fffd}"));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for body in ["", "plain", "<a><b></a>", "<a>"] {
            assert!(Element::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
