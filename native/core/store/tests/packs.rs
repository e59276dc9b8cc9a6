//! Packs: what is written is found again, what is damaged is named, and the rest stays readable.

mod common;
use common::*;
use ize_store::{Address, Error, Finding, Kind, Options, Place, Store};
use std::fs;

fn verify(store: &Store) -> Vec<Finding> {
    let (mut place, mut findings) = (Some(Place::START), Vec::new());
    while let Some(from) = place {
        let step = store.verify(from, 100).unwrap();
        findings.extend(step.findings);
        place = step.next;
    }
    findings
}

fn node(store: &Store, text: &str) -> Address {
    store
        .put(Kind::Tree, text.as_bytes(), "tree", None)
        .unwrap()
        .0
}

fn text(store: &Store, address: &Address) -> Option<Vec<u8>> {
    store
        .get(address)
        .ok()
        .map(|object| object.bytes().to_vec())
}

#[test]
fn nodes_of_every_kind_come_back_with_their_kind() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let kinds = [Kind::Chunk, Kind::List, Kind::Tree, Kind::Seal, Kind::Tag];
    let put: Vec<_> = kinds
        .iter()
        .map(|kind| store.put(*kind, b"same bytes", "", None).unwrap().0)
        .collect();
    assert_eq!(
        put.iter().collect::<std::collections::HashSet<_>>().len(),
        5
    );
    assert_eq!(
        store.publish().unwrap(),
        ["pack/0000000000000001.pack", "pack"]
    );
    assert!(store.publish().unwrap().is_empty());
    let reader = fixture.reader();
    for (kind, address) in kinds.iter().zip(&put) {
        assert_eq!(reader.get(address).unwrap().kind, *kind);
        assert_eq!(text(&reader, address).unwrap(), b"same bytes");
    }
    assert!(matches!(
        store.put(Kind::Moved, b"x", "", None),
        Err(Error::Refused(_))
    ));
    assert!(matches!(
        reader.put(Kind::Tree, b"x", "", None),
        Err(Error::Refused(_))
    ));
}

#[test]
fn more_small_objects_than_a_block_may_hold_are_kept() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let put = |n: u32| {
        let hint = format!("{}", n % 60);
        store
            .put(Kind::Tree, &n.to_le_bytes()[..3], &hint, None)
            .unwrap()
            .0
    };
    let all: Vec<_> = (0..150_000).map(put).collect();
    store.publish().unwrap();
    let reader = fixture.reader();
    assert!(reader.problems().is_empty());
    assert!(
        all.iter()
            .step_by(97)
            .all(|address| text(&reader, address).is_some())
    );
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    assert!(matches!(fixture.open(writing()), Err(Error::Busy)));
    fixture.reader();
    drop(store);
    fixture.writer();
}

#[test]
fn a_reader_sees_what_a_writer_adds_packs_included() {
    let fixture = Fixture::new();
    let reader = fixture.reader();
    let store = fixture
        .open(Options {
            pack_bytes: 2000,
            ..writing()
        })
        .unwrap();
    for n in 0..50 {
        let bytes = Random(n + 1).bytes(300);
        let (address, _) = store.put(Kind::Tree, &bytes, "", None).unwrap();
        assert!(matches!(reader.get(&address), Err(Error::Missing(_))));
        store.publish().unwrap();
        assert_eq!(text(&reader, &address), Some(bytes));
    }
    assert!(fixture.index(3).exists());
    drop(store);
    let store = fixture.writer();
    for n in 0..50 {
        let (_, new) = store
            .put(Kind::Tree, &Random(n + 1).bytes(300), "", None)
            .unwrap();
        assert!(!new);
    }
}

#[test]
fn what_is_appended_after_reopening_lies_in_the_same_pack() {
    let fixture = Fixture::new();
    for n in 0..5 {
        let store = fixture.writer();
        node(&store, &format!("node {n}"));
        store.flush().unwrap();
    }
    assert!(!fixture.pack(2).exists());
    let reader = fixture.reader();
    for n in 0..5 {
        let address = Kind::Tree.address(format!("node {n}").as_bytes()).unwrap();
        assert!(text(&reader, &address).is_some());
    }
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_and_what_is_before_it_stays() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let first = node(&store, "the first");
    store.publish().unwrap();
    let kept = fs::metadata(fixture.pack(1)).unwrap().len();
    let second = node(&store, &"the second, which is torn".repeat(9));
    store.publish().unwrap();
    drop(store);
    let whole = fs::read(fixture.pack(1)).unwrap();
    for cut in kept as usize..whole.len() {
        for zeros in [false, true] {
            let mut torn = whole[..cut].to_vec();
            if zeros {
                torn.resize(whole.len(), 0);
            }
            // Bytes that happen to be zeros are not torn.
            if torn == whole {
                continue;
            }
            fs::write(fixture.pack(1), &torn).unwrap();
            assert!(text(&fixture.reader(), &first).is_some());
            let store = fixture.writer();
            assert!(store.problems().is_empty());
            assert_eq!(fs::metadata(fixture.pack(1)).unwrap().len(), kept);
            assert!(text(&store, &first).is_some() && text(&store, &second).is_none());
            let again = node(&store, &"the second, which is torn".repeat(9));
            store.publish().unwrap();
            assert!(again == second && text(&fixture.reader(), &second).is_some());
        }
    }
    for cut in 0..16 {
        fs::write(fixture.pack(1), &whole[..cut]).unwrap();
        let store = fixture.writer();
        node(&store, "after");
        store.publish().unwrap();
    }
}

