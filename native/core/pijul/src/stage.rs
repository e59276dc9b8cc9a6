//! Moves the pristine's tree tables from before to after a change, and lays out for record a small
//! tree that holds nothing but what the change touches.
//!
//! A record walks Pijul's tree tables from the root, over every sibling and, below a moved
//! directory, over everything. So for the time of one record each directory on a touched path is
//! replaced in the walk by a *stand-in*: an inode that leads to the same vertex but whose only
//! children are the touched ones. The cost then depends on the change alone.

use crate::error::{Context, Result};
use crate::plan::{NodeId, Plan, ROOT, children_of, path_id};
use crate::store::Changes;
use crate::view::{Entry, UNTOUCHED, View};

use pijul_core::fs::{create_new_inode, iter_basenames};
use pijul_core::pristine::sanakirja::MutTxn0;
use pijul_core::pristine::{
    ChannelRef, ChannelTxnT, Inode, OwnedPathId, TreeMutTxnT, TreeTxnT, del_tree_with_rev,
    put_tree_with_rev,
};
use std::collections::{HashMap, HashSet};

/// With at most this many touched names at the root, each is walked as a prefix of its own; with
/// more, the other names are hidden and one walk takes them all.
const FEW: usize = 8;

/// The name of what is deleted until the change is applied; NUL, so that no path can be the same.
const RETIRED: &str = "\0retired-";

pub struct Stage<'a> {
    pub view: View<'a>,
    /// The prefixes to record, in order.
    pub prefixes: Vec<String>,
    /// Retired name -> the name it had.
    pub retired: HashMap<String, String>,
    undo: Vec<Undo>,
}

enum Undo {
    Put(OwnedPathId, Inode),
    Del(OwnedPathId, Inode),
    DelStandIn(Inode),
}

pub struct Stager<'t, 'p, 'a> {
    pub txn: &'t mut MutTxn0,
    pub channel: &'t ChannelRef<MutTxn0>,
    pub changes: &'t Changes,
    pub plan: &'p Plan<'a>,
    pub salt: &'t mut u64,
    inodes: Vec<Option<Inode>>,
    stage: Stage<'a>,
}

impl<'t, 'p, 'a> Stager<'t, 'p, 'a> {
    pub fn new(
        txn: &'t mut MutTxn0,
        channel: &'t ChannelRef<MutTxn0>,
        changes: &'t Changes,
        plan: &'p Plan<'a>,
        salt: &'t mut u64,
    ) -> Self {
        let inodes = plan.nodes.iter().map(|node| node.inode).collect();
        let stage = Stage {
            view: View::default(),
            prefixes: Vec::new(),
            retired: HashMap::new(),
            undo: Vec::new(),
        };
        Stager {
            txn,
            channel,
            changes,
            plan,
            salt,
            inodes,
            stage,
        }
    }

