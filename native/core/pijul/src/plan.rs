//! The net effect of a list of edits on the tracked tree, before anything is changed.
//!
//! Nodes are loaded from the pristine only along the paths the edits name. A node that stood in the
//! tree before has a *home* (its place then); its *place* is where it ends up, none when it is gone.
//! A path that is deleted and made again as the same kind keeps its node, so that it stays the same
//! file to Pijul: an edit, not a deletion and an addition.

use crate::edit::{Edit, components};
use crate::error::{Context, Error, Result};
use pijul_core::pristine::{Inode, OwnedPathId, TreeTxnT};
use pijul_core::small_string::SmallString;
use std::collections::HashMap;

pub type NodeId = usize;
pub const ROOT: NodeId = 0;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub parent: NodeId,
    pub name: String,
}

pub struct Node<'a> {
    /// None: born in this change.
    pub inode: Option<Inode>,
    pub is_dir: bool,
    pub home: Option<Place>,
    pub place: Option<Place>,
    /// New content and x bit, when written.
    pub write: Option<(&'a [u8], bool)>,
    /// Known children; what is not here is as the pristine has it, unless `sealed`.
    children: HashMap<String, Slot>,
    /// Nothing of the pristine shows through any more.
    sealed: bool,
}

#[derive(Clone, Copy)]
enum Slot {
    Live(NodeId),
    /// Deleted here, where it was at home: comes back when the same kind is made again.
    Gone(NodeId),
    Empty,
}

pub struct Plan<'a> {
    pub nodes: Vec<Node<'a>>,
}

pub fn small(name: &str) -> Result<SmallString> {
    name.parse().context("naming a path")
}

pub fn path_id(parent_inode: Inode, name: &str) -> Result<OwnedPathId> {
    Ok(OwnedPathId {
        parent_inode,
        basename: small(name)?,
    })
}

impl Node<'_> {
    pub fn alive(&self) -> bool {
        self.place.is_some()
    }
    pub fn moved(&self) -> bool {
        self.inode.is_some() && self.alive() && self.place != self.home
    }
    /// Whether recording has anything to look at here, apart from children.
    pub fn touched(&self) -> bool {
        self.alive() && (self.inode.is_none() || self.write.is_some() || self.moved())
    }
}

impl<'a> Plan<'a> {
    pub fn of<T: TreeTxnT>(txn: &T, edits: &'a [Edit]) -> Result<Self> {
        let mut plan = Plan { nodes: Vec::new() };
        plan.add(
            Some(Inode::ROOT),
            true,
            Some(Place {
                parent: ROOT,
                name: String::new(),
            }),
        );
        for edit in edits {
            match edit {
                Edit::Write {
                    path,
                    content,
                    executable,
                } => plan.write(txn, path, content, *executable)?,
                Edit::Mkdir { path } => drop(plan.directory(txn, &components(path)?)?),
                Edit::Delete { path } => plan.delete(txn, path)?,
                Edit::Rename { from, to } => plan.rename(txn, from, to)?,
            }
        }
        Ok(plan)
    }

    /// Live nodes, parents before children, the root first.
    pub fn live(&self) -> Vec<NodeId> {
        let mut order = vec![ROOT];
        let mut next = 0;
        while next < order.len() {
            let mut below: Vec<_> = self.nodes[order[next]]
                .children
                .values()
                .filter_map(|slot| {
                    if let Slot::Live(id) = slot {
                        Some(*id)
                    } else {
                        None
                    }
                })
                .collect();
            // The order of hunks in a change is part of its hash: let it not depend on a hash map.
            below.sort_unstable();
            order.append(&mut below);
            next += 1;
        }
        order
    }

