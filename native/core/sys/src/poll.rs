//! Waiting for the next FUSE request: poll the descriptor for a while, then sleep.

use crate::errno::{Errno, Result, done};
use crate::event::drain_event;
use std::time::{Duration, Instant};

/// Reads one request from the non-blocking `fd` into `out`.
///
/// Spins for at most `spin` while nothing is there, then sleeps until `fd` or `control_fd` (an eventfd) is ready.
/// Returns the bytes read, or 0 when `control_fd` fired; it is drained then. With `check_control` the control
/// descriptor is looked at before anything else. ENODEV when the file system is unmounted.
///
/// ENOENT (the request was interrupted before it was read), EINTR and EAGAIN are retried, as libfuse does.
pub fn read_request(
    fd: i32,
    control_fd: i32,
    out: &mut [u8],
    spin: Duration,
    check_control: bool,
) -> Result<usize> {
    if check_control && drain_event(control_fd)? {
        return Ok(0);
    }
    loop {
        if let Some(n) = read_spinning(fd, out, spin)? {
            return Ok(n);
        }
        if sleep(fd, control_fd)? {
            return Ok(0);
        }
    }
}

/// Tries to read until something comes or the time is over (then None).
fn read_spinning(fd: i32, out: &mut [u8], spin: Duration) -> Result<Option<usize>> {
    let mut deadline = None;
    loop {
        let n = unsafe { libc::read(fd, out.as_mut_ptr().cast(), out.len()) };
        match n {
            1.. => return Ok(Some(n as usize)),
            // A pipe or socket in the kernel's place was closed at its other end.
            0 => return Err(Errno(libc::ENODEV)),
            _ => {}
        }
        match Errno::last().0 {
            libc::ENOENT | libc::EINTR => continue,
            libc::EAGAIN => {}
            error => return Err(Errno(error)),
        }
        if spin.is_zero() {
            return Ok(None);
        }
        let now = Instant::now();
        if now >= *deadline.get_or_insert(now + spin) {
            return Ok(None);
        }
        for _ in 0..8 {
            std::hint::spin_loop();
        }
    }
}

/// Sleeps until either descriptor is ready; true when the control descriptor fired.
fn sleep(fd: i32, control_fd: i32) -> Result<bool> {
    let wanted = |fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    let mut fds = [wanted(fd), wanted(control_fd)];
    done(|| unsafe { libc::poll(fds.as_mut_ptr(), 2, -1) })?;
    if fds[0].revents & libc::POLLNVAL != 0 {
        return Err(Errno(libc::EBADF));
    }
    if fds[1].revents == 0 {
        Ok(false)
    } else {
        drain_event(control_fd)
    }
}
