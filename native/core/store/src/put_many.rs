//! Many contents at once, on all cores. Threads that find no content left compress what the others have gathered, so
//! that one large file keeps all cores busy too.

use crate::gather::Builder;
use crate::put_content::{Content, Job};
use crate::store::Store;
use ize_content::Result;
use ize_sys::set_thread_nice;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

/// Less than this is put faster than a thread is started.
const THREADS_FROM: i64 = 1 << 20;
/// So many builders may wait for a thread.
const MAX_QUEUE: usize = 2;

impl Store {
    /// Puts every job, on threads of priority `nice`; the results stand in the order of the jobs. The first error (by
    /// time) ends it; objects put until then stay, which does no harm.
    pub fn put_many(&self, jobs: &[Job], keep_up_to: u64, nice: i32) -> Result<Vec<Content>> {
        self.check_writable()?;
        let bytes: i64 = jobs
            .iter()
            .flat_map(|job| &job.segments)
            .map(|segment| segment.length)
            .sum();
        let threads = available_parallelism().map_or(1, usize::from);
        if bytes < THREADS_FROM || threads == 1 {
            return jobs
                .iter()
                .map(|job| self.put_content(job, keep_up_to))
                .collect();
        }
        let many = Many {
            store: self,
            jobs,
            keep_up_to,
            next: AtomicUsize::new(0),
            left: AtomicUsize::new(jobs.len()),
            failed: AtomicBool::new(false),
            results: Mutex::new(Vec::with_capacity(jobs.len())),
        };
        scope(|threads_scope| {
            for _ in 0..threads {
                threads_scope.spawn(|| {
                    // A priority that cannot be had changes no result.
                    let _ = set_thread_nice(nice);
                    many.work();
                });
            }
        });
        let results = many.results.into_inner().unwrap_or_else(|e| e.into_inner());
        let mut contents = results.into_iter().collect::<Result<Vec<_>>>()?;
        contents.sort_by_key(|(index, _)| *index);
        Ok(contents.into_iter().map(|(_, content)| content).collect())
    }

    /// Hands a full builder to a thread that has nothing to do, or writes it.
    pub(crate) fn write_out_builder(&self, number: u64, builder: Builder) -> Result<()> {
        let mut gather = self.gather();
        if gather.idle > 0 && gather.queue.len() < MAX_QUEUE {
            gather.queue.push_back((number, builder));
            self.written.notify_all();
            return Ok(());
        }
        drop(gather);
        self.write_builder(number, builder)
    }
}

struct Many<'a> {
    store: &'a Store,
    jobs: &'a [Job],
    keep_up_to: u64,
    next: AtomicUsize,
    /// Jobs that are not done.
    left: AtomicUsize,
    failed: AtomicBool,
    results: Mutex<Vec<Result<(usize, Content)>>>,
}

impl Many<'_> {
    fn work(&self) {
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.jobs.get(index) else {
                break;
            };
            if !self.failed.load(Ordering::Relaxed) {
                let put = self.store.put_content(job, self.keep_up_to);
                self.done(put.map(|content| (index, content)));
            }
            self.left.fetch_sub(1, Ordering::Release);
            // Whoever waits for something to compress may wait in vain now.
            drop(self.store.gather());
            self.store.written.notify_all();
        }
        self.help();
    }

    fn help(&self) {
        let mut gather = self.store.gather();
        gather.idle += 1;
        loop {
            if let Some((number, builder)) = gather.queue.pop_front() {
                gather.idle -= 1;
                drop(gather);
                if let Err(error) = self.store.write_builder(number, builder) {
                    self.done(Err(error));
                }
                gather = self.store.gather();
                gather.idle += 1;
            } else if self.left.load(Ordering::Acquire) == 0 {
                break;
            } else {
                gather = self
                    .store
                    .written
                    .wait(gather)
                    .unwrap_or_else(|e| e.into_inner());
            }
        }
        gather.idle -= 1;
    }

    fn done(&self, result: Result<(usize, Content)>) {
        if result.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        self.results
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .push(result);
    }
}
