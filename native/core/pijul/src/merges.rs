//! That leaving changes out of a change's list of known ones (see deps.rs) makes no difference:
//! diverged channels are recorded with our lists and with upstream's, merged both ways and partly
//! unrecorded again, and must come out the same, conflicts and all.

use crate::deps::{Deps, DepsOf, GlobalHunk};
use crate::error::Context;
use crate::repository::Repository;
use crate::tests_common::replay::Output;
use crate::tests_common::{Random, Tree, apply, change, random_edits, write};
use crate::{Change, Result};
use pijul_core::MutTxnTExt;
use pijul_core::changestore::ChangeStore;
use pijul_core::pristine::sanakirja::MutTxn0;
use pijul_core::pristine::{Base32, ChangeId, ChannelTxnT, EdgeFlags, GraphIter, GraphTxnT, Hash};
use pijul_core::unrecord::TouchedInodes;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

fn upstream(
    txn: &MutTxn0,
    channel: &<MutTxn0 as ChannelTxnT>::Channel,
    hunks: &[GlobalHunk],
) -> Result<Deps> {
    let (dependencies, known) =
        pijul_core::change::dependencies(txn, channel, hunks.iter()).context("upstream's lists")?;
    Ok(Deps {
        dependencies,
        known,
    })
}

/// The edges of a channel's graph, each vertex by the message of its change, which hashes do not
/// enter. Pseudo-edges follow from the others, and which of several equal ones is kept is a matter of
/// hashes: they are left out.
type Graph = BTreeSet<String>;

struct Side {
    root: PathBuf,
    repository: Repository,
}

impl Side {
    fn open(root: PathBuf, deps: DepsOf) -> Self {
        let mut repository = Repository::open(&root, "main").expect("opened");
        repository.deps = deps;
        Side { root, repository }
    }

    fn hashes(&self) -> Vec<Hash> {
        let log = self.repository.log(0, usize::MAX).expect("the log");
        log.iter()
            .map(|entry| Hash::from_base32(entry.hash.as_bytes()).expect("a hash"))
            .collect()
    }

    fn merge(&self, from: &Side) {
        let (txn, channel) = self.repository.begin().expect("a transaction");
        let own = self.hashes();
        for hash in from.hashes().iter().filter(|hash| !own.contains(hash)) {
            let file = self.repository.changes.filename(hash);
            std::fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
            std::fs::copy(from.repository.changes.filename(hash), file).expect("copied");
            txn.write()
                .apply_change_rec(&self.repository.changes, &mut *channel.write(), hash)
                .expect("applied");
        }
        drop(channel);
        txn.commit().expect("committed");
    }

    /// False when another change depends on it.
    fn unrecord(&self, hash: &Hash) -> bool {
        let (txn, channel) = self.repository.begin().expect("a transaction");
        let mut touched = TouchedInodes::default();
        let done = txn
            .write()
            .unrecord(&self.repository.changes, &channel, hash, 0, &mut touched)
            .is_ok();
        drop(channel);
        if done {
            txn.commit().expect("committed");
        }
        done
    }

    fn graph(&self) -> Graph {
        let (txn, channel) = self.repository.begin().expect("a transaction");
        let (txn, channel) = (txn.read(), channel.read());
        let mut names = HashMap::new();
        let mut name = |id: ChangeId| {
            let message = || {
                let hash: Option<Hash> = txn
                    .get_external(&id)
                    .ok()
                    .map(Hash::from)
                    .filter(|hash| *hash != Hash::None);
                hash.map(|hash| {
                    self.repository
                        .changes
                        .get_header(&hash)
                        .expect("a header")
                        .message
                })
                .unwrap_or_default()
            };
            names.entry(id).or_insert_with(message).clone()
        };
        let edges = txn
            .iter_graph(txn.graph(&*channel), None)
            .expect("the graph");
        edges
            .map(|edge| edge.expect("an edge"))
            .filter(|(_, edge)| !edge.flag().contains(EdgeFlags::PSEUDO))
            .map(|(from, edge)| {
                let (to, by) = (edge.dest(), name(edge.introduced_by()));
                let (from, start, end) = (
                    name(from.change),
                    u64::from(from.start.0),
                    u64::from(from.end.0),
                );
                format!(
                    "{from}[{start}..{end}] {:?} {}[{}] by {by}",
                    edge.flag(),
                    name(to.change),
                    u64::from(to.pos.0)
                )
            })
            .collect()
    }

    fn conflicts(&self) -> usize {
        let (txn, channel) = self.repository.begin().expect("a transaction");
        txn.archive(&self.repository.changes, &channel, &mut Output::default())
            .expect("output")
            .len()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

fn random_changes(random: &mut Random, tree: &mut Tree, who: &str) -> Vec<Change> {
    (0..12)
        .map(|i| change(&format!("{who} {i}"), random_edits(random, tree, 2)))
        .collect()
}

/// The graphs along the way, and how many conflicts the merge had.
fn outcome(seed: u64, deps: DepsOf) -> (Vec<Graph>, usize) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut random = Random(seed);
    let mut tree = Tree::new();
    let text: String = (0..30).map(|i| format!("{i}\n")).collect();
    let base: Vec<_> = ["a", "b", "c.txt", "d/a", "d/b"]
        .map(|path| write(path, &text))
        .into();
    base.iter().for_each(|edit| apply(&mut tree, edit));
    let mut one = Side::open(dir.path().join("one"), deps);
    one.repository
        .record(&[change("base", base)])
        .expect("recorded");
    one.repository
        .record(&random_changes(&mut random, &mut tree, "before"))
        .expect("recorded");
    copy(&one.root, &dir.path().join("two"));
    let mut two = Side::open(dir.path().join("two"), deps);
    let mut other = tree.clone();
    one.repository
        .record(&random_changes(&mut random, &mut tree, "one"))
        .expect("recorded");
    two.repository
        .record(&random_changes(&mut random, &mut other, "two"))
        .expect("recorded");
    let own = one.hashes();
    copy(&one.root, &dir.path().join("three"));
    let three = Side::open(dir.path().join("three"), deps);
    one.merge(&two);
    two.merge(&three);
    let conflicts = one.conflicts();
    let mut graphs = vec![three.graph(), one.graph(), two.graph()];
    // Away with some of our own, below what was merged; then with all of theirs.
    for hash in own.iter().rev().take(6) {
        one.unrecord(hash);
        graphs.push(one.graph());
    }
    for hash in one.hashes().iter().rev().filter(|hash| !own.contains(hash)) {
        one.unrecord(hash);
    }
    graphs.push(one.graph());
    (graphs, conflicts)
}

/// $IZE_SEEDS is how many to run, for a longer proof.
fn seeds() -> std::ops::Range<u64> {
    let count = std::env::var("IZE_SEEDS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(20);
    100..100 + count
}

#[test]
fn shorter_lists_of_known_changes_merge_the_same() {
    let mut conflicts = 0;
    for seed in seeds() {
        let ((ours, met), (theirs, _)) =
            (outcome(seed, crate::deps::deps), outcome(seed, upstream));
        for (step, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            let only =
                |one: &Graph, other: &Graph| one.difference(other).cloned().collect::<Vec<_>>();
            assert!(
                ours == theirs,
                "seed {seed}, step {step}: {:#?} {:#?}",
                only(ours, theirs),
                only(theirs, ours)
            );
        }
        conflicts += met;
    }
    assert!(
        conflicts > 40,
        "only {conflicts} conflicts: the sides hardly met"
    );
}
