//! Storing: what is small is read, hashed, compressed and written in one go.

use crate::address::Address;
use crate::error::{Error, Result};
use crate::get::open_object;
use crate::header::{Encoding, Header};
use crate::new_file::NewFile;
use crate::put_large::store_large;
use crate::source::{Source, total};
use crate::text::is_text;
use ize_sys::{Segment, write_all_at};
use std::cell::RefCell;
use std::os::fd::{AsRawFd, RawFd};
use zstd::bulk::Compressor;

/// An object that is in the store now.
#[derive(Debug)]
pub struct Stored {
    pub address: Address,
    pub size: u64,
    /// The bytes of its file; 0 when it was there already.
    pub stored_size: u64,
    /// No NUL in it and valid UTF-8.
    pub text: bool,
    /// The plain bytes, when they are text and were few enough to keep.
    pub content: Option<Vec<u8>>,
}

/// Up to this size an object is held in memory.
const SMALL: u64 = 1 << 20;
/// A zstd frame alone takes about as much as could be saved below this.
const COMPRESSED_FROM: usize = 32;

/// Stores the bytes of `segments` below `objects_fd`; see README.md. Text of up to `keep_up_to` bytes comes back.
pub fn store(
    objects_fd: RawFd,
    segments: &[Segment],
    level: i32,
    keep_up_to: u64,
) -> Result<Stored> {
    let size = total(segments);
    if size > SMALL {
        return store_large(objects_fd, segments, level, keep_up_to);
    }
    let mut bytes = vec![0; size as usize];
    Source::new(segments)
        .fill(&mut bytes)
        .map_err(Error::system("reading what is to be stored"))?;
    let mut stored = store_bytes(objects_fd, &bytes, level)?;
    stored.content = (stored.text && size <= keep_up_to).then_some(bytes);
    Ok(stored)
}

/// Stores bytes that are in memory.
pub fn store_bytes(objects_fd: RawFd, bytes: &[u8], level: i32) -> Result<Stored> {
    let (address, size) = (Address::of(bytes), bytes.len() as u64);
    let stored_size = if exists(objects_fd, &address, size) {
        0
    } else {
        write(objects_fd, &address, bytes, level)?
    };
    Ok(Stored {
        address,
        size,
        stored_size,
        text: is_text(bytes),
        content: None,
    })
}

/// Whether the object is there with a header and a length that fit. A crash of the machine may leave a name without
/// its bytes; such a file is written again.
pub(crate) fn exists(objects_fd: RawFd, address: &Address, size: u64) -> bool {
    matches!(open_object(objects_fd, address), Ok(object) if object.header.size == size)
}

fn write(objects_fd: RawFd, address: &Address, bytes: &[u8], level: i32) -> Result<u64> {
    let packed = compress(bytes, level)?;
    let (encoding, payload) = match &packed {
        Some(packed) => (Encoding::Zstd, packed.as_slice()),
        None => (Encoding::Plain, bytes),
    };
    let mut file_bytes = Header {
        encoding,
        size: bytes.len() as u64,
    }
    .encode()
    .to_vec();
    file_bytes.extend_from_slice(payload);
    let new = NewFile::create(objects_fd)?;
    write_all_at(new.file.as_raw_fd(), &file_bytes, 0)
        .map_err(Error::system("writing an object file"))?;
    new.publish(address)?;
    Ok(file_bytes.len() as u64)
}

thread_local! {
    /// Making a compressor costs more than compressing a small file.
    static COMPRESSOR: RefCell<Option<(i32, Compressor<'static>)>> = const { RefCell::new(None) };
}

/// None when it would not be smaller.
pub(crate) fn compress(bytes: &[u8], level: i32) -> Result<Option<Vec<u8>>> {
    if bytes.len() < COMPRESSED_FROM {
        return Ok(None);
    }
    let packed = COMPRESSOR.with_borrow_mut(|kept| {
        let mut compressor = match kept.take() {
            Some((of_level, compressor)) if of_level == level => compressor,
            _ => Compressor::new(level)?,
        };
        let packed = compressor.compress(bytes);
        *kept = Some((level, compressor));
        packed
    });
    let packed = packed.map_err(Error::io("compressing an object"))?;
    Ok((packed.len() < bytes.len()).then_some(packed))
}
