//! A model of a tree that takes the same edits, and ways to compare a repository with it.
#![allow(dead_code, reason = "each test file uses its part")]

use ize_pijul::{Change, Edit, Recorded, Repository};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Dir,
    File(Vec<u8>, bool),
}

pub type Tree = BTreeMap<String, Node>;

pub fn write(path: &str, content: impl AsRef<[u8]>) -> Edit {
    Edit::Write { path: path.into(), content: content.as_ref().to_vec(), executable: false }
}

pub fn write_executable(path: &str, content: impl AsRef<[u8]>) -> Edit {
    Edit::Write { path: path.into(), content: content.as_ref().to_vec(), executable: true }
}

pub fn mkdir(path: &str) -> Edit {
    Edit::Mkdir { path: path.into() }
}

pub fn delete(path: &str) -> Edit {
    Edit::Delete { path: path.into() }
}

pub fn rename(from: &str, to: &str) -> Edit {
    Edit::Rename { from: from.into(), to: to.into() }
}

pub fn change(message: &str, edits: Vec<Edit>) -> Change {
    Change { message: message.into(), author: "Ann Other".into(), time_ms: 1_700_000_000_123, metadata: message.as_bytes().to_vec(), edits }
}

pub fn record(repository: &mut Repository, edits: Vec<Edit>) -> Recorded {
    let plain = Change { metadata: Vec::new(), ..change("edit", edits) };
    repository.record(&[plain]).expect("recorded").pop().expect("one answer")
}

fn below(path: &str, tree: &Tree) -> Vec<String> {
    let prefix = format!("{path}/");
    tree.keys().filter(|key| *key == path || key.starts_with(&prefix)).cloned().collect()
}

pub fn parents(path: &str, tree: &mut Tree) {
    for (at, _) in path.match_indices('/') {
        tree.entry(path[..at].to_string()).or_insert(Node::Dir);
    }
}

pub fn apply(tree: &mut Tree, edit: &Edit) {
    match edit {
        Edit::Write { path, content, executable } => {
            parents(path, tree);
            tree.insert(path.clone(), Node::File(content.clone(), *executable));
        }
        Edit::Mkdir { path } => {
            parents(path, tree);
            tree.insert(path.clone(), Node::Dir);
        }
        Edit::Delete { path } => below(path, tree).iter().for_each(|key| drop(tree.remove(key))),
        Edit::Rename { from, to } => {
            parents(to, tree);
            for key in below(from, tree) {
                let node = tree.remove(&key).expect("listed");
                tree.insert(format!("{to}{}", &key[from.len()..]), node);
            }
        }
    }
}

/// The tree as Pijul tells it: table and contents; the x bit is not in it.
pub fn tracked(repository: &Repository) -> Tree {
    repository.tracked().expect("tracked").into_iter()
        .map(|path| match path.strip_suffix('/') {
            Some(dir) => (dir.to_string(), Node::Dir),
            None => {
                let content = repository.read(&path).expect("read");
                (path, Node::File(content, false))
            }
        })
        .collect()
}

pub fn without_x(tree: &Tree) -> Tree {
    tree.iter()
        .map(|(path, node)| (path.clone(), match node {
            Node::Dir => Node::Dir,
            Node::File(content, _) => Node::File(content.clone(), false),
        }))
        .collect()
}

pub fn assert_same(repository: &Repository, tree: &Tree) {
    let (got, want) = (tracked(repository), without_x(tree));
    let show = |node: Option<&Node>| format!("{node:?}").chars().take(300).collect::<String>();
    for path in got.keys().chain(want.keys()) {
        assert!(got.get(path) == want.get(path), "{path:?}: recorded {}, wanted {}", show(got.get(path)), show(want.get(path)));
    }
}
