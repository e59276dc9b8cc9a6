//! One regular file on its way into `working/`, made whole in one call.

use crate::attributes::{chmod_at, chown_at, utimes_at};
use crate::directory::unlink_at;
use crate::errno::{Errno, Result, done};
use crate::file_system::truncate_fd;
use crate::files::{close_fd, open_at};
use crate::name::Name;
use crate::segments::{Segment, total, write_segments};
use crate::xattr::{list_xattr, remove_xattr, set_xattr};
use libc::{O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_TRUNC, O_WRONLY};

/// What a file has beside its content. A uid or gid of -1 is kept; nanoseconds as in `utimes_at`.
pub struct Attributes {
    pub mode: u32,
    pub uid: i64,
    pub gid: i64,
    pub xattrs: Vec<(Name, Vec<u8>)>,
    /// The value of `user.ize`; empty for none.
    pub identity: Vec<u8>,
    /// aSec, aNsec, mSec, mNsec.
    pub times: [i64; 4],
}

/// Makes `name` in `dir_fd`, fills it from `segments` up to `size` and gives it its attributes. Never flushes.
///
/// A file that a crash left there is truncated, stripped of its attributes and refilled; EEXIST when it is no regular
/// file. On an error a file that this call made is removed again.
pub fn materialize(
    dir_fd: i32,
    name: &Name,
    segments: &[Segment],
    size: i64,
    attributes: &Attributes,
) -> Result<()> {
    let (fd, made) = match open_at(
        dir_fd,
        name,
        O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW,
        0o600,
    ) {
        Ok(fd) => (fd, true),
        Err(Errno(libc::EEXIST)) => (reopen(dir_fd, name)?, false),
        Err(error) => return Err(error),
    };
    let filled = fill(fd, segments, size).and_then(|()| dress(fd, attributes));
    let closed = close_fd(fd);
    let result = filled.and(closed);
    if result.is_err() && made {
        unlink_at(dir_fd, name, 0)?;
    }
    result
}

fn reopen(dir_fd: i32, name: &Name) -> Result<i32> {
    let flags = O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK;
    let fd = match open_at(dir_fd, name, flags, 0) {
        // It got its last mode, which may lock out an ordinary user.
        Err(Errno(libc::EACCES)) => {
            chmod_at(dir_fd, name, 0o600)?;
            open_at(dir_fd, name, flags, 0)?
        }
        Err(Errno(libc::ELOOP | libc::EISDIR | libc::ENXIO)) => return Err(Errno(libc::EEXIST)),
        other => other?,
    };
    let stripped = strip(fd);
    if stripped.is_err() {
        close_fd(fd)?;
    }
    stripped.map(|()| fd)
}

/// Back to what a fresh file is: no mode for others, no attributes of its own.
fn strip(fd: i32) -> Result<()> {
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    done(|| unsafe { libc::fstat64(fd, &mut stat) })?;
    if stat.st_mode & libc::S_IFMT != libc::S_IFREG {
        return Err(Errno(libc::EEXIST));
    }
    let own = Name::new("")?;
    chmod_at(fd, &own, 0o600)?;
    let names = match list_xattr(fd, &own) {
        Err(Errno(libc::EOPNOTSUPP)) => return Ok(()),
        other => other?,
    };
    for name in names
        .into_iter()
        .filter(|name| name.starts_with(b"user.") || name.starts_with(b"system.posix_acl"))
    {
        remove_xattr(fd, &own, &Name::new(name)?)?;
    }
    Ok(())
}

fn fill(fd: i32, segments: &[Segment], size: i64) -> Result<()> {
    // What ends in zeros is made long enough without blocks for them.
    let end = segments.iter().rposition(|s| !s.is_zeros());
    let segments = &segments[..end.map_or(0, |last| last + 1)];
    write_segments(fd, 0, segments)?;
    if total(segments) == size {
        Ok(())
    } else {
        truncate_fd(fd, size)
    }
}

/// The order matters: a change of owner clears setuid bits and capabilities, and anything sets the times.
fn dress(fd: i32, a: &Attributes) -> Result<()> {
    let own = Name::new("")?;
    if a.uid >= 0 || a.gid >= 0 {
        chown_at(fd, &own, a.uid, a.gid)?;
    }
    for (name, value) in &a.xattrs {
        set_xattr(fd, &own, name, value, 0)?;
    }
    if !a.identity.is_empty() {
        set_xattr(fd, &own, &Name::new("user.ize")?, &a.identity, 0)?;
    }
    done(|| unsafe { libc::fchmod(fd, a.mode & 0o7777) })?;
    let [a_sec, a_nsec, m_sec, m_nsec] = a.times;
    utimes_at(fd, &own, a_sec, a_nsec, m_sec, m_nsec)
}
