//! Applies every change of a repository, in order, into a pristine of its own: what a clone does.

use super::{Node, Tree};
use ize_pijul::Repository;
use pijul_core::changestore::filesystem::FileSystem as Changes;
use pijul_core::pristine::sanakirja::Pristine;
use pijul_core::pristine::{Base32, Hash, MutTxnT};
use pijul_core::{Archive, MutTxnTExt};
use std::io::Write;
use std::path::Path;

/// The tree that comes out. Panics on a conflict: one channel, edited alone, has none.
pub fn replay(repository: &Repository, root: &Path) -> Tree {
    let dir = tempfile::tempdir().expect("a directory");
    let pristine = Pristine::new(dir.path().join("db")).expect("a pristine");
    let changes = Changes::from_root(root, 256);
    let txn = pristine.arc_txn_begin().expect("a transaction");
    let name: pijul_core::small_string::SmallString = "replay".parse().expect("a name");
    let channel = txn
        .write()
        .open_or_create_channel(&name)
        .expect("a channel");
    for entry in repository.log(0, usize::MAX).expect("the log") {
        let hash = Hash::from_base32(entry.hash.as_bytes()).expect("a hash");
        txn.write()
            .apply_change(&changes, &mut *channel.write(), &hash)
            .expect("applied");
    }
    let mut output = Output::default();
    let conflicts = txn
        .archive(&changes, &channel, &mut output)
        .expect("output");
    assert!(conflicts.is_empty(), "{conflicts:?}");
    // Directories are told of only when they are empty.
    for path in output.tree.keys().cloned().collect::<Vec<_>>() {
        super::parents(&path, &mut output.tree);
    }
    output.tree
}

/// A tree in memory.
#[derive(Default)]
pub struct Output {
    pub tree: Tree,
}

pub struct OutputFile {
    path: String,
    content: Vec<u8>,
    executable: bool,
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.content.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Archive for Output {
    type File = OutputFile;
    type Error = std::io::Error;
    fn create_file(&mut self, path: &str, _: u64, mode: u16) -> OutputFile {
        OutputFile {
            path: path.into(),
            content: Vec::new(),
            executable: mode & 0o100 != 0,
        }
    }
    fn create_dir(&mut self, path: &str, _: u64, _: u16) -> std::io::Result<()> {
        self.tree.insert(path.into(), Node::Dir);
        Ok(())
    }
    fn close_file(&mut self, file: OutputFile) -> std::io::Result<()> {
        self.tree
            .insert(file.path, Node::File(file.content, file.executable));
        Ok(())
    }
}