    /// Nodes of the old tree that are gone, without those whose parent is gone with them.
    pub fn gone(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len()).filter(|id| {
            let node = &self.nodes[*id];
            let parent_stays = node
                .home
                .as_ref()
                .is_some_and(|home| self.nodes[home.parent].alive());
            node.inode.is_some() && !node.alive() && parent_stays
        })
    }

    fn add(&mut self, inode: Option<Inode>, is_dir: bool, place: Option<Place>) -> NodeId {
        let home = if inode.is_some() { place.clone() } else { None };
        self.nodes.push(Node {
            inode,
            is_dir,
            home,
            place,
            write: None,
            children: HashMap::new(),
            sealed: false,
        });
        self.nodes.len() - 1
    }

    fn slot<T: TreeTxnT>(&mut self, txn: &T, parent: NodeId, name: &str) -> Result<Slot> {
        let node = &self.nodes[parent];
        if let Some(slot) = node.children.get(name) {
            return Ok(*slot);
        }
        let Some(parent_inode) = node.inode.filter(|_| !node.sealed) else {
            return Ok(Slot::Empty);
        };
        let found = txn
            .get_tree(&path_id(parent_inode, name)?, None)
            .context("looking a path up")?
            .copied();
        let Some(inode) = found else {
            return Ok(Slot::Empty);
        };
        let id = self.load(txn, parent, name, inode)?;
        self.put(parent, name, Slot::Live(id));
        Ok(Slot::Live(id))
    }

    fn load<T: TreeTxnT>(
        &mut self,
        txn: &T,
        parent: NodeId,
        name: &str,
        inode: Inode,
    ) -> Result<NodeId> {
        let is_dir = txn
            .get_tree(&OwnedPathId::inode(inode), None)
            .context("looking a directory up")?
            .is_some();
        Ok(self.add(
            Some(inode),
            is_dir,
            Some(Place {
                parent,
                name: name.to_string(),
            }),
        ))
    }

    fn put(&mut self, parent: NodeId, name: &str, slot: Slot) {
        self.nodes[parent].children.insert(name.to_string(), slot);
    }

    fn find<T: TreeTxnT>(&mut self, txn: &T, path: &str) -> Result<NodeId> {
        let mut at = ROOT;
        for name in components(path)? {
            at = match self.slot(txn, at, name)? {
                Slot::Live(id) => id,
                _ => return Err(Error::pijul(format!("the path {path:?} is not tracked"))),
            };
        }
        Ok(at)
    }

    /// The directory at these components, made if missing.
    fn directory<T: TreeTxnT>(&mut self, txn: &T, parts: &[&str]) -> Result<NodeId> {
        let mut at = ROOT;
        for name in parts {
            at = match self.slot(txn, at, name)? {
                Slot::Live(id) if self.nodes[id].is_dir => id,
                Slot::Live(_) => {
                    let path = parts.join("/");
                    return Err(Error::pijul(format!(
                        "the path {path:?} needs {name:?} to be a directory, and it is a file"
                    )));
                }
                Slot::Gone(id) if self.nodes[id].is_dir => {
                    self.revive_directory(txn, id, at, name)?
                }
                _ => self.born(at, name, true),
            };
        }
        Ok(at)
    }

    fn born(&mut self, parent: NodeId, name: &str, is_dir: bool) -> NodeId {
        let id = self.add(
            None,
            is_dir,
            Some(Place {
                parent,
                name: name.to_string(),
            }),
        );
        self.put(parent, name, Slot::Live(id));
        id
    }

    fn revive(&mut self, id: NodeId, parent: NodeId, name: &str) {
        self.nodes[id].place = Some(Place {
            parent,
            name: name.to_string(),
        });
        self.put(parent, name, Slot::Live(id));
    }

    /// The directory comes back empty: each child it had is loaded as gone, to be recorded as deleted.
    fn revive_directory<T: TreeTxnT>(
        &mut self,
        txn: &T,
        id: NodeId,
        parent: NodeId,
        name: &str,
    ) -> Result<NodeId> {
        self.revive(id, parent, name);
        if let Some(inode) = self.nodes[id].inode.filter(|_| !self.nodes[id].sealed) {
            for (child, inode) in children_of(txn, inode)? {
                if !self.nodes[id].children.contains_key(&child) {
                    let lost = self.load(txn, id, &child, inode)?;
                    self.nodes[lost].place = None;
                    self.put(id, &child, Slot::Gone(lost));
                }
            }
        }
        self.nodes[id].sealed = true;
        Ok(id)
    }

    fn write<T: TreeTxnT>(
        &mut self,
        txn: &T,
        path: &str,
        content: &'a [u8],
        executable: bool,
    ) -> Result<()> {
        let parts = components(path)?;
        let (name, above) = parts.split_last().expect("components are never empty");
        let parent = self.directory(txn, above)?;
        let id = match self.slot(txn, parent, name)? {
            Slot::Live(id) if self.nodes[id].is_dir => {
                return Err(Error::pijul(format!(
                    "the file {path:?} cannot be written: a directory is there"
                )));
            }
            Slot::Live(id) => id,
            Slot::Gone(id) if !self.nodes[id].is_dir => {
                self.revive(id, parent, name);
                id
            }
            _ => self.born(parent, name, false),
        };
        self.nodes[id].write = Some((content, executable));
        Ok(())
    }

    fn delete<T: TreeTxnT>(&mut self, txn: &T, path: &str) -> Result<()> {
        let id = self.find(txn, path)?;
        let mut doomed = vec![id];
        while let Some(id) = doomed.pop() {
            let Some(place) = self.nodes[id].place.take() else {
                continue;
            };
            self.nodes[id].write = None;
            let left = if self.nodes[id].home.as_ref() == Some(&place) {
                Slot::Gone(id)
            } else {
                Slot::Empty
            };
            self.put(place.parent, &place.name, left);
            doomed.extend(self.nodes[id].children.values().filter_map(|slot| {
                if let Slot::Live(id) = slot {
                    Some(*id)
                } else {
                    None
                }
            }));
        }
        Ok(())
    }

    fn rename<T: TreeTxnT>(&mut self, txn: &T, from: &str, to: &str) -> Result<()> {
        let id = self.find(txn, from)?;
        if from == to {
            return Ok(());
        }
        if to
            .strip_prefix(from)
            .is_some_and(|rest| rest.starts_with('/'))
        {
            return Err(Error::pijul(format!(
                "the directory {from:?} cannot be moved below itself, to {to:?}"
            )));
        }
        let parts = components(to)?;
        let (name, above) = parts.split_last().expect("components are never empty");
        let parent = self.directory(txn, above)?;
        let taken = self.slot(txn, parent, name)?;
        if let Slot::Live(_) = taken {
            return Err(Error::pijul(format!(
                "{from:?} cannot be renamed to {to:?}: the name is taken"
            )));
        }
        let left = self.nodes[id].place.take().expect("found nodes are live");
        self.put(left.parent, &left.name, Slot::Empty);
        match taken {
            // A file born in this change and renamed over one that was there is an edit of that one.
            Slot::Gone(old)
                if self.nodes[id].inode.is_none()
                    && !self.nodes[id].is_dir
                    && !self.nodes[old].is_dir =>
            {
                self.nodes[old].write = self.nodes[id].write.take();
                self.revive(old, parent, name);
            }
            _ => self.revive(id, parent, name),
        }
        Ok(())
    }
}

/// Names and inodes directly below a directory of the pristine's tree.
pub fn children_of<T: TreeTxnT>(txn: &T, inode: Inode) -> Result<Vec<(String, Inode)>> {
    pijul_core::fs::working_copy_children(txn, inode)
        .context("listing a directory")?
        .map(|entry| {
            entry
                .map(|(name, inode)| (name.as_str().to_string(), inode))
                .context("listing a directory")
        })
        .collect()
}
