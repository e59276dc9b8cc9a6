//! An object into a descriptor, with flat memory.

use crate::address::{Address, blob_hasher};
use crate::error::{Error, Result};
use crate::get::{open_object, read_object};
use crate::header::{Encoding, HEADER_BYTES};
use ize_sys::{Errno, write_once};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::RawFd;

const PIECE: usize = 1 << 18;
/// Up to this size nothing is written before everything is checked.
const CHECKED_FIRST: u64 = 4 << 20;

/// Writes the plain bytes at the position of `out_fd`; returns how many. A large object is checked while it is
/// written: on `Damaged` what `out_fd` got is to be thrown away.
pub fn copy_object(objects_fd: RawFd, address: &Address, out_fd: RawFd) -> Result<u64> {
    stream_object(objects_fd, address, &mut |bytes| write_all(out_fd, bytes))
}

/// Gives the plain bytes to `sink`, piece by piece; returns how many. Checked as `copy_object` does.
pub fn stream_object(
    objects_fd: RawFd,
    address: &Address,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<u64> {
    let mut object = open_object(objects_fd, address)?;
    let size = object.header.size;
    if size <= CHECKED_FIRST {
        sink(&read_object(objects_fd, address, CHECKED_FIRST)?)?;
        return Ok(size);
    }
    object
        .file
        .seek(SeekFrom::Start(HEADER_BYTES as u64))
        .map_err(Error::io("reading an object"))?;
    match object.header.encoding {
        Encoding::Plain => copy_checked(object.file, size, address, sink)?,
        Encoding::Zstd => copy_checked(decoder(object.file)?, size, address, sink)?,
    }
    Ok(size)
}

fn decoder(file: File) -> Result<impl Read> {
    // Without single_frame() what follows the frame is decoded too, and so is found.
    zstd::Decoder::new(file).map_err(Error::io("decompressing an object"))
}

fn copy_checked(
    mut plain: impl Read,
    size: u64,
    address: &Address,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let (mut hasher, mut piece, mut copied) = (blob_hasher(), vec![0; PIECE], 0);
    let damaged = |why| Error::damaged(address, why);
    loop {
        let n = match plain.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.raw_os_error().is_some() => {
                return Err(Error::io("reading an object")(error));
            }
            Err(_) => return Err(damaged("its bytes cannot be decompressed")),
        };
        copied += n as u64;
        if copied > size {
            return Err(damaged("it has more bytes than it says"));
        }
        hasher.update(&piece[..n]);
        sink(&piece[..n])?;
    }
    if copied != size || Address::from(hasher.finalize()) != *address {
        return Err(damaged("its bytes are not those it was stored with"));
    }
    Ok(())
}

fn write_all(fd: RawFd, bytes: &[u8]) -> Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match write_once(fd, rest).map_err(Error::system("writing out an object"))? {
            0 => return Err(Error::System(Errno(libc::EIO), "writing out an object")),
            n => rest = &rest[n..],
        }
    }
    Ok(())
}
