//! Random edits: what is recorded is the tree they make, for us, for a replay and for the stock `pijul`.

mod common;

use common::replay::replay;
use common::*;
use ize_pijul::Repository;
use std::path::Path;
use std::process::Command;

/// Reads a directory as a tree, x bits and all.
fn on_disk(root: &Path) -> Tree {
    fn visit(dir: &Path, prefix: &str, tree: &mut Tree) {
        for entry in std::fs::read_dir(dir).expect("a directory") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("UTF-8");
            if prefix.is_empty() && name == ".pijul" {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.file_type().expect("a type").is_dir() {
                tree.insert(path.clone(), Node::Dir);
                visit(&entry.path(), &format!("{path}/"), tree);
            } else {
                use std::os::unix::fs::PermissionsExt;
                let executable =
                    entry.metadata().expect("metadata").permissions().mode() & 0o100 != 0;
                tree.insert(
                    path,
                    Node::File(std::fs::read(entry.path()).expect("content"), executable),
                );
            }
        }
    }
    let mut tree = Tree::new();
    visit(root, "", &mut tree);
    tree
}

fn assert_trees(got: &Tree, want: &Tree, what: &str) {
    for path in got.keys().chain(want.keys()) {
        assert!(
            got.get(path) == want.get(path),
            "{what}: {path:?}: got {:?}, wanted {:?}",
            got.get(path),
            want.get(path)
        );
    }
}

/// The stock `pijul` of the pinned release: $IZE_PIJUL, or where the build of it is kept.
fn stock() -> Option<std::path::PathBuf> {
    let cached = std::env::var_os("HOME")
        .map(|home| Path::new(&home).join(".cache/ize/pijul-1.0.0-beta.22/bin/pijul"));
    std::env::var_os("IZE_PIJUL")
        .map(Into::into)
        .or(cached)
        .filter(|path: &std::path::PathBuf| path.exists())
}

fn clone(stock: &Path, from: &Path) -> Tree {
    let dir = tempfile::tempdir().expect("a directory");
    let to = dir.path().join("clone");
    let output = Command::new(stock)
        .arg("clone")
        .arg(from)
        .arg(&to)
        .env("HOME", dir.path())
        .output()
        .expect("pijul runs");
    assert!(
        output.status.success(),
        "clone: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    on_disk(&to)
}

fn run(seed: u64, changes: usize, edits: usize) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut repository = Repository::open(dir.path(), "main").expect("opened");
    let (mut random, mut tree) = (Random(seed), Tree::new());
    let mut made = 0;
    while made < changes {
        let batch: Vec<_> = (0..=random.below(4))
            .map(|_| {
                let count = 1 + random.below(edits);
                change("random", random_edits(&mut random, &mut tree, count))
            })
            .enumerate()
            .map(|(i, mut one)| {
                one.metadata = (made + i).to_string().into_bytes();
                one
            })
            .collect();
        made += batch.len();
        repository
            .record(&batch)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}: {batch:#?}"));
        if made % 7 == 0 {
            assert_same(&repository, &tree);
        }
        if random.below(40) == 0 {
            drop(repository);
            repository = Repository::open(dir.path(), "main").expect("opened again");
        }
    }
    // The stock clone makes a file `.ignore` first and stumbles over a directory of that name.
    if tree.get(".ignore") == Some(&Node::Dir) {
        apply(&mut tree, &delete(".ignore"));
        record(&mut repository, vec![delete(".ignore")]);
    }
    assert_same(&repository, &tree);
    assert_trees(&replay(&repository, dir.path()), &tree, "replay");
    drop(repository);
    if let Some(stock) = stock() {
        let mut cloned = clone(&stock, dir.path());
        // A clone brings a file of its own where the repository has none.
        if !tree.contains_key(".ignore") {
            cloned.remove(".ignore");
        }
        assert_trees(&cloned, &tree, "clone");
    }
}

#[test]
fn one_edit_a_change() {
    run(1, 600, 1);
}

#[test]
fn several_edits_a_change() {
    (10..14).for_each(|seed| run(seed, 150, 6));
}

#[test]
fn many_edits_a_change() {
    (20..24).for_each(|seed| run(seed, 40, 60));
}
