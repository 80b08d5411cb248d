//! Items of one end, local or in S3, in the order of their keys.

use std::collections::VecDeque;
use std::path::MAIN_SEPARATOR;

use awsx_api::CallError;
use http::HeaderMap;

use super::item::is_archived;
use super::walk::{Found, Walk};
use super::{Item, Location, Place, Warning};
use crate::list::{Entry, ListObjects, Object, Pages};
use crate::operations::head_object;
use crate::uri::S3Uri;
use crate::wire::S3;

/// Gives one item after the other.
#[derive(Debug)]
pub struct Source {
    kind: Kind,
    is_recursive: bool,
    /// What compare keys leave away at their beginning, in bytes.
    root: usize,
}

#[derive(Debug)]
enum Kind {
    Files(Walk),
    Objects { uri: S3Uri, pages: Pages, page: VecDeque<Entry>, wanted: Wanted },
    One(VecDeque<Item>),
}

/// Which objects of a listing count.
#[derive(Clone, Debug)]
enum Wanted {
    /// All but folders made by hand: places of no size whose name ends in a slash.
    Objects,
    /// Those too.
    FoldersToo,
    /// The one with this key, the first of those that begin so.
    Only(String),
}

/// How objects are found.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of the user's")]
pub struct Lookup {
    /// How many to list with one request.
    pub page_size: Option<i32>,
    /// Accepts to pay for the requests.
    pub requester_pays: bool,
    /// Whether links to files and folders are followed.
    pub follow_links: bool,
    /// Whether nothing need be known of a single object, because it is deleted.
    pub blindly: bool,
    /// Headers of asking for a single object.
    pub head: HeaderMap,
    /// Whether all versions of objects are meant.
    pub all_versions: bool,
    /// What names below the location begin with, as far as that is known.
    pub beginning: String,
    /// Whether only what lies in the location itself is meant, not what lies deeper.
    pub one_level: bool,
}

/// What [`Source::next`] gives.
#[derive(Debug)]
pub enum Next {
    /// An item.
    Item(Item),
    /// A warning about something that is passed over.
    Warning(Warning),
}

impl Source {
    /// What is below a location, or the one thing it names.
    pub async fn open(
        s3: &S3,
        location: &Location,
        is_recursive: bool,
        lookup: &Lookup,
    ) -> Result<Self, CallError> {
        let (kind, root) = match location {
            Location::Local(path) => {
                (Kind::Files(Walk::new(path, lookup.follow_links, is_recursive)), path.len())
            }
            Location::S3(uri) if !is_recursive && uri.key.is_empty() => (Kind::One(VecDeque::new()), 0),
            Location::S3(uri) if !is_recursive && !lookup.all_versions => {
                (Kind::One(VecDeque::from([single_object(s3, uri, lookup).await?])), 0)
            }
            Location::S3(uri) => {
                let list = ListObjects {
                    bucket: uri.bucket.clone(),
                    prefix: format!("{}{}", uri.key, lookup.beginning),
                    recursive: !lookup.one_level,
                    page_size: lookup.page_size,
                    requester_pays: lookup.requester_pays,
                    all_versions: lookup.all_versions,
                };
                let pages = Pages::new(s3.clone(), list);
                let wanted = match lookup.blindly {
                    _ if !is_recursive => Wanted::Only(uri.key.clone()),
                    true => Wanted::FoldersToo,
                    false => Wanted::Objects,
                };
                let root = if is_recursive { uri.key.len() } else { 0 };
                (Kind::Objects { uri: uri.clone(), pages, page: VecDeque::new(), wanted }, root)
            }
        };
        Ok(Self { kind, is_recursive, root })
    }

    /// The next item or warning; none at the end.
    pub async fn next(&mut self) -> Result<Option<Next>, CallError> {
        match &mut self.kind {
            Kind::One(items) => Ok(items.pop_front().map(Next::Item)),
            Kind::Files(walk) => Ok(walk.next().map(|found| self.of_found(found))),
            Kind::Objects { uri, pages, page, wanted } => loop {
                match page.pop_front() {
                    Some(Entry::Object(object)) => {
                        let is_wanted = match wanted {
                            Wanted::Objects => object.size > 0 || !object.key.ends_with('/'),
                            Wanted::FoldersToo => true,
                            Wanted::Only(key) if object.key == *key => true,
                            // Keys come in order.
                            Wanted::Only(_) => return Ok(None),
                        };
                        if is_wanted {
                            return Ok(Some(Next::Item(of_object(&uri.bucket, object, self.root))));
                        }
                    }
                    Some(Entry::Prefix(_)) => {}
                    None => match pages.next().await? {
                        Some(next) => *page = next.into(),
                        None => return Ok(None),
                    },
                }
            },
        }
    }

    fn of_found(&self, found: Found) -> Next {
        match found {
            Found::Warning(warning) => Next::Warning(warning),
            Found::File { path, size, modified } => {
                let text = path.to_string_lossy();
                let relative = if self.is_recursive {
                    text.get(self.root..).unwrap_or_default()
                } else {
                    text.rsplit(MAIN_SEPARATOR).next().unwrap_or_default()
                };
                let compare_key = if MAIN_SEPARATOR == '/' {
                    relative.to_owned()
                } else {
                    relative.replace(MAIN_SEPARATOR, "/")
                };
                Next::Item(Item {
                    compare_key,
                    place: Place::Local(path),
                    size: Some(size),
                    modified: Some(modified),
                    etag: None,
                    archived: false,
                    version: None,
                })
            }
        }
    }
}

fn of_object(bucket: &str, object: Object, root: usize) -> Item {
    Item {
        compare_key: object.key.get(root..).unwrap_or_default().to_owned(),
        place: Place::Object { bucket: bucket.to_owned(), key: object.key },
        size: Some(object.size),
        modified: object.modified,
        etag: object.etag,
        archived: is_archived(object.storage_class.as_deref(), None),
        version: object.version,
    }
}

async fn single_object(s3: &S3, uri: &S3Uri, lookup: &Lookup) -> Result<Item, CallError> {
    let mut item = Item {
        compare_key: uri.key.rsplit('/').next().unwrap_or_default().to_owned(),
        place: Place::Object { bucket: uri.bucket.clone(), key: uri.key.clone() },
        size: None,
        modified: None,
        etag: None,
        archived: false,
        version: None,
    };
    if !lookup.blindly {
        let head = head_object(s3, &uri.bucket, &uri.key, &lookup.head, false).await;
        let head = head.map_err(|error| match error {
            // AWS CLI names the key, since the answer to `HEAD` has no text.
            CallError::Service(mut error) if error.code == "404" => {
                error.message = format!("Key \"{}\" does not exist", uri.key);
                error.fields.insert("Message", error.message.as_str());
                error.into()
            }
            other => other,
        })?;
        item.archived = is_archived(head.storage_class.as_deref(), head.restore.as_deref());
        (item.size, item.modified, item.etag) = (Some(head.size), head.modified, head.etag);
    }
    Ok(item)
}
