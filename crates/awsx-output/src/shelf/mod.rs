//! A shelf for the items of a long listing: what comes page by page waits here, packed, until the result is whole.
//!
//! Items of a listing are alike, so packed they need a twentieth of the memory. They can be walked over any number of
//! times, always from the first to the last, one value at a time. Nothing leaves the process's memory: listings may
//! hold secrets, which have no business on a disk.

mod blocks;
mod codec;

use std::io;

use indexmap::IndexMap;

use crate::key::Key;
use crate::value::Value;
use codec::Keys;

pub(crate) use blocks::Blocks;

/// Values in order, packed.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    blocks: Blocks,
    keys: Keys,
    len: usize,
    maps: usize,
    columns: IndexMap<Key, Column>,
}

/// What stands under a name in the maps on a shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Column {
    /// A scalar, in one map at least.
    pub(crate) has_scalars: bool,
    /// A list or map, in one map at least.
    pub(crate) has_nested: bool,
}

impl Shelf {
    pub(crate) fn push(&mut self, value: &Value) -> io::Result<()> {
        self.len += 1;
        if let Value::Map(map) = value {
            self.maps += 1;
            for (at, (key, value)) in map.iter().enumerate() {
                let column = column_of(&mut self.columns, at, key);
                column.has_scalars |= value.is_scalar();
                column.has_nested |= !value.is_scalar();
            }
        }
        let keys = &mut self.keys;
        self.blocks.append(|bytes| codec::write(bytes, keys, value))
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many of the values are maps.
    pub(crate) fn maps(&self) -> usize {
        self.maps
    }

    /// The names in these maps, in the order in which they first came.
    pub(crate) fn columns(&self) -> &IndexMap<Key, Column> {
        &self.columns
    }

    /// Shows every value, in order.
    pub(crate) fn each<E: From<io::Error>>(
        &self,
        mut show: impl FnMut(&Value) -> Result<(), E>,
    ) -> Result<(), E> {
        self.blocks.each(|mut bytes| {
            while !bytes.is_empty() {
                show(&codec::read(&mut bytes, &self.keys))?;
            }
            Ok(())
        })
    }

    /// All values at once.
    pub(crate) fn unpack(&self) -> io::Result<Vec<Value>> {
        let mut values = Vec::with_capacity(self.len);
        self.blocks.each(|mut bytes| {
            while !bytes.is_empty() {
                values.push(codec::read(&mut bytes, &self.keys));
            }
            Ok::<_, io::Error>(())
        })?;
        Ok(values)
    }
}

/// The column of a key; most maps have the same keys at the same places.
fn column_of<'c>(columns: &'c mut IndexMap<Key, Column>, at: usize, key: &Key) -> &'c mut Column {
    if columns.get_index(at).is_some_and(|(known, _)| known == key) {
        return &mut columns[at];
    }
    columns.entry(key.clone()).or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_tell_what_stands_in_them() {
        let mut shelf = Shelf::default();
        shelf.push(&Value::map([("a", 1.into()), ("b", Value::List(Vec::new()))])).unwrap();
        shelf.push(&Value::Null).unwrap();
        shelf.push(&Value::map([("b", Value::Null), ("c", "x".into())])).unwrap();
        let column = |has_scalars, has_nested| Column { has_scalars, has_nested };
        let expected = [("a", column(true, false)), ("b", column(true, true)), ("c", column(true, false))];
        let columns: Vec<_> = shelf.columns().iter().map(|(key, column)| (key.as_str(), *column)).collect();
        assert_eq!(columns, expected);
        assert_eq!((shelf.len(), shelf.maps(), shelf.is_empty()), (3, 2, false));
    }

    #[test]
    fn many_values_come_back_in_order_and_need_little_memory() {
        let item = |number: i32| {
            Value::map([
                ("UserName", Value::from(format!("user-{number:06}"))),
                ("Arn", format!("arn:aws:iam::123456789012:user/division_abc/user-{number:06}").into()),
                ("CreateDate", "2026-01-01T00:00:00+00:00".into()),
            ])
        };
        let mut shelf = Shelf::default();
        for number in 0..20_000 {
            shelf.push(&item(number)).unwrap();
        }
        assert!(shelf.blocks.size() < 600_000, "{} bytes", shelf.blocks.size());
        let mut next = 0;
        let walked: io::Result<()> = shelf.each(|value| {
            assert_eq!(*value, item(next));
            next += 1;
            Ok(())
        });
        walked.unwrap();
        assert_eq!(next, 20_000);
        assert_eq!(shelf.unpack().unwrap().len(), 20_000);
    }
}
