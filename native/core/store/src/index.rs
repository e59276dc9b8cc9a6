//! `{16 hex}.idx`: where the objects of a closed pack are (README.md). What it says is checked against the pack's own
//! tables wherever it is followed; its checksum is checked when it is opened for writing, or when something is missing.

use ize_content::{Address, Error, Result};
use memmap2::Mmap;
use std::collections::HashMap;
use std::fs::File;

const MAGIC: [u8; 4] = *b"IzIx";
const VERSION: u8 = 1;
const HEAD_BYTES: usize = 40;
const FAN_OUT: usize = 256;
const ENTRIES_AT: usize = HEAD_BYTES + FAN_OUT * 4;
const ENTRY_BYTES: usize = 40;

/// Where an object is in its pack: the offset of its block, and its place in the block's table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Spot(u64);

impl Spot {
    pub fn new(offset: u64, ordinal: usize) -> Self {
        Spot(offset << 16 | ordinal as u64)
    }

    pub fn offset(self) -> u64 {
        self.0 >> 16
    }

    pub fn ordinal(self) -> usize {
        (self.0 & 0xffff) as usize
    }
}

pub(crate) struct MappedIndex {
    bytes: Mmap,
    count: usize,
}

pub(crate) fn encode(spots: &HashMap<Address, Spot>, pack_bytes: u64) -> Vec<u8> {
    let mut sorted: Vec<_> = spots
        .iter()
        .map(|(address, spot)| (*address, *spot))
        .collect();
    sorted.sort_unstable();
    let mut out = Vec::with_capacity(ENTRIES_AT + sorted.len() * ENTRY_BYTES);
    out.extend(MAGIC);
    out.extend([VERSION, 0, 0, 0]);
    out.extend(pack_bytes.to_le_bytes());
    out.extend((sorted.len() as u32).to_le_bytes());
    out.extend([0; 20]);
    let mut below = 0;
    for first in 0..FAN_OUT {
        below += sorted[below..]
            .iter()
            .take_while(|(address, _)| usize::from(address.bytes()[0]) == first)
            .count();
        out.extend((below as u32).to_le_bytes());
    }
    for (address, spot) in sorted {
        out.extend(address.bytes());
        out.extend(spot.0.to_le_bytes());
    }
    let sum = sum(&out);
    out[24..40].copy_from_slice(&sum);
    out
}

fn sum(bytes: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..24]).update(&bytes[HEAD_BYTES..]);
    let mut out = [0; 16];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    out
}

impl MappedIndex {
    /// None when the file is not the index of a pack of this length.
    pub fn open(file: &File, pack_bytes: u64) -> Result<Option<Self>> {
        // SAFETY: an index is never changed once it has its name; damage to it shows in what it says.
        let bytes = unsafe { Mmap::map(file) }.map_err(Error::io("mapping an index"))?;
        if bytes.len() < ENTRIES_AT || bytes[..4] != MAGIC || bytes[4] != VERSION {
            return Ok(None);
        }
        let count = u32_at(&bytes, 16) as usize;
        let sound = u64_at(&bytes, 8) == pack_bytes
            && bytes.len() == ENTRIES_AT + count * ENTRY_BYTES
            && u32_at(&bytes, ENTRIES_AT - 4) as usize == count;
        Ok(sound.then_some(MappedIndex { bytes, count }))
    }

    pub fn is_sound(&self) -> bool {
        self.bytes[24..40] == sum(&self.bytes)
    }

    pub fn find(&self, address: &Address) -> Option<Spot> {
        let first = usize::from(address.bytes()[0]);
        let fan = |at: usize| u32_at(&self.bytes, HEAD_BYTES + at * 4) as usize;
        let mut low = if first == 0 { 0 } else { fan(first - 1) };
        let mut high = fan(first).min(self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry = self.entry(middle);
            match entry[..32].cmp(address.bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(Spot(u64_at(entry, 32))),
            }
        }
        None
    }

    pub fn iter(&self) -> impl Iterator<Item = (Address, Spot)> + '_ {
        (0..self.count).map(|at| {
            let entry = self.entry(at);
            let mut address = [0; 32];
            address.copy_from_slice(&entry[..32]);
            (Address::from_bytes(address), Spot(u64_at(entry, 32)))
        })
    }

    fn entry(&self, at: usize) -> &[u8] {
        &self.bytes[ENTRIES_AT + at * ENTRY_BYTES..][..ENTRY_BYTES]
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u64_at(bytes, at) as u32
}

/// Of up to eight bytes, as many as there are.
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let there = &bytes[at..bytes.len().min(at + 8)];
    there
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}
