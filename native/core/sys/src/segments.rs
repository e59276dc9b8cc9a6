//! Content given as pieces of other files: what the log and `working/` hold of one file, in order.

use crate::copy::{copy_range, make_hole, with_buffer};
use crate::errno::{Errno, Result};
use crate::read_write::{read_exact_at, write_all_at};
use crate::sync::Pace;

/// `length` bytes at `offset` of `fd`, or that many zeros when `fd` is -1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub fd: i32,
    pub offset: i64,
    pub length: i64,
}

impl Segment {
    /// From triples of doubles [fd, offset, length]; EINVAL for anything else.
    pub fn list(numbers: &[f64]) -> Result<Vec<Segment>> {
        let (triples, rest) = numbers.as_chunks::<3>();
        let valid = |n: f64| n.is_finite() && n.fract() == 0.0 && n < 9e15;
        let whole = triples
            .iter()
            .all(|t| t.iter().all(|n| valid(*n)) && t[0] >= -1.0 && t[1] >= 0.0 && t[2] >= 0.0);
        if !rest.is_empty() || !whole {
            return Err(Errno(libc::EINVAL));
        }
        Ok(triples
            .iter()
            .map(|t| Segment {
                fd: t[0] as i32,
                offset: t[1] as i64,
                length: t[2] as i64,
            })
            .collect())
    }

    pub fn is_zeros(&self) -> bool {
        self.fd == -1
    }
}

/// The bytes of all segments.
pub(crate) fn total(segments: &[Segment]) -> i64 {
    segments.iter().map(|s| s.length).sum()
}

/// Pieces up to this size are gathered and written together.
const GATHERED: i64 = 1 << 16;
/// What is larger is copied in parts of this size.
const LARGE_PART: i64 = 1 << 22;
/// Shorter zeros than a block gain nothing as a hole.
const HOLE_FROM: i64 = 4096;

/// Writes the segments one after the other at `to_offset`; returns the bytes written.
/// EIO when a source ends before its segment does. A long one goes to the disk as it is written, at the disk's pace.
pub fn write_segments(to: i32, to_offset: i64, segments: &[Segment]) -> Result<i64> {
    let mut at = to_offset;
    let mut rest = segments;
    let mut pace = Pace::new(to, to_offset);
    while let Some(first) = rest.first() {
        pace.written(at)?;
        let gathered = rest.iter().take_while(|s| is_gathered(s)).count();
        if gathered > 0 {
            at += write_gathered(to, at, &rest[..gathered])?;
            rest = &rest[gathered..];
            continue;
        }
        write_large(to, at, first, &mut pace)?;
        at += first.length;
        rest = &rest[1..];
    }
    Ok(at - to_offset)
}

fn is_gathered(s: &Segment) -> bool {
    s.length <= GATHERED && !(s.is_zeros() && s.length >= HOLE_FROM)
}

fn write_large(to: i32, at: i64, s: &Segment, pace: &mut Pace) -> Result<()> {
    if s.is_zeros() {
        return make_hole(to, at, s.length);
    }
    let mut done = 0;
    while done < s.length {
        let part = LARGE_PART.min(s.length - done);
        if copy_range(s.fd, s.offset + done, to, at + done, part, true)? != part {
            return Err(Errno(libc::EIO));
        }
        done += part;
        pace.written(at + done)?;
    }
    Ok(())
}

fn write_gathered(to: i32, to_offset: i64, segments: &[Segment]) -> Result<i64> {
    with_buffer(|buffer| {
        let (mut at, mut filled) = (to_offset, 0);
        for s in segments {
            let length = s.length as usize;
            if filled + length > buffer.len() {
                write_all_at(to, &buffer[..filled], at)?;
                at += filled as i64;
                filled = 0;
            }
            let room = &mut buffer[filled..filled + length];
            if s.is_zeros() {
                room.fill(0);
            } else {
                read_exact_at(s.fd, room, s.offset)?;
            }
            filled += length;
        }
        write_all_at(to, &buffer[..filled], at)?;
        Ok(at + filled as i64 - to_offset)
    })
}
