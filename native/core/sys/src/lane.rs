//! The slow lane: a thread that syncs and then answers the kernel itself, so that the mount thread never waits.

use crate::errno::{Errno, Result};
use crate::files::{dup_fd, open_again};
use crate::read_write::write_once;
use crate::sync::{sync_data, sync_range, wait_range};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

enum Job {
    Sync {
        fds: Vec<OwnedFd>,
        ticket: u64,
        replies: Option<(Vec<u8>, Vec<u8>)>,
    },
    Writeback {
        stretch: Stretch,
        /// Sent when the stretch before this one is on the disk.
        reply: Option<Vec<u8>>,
    },
    Send(Vec<u8>),
}

/// A part of a file that is on its way to the disk.
struct Stretch {
    fd: OwnedFd,
    offset: i64,
    length: i64,
}

impl Stretch {
    /// Only a head start for the next sync, which will meet and report any error.
    fn start(&self) {
        let _ = sync_range(self.fd.as_raw_fd(), self.offset, self.length);
    }

    /// Waits in an open file of its own: the kernel tells an error of write-back once to each, and the one of the log is
    /// to be told it by its sync.
    fn wait(&self) {
        if let Ok(own) = open_again(self.fd.as_raw_fd()) {
            let _ = wait_range(own.as_raw_fd(), self.offset, self.length);
        }
    }
}

#[derive(Default)]
struct Counters {
    last_ticket: AtomicU64,
    failed_syncs: AtomicU64,
    first_errno: AtomicI32,
    pending: AtomicI64,
    failed_sends: AtomicU64,
}

/// What the lane has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneState {
    pub last_ticket: u64,
    pub failed_syncs: u64,
    /// The errno of the first failed sync, 0 when there was none.
    pub first_errno: i32,
    pub pending: i64,
    pub failed_sends: u64,
}

/// Does its jobs one by one, in the order given. May be used from several threads.
pub struct ReplyLane {
    counters: Arc<Counters>,
    running: Mutex<Option<(Sender<Job>, JoinHandle<()>)>>,
}

impl ReplyLane {
    /// `fuse_fd` stays the caller's: it is held by number, so that replacing it reaches the lane as well.
    pub fn new(fuse_fd: i32) -> Result<Self> {
        let counters = Arc::new(Counters::default());
        let (sender, receiver) = channel();
        let seen = Arc::clone(&counters);
        let thread = std::thread::Builder::new()
            .name("ize-lane".into())
            .spawn(move || work(fuse_fd, &receiver, &seen))
            .map_err(Errno::from)?;
        Ok(ReplyLane {
            counters,
            running: Mutex::new(Some((sender, thread))),
        })
    }

    /// Syncs what `fds` are now (they are duplicated before this returns), then writes `ok`, or `err` when any failed.
    pub fn sync_then_reply(
        &self,
        fds: &[i32],
        ok: Vec<u8>,
        err: Vec<u8>,
        ticket: u64,
    ) -> Result<()> {
        self.push(Job::Sync {
            fds: duplicate(fds)?,
            ticket,
            replies: Some((ok, err)),
        })
    }

    pub fn sync_only(&self, fds: &[i32], ticket: u64) -> Result<()> {
        self.push(Job::Sync {
            fds: duplicate(fds)?,
            ticket,
            replies: None,
        })
    }

    pub fn start_writeback(&self, fd: i32, offset: i64, length: i64) -> Result<()> {
        let stretch = stretch(fd, offset, length)?;
        self.push(Job::Writeback {
            stretch,
            reply: None,
        })
    }

    /// Starts write-back as well, and writes `reply` when no more than this stretch is on its way to the disk.
    pub fn writeback_then_reply(
        &self,
        fd: i32,
        offset: i64,
        length: i64,
        reply: Vec<u8>,
    ) -> Result<()> {
        let stretch = stretch(fd, offset, length)?;
        self.push(Job::Writeback {
            stretch,
            reply: Some(reply),
        })
    }

    /// Writes `bytes` to the FUSE descriptor. ENOENT (the kernel no longer asks) is nothing; other errors are counted.
    pub fn send(&self, bytes: Vec<u8>) -> Result<()> {
        self.push(Job::Send(bytes))
    }

    pub fn state(&self) -> LaneState {
        let c = &self.counters;
        LaneState {
            last_ticket: c.last_ticket.load(SeqCst),
            failed_syncs: c.failed_syncs.load(SeqCst),
            first_errno: c.first_errno.load(SeqCst),
            pending: c.pending.load(SeqCst),
            failed_sends: c.failed_sends.load(SeqCst),
        }
    }

    /// Finishes what is queued and ends the thread. Jobs given later are refused with ESHUTDOWN.
    pub fn close(&self) {
        let running = self
            .running
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .take();
        if let Some((sender, thread)) = running {
            drop(sender);
            // A lane cannot panic: it has nothing but system calls and counters.
            let _ = thread.join();
        }
    }

    fn push(&self, job: Job) -> Result<()> {
        let running = self
            .running
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let Some((sender, _)) = running.as_ref() else {
            return Err(Errno(libc::ESHUTDOWN));
        };
        self.counters.pending.fetch_add(1, SeqCst);
        sender.send(job).map_err(|_| {
            self.counters.pending.fetch_sub(1, SeqCst);
            Errno(libc::ESHUTDOWN)
        })
    }
}

impl Drop for ReplyLane {
    fn drop(&mut self) {
        self.close();
    }
}

fn duplicate(fds: &[i32]) -> Result<Vec<OwnedFd>> {
    fds.iter()
        .map(|fd| dup_fd(*fd).map(|own| unsafe { OwnedFd::from_raw_fd(own) }))
        .collect()
}

fn stretch(fd: i32, offset: i64, length: i64) -> Result<Stretch> {
    let fd = unsafe { OwnedFd::from_raw_fd(dup_fd(fd)?) };
    Ok(Stretch { fd, offset, length })
}

fn work(fuse_fd: i32, jobs: &Receiver<Job>, counters: &Counters) {
    let mut sent: Option<Stretch> = None;
    for job in jobs {
        match job {
            Job::Sync {
                fds,
                ticket,
                replies,
            } => {
                let synced = sync_every(&fds, counters);
                if let Some((ok, err)) = replies {
                    write_counted(fuse_fd, if synced { &ok } else { &err }, counters);
                }
                counters.last_ticket.store(ticket, SeqCst);
            }
            Job::Writeback { stretch, reply } => {
                stretch.start();
                if let Some(reply) = reply {
                    if let Some(before) = sent.take() {
                        before.wait();
                    }
                    write_counted(fuse_fd, &reply, counters);
                }
                sent = Some(stretch);
            }
            Job::Send(bytes) => write_counted(fuse_fd, &bytes, counters),
        }
        counters.pending.fetch_sub(1, SeqCst);
    }
}

/// Syncs all, also after one failed: each reports its error once.
fn sync_every(fds: &[OwnedFd], counters: &Counters) -> bool {
    let mut fine = true;
    for fd in fds {
        if let Err(error) = sync_data(fd.as_raw_fd()) {
            fine = false;
            counters.failed_syncs.fetch_add(1, SeqCst);
            let _ = counters
                .first_errno
                .compare_exchange(0, error.0, SeqCst, SeqCst);
        }
    }
    fine
}

fn write_counted(fuse_fd: i32, bytes: &[u8], counters: &Counters) {
    match write_once(fuse_fd, bytes) {
        Ok(_) | Err(Errno(libc::ENOENT)) => {}
        Err(_) => drop(counters.failed_sends.fetch_add(1, SeqCst)),
    }
}
