//! Glacier: the account, the version and the hashes that its requests carry.

use awsx_core::store::hash::hex;
use awsx_model::Input;
use sha2::{Digest, Sha256};

use super::{Call, Changes};
use crate::body::FileBody;
use crate::protocol::WireRequest;
use crate::{Body, checksum};

/// `-` is the account of the credentials.
pub(super) fn fill_account(call: Call<'_>, input: &mut Input, _: &mut Changes) {
    if let Input::Map(entries) = input
        && call.takes("accountId")
    {
        entries.entry("accountId".to_owned()).or_insert_with(|| Input::Text("-".to_owned()));
    }
}

pub(super) fn add_version(call: Call<'_>, _: &Input, wire: &mut WireRequest) {
    wire.set_header("x-amz-glacier-version", call.service.api_version);
}

/// A file that cannot be read gets no hashes here; sending it says why.
pub(super) fn add_checksums(_: Call<'_>, _: &Input, wire: &mut WireRequest) {
    if wire.header("x-amz-content-sha256").is_none()
        && let Ok(hash) = checksum::sha256_hex(&wire.body)
    {
        wire.set_header("x-amz-content-sha256", hash);
    }
    if wire.header("x-amz-sha256-tree-hash").is_none()
        && let Some(hash) = tree_hash(&wire.body)
    {
        wire.set_header("x-amz-sha256-tree-hash", hash);
    }
}

const LEAF: usize = 1024 * 1024;

/// The hashes of each mebibyte, hashed in pairs until one is left.
fn tree_hash(body: &Body) -> Option<String> {
    let mut hashes = leaves(body)?;
    if hashes.is_empty() {
        hashes.push(Sha256::digest([]).to_vec());
    }
    while hashes.len() > 1 {
        let pair = |pair: &[Vec<u8>]| match pair {
            [left, right] => Sha256::new().chain_update(left).chain_update(right).finalize().to_vec(),
            other => other[0].clone(),
        };
        hashes = hashes.chunks(2).map(pair).collect();
    }
    Some(hex(&hashes[0]))
}

fn leaves(body: &Body) -> Option<Vec<Vec<u8>>> {
    let mut hashes = Vec::new();
    match body {
        Body::Bytes(bytes) => hashes.extend(bytes.chunks(LEAF).map(|leaf| Sha256::digest(leaf).to_vec())),
        Body::File(path) => {
            let mut file = FileBody::open(path).ok()?;
            let mut leaf = Vec::with_capacity(LEAF);
            while let Some(piece) = file.read().ok()? {
                for part in piece.chunks(LEAF - leaf.len()) {
                    leaf.extend_from_slice(part);
                    if leaf.len() == LEAF {
                        hashes.push(Sha256::digest(&leaf).to_vec());
                        leaf.clear();
                    }
                }
            }
            if !leaf.is_empty() {
                hashes.push(Sha256::digest(&leaf).to_vec());
            }
        }
    }
    Some(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_leaf_is_its_own_tree() {
        let body = Body::Bytes(b"hello".to_vec());
        assert_eq!(tree_hash(&body), checksum::sha256_hex(&body).ok());
    }

    #[test]
    fn leaves_are_hashed_in_pairs() {
        let body = Body::Bytes(vec![7; 2 * LEAF + 1]);
        let leaf = |bytes: &[u8]| Sha256::digest(bytes).to_vec();
        let left = leaf(&[leaf(&vec![7; LEAF]), leaf(&vec![7; LEAF])].concat());
        let root = leaf(&[left, leaf(&[7])].concat());
        assert_eq!(tree_hash(&body), Some(hex(&root)));
    }
}
