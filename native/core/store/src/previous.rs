//! The version of a content before the one that is put: what of it stays, and what its parts may differ little from.

use crate::contents::{Root, decode};
use crate::list::{Entry, List};
use crate::store::Store;
use ize_content::{Address, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// A chunk (level 0) or a node on the way from the root to an offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub level: u8,
    pub entry: Entry,
    pub start: u64,
    /// Whether the end of the file is its end too, and may be what ended it.
    pub last: bool,
}

pub(crate) struct Previous<'a> {
    store: &'a Store,
    root: Step,
    /// The nodes that were read last, one for each level above the chunks.
    nodes: Vec<Option<(Address, Arc<List>)>>,
    /// How much further on the same bytes are in the new version.
    shift: i64,
    /// Where each chunk begins, when the whole new version is read.
    offsets: Option<HashMap<Address, u64>>,
}

/// Versions with more chunks are not matched chunk by chunk.
const MAX_MATCHED: usize = 1 << 20;

impl<'a> Previous<'a> {
    /// None when it is of the first format, or cannot be read: then there is just nothing to gain from it.
    pub fn open(store: &'a Store, address: &Address) -> Option<Self> {
        let (level, length) = match store.root(address).ok()? {
            Root::Chunk(object) => (0, object.bytes().len() as u64),
            Root::List(list) => (list.level, list.length()),
            Root::Loose(_) => return None,
        };
        let mut address = *address;
        // What was moved has its root elsewhere.
        if level == 0 || !matches!(store.get(&address).ok()?.kind, crate::kind::Kind::List) {
            let object = store.get(&address).ok()?;
            if object.kind == crate::kind::Kind::Moved {
                address = crate::contents::moved_to(&address, &object).ok()?;
            }
        }
        Some(Previous {
            store,
            root: Step {
                level,
                entry: Entry { address, length },
                start: 0,
                last: true,
            },
            nodes: vec![None; usize::from(level) + 1],
            shift: 0,
            offsets: None,
        })
    }

    pub fn length(&self) -> u64 {
        self.root.entry.length
    }

    /// From now on `matched` finds chunks wherever they have moved.
    pub fn match_chunks(&mut self) -> Result<()> {
        let mut offsets = HashMap::new();
        let mut at = 0;
        while at < self.length() && offsets.len() < MAX_MATCHED {
            let Some(chunk) = self.path(at)?.pop() else {
                break;
            };
            offsets.entry(chunk.entry.address).or_insert(at);
            at = chunk.start + chunk.entry.length.max(1);
        }
        self.offsets = Some(offsets);
        Ok(())
    }

    /// A chunk of the new version begins at `offset`: when the old one has it, what follows is looked for behind it.
    pub fn matched(&mut self, address: &Address, offset: u64) {
        if let Some(old) = self
            .offsets
            .as_ref()
            .and_then(|offsets| offsets.get(address))
        {
            self.shift = offset as i64 - *old as i64;
        }
    }

    /// What may be the old version of the chunk or node that begins at `offset` of the new one.
    pub fn base(&mut self, level: u8, offset: u64) -> Option<Address> {
        let old = u64::try_from(offset as i64 - self.shift).ok()?;
        let path = self.path(old.min(self.length().saturating_sub(1))).ok()?;
        let step = path.into_iter().find(|step| step.level == level)?;
        Some(step.entry.address)
    }

    /// From the root to the chunk that holds the byte at `offset`.
    pub fn path(&mut self, offset: u64) -> Result<Vec<Step>> {
        let mut path = vec![self.root];
        let mut step = self.root;
        while step.level > 0 {
            let list = self.node(&step)?;
            let mut start = step.start;
            let found = list.entries.iter().position(|entry| {
                start += entry.length;
                start > offset
            });
            let Some(found) = found else { break };
            let entry = list.entries[found];
            step = Step {
                level: step.level - 1,
                entry,
                start: start - entry.length,
                last: step.last && found + 1 == list.entries.len(),
            };
            path.push(step);
        }
        Ok(path)
    }

    fn node(&mut self, step: &Step) -> Result<Arc<List>> {
        let slot = &mut self.nodes[usize::from(step.level)];
        if let Some((address, list)) = slot
            && *address == step.entry.address
        {
            return Ok(list.clone());
        }
        let object = self.store.get(&step.entry.address)?;
        let list = Arc::new(decode(&step.entry.address, &object)?);
        *slot = Some((step.entry.address, list.clone()));
        Ok(list)
    }
}
