//! Segments of other files read as one stream.

use ize_sys::{Errno, Segment, read_exact_at};

pub struct Source<'a> {
    segments: &'a [Segment],
    /// Bytes of the first segment that are read already.
    done: i64,
}

impl<'a> Source<'a> {
    pub fn new(segments: &'a [Segment]) -> Self {
        Source { segments, done: 0 }
    }

    /// Fills as much of `out` as there is; 0 at the end. EIO when a file ends before its segment.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<usize, Errno> {
        let mut filled = 0;
        while let (true, Some(s)) = (filled < out.len(), self.segments.first()) {
            let n = (s.length - self.done).min((out.len() - filled) as i64);
            let room = &mut out[filled..filled + n as usize];
            if s.is_zeros() {
                room.fill(0);
            } else {
                read_exact_at(s.fd, room, s.offset + self.done)?;
            }
            filled += n as usize;
            self.done += n;
            if self.done == s.length {
                self.segments = &self.segments[1..];
                self.done = 0;
            }
        }
        Ok(filled)
    }
}

pub fn total(segments: &[Segment]) -> u64 {
    segments.iter().map(|s| s.length as u64).sum()
}
