//! All changes of a channel as few ones: the tree as it is now, in a new repository.

use crate::edit::{Change, Edit};
use crate::error::{Context, Error, Result};
use crate::repository::Repository;
use pijul_core::fs::iter_basenames;
use pijul_core::pristine::sanakirja::Txn as ReadTxn;
use pijul_core::pristine::{
    ArcTxn, ChangeId, ChannelRef, ChannelTxnT, Hash, Hasher, Position, TreeTxnT,
};
use pijul_core::{TxnTExt, vertex_buffer};
use std::collections::BTreeMap;
use std::path::Path;

/// What one change may hold before the next is begun: its texts and their graph are in memory all at once.
const CHANGE_BYTES: usize = 256 << 20;
const CHANGE_EDITS: usize = 100_000;

/// What the fold of a tree has to be like: of each path the content's hash and the x bit; None for a directory.
type Facts = BTreeMap<String, Option<(Hash, bool)>>;

impl Repository {
    /// Makes a repository at `root`, which has none yet, whose channel has nothing but the tree of this one, in one
    /// change, or in a few where one would not fit in memory. All of them have the header and metadata of `like`. It is read
    /// again and compared; returns how many changes there are, once they are durable.
    pub fn fold_into(&self, root: &Path, like: &Change) -> Result<usize> {
        let mut fresh = Repository::open(root, self.channel.as_str())?;
        if fresh.head()?.is_some() {
            return Err(Error::pijul(format!(
                "{} has a repository already",
                root.display()
            )));
        }
        let tree = Tree::of(self)?;
        let mut facts = Facts::new();
        let mut edits = Vec::new();
        let (mut held, mut made) = (0, 0);
        for (path, position) in &tree.places {
            let Some(position) = position else {
                facts.insert(path.clone(), None);
                // Other directories come to be with what is in them.
                if !tree.has_below(path) {
                    edits.push(Edit::Mkdir { path: path.clone() });
                }
                continue;
            };
            let (content, executable) = tree.file(*position)?;
            facts.insert(path.clone(), Some((hash_of(&content), executable)));
            held += content.len();
            edits.push(Edit::Write {
                path: path.clone(),
                content,
                executable,
            });
            if held >= CHANGE_BYTES || edits.len() >= CHANGE_EDITS {
                made += record(&mut fresh, like, std::mem::take(&mut edits))?;
                held = 0;
            }
        }
        if made == 0 || !edits.is_empty() {
            made += record(&mut fresh, like, edits)?;
        }
        compare(&Tree::of(&fresh)?, &facts)?;
        Ok(made)
    }
}

fn record(fresh: &mut Repository, like: &Change, edits: Vec<Edit>) -> Result<usize> {
    fresh.record(&[Change {
        edits,
        ..like.clone()
    }])?;
    Ok(1)
}

fn compare(made: &Tree, wanted: &Facts) -> Result<()> {
    let differs = |path: &str| {
        Error::pijul(format!(
            "the folded repository is not the same at {path:?}; it was not taken"
        ))
    };
    for (path, facts) in wanted {
        let found = match made.places.get(path) {
            None => return Err(differs(path)),
            Some(None) => None,
            Some(Some(position)) => {
                let (content, executable) = made.file(*position)?;
                Some((hash_of(&content), executable))
            }
        };
        if found != *facts {
            return Err(differs(path));
        }
    }
    match made.places.keys().find(|path| !wanted.contains_key(*path)) {
        Some(path) => Err(differs(path)),
        None => Ok(()),
    }
}

/// The tree of a channel as it is at one time.
struct Tree<'r> {
    repository: &'r Repository,
    txn: ArcTxn<ReadTxn>,
    channel: ChannelRef<ReadTxn>,
    /// None: a directory.
    places: BTreeMap<String, Option<Position<ChangeId>>>,
}

impl<'r> Tree<'r> {
    fn of(repository: &'r Repository) -> Result<Self> {
        let (txn, channel) = repository.look()?;
        let mut places = BTreeMap::new();
        for entry in txn.iter_working_copy() {
            let (inode, path, is_dir) = entry.context("listing the tree")?;
            let position = txn
                .get_inodes(&inode, None)
                .context("looking a file up")?
                .copied();
            if is_dir {
                places.insert(path, None);
            } else if position.is_some() {
                places.insert(path, position);
            } else {
                return Err(Error::pijul(format!(
                    "the file {path:?} is not in the graph"
                )));
            }
        }
        Ok(Tree {
            repository,
            txn: ArcTxn::new(txn),
            channel,
            places,
        })
    }

    fn has_below(&self, directory: &str) -> bool {
        let prefix = format!("{directory}/");
        self.places
            .range(prefix.clone()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with(&prefix))
    }

    /// Content and x bit.
    fn file(&self, position: Position<ChangeId>) -> Result<(Vec<u8>, bool)> {
        let mut content = Vec::new();
        pijul_core::output::output_file(
            &self.repository.changes,
            &self.txn,
            &self.channel,
            position,
            &mut vertex_buffer::Writer::new(&mut content),
        )
        .context("reading a file")?;
        let (txn, channel) = (self.txn.read(), self.channel.read());
        let mut names = iter_basenames(
            &*txn,
            &self.repository.changes,
            txn.graph(&*channel),
            position,
        )
        .context("reading a name")?;
        let executable = match names.next() {
            Some(name) => name.context("reading a name")?.1.permissions() & 0o100 != 0,
            None => false,
        };
        Ok((content, executable))
    }
}

fn hash_of(content: &[u8]) -> Hash {
    let mut hasher = Hasher::default();
    hasher.update(content);
    hasher.finish()
}
