//! What a change must name: the changes it depends on, and those it knows of.
//!
//! Upstream's `make_change` lists as known every change that ever touched a neighbour of an edge it
//! changes: all siblings of a file, all lines that ever followed a line. That grows with each edit of
//! a hot spot. Here the *children of an edge's source* are left out, for these reasons (beta.22):
//!
//! - `knows` is asked in four places only, and asks for membership in the two lists together; what is
//!   a dependency need not be listed as known, so the lists are not minimised against each other.
//! - `collect_zombie_context` and `has_missing_context_deleted` ask for changes next to the *target*
//!   of a deleted edge, and so does unrecord: all neighbours of the target are listed. They return
//!   early on folder edges, which is why no sibling of a name is ever asked for.
//! - `collect_nondeleted_zombies` asks for the deleted *parents* of an edge's source: listed.
//! - `put_up_context` asks whether a change that deleted a vertex knows one that adds a child to it;
//!   the vertex was the target of that deletion, so the child is a neighbour of a target.
//!
//! `merges.rs` records, merges and unrecords with both lists, and compares the graphs edge by edge.

use crate::error::{Context, Error, Result};
use pijul_core::change::{Atom, Hunk, Local, NewEdge};
use pijul_core::pristine::sanakirja::MutTxn0;
use pijul_core::pristine::{
    ChangeId, ChannelTxnT, EdgeFlags, GraphTxnT, Hash, Position, Vertex, iter_adjacent,
};
use std::collections::BTreeSet;

type Graph = <MutTxn0 as GraphTxnT>::Graph;
pub type Channel = <MutTxn0 as ChannelTxnT>::Channel;
pub type GlobalHunk = Hunk<Option<Hash>, Local>;

/// Edges are kept in the order of their flags as a number, so a kind of edge is a range or two. A hot
/// spot has many deleted children: those are not even walked over.
const PARENTS: [(EdgeFlags, EdgeFlags); 2] = [
    (
        EdgeFlags::PARENT,
        EdgeFlags::PARENT
            .union(EdgeFlags::FOLDER)
            .union(EdgeFlags::PSEUDO)
            .union(EdgeFlags::BLOCK),
    ),
    (
        EdgeFlags::DELETED.union(EdgeFlags::PARENT),
        EdgeFlags::all(),
    ),
];
const ALL: [(EdgeFlags, EdgeFlags); 1] = [(EdgeFlags::empty(), EdgeFlags::all())];

/// The two lists of a change, each in the order of the channel's log.
pub struct Deps {
    pub dependencies: Vec<Hash>,
    pub known: Vec<Hash>,
}

pub type DepsOf = fn(&MutTxn0, &Channel, &[GlobalHunk]) -> Result<Deps>;

pub fn deps(txn: &MutTxn0, channel: &Channel, hunks: &[GlobalHunk]) -> Result<Deps> {
    let mut collector = Collector {
        txn,
        graph: txn.graph(channel),
        needed: BTreeSet::new(),
        known: BTreeSet::new(),
    };
    for atom in hunks.iter().flat_map(|hunk| hunk.iter()) {
        match atom {
            Atom::NewVertex(vertex) => {
                let contexts = vertex.up_context.iter().chain(&vertex.down_context);
                collector
                    .needed
                    .extend(contexts.filter_map(|position| position.change));
            }
            Atom::EdgeMap(map) => map.edges.iter().try_for_each(|edge| collector.edge(edge))?,
        }
    }
    let Collector {
        mut needed,
        mut known,
        ..
    } = collector;
    needed.remove(&Hash::None);
    known.remove(&Hash::None);
    let known = known.difference(&needed).copied().collect();
    Ok(Deps {
        dependencies: in_log_order(txn, channel, needed)?,
        known: in_log_order(txn, channel, known)?,
    })
}

struct Collector<'t> {
    txn: &'t MutTxn0,
    graph: &'t Graph,
    needed: BTreeSet<Hash>,
    known: BTreeSet<Hash>,
}

impl Collector<'_> {
    fn edge(&mut self, edge: &NewEdge<Option<Hash>>) -> Result<()> {
        self.needed.extend(
            [edge.from.change, edge.introduced_by, edge.to.change]
                .into_iter()
                .flatten(),
        );
        if let Some(from) = self.internal(edge.from)? {
            let from = *self
                .txn
                .find_block_end(self.graph, from)
                .context("finding an edge's source")?;
            self.neighbours(from, &PARENTS)?;
        }
        if let Some(to) = self.internal(Position {
            change: edge.to.change,
            pos: edge.to.start,
        })? {
            let mut to = *self
                .txn
                .find_block(self.graph, to)
                .context("finding an edge's target")?;
            loop {
                self.neighbours(to, &ALL)?;
                if to.end >= edge.to.end {
                    break;
                }
                to = *self
                    .txn
                    .find_block(self.graph, to.end_pos())
                    .context("finding an edge's target")?;
            }
        }
        Ok(())
    }

    /// Adds the changes on both ends of all edges at `vertex` whose flags lie in one of the ranges.
    fn neighbours(
        &mut self,
        vertex: Vertex<ChangeId>,
        ranges: &[(EdgeFlags, EdgeFlags)],
    ) -> Result<()> {
        for (least, most) in ranges {
            for edge in iter_adjacent(self.txn, self.graph, vertex, *least, *most)
                .context("reading the graph")?
            {
                let edge = edge.context("reading the graph")?;
                for change in [edge.introduced_by(), edge.dest().change] {
                    if let Ok(hash) = self.txn.get_external(&change) {
                        self.known.insert(hash.into());
                    }
                }
            }
        }
        Ok(())
    }

    fn internal(&self, position: Position<Option<Hash>>) -> Result<Option<Position<ChangeId>>> {
        let Some(hash) = position.change else {
            return Ok(None);
        };
        let change = self
            .txn
            .get_internal(&(&hash).into())
            .context("reading the graph")?;
        let change =
            *change.ok_or_else(|| Error::pijul("an edge names a change that is not there"))?;
        Ok(Some(Position {
            change,
            pos: position.pos,
        }))
    }
}

fn in_log_order(txn: &MutTxn0, channel: &Channel, hashes: BTreeSet<Hash>) -> Result<Vec<Hash>> {
    let mut numbered = Vec::with_capacity(hashes.len());
    for hash in hashes {
        let id = txn
            .get_internal(&(&hash).into())
            .context("reading the log")?
            .ok_or_else(|| Error::pijul("a dependency is not there"))?;
        let n = txn
            .get_changeset(txn.changes(channel), id)
            .context("reading the log")?
            .map(|n| u64::from(*n));
        numbered.push((n, hash));
    }
    numbered.sort_unstable();
    Ok(numbered.into_iter().map(|(_, hash)| hash).collect())
}
