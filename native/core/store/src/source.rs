//! Segments of other files read at any place.

use ize_content::{Error, Result};
use ize_sys::{Errno, Segment, read_exact_at};

pub(crate) struct Source<'a> {
    segments: &'a [Segment],
    /// Where each begins.
    starts: Vec<u64>,
    pub length: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl<'a> Source<'a> {
    pub fn new(segments: &'a [Segment]) -> Self {
        let mut length = 0;
        let starts = segments
            .iter()
            .map(|segment| {
                length += segment.length as u64;
                length - segment.length as u64
            })
            .collect();
        Source {
            segments,
            starts,
            length,
            window: Vec::new(),
            window_at: 0,
        }
    }

    /// Bytes that are in memory.
    pub fn of(bytes: &[u8]) -> Self {
        Source {
            segments: &[],
            starts: Vec::new(),
            length: bytes.len() as u64,
            window: bytes.to_vec(),
            window_at: 0,
        }
    }

    /// At least `least` bytes from `offset` on, or all that are left; reads up to `ahead` at once.
    pub fn bytes(&mut self, offset: u64, least: usize, ahead: usize) -> Result<&[u8]> {
        let left = self.length - offset;
        let end = self.window_at + self.window.len() as u64;
        let inside = offset >= self.window_at && offset <= end;
        let have = if inside { end - offset } else { 0 };
        if have < left.min(least as u64) {
            let kept = self.window.len() - have as usize;
            self.window.drain(..kept);
            self.window_at = offset;
            let from = self.window.len();
            self.window
                .resize(left.min(ahead.max(least) as u64) as usize, 0);
            let mut window = std::mem::take(&mut self.window);
            let filled = self.fill(offset + from as u64, &mut window[from..]);
            self.window = window;
            if let Err(errno) = filled {
                return Err(Error::System(errno, "reading what is to be stored"));
            }
        }
        Ok(&self.window[(offset - self.window_at) as usize..])
    }

    /// EIO when a file ends before its segment.
    fn fill(&self, offset: u64, out: &mut [u8]) -> std::result::Result<(), Errno> {
        let mut at = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let mut filled = 0;
        while filled < out.len() {
            let (Some(segment), Some(start)) = (self.segments.get(at), self.starts.get(at)) else {
                return Err(Errno(libc::EIO));
            };
            let within = (offset + filled as u64 - start) as i64;
            let n =
                ((segment.length - within).max(0) as u64).min((out.len() - filled) as u64) as usize;
            let room = &mut out[filled..filled + n];
            if segment.is_zeros() {
                room.fill(0);
            } else {
                read_exact_at(segment.fd, room, segment.offset + within)?;
            }
            filled += n;
            at += 1;
        }
        Ok(())
    }
}
