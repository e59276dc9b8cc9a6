//! What a collection writes, block by block. Objects keep the order in which they were stored, so that what compresses
//! well together stays together. Versions of one object (a family: what is linked by differences) are brought together:
//! few bytes of them lie side by side in a block; of many, the newest lies where the family was, and the older ones
//! follow, newest first, in blocks of their own that are differences to it or to each other.

use crate::block::{Encoding, MAX_OBJECTS, Row};
use crate::kind::Kind;
use crate::pack::{HEAD_BYTES, Pack, length};
use crate::scan::scan;
use ize_content::{Address, Result};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A family of up to so many bytes shares blocks with others.
const SIDE_BY_SIDE: usize = 64 << 10;
/// Blocks of older versions: an old one is read with as much of its neighbours.
const OLD_BLOCK: usize = 256 << 10;
/// Blocks of nodes, of which a lookup reads one on each level.
const NODE_BLOCK: usize = 128 << 10;

pub(crate) struct Planned {
    pub rows: Vec<Row>,
    /// The object that they are the differences to, which an earlier block has, and how many steps that makes.
    pub base: Option<(Address, u16)>,
}

struct Found {
    row: Row,
    /// Pack, block, place in the block.
    place: (u64, u64, usize),
    /// When it became part of history, as the caller has it.
    age: usize,
}

/// All versions of an object, oldest first.
struct Family {
    members: Vec<Row>,
    place: (u64, u64, usize),
}

/// The blocks for what `packs` have of the `ages` of reachable objects; `skip` says what need not be written.
pub(crate) fn plan(
    packs: &[Arc<Pack>],
    ages: &HashMap<Address, usize>,
    block_bytes: usize,
    skip: impl Fn(&Address) -> bool,
) -> Result<Vec<Planned>> {
    let (mut found, mut links) = (HashMap::new(), Links::default());
    for pack in packs {
        for (offset, head) in scan(&pack.file, HEAD_BYTES, length(&pack.file)?, false)?.blocks {
            for (ordinal, row) in head.rows.into_iter().enumerate() {
                if let Encoding::Delta(base, _) = head.encoding {
                    links.join(row.address, base);
                }
                if let Some(age) = ages.get(&row.address)
                    && !skip(&row.address)
                {
                    let (place, age) = ((pack.id, offset, ordinal), *age);
                    found.insert(row.address, Found { row, place, age });
                }
            }
        }
    }
    let mut blocks = Blocks::default();
    let mut old = Vec::new();
    for family in families(found, links) {
        let is_chunk = family.members[0].kind == Kind::Chunk;
        let limit = if is_chunk { block_bytes } else { NODE_BLOCK };
        let bytes: usize = family.members.iter().map(|row| row.length as usize).sum();
        match family.members.split_last() {
            Some((newest, older)) if bytes > SIDE_BY_SIDE && !older.is_empty() => {
                blocks.push(*newest, limit);
                old.push((
                    newest.address,
                    older.iter().rev().copied().collect::<Vec<_>>(),
                ));
            }
            _ => family
                .members
                .iter()
                .for_each(|row| blocks.push(*row, limit)),
        }
    }
    let mut planned = blocks.finish();
    for (newest, rows) in old {
        older_blocks(newest, &rows, &mut planned);
    }
    Ok(planned)
}

/// Block j of a family's older versions is the difference to the newest of them, when j is a power of two, else to the end
/// of block j & (j - 1): near, and never more steps than j has bits.
fn older_blocks(newest: Address, rows: &[Row], planned: &mut Vec<Planned>) {
    let ranges = cut(rows, OLD_BLOCK);
    for (at, range) in ranges.iter().enumerate() {
        let j = at % usize::from(u16::MAX) + 1;
        let base = match j & (j - 1) {
            0 => newest,
            before => rows[ranges[before - 1].end - 1].address,
        };
        planned.push(Planned {
            rows: rows[range.clone()].to_vec(),
            base: Some((base, j.count_ones() as u16)),
        });
    }
}

/// Ranges of at least `limit` bytes each, but for the last.
fn cut(rows: &[Row], limit: usize) -> Vec<Range<usize>> {
    let (mut ranges, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (at, row) in rows.iter().enumerate() {
        bytes += row.length as usize;
        if bytes >= limit || at + 1 - from >= MAX_OBJECTS || at + 1 == rows.len() {
            ranges.push(from..at + 1);
            (from, bytes) = (at + 1, 0);
        }
    }
    ranges
}

#[derive(Default)]
struct Blocks {
    planned: Vec<Planned>,
    rows: Vec<Row>,
    bytes: usize,
}

impl Blocks {
    fn push(&mut self, row: Row, limit: usize) {
        if self.rows.last().is_some_and(|last| last.kind != row.kind) {
            self.end();
        }
        self.rows.push(row);
        self.bytes += row.length as usize;
        if self.bytes >= limit || self.rows.len() >= MAX_OBJECTS {
            self.end();
        }
    }

    fn end(&mut self) {
        if !self.rows.is_empty() {
            let rows = std::mem::take(&mut self.rows);
            self.planned.push(Planned { rows, base: None });
        }
        self.bytes = 0;
    }

    fn finish(mut self) -> Vec<Planned> {
        self.end();
        self.planned
    }
}

/// Kind by kind, in the order of where their first member lies.
fn families(found: HashMap<Address, Found>, mut links: Links) -> Vec<Family> {
    let mut all: Vec<_> = found
        .into_values()
        .map(|found| (links.family(&found.row.address), found))
        .collect();
    all.sort_unstable_by_key(|(_, found)| (found.age, found.place));
    let (mut families, mut known) = (Vec::<Family>::new(), HashMap::new());
    for (family, Found { row, place, .. }) in all {
        let at = match family {
            Some(family) => *known.entry(family).or_insert(families.len()),
            None => families.len(),
        };
        match families.get_mut(at) {
            Some(family) => {
                family.members.push(row);
                family.place = family.place.min(place);
            }
            None => families.push(Family {
                members: vec![row],
                place,
            }),
        }
    }
    families.sort_unstable_by_key(|family| (family.members[0].kind, family.place));
    families
}

/// Which objects are linked by differences, also over ones that go (union-find).
#[derive(Default)]
struct Links {
    numbers: HashMap<Address, usize>,
    parents: Vec<usize>,
}

impl Links {
    fn join(&mut self, one: Address, other: Address) {
        let (one, other) = (self.number(one), self.number(other));
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one] = other;
    }

    fn number(&mut self, address: Address) -> usize {
        let next = self.parents.len();
        let number = *self.numbers.entry(address).or_insert(next);
        if number == next {
            self.parents.push(next);
        }
        number
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn family(&mut self, address: &Address) -> Option<usize> {
        let number = *self.numbers.get(address)?;
        Some(self.root(number))
    }
}
