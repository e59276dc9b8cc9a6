//! Writing the blocks of a collection: compressed on all cores, appended in the order of the plan, so that no difference
//! comes before its base.

use crate::block;
use crate::codec;
use crate::gc_plan::Planned;
use crate::store::Store;
use ize_content::{Error, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread::{available_parallelism, scope};

/// zstd's, for what is written once and kept long: of headers and npm packages, level 12 takes 0.7 % less than this.
const LEVEL: i32 = 9;

struct Turn {
    next: usize,
    failed: Option<Error>,
}

impl Store {
    /// Writes all of the plan. The first error ends it; what was written until then stays.
    pub(crate) fn write_plan(&self, plan: &[Planned]) -> Result<()> {
        self.packed[1].store(plan.len() as u64, Ordering::Relaxed);
        let (taken, turned) = (AtomicUsize::new(0), Condvar::new());
        let turn = Mutex::new(Turn {
            next: 0,
            failed: None,
        });
        let work = || {
            loop {
                let at = taken.fetch_add(1, Ordering::Relaxed);
                let Some(planned) = plan.get(at) else { break };
                let block = self.encode_planned(planned);
                let mut turn = turn.lock().unwrap_or_else(|e| e.into_inner());
                while turn.next != at && turn.failed.is_none() {
                    turn = turned.wait(turn).unwrap_or_else(|e| e.into_inner());
                }
                if turn.failed.is_none() {
                    turn.failed = block.and_then(|block| self.append_packed(&block)).err();
                }
                turn.next = at + 1;
                self.packed[0].store(turn.next as u64, Ordering::Relaxed);
                turned.notify_all();
                if turn.failed.is_some() {
                    break;
                }
            }
        };
        scope(|threads| {
            for _ in 0..available_parallelism().map_or(1, usize::from) {
                threads.spawn(work);
            }
        });
        let turn = turn.into_inner().unwrap_or_else(|e| e.into_inner());
        turn.failed.map_or(Ok(()), Err)
    }

    fn encode_planned(&self, planned: &Planned) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        for row in &planned.rows {
            self.check_collecting()?;
            plain.extend_from_slice(self.get(&row.address)?.bytes());
        }
        let alone = block::encode(&planned.rows, &plain, None, LEVEL)?;
        let Some((base, depth)) = planned.base else {
            return Ok(alone);
        };
        let frame = codec::compress(&plain, self.get(&base)?.bytes(), LEVEL)?;
        let different = block::encode(&planned.rows, &plain, Some((base, depth, frame)), LEVEL)?;
        Ok(if different.len() < alone.len() {
            different
        } else {
            alone
        })
    }
}
