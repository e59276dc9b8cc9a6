//! Copying between descriptors: in the kernel where it can, holes kept where they are.

use crate::errno::{Errno, Result, descriptor, done, retry};
use crate::file_system::{allocate, seek_from, truncate_fd};
use crate::files::close_fd;
use crate::name::Name;
use crate::read_write::{read_at, write_all_at};
use std::cell::RefCell;

/// Below this a read and a write are cheaper than copy_file_range(2).
const IN_KERNEL_FROM: i64 = 1 << 18;
const BUFFER_BYTES: usize = 1 << 18;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Lends this thread's copy buffer of BUFFER_BYTES. Not to be nested.
pub(crate) fn with_buffer<T>(use_it: impl FnOnce(&mut [u8]) -> T) -> T {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(BUFFER_BYTES, 0);
        use_it(buffer)
    })
}

/// Copies up to `length` bytes; returns how many, short when the source ends. Neither offset moves.
/// With `sparse`, holes of the source are holes in the target too (zeros where it cannot have any).
pub fn copy_range(
    from: i32,
    from_offset: i64,
    to: i32,
    to_offset: i64,
    length: i64,
    sparse: bool,
) -> Result<i64> {
    if length < 0 || from_offset < 0 || to_offset < 0 {
        return Err(Errno(libc::EINVAL));
    }
    if !sparse {
        return copy_dense(from, from_offset, to, to_offset, length);
    }
    let (seeking, borrowed) = seekable(from);
    let kept = if borrowed {
        seek_from(from, 0, libc::SEEK_CUR).ok()
    } else {
        None
    };
    let copied = copy_sparse(from, seeking, from_offset, to, to_offset, length);
    match kept {
        Some(offset) => drop(seek_from(from, offset, libc::SEEK_SET)?),
        None if !borrowed => close_fd(seeking)?,
        None => {}
    }
    copied
}

/// SEEK_DATA moves the offset, which others may be using: a description of our own, unless the mode forbids one
/// (then true: it is the caller's).
fn seekable(fd: i32) -> (i32, bool) {
    let Ok(own) = Name::new("").map(|empty| empty.through_proc(fd)) else {
        return (fd, true);
    };
    match descriptor(|| unsafe {
        libc::open(
            own.ptr(),
            libc::O_RDONLY | libc::O_CLOEXEC | libc::O_NONBLOCK,
        )
    }) {
        Ok(private) => (private, false),
        Err(_) => (fd, true),
    }
}

fn copy_sparse(
    from: i32,
    seeking: i32,
    from_offset: i64,
    to: i32,
    to_offset: i64,
    length: i64,
) -> Result<i64> {
    let end = from_offset.saturating_add(length).min(size_of_file(from)?);
    let mut at = from_offset;
    while at < end {
        let data = match seek_from(seeking, at, libc::SEEK_DATA) {
            Ok(data) => data.min(end),
            Err(Errno(libc::ENXIO)) => end,
            Err(_) => at,
        };
        if data > at {
            make_hole(to, to_offset + (at - from_offset), data - at)?;
            at = data;
            continue;
        }
        let hole = seek_from(seeking, at, libc::SEEK_HOLE)
            .unwrap_or(end)
            .clamp(at + 1, end);
        let n = copy_dense(from, at, to, to_offset + (at - from_offset), hole - at)?;
        if n == 0 {
            break;
        }
        at += n;
    }
    Ok((at - from_offset).max(0))
}

/// Zeros as a hole: punched out of what is there, the rest by growing the file.
pub(crate) fn make_hole(fd: i32, offset: i64, length: i64) -> Result<()> {
    let (size, end) = (size_of_file(fd)?, offset + length);
    if offset < size {
        let covered = end.min(size) - offset;
        let mode = libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE;
        match allocate(fd, mode, offset, covered) {
            Err(Errno(libc::EOPNOTSUPP | libc::ENOSYS)) => write_zeros(fd, offset, covered)?,
            other => other?,
        }
    }
    if end > size {
        truncate_fd(fd, end)
    } else {
        Ok(())
    }
}

fn write_zeros(fd: i32, offset: i64, length: i64) -> Result<()> {
    with_buffer(|buffer| {
        buffer.fill(0);
        let mut left = length;
        while left > 0 {
            let n = left.min(BUFFER_BYTES as i64);
            write_all_at(fd, &buffer[..n as usize], offset + length - left)?;
            left -= n;
        }
        Ok(())
    })
}

fn copy_dense(from: i32, from_offset: i64, to: i32, to_offset: i64, length: i64) -> Result<i64> {
    let done = if length >= IN_KERNEL_FROM {
        copy_in_kernel(from, from_offset, to, to_offset, length)
    } else {
        0
    };
    // Whatever stopped the kernel (another file system, an odd source, a real error), reading on tells.
    copy_through_buffer(
        from,
        from_offset + done,
        to,
        to_offset + done,
        length - done,
    )
    .map(|n| done + n)
}

fn copy_in_kernel(from: i32, from_offset: i64, to: i32, to_offset: i64, length: i64) -> i64 {
    let (mut source, mut target, mut left) = (from_offset, to_offset, length);
    while left > 0 {
        let n = retry(|| unsafe {
            libc::copy_file_range(from, &mut source, to, &mut target, left as usize, 0)
        } as i64);
        match n {
            Ok(n) if n > 0 => left -= n,
            _ => break,
        }
    }
    length - left
}

fn copy_through_buffer(
    from: i32,
    from_offset: i64,
    to: i32,
    to_offset: i64,
    length: i64,
) -> Result<i64> {
    with_buffer(|buffer| {
        let mut copied = 0;
        while copied < length {
            let want = (length - copied).min(BUFFER_BYTES as i64) as usize;
            let n = read_at(from, &mut buffer[..want], from_offset + copied)?;
            write_all_at(to, &buffer[..n], to_offset + copied)?;
            copied += n as i64;
            if n < want {
                break;
            }
        }
        Ok(copied)
    })
}

pub(crate) fn size_of_file(fd: i32) -> Result<i64> {
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    done(|| unsafe { libc::fstat64(fd, &mut stat) })?;
    Ok(stat.st_size)
}
