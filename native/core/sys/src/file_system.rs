//! Space: sizes, allocation, holes, and what the file system has left.

use crate::errno::{Result, done, retry};

pub fn truncate_fd(fd: i32, size: i64) -> Result<()> {
    done(|| unsafe { libc::ftruncate64(fd, size) })
}

/// fallocate(2).
pub fn allocate(fd: i32, mode: i32, offset: i64, length: i64) -> Result<()> {
    done(|| unsafe { libc::fallocate64(fd, mode, offset, length) })
}

/// lseek(2): SEEK_DATA is 3, SEEK_HOLE is 4. Moves the descriptor's offset.
pub fn seek_from(fd: i32, offset: i64, whence: i32) -> Result<i64> {
    retry(|| unsafe { libc::lseek64(fd, offset, whence) })
}

/// statfs: bsize, blocks, bfree, bavail, files, ffree, namelen, frsize, type.
// The casts change nothing on x64 and widen elsewhere.
#[allow(clippy::unnecessary_cast)]
pub fn stat_fs(fd: i32) -> Result<[f64; 9]> {
    let mut s: libc::statfs64 = unsafe { std::mem::zeroed() };
    done(|| unsafe { libc::fstatfs64(fd, &mut s) })?;
    Ok([
        s.f_bsize as f64,
        s.f_blocks as f64,
        s.f_bfree as f64,
        s.f_bavail as f64,
        s.f_files as f64,
        s.f_ffree as f64,
        s.f_namelen as f64,
        s.f_frsize as f64,
        (s.f_type as u64 & 0xffff_ffff) as f64,
    ])
}
