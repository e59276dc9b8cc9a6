//! Many objects at once, on all cores.

use crate::error::Result;
use crate::put::{Stored, store};
use ize_sys::{Segment, set_thread_nice};
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread::{available_parallelism, scope};

/// Stores every job, on threads of priority `nice`; the results stand in the order of the jobs. The first error (by
/// time) ends it; objects stored until then stay, which does no harm.
pub fn store_many(
    objects_fd: RawFd,
    jobs: &[Vec<Segment>],
    level: i32,
    keep_up_to: u64,
    nice: i32,
) -> Result<Vec<Stored>> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = channel();
    let threads = available_parallelism()
        .map_or(1, usize::from)
        .min(jobs.len());
    let work = |sender: std::sync::mpsc::Sender<(usize, Result<Stored>)>| {
        // A priority that cannot be had changes no result.
        let _ = set_thread_nice(nice);
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { break };
            let stored = store(objects_fd, job, level, keep_up_to);
            if stored.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            if sender.send((index, stored)).is_err() {
                break;
            }
        }
    };
    scope(|threads_scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            threads_scope.spawn(|| work(sender));
        }
    });
    drop(sender);
    let mut stored = receiver
        .into_iter()
        .map(|(index, one)| one.map(|one| (index, one)))
        .collect::<Result<Vec<_>>>()?;
    stored.sort_by_key(|(index, _)| *index);
    Ok(stored.into_iter().map(|(_, one)| one).collect())
}
