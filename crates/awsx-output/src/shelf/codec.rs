//! Values as bytes: a tag, then what it needs. Names of maps are numbers of a table, since all items have the same.
//!
//! Only what this program wrote a moment ago is read, so a reader need not doubt it.

use std::collections::HashMap;

use crate::key::Key;
use crate::map::Map;
use crate::value::{Number, Value};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const FLOAT: u8 = 4;
const STRING: u8 = 5;
const LIST: u8 = 6;
const MAP: u8 = 7;

const INVARIANT: &str = "a shelf holds what was put onto it";

/// The most names that get a number. Where names are data there is no end to them, so others are spelled out.
const MOST_KEYS: usize = 4096;

/// Stands in place of a name's number where the name follows.
const SPELLED: usize = 0;

/// Names and their numbers, from 1 on.
#[derive(Debug, Default)]
pub(super) struct Keys {
    known: Vec<Key>,
    numbers: HashMap<Key, usize>,
    /// By a name's number, or 0 for a map's start, the number of the name that stood behind it last.
    followers: Vec<usize>,
}

impl Keys {
    /// The number of a name behind another, if it has one.
    fn number(&mut self, key: &Key, before: usize) -> usize {
        let guess = self.followers.get(before).copied().unwrap_or(SPELLED);
        if guess != SPELLED && self.known[guess - 1] == *key {
            return guess;
        }
        let number = match self.numbers.get(key) {
            Some(number) => *number,
            None if self.known.len() == MOST_KEYS => return SPELLED,
            None => {
                self.known.push(key.clone());
                self.numbers.insert(key.clone(), self.known.len());
                self.known.len()
            }
        };
        if self.followers.len() <= before {
            self.followers.resize(before + 1, SPELLED);
        }
        self.followers[before] = number;
        number
    }
}

pub(super) fn write(bytes: &mut Vec<u8>, keys: &mut Keys, value: &Value) {
    match value {
        Value::Null => bytes.push(NULL),
        Value::Bool(false) => bytes.push(FALSE),
        Value::Bool(true) => bytes.push(TRUE),
        Value::Number(Number::Int(whole)) => {
            bytes.push(INT);
            // Negative numbers take turns with the others, so that small ones stay short.
            write_number(bytes, ((whole << 1) ^ (whole >> 127)).cast_unsigned());
        }
        Value::Number(Number::Float(float)) => {
            bytes.push(FLOAT);
            bytes.extend_from_slice(&float.to_le_bytes());
        }
        Value::String(text) => {
            bytes.push(STRING);
            write_text(bytes, text);
        }
        Value::List(elements) => {
            bytes.push(LIST);
            write_length(bytes, elements.len());
            for element in elements {
                write(bytes, keys, element);
            }
        }
        Value::Map(map) => {
            bytes.push(MAP);
            write_length(bytes, map.len());
            let mut before = 0;
            for (key, value) in map {
                let number = keys.number(key, before);
                write_length(bytes, number);
                if number == SPELLED {
                    write_text(bytes, key);
                }
                write(bytes, keys, value);
                before = number;
            }
        }
    }
}

/// Takes a value off the front of the bytes.
pub(super) fn read(bytes: &mut &[u8], keys: &Keys) -> Value {
    match take(bytes, 1)[0] {
        NULL => Value::Null,
        FALSE => false.into(),
        TRUE => true.into(),
        INT => {
            let turned = read_number(bytes);
            ((turned >> 1).cast_signed() ^ -(turned & 1).cast_signed()).into()
        }
        FLOAT => f64::from_le_bytes(take(bytes, 8).try_into().expect(INVARIANT)).into(),
        STRING => read_text(bytes).into(),
        LIST => {
            let length = read_length(bytes);
            (0..length).map(|_| read(bytes, keys)).collect()
        }
        MAP => {
            let length = read_length(bytes);
            let entries = (0..length).map(|_| {
                let key = match read_length(bytes) {
                    SPELLED => read_text(bytes).into(),
                    number => keys.known[number - 1].clone(),
                };
                (key, read(bytes, keys))
            });
            Value::Map(Map::of_distinct(entries.collect()))
        }
        _ => unreachable!("{INVARIANT}"),
    }
}

fn write_length(bytes: &mut Vec<u8>, length: usize) {
    write_number(bytes, length as u128);
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn write_number(bytes: &mut Vec<u8>, mut number: u128) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

fn write_text(bytes: &mut Vec<u8>, text: &str) {
    write_length(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

fn read_length(bytes: &mut &[u8]) -> usize {
    // Nearly all lengths are short.
    match bytes.first() {
        Some(&byte) if byte < 0x80 => {
            take(bytes, 1);
            byte.into()
        }
        _ => usize::try_from(read_number(bytes)).expect(INVARIANT),
    }
}

fn read_number(bytes: &mut &[u8]) -> u128 {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let byte = take(bytes, 1)[0];
        number |= u128::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    number
}

fn read_text<'b>(bytes: &mut &'b [u8]) -> &'b str {
    let length = read_length(bytes);
    std::str::from_utf8(take(bytes, length)).expect(INVARIANT)
}

fn take<'b>(bytes: &mut &'b [u8], length: usize) -> &'b [u8] {
    bytes.split_off(..length).expect(INVARIANT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::tests::any_value;

    fn written(value: &Value) -> (Vec<u8>, Keys) {
        let (mut bytes, mut keys) = (Vec::new(), Keys::default());
        write(&mut bytes, &mut keys, value);
        (bytes, keys)
    }

    #[test]
    fn numbers_of_every_size_come_back() {
        let whole = [0, 1, -1, 63, 64, -64, -65, i128::from(i64::MIN), i128::MAX, i128::MIN];
        let values: Vec<Value> = whole.into_iter().map(Value::from).collect();
        let (bytes, keys) = written(&values.clone().into());
        assert_eq!(read(&mut &bytes[..], &keys), values.into());
        let (bytes, keys) = written(&f64::NAN.into());
        assert!(
            matches!(read(&mut &bytes[..], &keys), Value::Number(Number::Float(float)) if float.is_nan())
        );
    }

    #[test]
    fn names_without_end_are_spelled_out() {
        let map: Map = (0..2 * MOST_KEYS).map(|number| (number.to_string(), Value::from(true))).collect();
        let (bytes, keys) = written(&map.clone().into());
        assert_eq!(keys.known.len(), MOST_KEYS);
        assert_eq!(read(&mut &bytes[..], &keys), map.into());
    }

    proptest! {
        #[test]
        fn every_value_comes_back_with_its_order(values in prop::collection::vec(any_value(), 0..8)) {
            let (mut bytes, mut keys) = (Vec::new(), Keys::default());
            for value in &values {
                write(&mut bytes, &mut keys, value);
            }
            let mut rest = &bytes[..];
            for value in &values {
                // Unlike equality, this sees the order of keys.
                prop_assert_eq!(format!("{:?}", read(&mut rest, &keys)), format!("{value:?}"));
            }
            prop_assert!(rest.is_empty());
        }
    }
}
