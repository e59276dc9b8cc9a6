//! Objects that are put and not yet in a pack: they wait in builders, each of which becomes a block.

use crate::block::{MAX_OBJECTS, Row};
use crate::kind::Kind;
use ize_content::Address;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

/// So many kinds of files are gathered apart.
const MAX_BUILDERS: usize = 24;
/// The builder of what has no kind of its own, or whose builder had to make room.
const MIXED: &str = "";
/// Smaller builders share a block when they are written before they are full.
const OWN_BLOCK: usize = 64 << 10;

pub(crate) struct Pending {
    pub kind: Kind,
    pub bytes: Arc<Vec<u8>>,
    /// How many differences must be undone to read it.
    pub depth: u16,
}

#[derive(Default)]
pub(crate) struct Builder {
    pub rows: Vec<Row>,
    pub parts: Vec<Arc<Vec<u8>>>,
    pub plain: usize,
    used: u64,
}

impl Builder {
    pub fn push(&mut self, row: Row, bytes: Arc<Vec<u8>>) {
        self.plain += bytes.len();
        self.rows.push(row);
        self.parts.push(bytes);
    }

    fn append(&mut self, other: Builder) {
        self.plain += other.plain;
        self.rows.extend(other.rows);
        self.parts.extend(other.parts);
    }

    fn is_full(&self, block_bytes: usize) -> bool {
        self.plain >= block_bytes || self.rows.len() >= MAX_OBJECTS
    }

    /// The objects of each block that it makes: several when builders were joined.
    pub fn blocks(&self, block_bytes: usize) -> Vec<Range<usize>> {
        let (mut blocks, mut from, mut plain) = (Vec::new(), 0, 0);
        for (at, part) in self.parts.iter().enumerate() {
            plain += part.len();
            if plain >= block_bytes || at + 1 - from >= MAX_OBJECTS {
                blocks.push(from..at + 1);
                (from, plain) = (at + 1, 0);
            }
        }
        if from < self.parts.len() {
            blocks.push(from..self.parts.len());
        }
        blocks
    }

    pub fn concatenated(&self, block: Range<usize>) -> Vec<u8> {
        let parts = &self.parts[block];
        let mut plain = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            plain.extend_from_slice(part);
        }
        plain
    }
}

/// A block that is compressed already: a difference, whose base is put before it is.
pub(crate) struct Delta {
    pub row: Row,
    pub block: Vec<u8>,
}

/// What `publish` has to write, in order.
pub(crate) struct Gathered {
    pub builders: Vec<Builder>,
    pub deltas: Vec<Delta>,
}

#[derive(Default)]
pub(crate) struct Gather {
    pub pending: HashMap<Address, Pending>,
    builders: HashMap<String, Builder>,
    deltas: Vec<Delta>,
    /// Of the objects themselves, which are in memory until their differences are written.
    delta_bytes: usize,
    clock: u64,
    /// Numbers of the builders that threads are compressing.
    pub writing: BTreeSet<u64>,
    pub next_writing: u64,
    /// Builders for the threads that have nothing else to do, and how many those are.
    pub queue: VecDeque<(u64, Builder)>,
    pub idle: usize,
}

impl Gather {
    /// Adds an object to the builder of `hint`; a builder that is full now is the caller's to write.
    pub fn add(
        &mut self,
        hint: &str,
        row: Row,
        bytes: Arc<Vec<u8>>,
        block_bytes: usize,
    ) -> Option<(u64, Builder)> {
        self.clock += 1;
        if !self.builders.contains_key(hint) && self.builders.len() >= MAX_BUILDERS {
            self.make_room();
        }
        let builder = self.builders.entry(hint.to_owned()).or_default();
        builder.used = self.clock;
        builder.push(row, bytes);
        if !builder.is_full(block_bytes) {
            return None;
        }
        let full = self.builders.remove(hint)?;
        Some(self.start_writing(full))
    }

    pub fn add_delta(&mut self, delta: Delta) {
        self.delta_bytes += delta.row.length as usize;
        self.deltas.push(delta);
    }

    pub fn delta_bytes(&self) -> usize {
        self.delta_bytes
    }

    /// What is left of a builder of one file joins the others, or is the caller's to write when it is large enough.
    pub fn dissolve(
        &mut self,
        hint: &str,
        into: &str,
        block_bytes: usize,
    ) -> Option<(u64, Builder)> {
        let builder = self.builders.remove(hint)?;
        if builder.plain >= block_bytes / 2 {
            return Some(self.start_writing(builder));
        }
        let other = self.builders.entry(into.to_owned()).or_default();
        other.append(builder);
        other.used = self.clock;
        if !other.is_full(block_bytes) {
            return None;
        }
        let full = self.builders.remove(into)?;
        Some(self.start_writing(full))
    }

    fn start_writing(&mut self, builder: Builder) -> (u64, Builder) {
        self.next_writing += 1;
        self.writing.insert(self.next_writing);
        (self.next_writing, builder)
    }

    /// The builder used longest ago joins the mixed one, so that its block does not become small.
    fn make_room(&mut self) {
        let oldest = self
            .builders
            .iter()
            .filter(|(hint, _)| hint.as_str() != MIXED)
            .min_by_key(|(_, builder)| builder.used)
            .map(|(hint, _)| hint.clone());
        if let Some(builder) = oldest.and_then(|hint| self.builders.remove(&hint)) {
            self.builders
                .entry(MIXED.to_owned())
                .or_default()
                .append(builder);
        }
    }

    /// Puts back what could not be written.
    pub fn put_back(&mut self, gathered: Gathered) {
        let mixed = self.builders.entry(MIXED.to_owned()).or_default();
        for builder in gathered.builders {
            mixed.append(builder);
        }
        for delta in gathered.deltas {
            self.add_delta(delta);
        }
    }

    /// Everything, small builders joined; what is joined lies in the order of the hints.
    pub fn take(&mut self) -> Gathered {
        let mut all: Vec<_> = self.builders.drain().collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (mut builders, mut small) = (Vec::new(), Builder::default());
        for (_, builder) in all {
            if builder.plain >= OWN_BLOCK {
                builders.push(builder);
            } else if !builder.rows.is_empty() {
                small.append(builder);
            }
        }
        if !small.rows.is_empty() {
            builders.push(small);
        }
        self.delta_bytes = 0;
        Gathered {
            builders,
            deltas: std::mem::take(&mut self.deltas),
        }
    }
}
