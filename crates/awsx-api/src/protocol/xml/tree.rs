//! A document as a tree of elements, without their prefixes.

use quick_xml::events::{BytesStart, Event};

use crate::protocol::AnswerError;

/// An element.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::protocol) struct Element {
    /// Without its prefix.
    pub(in crate::protocol) name: String,
    /// With their prefixes.
    pub(in crate::protocol) attributes: Vec<(String, String)>,
    /// What stands before the first child.
    pub(in crate::protocol) text: String,
    pub(in crate::protocol) children: Vec<Element>,
}

impl Element {
    /// Reads a document.
    pub(in crate::protocol) fn parse(body: &[u8]) -> Result<Self, AnswerError> {
        let text = String::from_utf8_lossy(body);
        let refused = |error: &dyn std::fmt::Display| {
            AnswerError(format!(
                "Unable to parse response ({error}), invalid XML received. Further retries may succeed:\n{text}"
            ))
        };
        let mut reader = quick_xml::Reader::from_str(&text);
        // The lowest element stands for the document.
        let mut open = vec![Self::default()];
        loop {
            let innermost = open.last_mut().expect("the document itself is never closed");
            match reader.read_event().map_err(|error| refused(&error))? {
                Event::Start(tag) => open.push(Self::start(&tag).map_err(|error| refused(&error))?),
                Event::Empty(tag) => {
                    innermost.children.push(Self::start(&tag).map_err(|error| refused(&error))?);
                }
                Event::End(_) => {
                    let closed = open.pop().expect("the reader refuses an end without a start");
                    open.last_mut().expect("the document itself is never closed").children.push(closed);
                }
                Event::Text(piece) => innermost.push_text(&piece.decode().map_err(|error| refused(&error))?),
                Event::CData(piece) => innermost.push_text(&piece.decode().map_err(|error| refused(&error))?),
                Event::GeneralRef(name) => {
                    let name = name.decode().map_err(|error| refused(&error))?;
                    match unescape(&name) {
                        Some(character) => innermost.push_text(character.encode_utf8(&mut [0; 4])),
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

    fn start(tag: &BytesStart<'_>) -> Result<Self, quick_xml::Error> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned();
            attributes.push((String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value));
        }
        let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
        Ok(Self { name, attributes, ..Self::default() })
    }

    fn push_text(&mut self, piece: &str) {
        if self.children.is_empty() {
            self.text.push_str(piece);
        }
    }

    /// The first child of this name.
    pub(in crate::protocol) fn child(&self, name: &str) -> Option<&Self> {
        self.children_named(name).next()
    }

    pub(in crate::protocol) fn children_named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
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

fn unescape(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
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
        assert_eq!((root.name.as_str(), root.text.as_str()), ("r", "<x\u{e9}<"));
        assert_eq!(root.children_named("b").map(|b| b.text.as_str()).collect::<Vec<_>>(), ["", " 2 "]);
        assert_eq!(root.attribute("xsi:t"), Some("1"));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for body in ["", "plain", "<a><b></a>", "<a>"] {
            assert!(Element::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
