//! Blocks of a pack (README.md): a head, a table of objects, a payload.

use crate::codec;
use crate::kind::Kind;
use ize_content::{Address, Result};

pub(crate) const HEAD_BYTES: usize = 48;
pub(crate) const MAGIC: [u8; 4] = *b"IzBk";
const VERSION: u8 = 1;
const ROW_BYTES: usize = 37;
/// No object is larger; lists and trees are far below.
pub const MAX_OBJECT: usize = 16 << 20;
pub(crate) const MAX_OBJECTS: usize = u16::MAX as usize;
const MAX_PLAIN: usize = 64 << 20;
/// A frame alone takes about as much as could be saved below this.
const COMPRESSED_FROM: usize = 32;
pub(crate) const MAX_DEPTH: u16 = 16;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Plain,
    Zstd,
    /// With the object of this address as prefix; so many steps from one that is no difference.
    Delta(Address, u16),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub kind: Kind,
    pub address: Address,
    pub length: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub encoding: Encoding,
    pub rows: Vec<Row>,
    pub payload: usize,
    payload_sum: [u8; 16],
}

impl Head {
    pub fn plain(&self) -> usize {
        self.rows.iter().map(|row| row.length as usize).sum()
    }

    /// Of the head with its table.
    pub fn bytes(&self) -> usize {
        front(
            self.rows.len(),
            matches!(self.encoding, Encoding::Delta(..)),
        )
    }

    /// Of the whole block.
    pub fn total(&self) -> u64 {
        (self.bytes() + self.payload) as u64
    }

    pub fn depth(&self) -> u16 {
        match self.encoding {
            Encoding::Delta(_, depth) => depth,
            _ => 0,
        }
    }

    /// Where an object begins within the plain bytes.
    pub fn offset(&self, ordinal: usize) -> usize {
        self.rows[..ordinal]
            .iter()
            .map(|row| row.length as usize)
            .sum()
    }

    pub fn fits(&self, payload: &[u8]) -> bool {
        payload.len() == self.payload && sum(payload) == self.payload_sum
    }
}

fn front(rows: usize, delta: bool) -> usize {
    HEAD_BYTES + rows * ROW_BYTES + if delta { 32 } else { 0 }
}

fn sum<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&blake3::hash(bytes).as_bytes()[..N]);
    out
}

/// A block of these objects, whose bytes lie one behind the other in `plain`; `base` is the prefix for a difference.
pub(crate) fn encode(
    rows: &[Row],
    plain: &[u8],
    delta: Option<(Address, u16, Vec<u8>)>,
    level: i32,
) -> Result<Vec<u8>> {
    let packed;
    let (encoding, payload) = match &delta {
        Some((base, depth, frame)) => (Encoding::Delta(*base, *depth), frame.as_slice()),
        None if plain.len() < COMPRESSED_FROM => (Encoding::Plain, plain),
        None => {
            packed = codec::compress(plain, &[], level)?;
            if packed.len() < plain.len() {
                (Encoding::Zstd, packed.as_slice())
            } else {
                (Encoding::Plain, plain)
            }
        }
    };
    let mut out = Vec::with_capacity(front(rows.len(), delta.is_some()) + payload.len());
    let (number, depth) = match encoding {
        Encoding::Plain => (0, 0),
        Encoding::Zstd => (1, 0),
        Encoding::Delta(_, depth) => (2, depth),
    };
    out.extend(MAGIC);
    out.extend([VERSION, number]);
    out.extend(depth.to_le_bytes());
    out.extend((rows.len() as u32).to_le_bytes());
    out.extend((plain.len() as u32).to_le_bytes());
    out.extend((payload.len() as u32).to_le_bytes());
    out.extend([0; 4]);
    out.extend(sum::<16>(payload));
    out.extend([0; 8]);
    if let Encoding::Delta(base, _) = encoding {
        out.extend(base.bytes());
    }
    for row in rows {
        out.push(row.kind as u8);
        out.extend(row.address.bytes());
        out.extend(row.length.to_le_bytes());
    }
    let head_sum = head_sum(&out);
    out[40..48].copy_from_slice(&head_sum);
    out.extend_from_slice(payload);
    Ok(out)
}

/// Of everything before the payload but the sum itself.
fn head_sum(front: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&front[..40]).update(&front[HEAD_BYTES..]);
    let mut out = [0; 8];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    out
}

/// How many bytes the head with its table has, judged by its first `HEAD_BYTES`; None when they are no head.
pub(crate) fn front_bytes(first: &[u8]) -> Option<usize> {
    let head = first.first_chunk::<HEAD_BYTES>()?;
    let rows = number(head, 8);
    let sound = head[..4] == MAGIC
        && head[4] == VERSION
        && head[5] <= 2
        && (1..=MAX_OBJECTS).contains(&rows)
        && number(head, 12) <= MAX_PLAIN
        && number(head, 16) <= MAX_PLAIN;
    sound.then(|| front(rows, head[5] == 2))
}

/// The head in the first bytes of `bytes`; None when they are not exactly what was written.
pub(crate) fn decode(bytes: &[u8]) -> Option<Head> {
    let front = bytes.get(..front_bytes(bytes)?)?;
    if front[40..48] != head_sum(front) {
        return None;
    }
    let (encoding, table) = match front[5] {
        0 => (Encoding::Plain, &front[HEAD_BYTES..]),
        1 => (Encoding::Zstd, &front[HEAD_BYTES..]),
        _ => {
            let (base, table) = front[HEAD_BYTES..].split_first_chunk::<32>()?;
            let depth = u16::from_le_bytes([front[6], front[7]]);
            (Encoding::Delta(Address::from_bytes(*base), depth), table)
        }
    };
    let rows = table
        .as_chunks::<ROW_BYTES>()
        .0
        .iter()
        .map(|row| {
            let (kind, rest) = row.split_first()?;
            let (address, length) = rest.split_first_chunk::<32>()?;
            Some(Row {
                kind: Kind::of(*kind)?,
                address: Address::from_bytes(*address),
                length: number(length, 0) as u32,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    let head = Head {
        encoding,
        rows,
        payload: number(front, 16),
        payload_sum: *front[24..].first_chunk()?,
    };
    let depth = (head.depth() == 0) != matches!(encoding, Encoding::Delta(..));
    (depth && head.depth() <= MAX_DEPTH && head.plain() == number(front, 12)).then_some(head)
}

fn number(bytes: &[u8], at: usize) -> usize {
    bytes[at..at + 4]
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | usize::from(*byte))
}
