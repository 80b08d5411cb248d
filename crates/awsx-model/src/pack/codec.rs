//! How values are written: whole numbers in as few bytes as they need, texts as numbers of a table, and of a structure
//! only the fields that hold something.
//!
//! A reader believes nothing: what leads outside of the blob, to no text or to no shape is [`Damage`], and no list is
//! given more room than the bytes that are left could fill.

use std::collections::HashMap;

use zstd::bulk::Decompressor;

use crate::{ShapeId, Text};

/// The most a blob may unpack to; the largest service needs less than a megabyte.
const LARGEST: usize = 64 << 20;

/// How deep lists may lie in lists; S3's endpoint rules need about sixty levels.
const DEEPEST: u32 = 200;

/// The most values a list is given room for before they are read; larger ones grow.
const ROOM: usize = 4096;

/// What is wrong with packed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage(pub(crate) Text);

/// A value that can be packed.
pub(crate) trait Packed: Sized {
    /// The value of a field that is not stored; none where every value is.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether this is the value that is not stored.
    fn is_absent(&self) -> bool {
        false
    }

    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// Reads what `write` wrote.
    fn read(reader: &mut Reader) -> Result<Self, Damage>;
}

/// Collects values, and the texts in them once each.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    texts: Vec<Text>,
    numbers: HashMap<Text, u64>,
}

impl Writer {
    /// A value as a blob, not yet compressed. `shapes` is how many there are to refer to.
    pub(crate) fn pack<T: Packed>(value: &T, shapes: usize) -> Vec<u8> {
        let mut body = Self::default();
        value.write(&mut body);

        let mut blob = Self::default();
        blob.number(shapes as u64);
        blob.number(body.texts.len() as u64);
        for text in &body.texts {
            blob.number(text.len() as u64);
        }
        for text in &body.texts {
            blob.bytes.extend_from_slice(text.as_bytes());
        }
        blob.bytes.append(&mut body.bytes);
        blob.bytes
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(crate) fn eight_bytes(&mut self, bytes: [u8; 8]) {
        self.bytes.extend_from_slice(&bytes);
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    pub(crate) fn number(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                return self.byte(low);
            }
            self.byte(low | 0x80);
        }
    }

    /// Up to 64 switches as one number, the first as its lowest bit.
    pub(crate) fn switches(&mut self, switches: &[bool]) {
        let number = switches.iter().rev().fold(0, |number, switch| number << 1 | u64::from(*switch));
        self.number(number);
    }

    /// Values that are not read until they are asked for: their lengths, then they.
    pub(crate) fn deferred<'v, T: Packed + 'v>(&mut self, values: impl ExactSizeIterator<Item = &'v T>) {
        let before = std::mem::take(&mut self.bytes);
        let mut lengths = Vec::with_capacity(values.len());
        for value in values {
            let start = self.bytes.len();
            value.write(self);
            lengths.push(self.bytes.len() - start);
        }
        let values = std::mem::replace(&mut self.bytes, before);
        self.number(lengths.len() as u64);
        for length in lengths {
            self.number(length as u64);
        }
        self.bytes.extend(values);
    }

    fn text(&mut self, text: Text) {
        let next = self.texts.len() as u64;
        let number = *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            next
        });
        self.number(number);
    }
}

/// Reads values from a blob that lives as long as the program.
#[derive(Debug)]
pub(crate) struct Reader {
    bytes: &'static [u8],
    texts: &'static [Text],
    shapes: u64,
    depth: u32,
}

/// Values in a blob that are read one at a time, when they are asked for.
pub(crate) struct Deferred {
    bytes: &'static [u8],
    /// Where each value ends.
    ends: Vec<usize>,
    texts: &'static [Text],
    shapes: u64,
}

impl Deferred {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn read<T: Packed>(&self, at: usize) -> Result<T, Damage> {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        let bytes = &self.bytes[start..self.ends[at]];
        let mut reader = Reader { bytes, texts: self.texts, shapes: self.shapes, depth: 0 };
        let value = T::read(&mut reader)?;
        if reader.bytes.is_empty() { Ok(value) } else { Err(Damage("something follows a value")) }
    }
}

impl Reader {
    /// Reads a compressed blob that holds one value and nothing else.
    pub(crate) fn unpack<T: Packed>(
        packed: &[u8],
        size: usize,
        decompressor: &mut Decompressor<'_>,
    ) -> Result<T, Damage> {
        if size > LARGEST {
            return Err(Damage("it would be too large"));
        }
        let bytes = decompressor.decompress(packed, size).map_err(|_| Damage("its bytes do not unpack"))?;
        Self::read_all(bytes.leak())
    }

    pub(crate) fn read_all<T: Packed>(bytes: &'static [u8]) -> Result<T, Damage> {
        let mut reader = Self { bytes, texts: &[], shapes: 0, depth: 0 };
        reader.shapes = reader.number()?;
        reader.texts = reader.table()?.leak();
        let value = T::read(&mut reader)?;
        if reader.bytes.is_empty() { Ok(value) } else { Err(Damage("something follows its end")) }
    }

