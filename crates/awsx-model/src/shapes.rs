//! All types of a service. Those of a pack are taken out of it when they are asked for: a command needs a dozen of the
//! hundreds or thousands that its service has.

use std::fmt;
use std::sync::OnceLock;

use crate::pack::codec::{Damage, Deferred, Packed, Reader, Writer};
use crate::{Shape, ShapeId};

/// The types of a service, by their [`ShapeId`].
pub struct Shapes {
    known: Vec<OnceLock<Box<Shape>>>,
    /// Where those are that are not known yet.
    packed: Option<Deferred>,
}

impl Shapes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Shape> + ExactSizeIterator {
        (0..self.len()).map(|at| self.at(at))
    }

    pub(crate) fn get(&self, id: ShapeId) -> &Shape {
        self.at(id.0 as usize)
    }

    fn at(&self, at: usize) -> &Shape {
        self.known[at].get_or_init(|| {
            let packed = self.packed.as_ref().expect("only a packed type is not known");
            // A checksum holds for the bytes, and a test reads every type of the built-in pack.
            Box::new(
                packed.read(at).unwrap_or_else(|Damage(reason)| panic!("a packed type is damaged: {reason}")),
            )
        })
    }
}

impl From<Vec<Shape>> for Shapes {
    fn from(shapes: Vec<Shape>) -> Self {
        let known = shapes.into_iter().map(|shape| OnceLock::from(Box::new(shape)));
        Self { known: known.collect(), packed: None }
    }
}

impl Clone for Shapes {
    fn clone(&self) -> Self {
        self.iter().cloned().collect::<Vec<_>>().into()
    }
}

impl fmt::Debug for Shapes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl Packed for Shapes {
    fn absent() -> Option<Self> {
        Some(Vec::new().into())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn write(&self, writer: &mut Writer) {
        writer.deferred(self.iter());
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        let packed = reader.deferred()?;
        let known = (0..packed.len()).map(|_| OnceLock::new()).collect();
        Ok(Self { known, packed: Some(packed) })
    }
}
