//! Decompressed blocks that were read last.

use crate::block::Head;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const CAPACITY: usize = 32 << 20;

pub(crate) struct Block {
    pub head: Head,
    pub plain: Vec<u8>,
}

/// By pack and offset; what was not asked for longest goes first.
#[derive(Default)]
pub(crate) struct Cache {
    blocks: HashMap<(u64, u64), (Arc<Block>, u64)>,
    by_use: BTreeMap<u64, (u64, u64)>,
    bytes: usize,
    clock: u64,
}

impl Cache {
    pub fn get(&mut self, key: (u64, u64)) -> Option<Arc<Block>> {
        let (block, used) = self.blocks.get_mut(&key)?;
        self.clock += 1;
        self.by_use.remove(used);
        self.by_use.insert(self.clock, key);
        *used = self.clock;
        Some(block.clone())
    }

    pub fn insert(&mut self, key: (u64, u64), block: Arc<Block>) {
        if self.blocks.contains_key(&key) {
            return;
        }
        self.clock += 1;
        self.bytes += weight(&block);
        self.by_use.insert(self.clock, key);
        self.blocks.insert(key, (block, self.clock));
        while self.bytes > CAPACITY
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            if let Some((block, _)) = self.blocks.remove(&oldest) {
                self.bytes -= weight(&block);
            }
        }
    }

    pub fn clear(&mut self) {
        *self = Cache::default();
    }
}

fn weight(block: &Block) -> usize {
    block.plain.len() + block.head.bytes()
}
