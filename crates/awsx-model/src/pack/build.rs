//! Writes a pack.

use std::io;

use zstd::bulk::Compressor;
use zstd::zstd_safe::CParameter;

use super::codec::{Packed, Writer};
use super::index::{Blob, Entry, Index};
use crate::{Partition, RuleSet, Service};

/// A pack is written seldom and read often.
const LEVEL: i32 = 19;

/// One service of a pack.
#[derive(Debug)]
pub struct PackedService {
    /// Its model.
    pub service: Service,
    /// Its endpoint rules.
    pub rules: Option<RuleSet>,
}

/// A pack of these services. The same services always make the same bytes.
pub fn write(mut services: Vec<PackedService>, partitions: &[Partition]) -> io::Result<Vec<u8>> {
    services.sort_by_key(|packed| packed.service.name);
    let mut blobs = Blobs::new()?;
    let mut index = Index::default();
    for PackedService { service, rules } in &services {
        let model = blobs.append(service, service.shapes.len())?;
        let rules = rules.as_ref().map(|rules| blobs.append(rules, 0)).transpose()?;
        index.entries.push(Entry { name: service.name, api_version: service.api_version, model, rules });
    }
    index.partitions = Some(blobs.append(&partitions.to_vec(), 0)?);
    Ok(index.write(&blobs.bytes))
}

struct Blobs {
    bytes: Vec<u8>,
    compressor: Compressor<'static>,
}

impl Blobs {
    fn new() -> io::Result<Self> {
        let mut compressor = Compressor::new(LEVEL)?;
        // Types are not read before they are asked for, when there is no way to refuse them any more.
        compressor.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Self { bytes: Vec::new(), compressor })
    }

    fn append<T: Packed>(&mut self, value: &T, shapes: usize) -> io::Result<Blob> {
        let unpacked = Writer::pack(value, shapes);
        let packed = self.compressor.compress(&unpacked)?;
        let size = |length: usize| u32::try_from(length).map_err(io::Error::other);
        let (offset, packed_size) = (size(self.bytes.len())?, size(packed.len())?);
        let blob = Blob { offset, packed: packed_size, unpacked: size(unpacked.len())? };
        self.bytes.extend(packed);
        Ok(blob)
    }
}
