//! Extended attributes by directory descriptor and name, without following symlinks.

use crate::errno::{Errno, Result, done, retry};
use crate::name::Name;
use libc::{c_char, c_void};

/// How a file is reached by calls that know no `*at` form.
pub(crate) enum Target {
    Descriptor(i32),
    /// The last component is the file; it is not followed.
    Path(Name),
    /// The link in /proc of a descriptor that was opened with O_PATH; it is followed.
    Link(Name),
}

impl Target {
    pub(crate) fn new(dir_fd: i32, name: &Name) -> Self {
        if name.is_empty() {
            Target::Descriptor(dir_fd)
        } else {
            Target::Path(name.through_proc(dir_fd))
        }
    }

    /// Runs `call`; a descriptor that is only a place (O_PATH: EBADF) is tried again through its link.
    fn reach<T>(&self, call: impl Fn(&Target) -> Result<T>) -> Result<T> {
        match (call(self), self) {
            (Err(Errno(libc::EBADF)), Target::Descriptor(fd)) if is_open(*fd) => {
                call(&Target::Link(Name::new("")?.through_proc(*fd)))
            }
            (result, _) => result,
        }
    }
}

fn is_open(fd: i32) -> bool {
    unsafe { libc::fcntl(fd, libc::F_GETFD) >= 0 }
}

/// Reads the value into `out`; ERANGE when it does not fit.
pub(crate) fn get_into(target: &Target, attr: &Name, out: &mut [u8]) -> Result<usize> {
    let (value, room) = (out.as_mut_ptr().cast::<c_void>(), out.len());
    let n = target.reach(|t| {
        retry(|| unsafe {
            match t {
                Target::Descriptor(fd) => libc::fgetxattr(*fd, attr.ptr(), value, room),
                Target::Path(path) => libc::lgetxattr(path.ptr(), attr.ptr(), value, room),
                Target::Link(path) => libc::getxattr(path.ptr(), attr.ptr(), value, room),
            }
        } as i64)
    })?;
    Ok(n as usize)
}

pub fn get_xattr(dir_fd: i32, name: &Name, attr: &Name) -> Result<Vec<u8>> {
    let target = Target::new(dir_fd, name);
    whole(|out| get_into(&target, attr, out))
}

pub fn set_xattr(dir_fd: i32, name: &Name, attr: &Name, value: &[u8], flags: i32) -> Result<()> {
    let (bytes, length) = (value.as_ptr().cast::<c_void>(), value.len());
    Target::new(dir_fd, name).reach(|t| {
        done(|| unsafe {
            match t {
                Target::Descriptor(fd) => libc::fsetxattr(*fd, attr.ptr(), bytes, length, flags),
                Target::Path(path) => libc::lsetxattr(path.ptr(), attr.ptr(), bytes, length, flags),
                Target::Link(path) => libc::setxattr(path.ptr(), attr.ptr(), bytes, length, flags),
            }
        })
    })
}

pub fn remove_xattr(dir_fd: i32, name: &Name, attr: &Name) -> Result<()> {
    Target::new(dir_fd, name).reach(|t| {
        done(|| unsafe {
            match t {
                Target::Descriptor(fd) => libc::fremovexattr(*fd, attr.ptr()),
                Target::Path(path) => libc::lremovexattr(path.ptr(), attr.ptr()),
                Target::Link(path) => libc::removexattr(path.ptr(), attr.ptr()),
            }
        })
    })
}

/// The names of all attributes.
pub fn list_xattr(dir_fd: i32, name: &Name) -> Result<Vec<Vec<u8>>> {
    let target = Target::new(dir_fd, name);
    let joined = whole(|out| list_into(&target, out))?;
    Ok(joined
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(<[u8]>::to_vec)
        .collect())
}

fn list_into(target: &Target, out: &mut [u8]) -> Result<usize> {
    let (names, room) = (out.as_mut_ptr().cast::<c_char>(), out.len());
    let n = target.reach(|t| {
        retry(|| unsafe {
            match t {
                Target::Descriptor(fd) => libc::flistxattr(*fd, names, room),
                Target::Path(path) => libc::llistxattr(path.ptr(), names, room),
                Target::Link(path) => libc::listxattr(path.ptr(), names, room),
            }
        } as i64)
    })?;
    Ok(n as usize)
}

/// Reads with room that grows to the kernel's own limit of 64 KiB.
fn whole(read: impl Fn(&mut [u8]) -> Result<usize>) -> Result<Vec<u8>> {
    let mut out = vec![0u8; 512];
    loop {
        match read(&mut out) {
            Ok(n) => {
                out.truncate(n);
                return Ok(out);
            }
            Err(Errno(libc::ERANGE)) if out.len() < 1 << 16 => out.resize(1 << 16, 0),
            Err(error) => return Err(error),
        }
    }
}
