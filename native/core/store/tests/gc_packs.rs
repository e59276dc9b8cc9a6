//! What a collection wrote: when it stays, and that a failed one leaves nothing.

mod common;
use common::*;
use ize_store::{Address, Options};
use std::fs;

fn pack_folder(fixture: &Fixture) -> std::path::PathBuf {
    std::path::Path::new(&fixture.objects()).join("pack")
}

/// The packs that there are, by name.
fn packs(fixture: &Fixture) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(pack_folder(fixture))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".pack"))
        .collect();
    names.sort();
    names
}

#[test]
fn what_a_collection_wrote_is_left_as_it_is_until_much_of_it_goes() {
    let (fixture, mut random) = (Fixture::new(), Random(3));
    let store = fixture.open(writing()).unwrap();
    let contents: Vec<_> = (0..30).map(|_| random.bytes(15_000)).collect();
    let mut roots: Vec<_> = contents
        .iter()
        .map(|bytes| fixture.put_after(&store, bytes, None, &[]).root)
        .collect();
    let collect = |roots: &[Address], lost: u64| {
        store.gc_begin().unwrap();
        store.gc_rewrite(&reachable(&store, roots), lost).unwrap();
        packs(&fixture)
    };
    let first = collect(&roots, 0);
    assert_eq!(store.gc_progress()[0], store.gc_progress()[1]);
    assert_eq!(collect(&roots, 0), first);
    assert_eq!(store.gc_progress(), [0, 0]);
    // Little that is new is packed for itself.
    let more = random.bytes(15_000);
    roots.push(fixture.put_after(&store, &more, None, &[]).root);
    let second = collect(&roots, 0);
    assert!(second.contains(&first[0]) && second.len() == 2);
    // What goes is let be while it is little, and goes when it may not be.
    let gone = roots.remove(0);
    assert!(collect(&roots, 50).contains(&first[0]));
    assert!(store.has(&gone).unwrap());
    assert!(!collect(&roots, 0).contains(&first[0]));
    assert!(!store.has(&gone).unwrap());
    for (root, bytes) in roots.iter().zip(contents[1..].iter().chain([&more])) {
        assert_eq!(store.get(root).unwrap().bytes(), &bytes[..]);
    }
}

#[test]
fn a_collection_that_fails_leaves_none_of_what_it_wrote() {
    let (fixture, mut random) = (Fixture::new(), Random(4));
    let store = fixture
        .open(Options {
            pack_bytes: 100_000,
            block_bytes: 30_000,
            ..writing()
        })
        .unwrap();
    let contents: Vec<_> = (0..30).map(|_| random.bytes(15_000)).collect();
    let roots: Vec<_> = contents
        .iter()
        .map(|bytes| {
            let root = fixture.put_after(&store, bytes, None, &[]).root;
            store.flush().unwrap();
            root
        })
        .collect();
    store.gc_begin().unwrap();
    let before = packs(&fixture);
    // The last block of the oldest pack is not what was written.
    let damaged = pack_folder(&fixture).join(&before[before.len() - 1]);
    let mut bytes = fs::read(&damaged).unwrap();
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    fs::write(&damaged, bytes).unwrap();
    assert!(store.gc_rewrite(&reachable(&store, &roots), 0).is_err());
    store.gc_abort();
    assert_eq!(packs(&fixture), before);
    let read = roots.iter().filter(|root| store.get(root).is_ok()).count();
    assert!(read >= roots.len() - 3);
}
