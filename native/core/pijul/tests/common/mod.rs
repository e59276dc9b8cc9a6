//! A model of a tree that takes the same edits, and ways to compare a repository with it.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod replay;

use ize_pijul::{Change, Edit, Recorded, Repository};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Dir,
    File(Vec<u8>, bool),
}

pub type Tree = BTreeMap<String, Node>;

pub fn write(path: &str, content: impl AsRef<[u8]>) -> Edit {
    Edit::Write {
        path: path.into(),
        content: content.as_ref().to_vec(),
        executable: false,
    }
}

pub fn write_executable(path: &str, content: impl AsRef<[u8]>) -> Edit {
    Edit::Write {
        path: path.into(),
        content: content.as_ref().to_vec(),
        executable: true,
    }
}

pub fn mkdir(path: &str) -> Edit {
    Edit::Mkdir { path: path.into() }
}

pub fn delete(path: &str) -> Edit {
    Edit::Delete { path: path.into() }
}

pub fn rename(from: &str, to: &str) -> Edit {
    Edit::Rename {
        from: from.into(),
        to: to.into(),
    }
}

pub fn change(message: &str, edits: Vec<Edit>) -> Change {
    Change {
        message: message.into(),
        author: "Ann Other".into(),
        time_ms: 1_700_000_000_123,
        metadata: message.as_bytes().to_vec(),
        edits,
        needs: Vec::new(),
    }
}

pub fn record(repository: &mut Repository, edits: Vec<Edit>) -> Recorded {
    let plain = Change {
        metadata: Vec::new(),
        ..change("edit", edits)
    };
    repository
        .record(&[plain])
        .expect("recorded")
        .pop()
        .expect("one answer")
}

fn below(path: &str, tree: &Tree) -> Vec<String> {
    let prefix = format!("{path}/");
    tree.keys()
        .filter(|key| *key == path || key.starts_with(&prefix))
        .cloned()
        .collect()
}

pub fn parents(path: &str, tree: &mut Tree) {
    for (at, _) in path.match_indices('/') {
        tree.entry(path[..at].to_string()).or_insert(Node::Dir);
    }
}

pub fn apply(tree: &mut Tree, edit: &Edit) {
    match edit {
        Edit::Write {
            path,
            content,
            executable,
        } => {
            parents(path, tree);
            tree.insert(path.clone(), Node::File(content.clone(), *executable));
        }
        Edit::Mkdir { path } => {
            parents(path, tree);
            tree.insert(path.clone(), Node::Dir);
        }
        Edit::Delete { path } => below(path, tree)
            .iter()
            .for_each(|key| drop(tree.remove(key))),
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
    repository
        .tracked()
        .expect("tracked")
        .into_iter()
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
        .map(|(path, node)| {
            (
                path.clone(),
                match node {
                    Node::Dir => Node::Dir,
                    Node::File(content, _) => Node::File(content.clone(), false),
                },
            )
        })
        .collect()
}

pub fn assert_same(repository: &Repository, tree: &Tree) {
    let (got, want) = (tracked(repository), without_x(tree));
    let show = |node: Option<&Node>| format!("{node:?}").chars().take(300).collect::<String>();
    for path in got.keys().chain(want.keys()) {
        assert!(
            got.get(path) == want.get(path),
            "{path:?}: recorded {}, wanted {}",
            show(got.get(path)),
            show(want.get(path))
        );
    }
}

/// A small generator: the seed tells the whole run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % n as u64) as usize
    }
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() {
            None
        } else {
            Some(&from[self.below(from.len())])
        }
    }
}

/// Names that path handling, tables, terminals or formats could trip over.
pub const NAMES: &[&str] = &[
    "a",
    "b",
    "c.txt",
    "d",
    " ",
    "two words",
    "new\nline",
    "tab\t",
    "\u{1}",
    "\u{7f}",
    "é",
    "e\u{301}",
    "日本語",
    "😀",
    "\\",
    "\\\\x",
    "'",
    "\"",
    "`x`",
    "$(x)",
    "*",
    "?",
    "%41",
    "%",
    "~",
    "-rf",
    "--",
    "#",
    ";",
    "|",
    "<a>",
    "a:b",
    "CON",
    "...",
    "..a",
    ".hidden",
    ".pijulx",
    ".ignore",
    "\u{202e}rtl",
    "\u{feff}bom",
    "a.tmp",
    "a~",
    "A",
    "ize",
    "0",
    "\u{10ffff}",
    "long-name-",
];

