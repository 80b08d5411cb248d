//! Writes a pack.

use std::io;

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
    let mut blobs = Vec::new();
    let mut index = Index::default();
    for PackedService { service, rules } in &services {
        let model = append(&mut blobs, service, service.shapes.len())?;
        let rules = rules.as_ref().map(|rules| append(&mut blobs, rules, 0)).transpose()?;
        index.entries.push(Entry { name: service.name, api_version: service.api_version, model, rules });
    }
    index.partitions = Some(append(&mut blobs, &partitions.to_vec(), 0)?);
    Ok(index.write(&blobs))
}

fn append<T: Packed>(blobs: &mut Vec<u8>, value: &T, shapes: usize) -> io::Result<Blob> {
    let unpacked = Writer::pack(value, shapes);
    let packed = zstd::bulk::compress(&unpacked, LEVEL)?;
    let size = |length: usize| u32::try_from(length).map_err(io::Error::other);
    let blob =
        Blob { offset: size(blobs.len())?, packed: size(packed.len())?, unpacked: size(unpacked.len())? };
    blobs.extend(packed);
    Ok(blob)
}
