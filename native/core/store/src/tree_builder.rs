//! Building a file's Merkle tree from its chunks, in order. The same chunks always make the same tree.

use crate::list::{Entry, List, ends_node};
use ize_content::Result;

/// Keeps a node; the offset is that of the first byte below it.
pub(crate) trait Nodes {
    fn keep(&mut self, list: &List, offset: u64) -> Result<Entry>;
}

#[derive(Default)]
pub(crate) struct TreeBuilder {
    levels: Vec<Level>,
    /// Bytes of what was pushed.
    length: u64,
}

#[derive(Default)]
struct Level {
    /// What the node that is begun holds so far.
    entries: Vec<Entry>,
    /// Whether a node was made of entries of this level.
    closed: bool,
}

impl TreeBuilder {
    /// Whether a whole node of `level` (0 is a chunk) can come next: none below it is begun.
    pub fn takes(&self, level: u8) -> bool {
        self.levels
            .iter()
            .take(usize::from(level))
            .all(|below| below.entries.is_empty())
    }

    /// Appends a chunk (level 0), or a whole node that was made before where `takes` says so.
    pub fn push(&mut self, level: u8, entry: Entry, nodes: &mut dyn Nodes) -> Result<()> {
        self.length += entry.length;
        for below in 0..usize::from(level) {
            self.level(below).closed = true;
        }
        let (mut at, mut entry) = (usize::from(level), entry);
        loop {
            let current = self.level(at);
            current.entries.push(entry);
            if !ends_node(current.entries.len(), &entry) {
                return Ok(());
            }
            entry = self.close(at, nodes)?;
            at += 1;
        }
    }

    /// The root: the only chunk, or the only node of its level. None when nothing was pushed.
    pub fn finish(mut self, nodes: &mut dyn Nodes) -> Result<Option<Entry>> {
        let mut at = 0;
        while at < self.levels.len() {
            let top = at + 1 == self.levels.len();
            let Level { entries, closed } = &self.levels[at];
            if top
                && !closed
                && let [root] = entries.as_slice()
            {
                return Ok(Some(*root));
            }
            if !entries.is_empty() {
                let entry = self.close(at, nodes)?;
                self.level(at + 1).entries.push(entry);
            }
            at += 1;
        }
        Ok(None)
    }

    fn close(&mut self, at: usize, nodes: &mut dyn Nodes) -> Result<Entry> {
        let ahead: u64 = self.levels[..at]
            .iter()
            .flat_map(|below| &below.entries)
            .map(|entry| entry.length)
            .sum();
        let end = self.length - ahead;
        let level = self.level(at);
        level.closed = true;
        let list = List {
            level: at as u8 + 1,
            entries: std::mem::take(&mut level.entries),
        };
        nodes.keep(&list, end - list.length())
    }

    fn level(&mut self, at: usize) -> &mut Level {
        while self.levels.len() <= at {
            self.levels.push(Level::default());
        }
        &mut self.levels[at]
    }
}
