//! Shortcuts in the graph of a file's lines.
//!
//! A change that replaces a line leaves edges around it (pseudo-edges), so that the living lines stay connected. Upstream
//! removes those that a longer way makes redundant when it writes the file out to a working copy. Here nothing is ever
//! written out, and lines that are edited again and again would collect them: the time that an edit takes would grow
//! with the square of their number.
//!
//! A file without conflicts is one chain of lines. Where it is, whatever leads further than to the next line is removed.

use crate::error::{Context, Result};
use crate::record::{Channel, Txn};
use pijul_core::alive::{Graph, VertexId, retrieve};
use pijul_core::change::{Atom, Hunk};
use pijul_core::pristine::sanakirja::MutTxn0;
use pijul_core::pristine::{
    ChangeId, ChannelMutTxnT, ChannelTxnT, EdgeFlags, GraphTxnT, Position, SerializedEdge, TxnErr,
    Vertex, del_graph_with_rev, iter_adjacent,
};
use std::collections::{BTreeSet, HashMap};

/// A file's shortcuts are looked at after so many edits: looking costs as much as an edit does.
const EVERY: u32 = 16;
/// Where the walk through a file's graph begins; vertex 0 stands for its end.
const START: VertexId = VertexId(1);

type File = Position<ChangeId>;
type Shortcut = (Vertex<ChangeId>, Vertex<ChangeId>, SerializedEdge);

/// How often each file was edited since its shortcuts were looked at.
#[derive(Default)]
pub struct Shortcuts(HashMap<File, u32>);

impl Shortcuts {
    /// Counts an edit of each file, which is applied; removes what one has collected.
    pub fn edited(&mut self, txn: &Txn, channel: &Channel, files: &BTreeSet<File>) -> Result<()> {
        for &file in files {
            let edits = self.0.entry(file).or_default();
            *edits += 1;
            if *edits >= EVERY {
                *edits = 0;
                remove(&mut txn.write(), &mut channel.write(), file)
                    .context("removing shortcuts between lines")?;
            }
        }
        Ok(())
    }
}

/// The files, known before, whose content these hunks change.
pub fn edited_files<L>(hunks: &[Hunk<Option<ChangeId>, L>]) -> BTreeSet<File> {
    let changes = hunks.iter().filter_map(|hunk| match hunk {
        Hunk::Edit { change, .. } | Hunk::Replacement { change, .. } => Some(change),
        _ => None,
    });
    let inodes = changes.map(|change| match change {
        Atom::NewVertex(vertex) => vertex.inode,
        Atom::EdgeMap(map) => map.inode,
    });
    inodes
        .filter_map(|inode| {
            inode.change.map(|change| Position {
                change,
                pos: inode.pos,
            })
        })
        .collect()
}

type GraphError = TxnErr<<MutTxn0 as GraphTxnT>::GraphError>;
type ChannelOf = <MutTxn0 as ChannelTxnT>::Channel;

fn remove(
    txn: &mut MutTxn0,
    channel: &mut ChannelOf,
    file: File,
) -> std::result::Result<(), GraphError> {
    let graph = retrieve(txn, txn.graph(channel), file, false)?;
    let Some(chain) = chain_of(&graph) else {
        return Ok(());
    };
    let mut found: Vec<Shortcut> = Vec::new();
    for (at, next) in chain.iter().zip(&chain[1..]) {
        for (edge, to) in graph.children(*at) {
            let Some(edge) = edge.filter(|edge| edge.flag().contains(EdgeFlags::PSEUDO)) else {
                continue;
            };
            if to != next
                && !(*at == START && was_deleted(txn, txn.graph(channel), file, edge.dest())?)
            {
                found.push((graph[*at].vertex, graph[*to].vertex, edge));
            }
        }
    }
    for (from, to, edge) in found {
        let graph = MutTxn0::graph_mut(channel);
        del_graph_with_rev(txn, graph, edge.flag(), from, to, edge.introduced_by())?;
    }
    Ok(())
}

/// The vertices from the first to the last; None where the order is not the only one, or there is none.
fn chain_of(graph: &Graph) -> Option<Vec<VertexId>> {
    let vertices = graph.lines.len();
    let children = |at| graph.children(at).filter(|(edge, _)| edge.is_some());
    let mut parents = vec![0u32; vertices];
    for at in (START.0..vertices).map(VertexId) {
        children(at).for_each(|(_, to)| parents[to.0] += 1);
    }
    let mut chain = vec![START];
    while chain.len() < vertices - START.0 {
        let mut next = None;
        for (_, to) in children(*chain.last()?) {
            parents[to.0] -= 1;
            if parents[to.0] == 0 && next.replace(*to).is_some() {
                return None;
            }
        }
        chain.push(next?);
    }
    Some(chain)
}

/// Whether an edge from the file's own vertex to that place was deleted: upstream keeps what leads there as well.
fn was_deleted(
    txn: &MutTxn0,
    graph: &<MutTxn0 as GraphTxnT>::Graph,
    file: File,
    to: Position<ChangeId>,
) -> std::result::Result<bool, GraphError> {
    let deleted = (EdgeFlags::DELETED, EdgeFlags::DELETED);
    for edge in iter_adjacent(txn, graph, file.inode_vertex(), deleted.0, deleted.1)? {
        if edge?.dest() == to {
            return Ok(true);
        }
    }
    Ok(false)
}