#[test]
fn a_flipped_byte_anywhere_is_never_read_as_something_else() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let mut random = Random(9);
    let nodes: Vec<_> = (0..4).map(|_| random.bytes(60)).collect();
    let mut addresses = Vec::new();
    for bytes in &nodes {
        addresses.push(store.put(Kind::Tree, bytes, "", None).unwrap().0);
        store.publish().unwrap();
    }
    drop(store);
    let whole = fs::read(fixture.pack(1)).unwrap();
    for at in 0..whole.len() {
        let mut bad = whole.clone();
        bad[at] ^= 1 << random.below(8);
        fs::write(fixture.pack(1), &bad).unwrap();
        let reader = fixture.reader();
        let readable =
            addresses
                .iter()
                .zip(&nodes)
                .filter(|(address, bytes)| match text(&reader, address) {
                    Some(read) => read == **bytes || panic!("byte {at}: wrong bytes"),
                    None => false,
                });
        let readable = readable.count();
        assert!(readable >= 3, "byte {at}: {readable} of 4 readable");
        let store = fixture
            .open(Options {
                verify: true,
                ..writing()
            })
            .unwrap();
        let findings = !store.problems().is_empty();
        let cut = fs::metadata(fixture.pack(1)).unwrap().len() < whole.len() as u64;
        assert!(findings || cut, "byte {at}: not found");
        drop(store);
        fs::write(fixture.pack(1), &bad).unwrap();
        let _ = fs::remove_file(fixture.index(1));
        let found = verify(&fixture.reader());
        assert!(!found.is_empty(), "byte {at}: not found");
        assert!(found.iter().all(|one| one.offset <= at as u64));
    }
}

#[test]
fn an_index_that_is_lost_or_damaged_at_any_byte_is_made_again() {
    let fixture = Fixture::new();
    let small = Options {
        pack_bytes: 100,
        ..writing()
    };
    let store = fixture.open(small.clone()).unwrap();
    let first = node(&store, "in the first pack");
    store.publish().unwrap();
    node(&store, "in the second pack");
    store.publish().unwrap();
    drop(store);
    let index = fs::read(fixture.index(1)).unwrap();
    let places = (0..40)
        .chain((40..index.len() - 80).step_by(100))
        .chain(index.len() - 80..index.len());
    for at in places {
        let mut bad = index.clone();
        bad[at] ^= 0x10;
        fs::write(fixture.index(1), &bad).unwrap();
        assert!(text(&fixture.reader(), &first).is_some(), "byte {at}");
        assert_eq!(verify(&fixture.reader()).len(), 1, "byte {at}");
        assert!(text(&fixture.open(small.clone()).unwrap(), &first).is_some());
        assert!(fs::read(fixture.index(1)).unwrap() == index, "byte {at}");
    }
    for cut in [0, 10, 500, index.len() - 1] {
        fs::write(fixture.index(1), &index[..cut]).unwrap();
        assert!(text(&fixture.reader(), &first).is_some());
        assert!(text(&fixture.open(small.clone()).unwrap(), &first).is_some());
    }
    fs::remove_file(fixture.index(1)).unwrap();
    assert!(text(&fixture.reader(), &first).is_some());
    fixture.open(small).unwrap();
    assert!(fs::read(fixture.index(1)).unwrap() == index);
}

#[test]
fn versions_are_differences_at_most_sixteen_deep() {
    let (fixture, mut random) = (Fixture::new(), Random(7));
    let store = fixture.writer();
    let mut bytes = random.text(200_000);
    let mut versions = vec![(fixture.put(&store, &bytes).root, bytes.clone())];
    store.publish().unwrap();
    let before = fs::metadata(fixture.pack(1)).unwrap().len();
    for _ in 0..50 {
        let at = random.below(bytes.len() - 10);
        bytes[at..at + 5].copy_from_slice(b"EDIT!");
        let previous = versions.last().map(|(root, _)| *root);
        versions.push((
            fixture.put_after(&store, &bytes, previous, &[]).root,
            bytes.clone(),
        ));
    }
    store.publish().unwrap();
    let after = fs::metadata(fixture.pack(1)).unwrap().len();
    assert!(after - before < 4 * before, "{before} bytes, then {after}");
    let reader = fixture.reader();
    for (root, bytes) in &versions {
        assert!(reader.read(root, u64::MAX).unwrap() == *bytes);
    }
}

#[test]
fn contents_of_the_first_format_are_read_as_before() {
    let fixture = Fixture::new();
    let large = Random(8).text(6 << 20);
    let (small, stored) = (fixture.put_loose(b"small"), fixture.put_loose(&large));
    let store = fixture.writer();
    for (address, bytes) in [(small, &b"small"[..]), (stored, &large)] {
        assert_eq!(store.size(&address).unwrap(), bytes.len() as u64);
        assert!(store.read(&address, u64::MAX).unwrap() == bytes);
        assert!(
            store.read_range(&address, 3, 1_000_000).unwrap()
                == bytes[3..bytes.len().min(1_000_003)]
        );
    }
    assert_eq!(fixture.put(&store, b"small").fresh, 0);
    let path = fixture.loose(&small);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    assert!(matches!(store.read(&small, 10), Err(Error::Damaged { .. })));
    let found = verify(&store);
    assert_eq!(
        found.iter().map(|one| one.address).collect::<Vec<_>>(),
        [Some(small)]
    );
}