/// Contents that diffs, encodings or conflict markers could trip over.
pub fn content(random: &mut Random, before: Option<&[u8]>) -> Vec<u8> {
    let odd: [&[u8]; 14] = [
        b"",
        b"\n",
        b"no newline",
        b"\r\n",
        b"one\r\ntwo\r\n",
        b"\n\n\n",
        b"\0",
        b"\0bin\xff\n\0",
        b"\xff\xfeU\0T\0F\0\n\0",
        b"caf\xe9\n",
        b">>>>>>> 1\nours\n======= 1\ntheirs\n<<<<<<< 1\n",
        b">>>>>>> 1 [ABCDEF]\nx\n",
        b"\xef\xbb\xbfbom\n",
        b"mac\rmac\r",
    ];
    match (random.below(10), before) {
        (0, _) => odd[random.below(odd.len())].to_vec(),
        (1..=7, Some(before)) => {
            let mut lines: Vec<Vec<u8>> = before
                .split_inclusive(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect();
            for _ in 0..=random.below(3) {
                let at = random.below(lines.len() + 1);
                let line = format!("line {}\n", random.below(20)).into_bytes();
                match random.below(3) {
                    0 => lines.insert(at, line),
                    1 if at < lines.len() => drop(lines.remove(at)),
                    _ if at < lines.len() => lines[at] = line,
                    _ => lines.push(line),
                }
            }
            lines.concat()
        }
        _ => (0..random.below(12))
            .flat_map(|_| format!("line {}\n", random.below(20)).into_bytes())
            .collect(),
    }
}

/// A list of edits that holds on `tree`, which takes them.
pub fn random_edits(random: &mut Random, tree: &mut Tree, count: usize) -> Vec<Edit> {
    let mut edits = Vec::new();
    for _ in 0..count {
        if let Some(mut steps) = random_edit(random, tree) {
            steps.iter().for_each(|edit| apply(tree, edit));
            edits.append(&mut steps);
        }
    }
    edits
}

fn random_edit(random: &mut Random, tree: &Tree) -> Option<Vec<Edit>> {
    let paths: Vec<&String> = tree.keys().collect();
    let dirs: Vec<&String> = tree
        .iter()
        .filter(|(_, node)| **node == Node::Dir)
        .map(|(path, _)| path)
        .collect();
    let files: Vec<&String> = tree
        .iter()
        .filter(|(_, node)| **node != Node::Dir)
        .map(|(path, _)| path)
        .collect();
    let fresh = |random: &mut Random| {
        let name = random.pick(NAMES).map(|name| {
            if *name == "long-name-" {
                "n".repeat(255)
            } else {
                name.to_string()
            }
        })?;
        Some(
            match random
                .pick(&dirs)
                .filter(|dir| dir.matches('/').count() < 5)
            {
                Some(dir) if random.below(4) > 0 => format!("{dir}/{name}"),
                _ => name,
            },
        )
    };
    match random.below(12) {
        0..=2 => {
            let path = fresh(random)?;
            let content = content(random, None);
            match tree.get(&path) {
                Some(Node::Dir) => Some(vec![delete(&path), write(&path, content)]),
                _ => Some(vec![Edit::Write {
                    path,
                    content,
                    executable: random.below(4) == 0,
                }]),
            }
        }
        3..=6 => {
            let path = *random.pick(&files)?;
            let Node::File(before, was) = &tree[path] else {
                return None;
            };
            let executable = if random.below(5) == 0 { !was } else { *was };
            Some(vec![Edit::Write {
                path: path.clone(),
                content: content(random, Some(before)),
                executable,
            }])
        }
        7 => {
            let path = fresh(random)?;
            match tree.get(&path) {
                Some(Node::File(..)) => Some(vec![delete(&path), mkdir(&path)]),
                _ => Some(vec![mkdir(&path)]),
            }
        }
        8 => Some(vec![delete(random.pick(&paths)?)]),
        9..=10 => {
            let (from, to) = (*random.pick(&paths)?, fresh(random)?);
            if to == *from
                || to.starts_with(&format!("{from}/"))
                || from.starts_with(&format!("{to}/"))
            {
                return None;
            }
            let over = tree.contains_key(&to).then(|| delete(&to));
            Some(over.into_iter().chain([rename(from, &to)]).collect())
        }
        _ => {
            // The save of an editor.
            let path = *random.pick(&files)?;
            let Node::File(before, _) = &tree[path] else {
                return None;
            };
            let temporary = format!("{path}.saving");
            if tree.contains_key(&temporary)
                || temporary
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.len() > 255)
            {
                return None;
            }
            Some(vec![
                write(&temporary, content(random, Some(before))),
                delete(path),
                rename(&temporary, path),
            ])
        }
    }
}
