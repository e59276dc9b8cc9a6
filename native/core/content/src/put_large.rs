//! Storing what does not fit in memory: one pass that hashes, looks for text and compresses, with flat memory.

use crate::address::{Address, blob_hasher};
use crate::error::{Error, Result};
use crate::header::{Encoding, HEADER_BYTES, Header};
use crate::new_file::NewFile;
use crate::put::{Stored, compress, exists};
use crate::source::{Source, total};
use crate::text::TextCheck;
use ize_sys::Segment;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::RawFd;

const PIECE: usize = 1 << 18;

pub(crate) fn store_large(
    objects_fd: RawFd,
    segments: &[Segment],
    level: i32,
    keep_up_to: u64,
) -> Result<Stored> {
    match write_as(objects_fd, segments, Encoding::Zstd, level, keep_up_to)? {
        Some(stored) => Ok(stored),
        // Compressing gained nothing, which showed at the first piece or (rarely) only at the end.
        None => write_as(objects_fd, segments, Encoding::Plain, level, keep_up_to)?.ok_or(
            Error::System(ize_sys::Errno(libc::EIO), "storing a large object"),
        ),
    }
}

/// One attempt; None when zstd was asked for and does not pay.
fn write_as(
    fd: RawFd,
    segments: &[Segment],
    encoding: Encoding,
    level: i32,
    keep_up_to: u64,
) -> Result<Option<Stored>> {
    let size = total(segments);
    let reading = Error::system("reading what is to be stored");
    let writing = Error::io("writing an object file");
    let (mut source, mut piece) = (Source::new(segments), vec![0; PIECE]);
    let (mut hasher, mut check) = (blob_hasher(), TextCheck::new());
    let mut kept = (size <= keep_up_to).then(Vec::new);

    let mut n = source.fill(&mut piece).map_err(&reading)?;
    if encoding == Encoding::Zstd && !pays(&piece[..n], level)? {
        return Ok(None);
    }
    let mut new = NewFile::create(fd)?;
    new.file
        .write_all(&Header { encoding, size }.encode())
        .map_err(&writing)?;
    let mut sink = Sink::new(&mut new.file, encoding, level).map_err(&writing)?;
    while n > 0 {
        hasher.update(&piece[..n]);
        check.update(&piece[..n]);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&piece[..n]);
        }
        sink.write(&piece[..n]).map_err(&writing)?;
        n = source.fill(&mut piece).map_err(&reading)?;
    }
    sink.finish().map_err(&writing)?;

    let address = Address::from(hasher.finalize());
    let text = check.finish();
    let mut stored_size = new.file.metadata().map_err(&writing)?.len();
    if exists(fd, &address, size) {
        stored_size = 0;
    } else if encoding == Encoding::Zstd && stored_size - HEADER_BYTES as u64 >= size {
        return Ok(None);
    } else {
        new.publish(&address)?;
    }
    Ok(Some(Stored {
        address,
        size,
        stored_size,
        text,
        content: kept.filter(|_| text),
    }))
}

/// Judged by the first piece: less than a 32nd saved is not worth the time of every later read.
fn pays(piece: &[u8], level: i32) -> Result<bool> {
    Ok(compress(piece, level)?.is_some_and(|packed| packed.len() < piece.len() - piece.len() / 32))
}

enum Sink<'a> {
    Plain(&'a mut File),
    Zstd(zstd::Encoder<'static, &'a mut File>),
}

impl<'a> Sink<'a> {
    fn new(file: &'a mut File, encoding: Encoding, level: i32) -> io::Result<Self> {
        Ok(match encoding {
            Encoding::Plain => Sink::Plain(file),
            Encoding::Zstd => Sink::Zstd(zstd::Encoder::new(file, level)?),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Sink::Plain(file) => file.write_all(bytes),
            Sink::Zstd(encoder) => encoder.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Sink::Plain(_) => Ok(()),
            Sink::Zstd(encoder) => encoder.finish().map(|_| ()),
        }
    }
}
