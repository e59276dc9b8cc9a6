//! The slow lane as a class.

use crate::convert::{Bytes, Doubles, Ints, Sys, unit};
use napi_derive::napi;

/// A native thread that, job by job in order, syncs descriptors (fdatasync) and then answers on the FUSE descriptor.
/// The methods return 0 or -errno; after close() that is -ESHUTDOWN.
#[napi]
pub struct ReplyLane(ize_sys::ReplyLane);

#[napi]
impl ReplyLane {
    /// The lane holds `fuseFd` by number: replaceWithNull on it reaches the lane too.
    #[napi(constructor)]
    pub fn new(fuse_fd: i32) -> napi::Result<Self> {
        ize_sys::ReplyLane::new(fuse_fd)
            .map(ReplyLane)
            .map_err(|e| {
                napi::Error::from_reason(format!("the sync thread could not be started: {e}"))
            })
    }

    /// Duplicates the descriptors at once. Writes `okReply` when all syncs went well, else `errReply`; then `ticket`
    /// is the last finished one.
    #[napi]
    pub fn sync_then_reply(
        &self,
        fds: Ints,
        ok_reply: Bytes,
        err_reply: Bytes,
        ticket: i64,
    ) -> Sys {
        let replies = (ok_reply.all().to_vec(), err_reply.all().to_vec());
        unit(
            self.0
                .sync_then_reply(fds.all(), replies.0, replies.1, ticket as u64),
        )
    }

    /// Syncs without a reply.
    #[napi]
    pub fn sync_only(&self, fds: Ints, ticket: i64) -> Sys {
        unit(self.0.sync_only(fds.all(), ticket as u64))
    }

    /// Starts write-back of a range (sync_file_range).
    #[napi]
    pub fn start_writeback(&self, fd: i32, offset: i64, length: i64) -> Sys {
        unit(self.0.start_writeback(fd, offset, length))
    }

    /// Starts write-back of a range, and writes `reply` when only this range is still on its way to the disk.
    #[napi]
    pub fn writeback_then_reply(&self, fd: i32, offset: i64, length: i64, reply: Bytes) -> Sys {
        let reply = reply.all().to_vec();
        unit(self.0.writeback_then_reply(fd, offset, length, reply))
    }

    /// Writes bytes to the FUSE descriptor; ENOENT is ignored, other errors are counted.
    #[napi]
    pub fn send(&self, bytes: Bytes) -> Sys {
        unit(self.0.send(bytes.all().to_vec()))
    }

    /// [lastFinishedTicket, failedSyncs, firstErrno, pending, failedSends], as many of them as `out` has room for.
    #[napi]
    pub fn state(&self, mut out: Doubles) {
        let s = self.0.state();
        let words = [
            s.last_ticket as f64,
            s.failed_syncs as f64,
            f64::from(s.first_errno),
            s.pending as f64,
            s.failed_sends as f64,
        ];
        for (slot, word) in out.all_mut().iter_mut().zip(words) {
            *slot = word;
        }
    }

    /// Finishes what is queued and ends the thread; waits for it.
    #[napi]
    pub fn close(&self) {
        self.0.close();
    }
}
