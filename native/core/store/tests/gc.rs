//! A collection keeps what is reachable, drops the rest, and moves contents of the first format over.

mod common;
use common::*;
use ize_store::{Address, Error, Kind, Options, Store};
use std::fs;
use std::os::fd::AsRawFd;

/// All that is below these addresses, sorted.
fn reachable(store: &Store, roots: &[Address]) -> Vec<Address> {
    let (mut all, mut open) = (Vec::new(), roots.to_vec());
    while let Some(address) = open.pop() {
        all.push(address);
        // Loose contents have nothing below them.
        open.extend(store.children(&address).unwrap_or_default());
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn what_is_reachable_stays_and_the_rest_goes() {
    for seed in 1..6 {
        let (fixture, mut random) = (Fixture::new(), Random(seed));
        let store = fixture
            .open(Options {
                pack_bytes: 300_000,
                ..writing()
            })
            .unwrap();
        let (mut versions, mut bytes) = (Vec::new(), random.text(400_000));
        for _ in 0..40 {
            let at = random.below(bytes.len() - 10);
            bytes[at..at + 6].copy_from_slice(b"EDITED");
            let previous = versions.last().map(|(root, _): &(Address, Vec<u8>)| *root);
            versions.push((
                fixture.put_after(&store, &bytes, previous, &[]).root,
                bytes.clone(),
            ));
        }
        let base = store
            .put(Kind::Tree, &random.bytes(5000), "", None)
            .unwrap()
            .0;
        let mut node = store.get(&base).unwrap().bytes().to_vec();
        node[9] ^= 1;
        let again = store.put(Kind::Tree, &node, "", Some(&base)).unwrap().0;
        store.flush().unwrap();
        let other = fixture.reader();
        let (kept, dropped): (Vec<_>, Vec<_>) =
            versions.into_iter().partition(|_| random.below(3) == 0);
        let roots: Vec<_> = kept.iter().map(|(root, _)| *root).collect();
        store.gc_begin().unwrap();
        // Put while it runs: written again although an old pack has it, and on its own although its base goes.
        assert_eq!(
            store.put(Kind::Tree, &node, "", Some(&base)).unwrap(),
            (again, true)
        );
        let result = store.gc_rewrite(&reachable(&store, &roots)).unwrap();
        assert!(result.after < result.before, "{result:?}");
        store.flush().unwrap();
        for reader in [&store, &fixture.reader(), &other] {
            for (root, bytes) in &kept {
                assert!(reader.read(root, u64::MAX).unwrap() == *bytes);
            }
        }
        for reader in [&store, &fixture.reader(), &other] {
            assert!(reader.get(&again).unwrap().bytes() == node);
        }
        assert!(store.get(&base).is_err());
        let gone = dropped
            .iter()
            .filter(|(root, _)| store.size(root).is_err())
            .count();
        assert_eq!(gone, dropped.len());
    }
}

#[test]
fn one_that_is_ended_or_meets_damage_removes_nothing() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let address = store.put(Kind::Tree, &[7; 5000], "", None).unwrap().0;
    store.flush().unwrap();
    store.gc_begin().unwrap();
    store.gc_abort();
    assert!(matches!(
        store.gc_rewrite(&[address]),
        Err(Error::Refused(_))
    ));
    assert!(store.get(&address).is_ok());
    let whole = fs::read(fixture.pack(1)).unwrap();
    let mut bad = whole.clone();
    *bad.last_mut().unwrap() ^= 1;
    fs::write(fixture.pack(1), bad).unwrap();
    drop(store);
    let store = fixture.writer();
    store.gc_begin().unwrap();
    assert!(matches!(
        store.gc_rewrite(&[address]),
        Err(Error::Damaged { .. })
    ));
    assert!(fixture.pack(1).exists());
}

#[test]
fn contents_of_the_first_format_move_over_under_their_address() {
    let (fixture, mut random) = (Fixture::new(), Random(9));
    let objects = fs::File::open(fixture.objects()).unwrap();
    let put = |bytes: &[u8]| {
        let file = fixture.file(bytes);
        ize_content::store(objects.as_raw_fd(), &[segment(&file, bytes.len())], 3, 0)
            .unwrap()
            .address
    };
    let contents = [b"small".to_vec(), random.text(6 << 20)];
    let addresses = contents.each_ref().map(|bytes| put(bytes));
    let dropped = put(b"not reachable");
    let store = fixture.writer();
    store.gc_begin().unwrap();
    store.gc_rewrite(&reachable(&store, &addresses)).unwrap();
    for (address, bytes) in addresses.iter().zip(&contents) {
        assert!(store.read(address, u64::MAX).unwrap() == *bytes);
        assert!(
            !fixture
                .folder
                .path()
                .join("objects")
                .join(&address.to_string()[..2])
                .join(&address.to_string()[2..])
                .exists()
        );
    }
    assert!(matches!(store.size(&dropped), Err(Error::Missing(_))));
    store.gc_begin().unwrap();
    store.gc_rewrite(&reachable(&store, &addresses)).unwrap();
    for (address, bytes) in addresses.iter().zip(&contents) {
        assert!(fixture.reader().read(address, u64::MAX).unwrap() == *bytes);
    }
}
