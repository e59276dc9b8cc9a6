//! The store of format version 1 that lies in test/fixtures/disk/v1/objects opens and reads, whatever this release writes.

mod common;
use common::*;
use ize_store::{Address, Kind, Options, Store};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../test/fixtures/disk/v1/objects")
}

fn contents() -> [Vec<u8>; 3] {
    let text = Random(1).text(150_000);
    let mut edited = text.clone();
    edited[70_000..70_006].copy_from_slice(b"EDITED");
    [text, edited, b"small".to_vec()]
}

#[test]
fn everything_in_it_reads() {
    let store = Store::open(folder().to_str().unwrap(), Options::default()).unwrap();
    let roots = fs::read_to_string(folder().join("roots.txt")).unwrap();
    for (root, bytes) in roots.lines().zip(contents()) {
        assert!(
            store
                .read(&Address::parse(root).unwrap(), u64::MAX)
                .unwrap()
                == bytes
        );
    }
    let loose = store
        .read(&Address::of(b"of the first format"), 100)
        .unwrap();
    assert_eq!(loose, b"of the first format");
    for (kind, text) in [
        (Kind::Tree, "a tree"),
        (Kind::Seal, "a seal"),
        (Kind::Tag, "a tag"),
    ] {
        let object = store.get(&kind.address(text.as_bytes()).unwrap()).unwrap();
        assert_eq!((object.kind, object.bytes()), (kind, text.as_bytes()));
    }
    assert!(store.problems().is_empty());
}

/// A copy of it, to be written into.
fn copied(fixture: &Fixture) -> Store {
    let copy = |from: &Path, to: PathBuf| {
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        }
    };
    for part in ["pack", "07"] {
        copy(
            &folder().join(part),
            PathBuf::from(fixture.objects()).join(part),
        );
    }
    fixture.writer()
}

#[test]
fn its_loose_content_moves_into_a_pack_and_keeps_its_address() {
    let fixture = Fixture::new();
    let store = copied(&fixture);
    let roots = fs::read_to_string(folder().join("roots.txt")).unwrap();
    let loose = Address::of(b"of the first format");
    let mut kept: Vec<_> = roots
        .lines()
        .map(|root| Address::parse(root).unwrap())
        .collect();
    kept.push(loose);
    assert!(store.children(&loose).unwrap().is_empty());
    store.gc_begin().unwrap();
    store.gc_rewrite(&reachable(&store, &kept), 0).unwrap();
    assert!(!fixture.loose(&loose).exists());
    for store in [&store, &fixture.reader()] {
        assert_eq!(store.read(&loose, 100).unwrap(), b"of the first format");
        for (root, bytes) in kept.iter().zip(contents()) {
            assert!(store.read(root, u64::MAX).unwrap() == bytes);
        }
    }
}
