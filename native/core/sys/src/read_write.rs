//! Reading and writing at positions, over short transfers.

use crate::errno::{Errno, Result, retry};

/// write(2) in one call, as the FUSE device wants its replies.
pub fn write_once(fd: i32, bytes: &[u8]) -> Result<usize> {
    retry(|| unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) } as i64)
        .map(|n| n as usize)
}

/// Reads until `out` is full or the file ends; returns the bytes read.
pub fn read_at(fd: i32, out: &mut [u8], position: i64) -> Result<usize> {
    let mut filled = 0;
    while filled < out.len() {
        let rest = &mut out[filled..];
        let at = position + filled as i64;
        match retry(
            || unsafe { libc::pread64(fd, rest.as_mut_ptr().cast(), rest.len(), at) } as i64,
        ) {
            Ok(0) => break,
            Ok(n) => filled += n as usize,
            Err(_) if filled > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Fills `out`; EIO when the file ends before it is full.
pub fn read_exact_at(fd: i32, out: &mut [u8], position: i64) -> Result<()> {
    if read_at(fd, out, position)? == out.len() {
        Ok(())
    } else {
        Err(Errno(libc::EIO))
    }
}

/// Writes until all is written or an error stops it; returns the bytes written, or the error when there are none.
pub fn write_at(fd: i32, bytes: &[u8], position: i64) -> Result<usize> {
    let mut written = 0;
    while written < bytes.len() {
        match write_some(fd, &bytes[written..], position + written as i64) {
            Ok(n) => written += n,
            Err(_) if written > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}

/// Writes all, or returns the error that stopped it.
pub fn write_all_at(fd: i32, bytes: &[u8], position: i64) -> Result<()> {
    let mut written = 0;
    while written < bytes.len() {
        written += write_some(fd, &bytes[written..], position + written as i64)?;
    }
    Ok(())
}

#[inline]
fn write_some(fd: i32, bytes: &[u8], position: i64) -> Result<usize> {
    match retry(
        || unsafe { libc::pwrite64(fd, bytes.as_ptr().cast(), bytes.len(), position) } as i64,
    )? {
        0 => Err(Errno(libc::EIO)),
        n => Ok(n as usize),
    }
}