    fn table(&mut self) -> Result<Vec<Text>, Damage> {
        let count = self.length()?;
        let lengths: Vec<usize> = (0..count).map(|_| self.length()).collect::<Result<_, _>>()?;
        let total = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length));
        let all = self.take(total.ok_or(Damage("its texts are too long"))?)?;
        let mut rest = std::str::from_utf8(all).map_err(|_| Damage("a text is not UTF-8"))?;
        let mut texts = Vec::with_capacity(count);
        for length in lengths {
            let (text, after) =
                rest.split_at_checked(length).ok_or(Damage("a text is cut in a character"))?;
            texts.push(text);
            rest = after;
        }
        Ok(texts)
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, Damage> {
        let (first, rest) = self.bytes.split_first().ok_or(Damage("it ends too early"))?;
        self.bytes = rest;
        Ok(*first)
    }

    pub(crate) fn eight_bytes(&mut self) -> Result<[u8; 8], Damage> {
        let (first, rest) = self.bytes.split_first_chunk().ok_or(Damage("it ends too early"))?;
        self.bytes = rest;
        Ok(*first)
    }

    #[inline]
    pub(crate) fn number(&mut self) -> Result<u64, Damage> {
        match self.bytes {
            // Nearly all numbers are small.
            [byte @ ..0x80, rest @ ..] => {
                self.bytes = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Result<u64, Damage> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damage("a number is too long"))
    }

    /// A number of things that follow. Each takes a byte at least.
    pub(crate) fn length(&mut self) -> Result<usize, Damage> {
        let length = usize::try_from(self.number()?).ok();
        length.filter(|length| *length <= self.bytes.len()).ok_or(Damage("a list is longer than the rest"))
    }

    /// Passes over values that are read later.
    pub(crate) fn deferred(&mut self) -> Result<Deferred, Damage> {
        let count = self.length()?;
        let mut ends = Vec::with_capacity(count);
        let mut end = 0_usize;
        for _ in 0..count {
            end = end.checked_add(self.length()?).ok_or(Damage("a list is longer than the rest"))?;
            ends.push(end);
        }
        Ok(Deferred { bytes: self.take(end)?, ends, texts: self.texts, shapes: self.shapes })
    }

    /// Reads what may hold more of its own kind.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Damage>) -> Result<T, Damage> {
        if self.depth == DEEPEST {
            return Err(Damage("it is nested too deeply"));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn take(&mut self, length: usize) -> Result<&'static [u8], Damage> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(Damage("it ends too early"))?;
        self.bytes = rest;
        Ok(taken)
    }

    #[inline]
    fn text(&mut self) -> Result<Text, Damage> {
        let number = self.number()?;
        let text = usize::try_from(number).ok().and_then(|at| self.texts.get(at));
        text.copied().ok_or(Damage("a text is missing"))
    }
}

impl Packed for Text {
    fn write(&self, writer: &mut Writer) {
        writer.text(self);
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        reader.text()
    }
}

impl Packed for bool {
    fn absent() -> Option<Self> {
        Some(false)
    }

    fn is_absent(&self) -> bool {
        !self
    }

    fn write(&self, writer: &mut Writer) {
        writer.byte(u8::from(*self));
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        match reader.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damage("a switch is neither on nor off")),
        }
    }
}

impl Packed for u32 {
    fn write(&self, writer: &mut Writer) {
        writer.number(u64::from(*self));
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        Self::try_from(reader.number()?).map_err(|_| Damage("a number is too large"))
    }
}

impl Packed for u16 {
    fn write(&self, writer: &mut Writer) {
        writer.number(u64::from(*self));
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        Self::try_from(reader.number()?).map_err(|_| Damage("a number is too large"))
    }
}

/// Negative numbers take turns with the others, so that small ones stay short.
impl Packed for i64 {
    fn write(&self, writer: &mut Writer) {
        writer.number(((self << 1) ^ (self >> 63)).cast_unsigned());
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        let turned = reader.number()?;
        Ok((turned >> 1).cast_signed() ^ -(turned & 1).cast_signed())
    }
}

impl Packed for f64 {
    fn write(&self, writer: &mut Writer) {
        writer.eight_bytes(self.to_le_bytes());
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        reader.eight_bytes().map(Self::from_le_bytes)
    }
}

impl Packed for ShapeId {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        let number = u32::read(reader)?;
        if u64::from(number) < reader.shapes { Ok(Self(number)) } else { Err(Damage("a shape is missing")) }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn write(&self, writer: &mut Writer) {
        writer.number(self.len() as u64);
        for value in self {
            value.write(writer);
        }
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        let length = reader.length()?;
        if length == 0 {
            return Ok(Self::new());
        }
        reader.nested(|reader| {
            let mut values = Self::with_capacity(length.min(ROOM));
            for _ in 0..length {
                values.push(T::read(reader)?);
            }
            Ok(values)
        })
    }
}

impl<T: Packed> Packed for Box<T> {
    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        reader.nested(T::read).map(Self::new)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
        self.1.write(writer);
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        Ok((A::read(reader)?, B::read(reader)?))
    }
}

