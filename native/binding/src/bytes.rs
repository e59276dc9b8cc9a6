//! System calls on what files hold: sizes, holes, copies, flushes, and whole files in one call.

use crate::convert::{Bytes, Doubles, Latin1, Sys, unit};
use ize_sys::{Errno, Segment};
use napi_derive::napi;

#[napi]
pub fn truncate_fd(fd: i32, size: i64) -> Sys {
    unit(ize_sys::truncate_fd(fd, size))
}

/// fallocate(2).
#[napi]
pub fn allocate(fd: i32, mode: i32, offset: i64, length: i64) -> Sys {
    unit(ize_sys::allocate(fd, mode, offset, length))
}

/// lseek(2): SEEK_DATA 3, SEEK_HOLE 4.
#[napi]
pub fn seek_from(fd: i32, offset: i64, whence: i32) -> Sys {
    ize_sys::seek_from(fd, offset, whence).into()
}

/// Copies up to `length` bytes and returns how many; moves neither offset. With `sparse`, holes stay holes.
#[napi]
pub fn copy_range(
    from_fd: i32,
    from_offset: i64,
    to_fd: i32,
    to_offset: i64,
    length: i64,
    sparse: bool,
) -> Sys {
    ize_sys::copy_range(from_fd, from_offset, to_fd, to_offset, length, sparse).into()
}

/// fdatasync(2).
#[napi]
pub fn sync_data(fd: i32) -> Sys {
    unit(ize_sys::sync_data(fd))
}

/// fsync(2).
#[napi]
pub fn sync_all(fd: i32) -> Sys {
    unit(ize_sys::sync_all(fd))
}

/// syncfs(2).
#[napi]
pub fn sync_file_system(fd: i32) -> Sys {
    unit(ize_sys::sync_file_system(fd))
}

/// sync_file_range(2): starts write-back, waits for nothing.
#[napi]
pub fn sync_range(fd: i32, offset: i64, length: i64) -> Sys {
    unit(ize_sys::sync_range(fd, offset, length))
}

/// statfs into `out`: bsize, blocks, bfree, bavail, files, ffree, namelen, frsize, type.
#[napi]
pub fn stat_fs(fd: i32, mut out: Doubles) -> Sys {
    let row = out.all_mut().first_chunk_mut().ok_or(Errno(libc::EINVAL));
    unit(row.and_then(|row| ize_sys::stat_fs(fd).map(|words| *row = words)))
}

/// `segments` are triples [fd, offset, length]; fd -1 is zeros, left as a hole where possible. Writes them one after
/// the other at `toOffset`; returns the bytes written, -EIO when a source ends early.
#[napi]
pub fn write_segments(to_fd: i32, to_offset: i64, segments: Doubles) -> Sys {
    Segment::list(segments.all())
        .and_then(|list| ize_sys::write_segments(to_fd, to_offset, &list))
        .into()
}

/// Makes the regular file `name` in `dirFd`, fills it from `segments`, cuts or extends it to `size`, gives it owner
/// (-1 keeps), xattrs, `user.ize`, mode and times. A file already there is emptied, stripped and refilled. Never
/// flushes. On an error, a file that this call made is removed.
#[napi]
#[allow(clippy::too_many_arguments)] // one crossing per file is the point
pub fn materialize(
    dir_fd: i32,
    name: Latin1,
    segments: Doubles,
    size: i64,
    mode: u32,
    uid: i64,
    gid: i64,
    xattr_names: Vec<Latin1>,
    xattr_values: Vec<Bytes>,
    identity: Bytes,
    a_sec: i64,
    a_nsec: i64,
    m_sec: i64,
    m_nsec: i64,
) -> Sys {
    let make = || {
        if xattr_names.len() != xattr_values.len() {
            return Err(Errno(libc::EINVAL));
        }
        let pairs = xattr_names.into_iter().zip(&xattr_values);
        let xattrs = pairs.map(|(name, value)| Ok((name.name()?, value.all().to_vec())));
        let attributes = ize_sys::Attributes {
            mode,
            uid,
            gid,
            xattrs: xattrs.collect::<ize_sys::Result<_>>()?,
            identity: identity.all().to_vec(),
            times: [a_sec, a_nsec, m_sec, m_nsec],
        };
        ize_sys::materialize(
            dir_fd,
            &name.name()?,
            &Segment::list(segments.all())?,
            size,
            &attributes,
        )
    };
    unit(make())
}
