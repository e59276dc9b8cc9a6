//! What a pack holds, by its blocks' heads and tables alone.

use crate::block::{self, HEAD_BYTES, Head};
use ize_content::{Error, Result};
use ize_sys::read_at;
use std::fs::File;
use std::os::fd::AsRawFd;

/// Bytes that are no sound block: `why` is the reason at their beginning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    pub offset: u64,
    pub length: u64,
    pub why: &'static str,
}

pub(crate) struct Scan {
    pub blocks: Vec<(u64, Head)>,
    /// With something sound behind each.
    pub gaps: Vec<Gap>,
    /// Where the last sound block ends.
    pub end: u64,
}

pub(crate) struct Reader<'a> {
    file: &'a File,
    length: u64,
    window: Vec<u8>,
    window_at: u64,
}

const WINDOW: usize = 64 << 10;
const NO_HEAD: &str = "there is no sound block head";
const BAD_PAYLOAD: &str = "the checksum of the block is not that of its bytes";

impl<'a> Reader<'a> {
    pub fn new(file: &'a File, length: u64) -> Self {
        Reader {
            file,
            length,
            window: Vec::new(),
            window_at: 0,
        }
    }

    /// `length` bytes at `offset`, or what there is of them.
    fn bytes(&mut self, offset: u64, length: usize) -> Result<&[u8]> {
        let end = (offset + length as u64).min(self.length);
        let have = self.window_at + self.window.len() as u64;
        if offset < self.window_at || end > have {
            let room = (self.length.saturating_sub(offset)).min(length.max(WINDOW) as u64);
            self.window.resize(room as usize, 0);
            let n = read_at(self.file.as_raw_fd(), &mut self.window, offset as i64)
                .map_err(Error::system("reading a pack"))?;
            self.window.truncate(n);
            self.window_at = offset;
        }
        let from = (offset - self.window_at) as usize;
        let to = (from + length).min(self.window.len());
        Ok(self.window.get(from..to).unwrap_or_default())
    }

    /// The head at `offset` when it is sound and its block lies within the pack.
    pub fn head(&mut self, offset: u64) -> Result<Option<Head>> {
        let Some(front) = block::front_bytes(self.bytes(offset, HEAD_BYTES)?) else {
            return Ok(None);
        };
        let head = block::decode(self.bytes(offset, front)?);
        let length = self.length;
        Ok(head.filter(|head| offset + head.total() <= length))
    }

    pub fn fits(&mut self, offset: u64, head: &Head) -> Result<bool> {
        let mut payload = vec![0; head.payload];
        let n = read_at(
            self.file.as_raw_fd(),
            &mut payload,
            (offset + head.bytes() as u64) as i64,
        )
        .map_err(Error::system("reading a pack"))?;
        Ok(n == payload.len() && head.fits(&payload))
    }

    /// The next block behind `from` that is sound throughout.
    pub fn next_sound(&mut self, from: u64) -> Result<Option<u64>> {
        let mut at = from;
        while at + HEAD_BYTES as u64 <= self.length {
            let piece = self.bytes(at, WINDOW)?.to_vec();
            let found = piece
                .windows(4)
                .enumerate()
                .filter(|(_, four)| **four == block::MAGIC);
            for (ahead, _) in found {
                let candidate = at + ahead as u64;
                if let Some(head) = self.head(candidate)?
                    && self.fits(candidate, &head)?
                {
                    return Ok(Some(candidate));
                }
            }
            // A magic may lie across the edge.
            at += (piece.len() as u64).saturating_sub(3).max(1);
        }
        Ok(None)
    }
}

/// Scans from `from`, which is where a block begins. With `payloads`, blocks whose payload is not what was written
/// are gaps as well.
pub(crate) fn scan(file: &File, from: u64, length: u64, payloads: bool) -> Result<Scan> {
    let mut reader = Reader::new(file, length);
    let mut scan = Scan {
        blocks: Vec::new(),
        gaps: Vec::new(),
        end: from,
    };
    let (mut at, mut gap) = (from, None::<(u64, &'static str)>);
    while at < length {
        let (next, why) = match reader.head(at)? {
            Some(head) if !payloads || reader.fits(at, &head)? => {
                if let Some((offset, why)) = gap.take() {
                    let length = at - offset;
                    scan.gaps.push(Gap {
                        offset,
                        length,
                        why,
                    });
                }
                scan.end = at + head.total();
                scan.blocks.push((at, head));
                at = scan.end;
                continue;
            }
            Some(head) => (Some(at + head.total()), BAD_PAYLOAD),
            None => (reader.next_sound(at + 1)?, NO_HEAD),
        };
        gap = gap.or(Some((at, why)));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(scan)
}
