//! Nodes of a file's Merkle tree: addresses of chunks or of nodes below, each with the length of the bytes below it.

use ize_content::Address;

const VERSION: u8 = 1;
pub const MIN_ENTRIES: usize = 32;
pub const MAX_ENTRIES: usize = 1024;
/// A file of 2^63 bytes has fewer.
const MAX_LEVEL: u8 = 12;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    pub address: Address,
    pub length: u64,
}

/// Level 1 holds chunks, level n nodes of level n - 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List {
    pub level: u8,
    pub entries: Vec<Entry>,
}

/// Whether a node ends after this entry, when it has `count` with it and others follow.
pub fn ends_node(count: usize, entry: &Entry) -> bool {
    count >= MAX_ENTRIES || (count >= MIN_ENTRIES && entry.address.bytes()[31] == 0)
}

impl List {
    pub fn length(&self) -> u64 {
        self.entries.iter().map(|entry| entry.length).sum()
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 + self.entries.len() * 36);
        out.extend([VERSION, self.level]);
        for entry in &self.entries {
            out.extend_from_slice(entry.address.bytes());
            let mut rest = entry.length;
            while rest >= 0x80 {
                out.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            out.push(rest as u8);
        }
        out
    }

    /// None when these bytes are no list of this format.
    pub fn decode(bytes: &[u8]) -> Option<List> {
        let (&[version, level], mut rest) = bytes.split_first_chunk::<2>()?;
        if version != VERSION || level == 0 || level > MAX_LEVEL {
            return None;
        }
        let (mut entries, mut total) = (Vec::with_capacity(rest.len() / 34), 0u64);
        while let Some((address, after)) = rest.split_first_chunk::<32>() {
            let (length, after) = varint(after)?;
            total = total.checked_add(length)?;
            entries.push(Entry {
                address: Address::from_bytes(*address),
                length,
            });
            rest = after;
        }
        (rest.is_empty() && !entries.is_empty()).then_some(List { level, entries })
    }
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}