    pub fn run(mut self) -> Result<Stage<'a>> {
        let live = self.plan.live();
        let gone: Vec<(NodeId, String)> = self
            .plan
            .gone()
            .collect::<Vec<_>>()
            .into_iter()
            .map(|id| self.retire(id).map(|name| (id, name)))
            .collect::<Result<_>>()?;
        self.settle(&live)?;
        self.lay_out(&live, &gone)?;
        Ok(self.stage)
    }

    fn fresh_inode(&mut self, at: &OwnedPathId) -> Result<Inode> {
        *self.salt = self.salt.wrapping_add(1);
        create_new_inode(self.txn, at, *self.salt).context("making an inode")
    }

    fn inode(&self, id: NodeId) -> Inode {
        self.inodes[id].expect("parents are settled before their children")
    }

    /// Gives a deleted node a name of its own beside its old one, so that its path may be taken.
    fn retire(&mut self, id: NodeId) -> Result<String> {
        let node = &self.plan.nodes[id];
        let (home, inode) = (
            node.home.as_ref().expect("gone nodes had a home"),
            self.inode(id),
        );
        let parent = self.inode(home.parent);
        let name = format!("{RETIRED}{}", self.stage.retired.len());
        let key = path_id(parent, &name)?;
        del_tree_with_rev(self.txn, &path_id(parent, &home.name)?, &inode)
            .context("retiring a path")?;
        put_tree_with_rev(self.txn, &key, &inode).context("retiring a path")?;
        self.stage.retired.insert(name.clone(), home.name.clone());
        Ok(name)
    }

    /// Puts every moved and every new node where it ends up. All moved ones leave first, so that
    /// two of them may change places.
    fn settle(&mut self, live: &[NodeId]) -> Result<()> {
        for &id in live {
            let node = &self.plan.nodes[id];
            if let Some(home) = node.home.as_ref().filter(|_| node.moved()) {
                let key = path_id(self.inode(home.parent), &home.name)?;
                del_tree_with_rev(self.txn, &key, &self.inode(id)).context("moving a path")?;
            }
        }
        for &id in live {
            let node = &self.plan.nodes[id];
            let place = node.place.as_ref().expect("live nodes have a place");
            if node.moved() || node.inode.is_none() {
                let key = path_id(self.inode(place.parent), &place.name)?;
                let inode = match node.inode {
                    Some(inode) => inode,
                    None => self.fresh_inode(&key)?,
                };
                self.inodes[id] = Some(inode);
                put_tree_with_rev(self.txn, &key, &inode).context("placing a path")?;
                if node.inode.is_none() && node.is_dir {
                    self.txn
                        .put_tree(&OwnedPathId::inode(inode), &inode)
                        .context("placing a directory")?;
                }
            }
        }
        Ok(())
    }

    fn lay_out(&mut self, live: &[NodeId], gone: &[(NodeId, String)]) -> Result<()> {
        let plan = self.plan;
        let mut wanted = vec![false; plan.nodes.len()];
        let home_of = |id: NodeId| {
            plan.nodes[id]
                .home
                .as_ref()
                .expect("gone nodes had a home")
                .parent
        };
        gone.iter().for_each(|(id, _)| wanted[home_of(*id)] = true);
        for &id in live.iter().rev() {
            wanted[id] |= plan.nodes[id].touched();
            if let Some(place) = plan.nodes[id].place.as_ref().filter(|_| wanted[id]) {
                wanted[place.parent] = true;
            }
        }
        let mut walk: Vec<Inode> = vec![Inode::ROOT; plan.nodes.len()];
        let mut paths: Vec<String> = vec![String::new(); plan.nodes.len()];
        let mut top = Vec::new();
        for &id in live.iter().skip(1).filter(|id| wanted[**id]) {
            let place = plan.nodes[id]
                .place
                .as_ref()
                .expect("live nodes have a place");
            paths[id] = if place.parent == ROOT {
                place.name.clone()
            } else {
                format!("{}/{}", paths[place.parent], place.name)
            };
            let entry = self.entry(id)?;
            self.stage.view.entries.insert(paths[id].clone(), entry);
            walk[id] = self.stand_in(id)?;
            self.show(
                walk[place.parent],
                self.inode(place.parent),
                &place.name,
                self.inode(id),
                walk[id],
            )?;
            if place.parent == ROOT {
                top.push(place.name.clone());
            }
        }
        for (id, name) in gone {
            let parent = home_of(*id);
            self.show(
                walk[parent],
                self.inode(parent),
                name,
                self.inode(*id),
                self.inode(*id),
            )?;
            if parent == ROOT {
                top.push(name.clone());
            }
        }
        self.choose_prefixes(top)
    }

    fn entry(&mut self, id: NodeId) -> Result<Entry<'a>> {
        let node = &self.plan.nodes[id];
        Ok(match (node.is_dir, node.write) {
            (true, _) => Entry::Dir,
            (false, Some((content, executable))) => Entry::File {
                content: Some(content),
                executable,
            },
            (false, None) => {
                let inode = self.inode(id);
                self.txn
                    .set_inode_stat(&inode, UNTOUCHED.0, UNTOUCHED.1)
                    .context("marking a file as untouched")?;
                Entry::File {
                    content: None,
                    executable: self.executable(inode)?,
                }
            }
        })
    }

    /// The x bit a tracked file has now.
    fn executable(&self, inode: Inode) -> Result<bool> {
        let Some(&position) = self
            .txn
            .get_inodes(&inode, None)
            .context("looking a file up")?
        else {
            return Ok(false);
        };
        let channel = self.channel.read();
        let mut names = iter_basenames(
            &*self.txn,
            self.changes,
            self.txn.graph(&*channel),
            position,
        )
        .context("reading a name")?;
        Ok(match names.next() {
            Some(name) => name.context("reading a name")?.1.permissions() & 0o100 != 0,
            None => false,
        })
    }

    /// The inode under which the walk meets this node.
    fn stand_in(&mut self, id: NodeId) -> Result<Inode> {
        let (inode, node) = (self.inode(id), &self.plan.nodes[id]);
        if !node.is_dir || node.inode.is_none() {
            return Ok(inode);
        }
        let Some(position) = self
            .txn
            .get_inodes(&inode, None)
            .context("looking a directory up")?
            .copied()
        else {
            return Ok(inode);
        };
        let stand_in = self.fresh_inode(&OwnedPathId::inode(inode))?;
        self.txn
            .put_inodes(&stand_in, &position)
            .context("laying out a directory")?;
        self.stage.undo.push(Undo::DelStandIn(stand_in));
        Ok(stand_in)
    }

    /// Makes `name` lead to `target` below the walked parent.
    fn show(
        &mut self,
        walked: Inode,
        parent: Inode,
        name: &str,
        real: Inode,
        target: Inode,
    ) -> Result<()> {
        let key = path_id(walked, name)?;
        if walked == parent {
            if real == target {
                return Ok(());
            }
            self.hide(&key, real)?;
        }
        self.txn
            .put_tree(&key, &target)
            .context("laying out a path")?;
        self.stage.undo.push(Undo::Del(key, target));
        Ok(())
    }

    fn hide(&mut self, key: &OwnedPathId, inode: Inode) -> Result<()> {
        self.txn
            .del_tree(key, Some(&inode))
            .context("hiding a path")?;
        self.stage.undo.push(Undo::Put(key.clone(), inode));
        Ok(())
    }

    fn choose_prefixes(&mut self, top: Vec<String>) -> Result<()> {
        if top.len() <= FEW {
            self.stage.prefixes = top;
            return Ok(());
        }
        let shown: HashSet<String> = top.into_iter().collect();
        for (name, inode) in children_of(self.txn, Inode::ROOT)? {
            if !shown.contains(&name) {
                self.hide(&path_id(Inode::ROOT, &name)?, inode)?;
            }
        }
        self.stage.prefixes = vec![String::new()];
        Ok(())
    }
}

impl Stage<'_> {
    /// Takes the layout away again; must run before the change is applied.
    pub fn clear(&mut self, txn: &mut MutTxn0) -> Result<()> {
        while let Some(step) = self.undo.pop() {
            match step {
                Undo::Put(key, inode) => txn.put_tree(&key, &inode).map(drop),
                Undo::Del(key, inode) => txn.del_tree(&key, Some(&inode)).map(drop),
                Undo::DelStandIn(inode) => txn.del_inodes(&inode, None).map(drop),
            }
            .context("clearing the layout")?;
        }
        Ok(())
    }

    /// The path a deleted file had, from the one it was recorded under.
    pub fn unretire(&self, path: &str) -> String {
        let name = |part| self.retired.get(part).map_or(part, String::as_str);
        path.split('/').map(name).collect::<Vec<_>>().join("/")
    }
}