/// A field of a structure, where nothing need be stored for what is absent.
pub(crate) trait Field: Sized {
    fn is_left_out(&self) -> bool;
    fn write_field(&self, writer: &mut Writer);
    fn read_field(reader: &mut Reader, is_stored: bool) -> Result<Self, Damage>;
}

impl<T: Packed> Field for T {
    fn is_left_out(&self) -> bool {
        self.is_absent()
    }

    fn write_field(&self, writer: &mut Writer) {
        self.write(writer);
    }

    #[inline]
    fn read_field(reader: &mut Reader, is_stored: bool) -> Result<Self, Damage> {
        if is_stored { T::read(reader) } else { T::absent().ok_or(Damage("a field is missing")) }
    }
}

impl<T: Packed> Field for Option<T> {
    fn is_left_out(&self) -> bool {
        self.is_none()
    }

    fn write_field(&self, writer: &mut Writer) {
        if let Some(value) = self {
            value.write(writer);
        }
    }

    #[inline]
    fn read_field(reader: &mut Reader, is_stored: bool) -> Result<Self, Damage> {
        if is_stored { T::read(reader).map(Some) } else { Ok(None) }
    }
}

/// Packs a structure: one bit for each field that holds something, then these fields in order. Fields are only ever
/// added at the end, together with a new pack.
macro_rules! pack_fields {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::pack::codec::Packed for $type {
            fn write(&self, writer: &mut $crate::pack::codec::Writer) {
                use $crate::pack::codec::Field;
                let stored = [$(!Field::is_left_out(&self.$field)),+];
                writer.switches(&stored);
                let mut stored = stored.into_iter();
                $(
                    if stored.next() == Some(true) {
                        Field::write_field(&self.$field, writer);
                    }
                )+
            }

            fn read(reader: &mut $crate::pack::codec::Reader) -> Result<Self, $crate::pack::codec::Damage> {
                let mut stored = reader.number()?;
                let value = Self {
                    $($field: {
                        let is_stored = stored & 1 == 1;
                        stored >>= 1;
                        $crate::pack::codec::Field::read_field(reader, is_stored)?
                    }),+
                };
                if stored == 0 {
                    Ok(value)
                } else {
                    Err($crate::pack::codec::Damage("a field is unknown"))
                }
            }
        }
    };
}

/// Packs an enum: a byte for the variant, then its values.
macro_rules! pack_variants {
    ($type:ty { $($number:literal => $variant:ident $(($($value:ident),+))?),+ $(,)? }) => {
        impl $crate::pack::codec::Packed for $type {
            fn write(&self, writer: &mut $crate::pack::codec::Writer) {
                match self {
                    $(Self::$variant $(($($value),+))? => {
                        writer.byte($number);
                        $($($crate::pack::codec::Packed::write($value, writer);)+)?
                    })+
                }
            }

            fn read(reader: &mut $crate::pack::codec::Reader) -> Result<Self, $crate::pack::codec::Damage> {
                Ok(match reader.byte()? {
                    $($number => {
                        $($(let $value = $crate::pack::codec::Packed::read(reader)?;)+)?
                        Self::$variant $(($($value),+))?
                    })+
                    _ => return Err($crate::pack::codec::Damage("a kind is unknown")),
                })
            }
        }
    };
}

pub(crate) use {pack_fields, pack_variants};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleSet;

    #[test]
    fn numbers_of_all_sizes_come_back() {
        for number in [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN] {
            assert_eq!(read::<i64>(Writer::pack(&number, 0)), Ok(number));
        }
        for number in [0, 127, 128, u32::MAX] {
            assert_eq!(read::<u32>(Writer::pack(&number, 0)), Ok(number));
        }
        assert_eq!(read::<u16>(Writer::pack(&70_000_u32, 0)), Err(Damage("a number is too large")));
    }

    #[test]
    fn texts_are_stored_once() {
        let texts = vec!["parrot", "päärot", "parrot"];
        let packed = Writer::pack(&texts, 0);
        assert_eq!(String::from_utf8_lossy(&packed).matches("parrot").count(), 1);
        assert_eq!(read::<Vec<Text>>(packed), Ok(texts));
    }

    #[test]
    fn what_nests_without_end_is_refused() {
        // No shapes, no texts, a rule set without parameters; then, over and over, a list of one rule that has rules.
        let levels = 100_000;
        let mut bytes = vec![0, 0, 0b10];
        bytes.extend([1, 0b10, 0].repeat(levels));
        bytes.push(0);
        assert_eq!(read::<RuleSet>(bytes).map(|_| ()), Err(Damage("it is nested too deeply")));
    }

    #[test]
    fn lengths_beyond_the_end_are_refused() {
        // No shapes, no texts, then a list of 2^28 numbers.
        let bytes = vec![0, 0, 0x80, 0x80, 0x80, 0x80, 0x01];
        assert_eq!(read::<Vec<u32>>(bytes), Err(Damage("a list is longer than the rest")));
    }

    fn read<T: Packed>(bytes: Vec<u8>) -> Result<T, Damage> {
        Reader::read_all(bytes.leak())
    }
}
