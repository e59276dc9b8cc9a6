//! Mounting as an ordinary user: the setuid `fusermount3` mounts and hands the descriptor back through a socket whose
//! number it finds in _FUSE_COMMFD (util/fusermount.c and lib/mount.c of libfuse).

use crate::errno::{Errno, Result, done, retry};
use crate::name::Name;
use std::ffi::OsStr;
use std::fmt;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

#[derive(Debug)]
pub enum HelperError {
    /// The helper could not be started or spoken to.
    System(Errno),
    /// The helper refused; its own words.
    Refused(String),
}

impl From<Errno> for HelperError {
    fn from(e: Errno) -> Self {
        HelperError::System(e)
    }
}

impl From<std::io::Error> for HelperError {
    fn from(e: std::io::Error) -> Self {
        HelperError::System(e.into())
    }
}

impl fmt::Display for HelperError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HelperError::System(e) => e.fmt(f),
            HelperError::Refused(words) => f.write_str(words),
        }
    }
}

/// Mounts through `helper` (a path or a name in PATH); returns the non-blocking descriptor.
pub fn mount_via_helper(
    mountpoint: &Name,
    options: &Name,
    fsname: &Name,
    helper: &Name,
) -> std::result::Result<i32, HelperError> {
    let (ours, theirs) = UnixStream::pair()?;
    let mut command = Command::new(OsStr::from_bytes(helper.bytes()));
    command
        .arg("-o")
        .arg(OsStr::from_bytes(&option_list(options, fsname)))
        .arg("--")
        .arg(OsStr::from_bytes(mountpoint.bytes()))
        .env("_FUSE_COMMFD", theirs.as_raw_fd().to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let kept = theirs.as_raw_fd();
    // Safety: fcntl(2) is async-signal-safe. Only the child's copy outlives the exec.
    unsafe { command.pre_exec(move || Ok(done(|| libc::fcntl(kept, libc::F_SETFD, 0))?)) };
    let child = command.spawn()?;
    drop(theirs);
    let received = receive_descriptor(ours.as_raw_fd());
    let output = child.wait_with_output()?;
    match received? {
        Some(fd) => {
            done(|| unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) })?;
            Ok(fd.into_raw_fd())
        }
        None => Err(HelperError::Refused(words(&output.stderr, output.status))),
    }
}

fn option_list(options: &Name, fsname: &Name) -> Vec<u8> {
    let mut list = b"subtype=ize,nosuid,nodev,fsname=".to_vec();
    for byte in fsname.bytes() {
        if matches!(byte, b',' | b'\\') {
            list.push(b'\\');
        }
        list.push(*byte);
    }
    if !options.bytes().is_empty() {
        list.push(b',');
        list.extend_from_slice(options.bytes());
    }
    list
}

fn words(stderr: &[u8], status: std::process::ExitStatus) -> String {
    let said = String::from_utf8_lossy(stderr).trim().to_owned();
    if said.is_empty() {
        format!("the mount helper ended without a descriptor ({status})")
    } else {
        said
    }
}

/// One byte of data with the descriptor as SCM_RIGHTS; None when the other end closed without one.
fn receive_descriptor(socket: i32) -> Result<Option<OwnedFd>> {
    let mut byte = 0u8;
    let mut part = libc::iovec {
        iov_base: (&raw mut byte).cast(),
        iov_len: 1,
    };
    let mut control = [0u64; 8];
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &mut part;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = size_of_val(&control) as _;
    if retry(|| unsafe { libc::recvmsg(socket, &mut message, libc::MSG_CMSG_CLOEXEC) } as i64)? == 0
    {
        return Ok(None);
    }
    let header = unsafe { libc::CMSG_FIRSTHDR(&message).as_ref() };
    let Some(header) =
        header.filter(|h| h.cmsg_level == libc::SOL_SOCKET && h.cmsg_type == libc::SCM_RIGHTS)
    else {
        return Ok(None);
    };
    let fd = unsafe { libc::CMSG_DATA(header).cast::<i32>().read_unaligned() };
    Ok(Some(unsafe { OwnedFd::from_raw_fd(fd) }))
}
