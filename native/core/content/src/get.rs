//! Reading objects, never without checking them against their address.

use crate::address::Address;
use crate::error::{Error, Result};
use crate::header::{Encoding, HEADER_BYTES, Header};
use ize_sys::{Errno, read_at};
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};

/// An object file whose header fits it.
pub(crate) struct Object {
    pub header: Header,
    pub file: File,
    pub payload_bytes: u64,
}

pub(crate) fn open_object(objects_fd: RawFd, address: &Address) -> Result<Object> {
    let opened = ize_sys::open_at(
        objects_fd,
        &address.path(),
        libc::O_RDONLY | libc::O_NOFOLLOW,
        0,
    );
    let file = match opened {
        Ok(fd) => unsafe { File::from_raw_fd(fd) },
        Err(Errno(libc::ENOENT)) => return Err(Error::Missing(*address)),
        Err(error) => return Err(Error::System(error, "opening an object")),
    };
    let mut head = [0; HEADER_BYTES];
    let n = read_at(file.as_raw_fd(), &mut head, 0).map_err(Error::system("reading an object"))?;
    let file_bytes = file
        .metadata()
        .map_err(Error::io("reading an object"))?
        .len();
    let header =
        Header::decode(&head[..n], file_bytes).map_err(|why| Error::damaged(address, why))?;
    Ok(Object {
        header,
        file,
        payload_bytes: file_bytes - HEADER_BYTES as u64,
    })
}

/// The plain size that an object's header names, when the header fits the file.
pub fn object_size(objects_fd: RawFd, address: &Address) -> Result<u64> {
    Ok(open_object(objects_fd, address)?.header.size)
}

/// The plain bytes of an object, checked. `Large` when there are more than `limit`.
pub(crate) fn read_object(objects_fd: RawFd, address: &Address, limit: u64) -> Result<Vec<u8>> {
    let object = open_object(objects_fd, address)?;
    if object.header.size > limit {
        return Err(Error::Large {
            address: *address,
            size: object.header.size,
            limit,
        });
    }
    let mut payload = vec![0; object.payload_bytes as usize];
    let n = read_at(object.file.as_raw_fd(), &mut payload, HEADER_BYTES as i64)
        .map_err(Error::system("reading an object"))?;
    let damaged = |why| Error::damaged(address, why);
    if n < payload.len() {
        return Err(damaged("its file is cut off"));
    }
    let plain = match object.header.encoding {
        Encoding::Plain => payload,
        Encoding::Zstd => zstd::bulk::decompress(&payload, object.header.size as usize)
            .map_err(|_| damaged("its bytes cannot be decompressed"))?,
    };
    if plain.len() as u64 != object.header.size || Address::of(&plain) != *address {
        return Err(damaged("its bytes are not those it was stored with"));
    }
    Ok(plain)
}
