//! A collection keeps what is reachable, drops the rest, and moves contents of the first format over.

mod common;
use common::*;
use ize_store::{Address, Error, Kind, Options, Store};
use std::fs;

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
        let result = store.gc_rewrite(&reachable(&store, &roots), 0).unwrap();
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
        store.gc_rewrite(&[address], 0),
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
        store.gc_rewrite(&[address], 0),
        Err(Error::Damaged { .. })
    ));
    assert!(fixture.pack(1).exists());
}

#[test]
fn contents_of_the_first_format_move_over_under_their_address() {
    let (fixture, mut random) = (Fixture::new(), Random(9));
    let put = |bytes: &[u8]| fixture.put_loose(bytes);
    let contents = [b"small".to_vec(), random.text(6 << 20)];
    let addresses = contents.each_ref().map(|bytes| put(bytes));
    let dropped = put(b"not reachable");
    let store = fixture.writer();
    store.gc_begin().unwrap();
    store.gc_rewrite(&reachable(&store, &addresses), 0).unwrap();
    for (address, bytes) in addresses.iter().zip(&contents) {
        assert!(store.read(address, u64::MAX).unwrap() == *bytes);
        assert!(!fixture.loose(address).exists());
    }
    assert!(matches!(store.size(&dropped), Err(Error::Missing(_))));
    store.gc_begin().unwrap();
    store.gc_rewrite(&reachable(&store, &addresses), 0).unwrap();
    for (address, bytes) in addresses.iter().zip(&contents) {
        assert!(fixture.reader().read(address, u64::MAX).unwrap() == *bytes);
    }
}

/// The versions of a text of which a random one is edited, oldest first.
fn edited(fixture: &Fixture, store: &Store, count: usize) -> Vec<(Address, Vec<u8>)> {
    let mut random = Random(77);
    let (mut versions, mut bytes) = (Vec::new(), random.text(200_000));
    for _ in 0..count {
        let at = random.below(30_000);
        bytes[at..at + 6].copy_from_slice(b"EDITED");
        let previous = versions.last().map(|(root, _): &(Address, Vec<u8>)| *root);
        versions.push((
            fixture.put_after(store, &bytes, previous, &[]).root,
            bytes.clone(),
        ));
        store.flush().unwrap();
    }
    versions
}

fn in_order(store: &Store, versions: &[(Address, Vec<u8>)]) -> Vec<Address> {
    let mut all = Vec::new();
    for (root, _) in versions {
        for address in reachable(store, &[*root]) {
            if !all.contains(&address) {
                all.push(address);
            }
        }
    }
    all
}

/// What each row of the packs' blocks is the difference to.
fn rows_and_bases(fixture: &Fixture) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let mut all = Vec::new();
    let mut packs: Vec<_> = fs::read_dir(fixture.objects() + "/pack")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "pack"))
        .collect();
    packs.sort();
    for pack in packs {
        let bytes = fs::read(pack).unwrap();
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let mut at = 16;
        while at < bytes.len() {
            let difference = bytes[at + 5] == 2;
            let table = at + if difference { 80 } else { 48 };
            let base = difference.then(|| bytes[at + 48..at + 80].to_vec());
            for row in 0..number(at + 8) {
                let address = bytes[table + row * 37 + 1..][..32].to_vec();
                all.push((address, base.clone()));
            }
            at = table + number(at + 8) * 37 + number(at + 16);
        }
    }
    all
}

fn rows(fixture: &Fixture) -> usize {
    rows_and_bases(fixture).len()
}

/// How many differences must be undone for the deepest object, as the packs themselves say.
fn deepest(fixture: &Fixture) -> usize {
    let bases: std::collections::HashMap<_, _> = rows_and_bases(fixture).into_iter().collect();
    let depth = |address: &Vec<u8>| {
        let mut at = address;
        let mut depth = 0;
        while let Some(Some(base)) = bases.get(at) {
            (at, depth) = (base, depth + 1);
        }
        depth
    };
    bases.keys().map(depth).max().unwrap_or(0)
}

#[test]
fn no_difference_is_more_than_sixteen_deep_and_many_versions_are_small() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let versions = edited(&fixture, &store, 150);
    assert!((10..=16).contains(&deepest(&fixture)));
    for round in 0..3 {
        store.gc_begin().unwrap();
        let result = store.gc_rewrite(&in_order(&store, &versions), 0).unwrap();
        assert!(deepest(&fixture) <= 16);
        assert!(result.after <= result.before + 4096, "{round}: {result:?}");
        assert!(result.after < 150_000, "{round}: {result:?}");
    }
    // What is put afterwards goes on from what was collected.
    let (last, bytes) = versions.last().unwrap();
    let mut next = bytes.clone();
    next[9..13].copy_from_slice(b"NEXT");
    let root = fixture.put_after(&store, &next, Some(*last), &[]).root;
    store.flush().unwrap();
    assert!(deepest(&fixture) <= 16);
    let reader = fixture.reader();
    assert!(reader.read(&root, u64::MAX).unwrap() == next);
    for (root, bytes) in &versions {
        assert!(reader.read(root, u64::MAX).unwrap() == *bytes);
    }
}

#[test]
fn what_an_old_pack_has_is_put_whole_while_a_collection_runs() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let versions = edited(&fixture, &store, 2);
    store.gc_begin().unwrap();
    let [(first, old), (second, new)] = &versions[..] else {
        panic!("two versions")
    };
    // The collection may write each of them as the difference to the other.
    fixture.put_after(&store, new, Some(*first), &[]);
    store.gc_rewrite(&in_order(&store, &versions), 0).unwrap();
    store.gc_begin().unwrap();
    fixture.put_after(&store, old, Some(*second), &[]);
    store.gc_rewrite(&in_order(&store, &versions), 0).unwrap();
    let reader = fixture.reader();
    for (root, bytes) in &versions {
        assert!(reader.read(root, u64::MAX).unwrap() == *bytes);
    }
}

/// Collects again and again, until it is killed. The addresses stand in a file.
fn collect_until_killed(objects: &str) -> ! {
    let list = fs::read(objects.to_owned() + "/reachable").unwrap();
    let (addresses, _) = list.as_chunks::<32>();
    let addresses: Vec<_> = addresses.iter().copied().map(Address::from_bytes).collect();
    loop {
        let store = Store::open(objects, writing()).unwrap();
        store.gc_begin().unwrap();
        store.gc_rewrite(&addresses, 0).unwrap();
    }
}

#[test]
fn one_that_is_killed_anywhere_has_lost_nothing() {
    // The process that is killed is this test again.
    if let Ok(objects) = std::env::var("IZE_STORE") {
        collect_until_killed(&objects);
    }
    let (fixture, mut random) = (Fixture::new(), Random(5));
    let store = fixture.writer();
    let versions = edited(&fixture, &store, 40);
    let addresses = in_order(&store, &versions);
    let list: Vec<u8> = addresses.iter().flat_map(|one| *one.bytes()).collect();
    fs::write(fixture.objects() + "/reachable", list).unwrap();
    drop(store);
    for _ in 0..12 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "one_that_is_killed_anywhere_has_lost_nothing"])
            .env("IZE_STORE", fixture.objects())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(
            5_000 + random.below(250_000) as u64,
        ));
        assert!(child.try_wait().unwrap().is_none(), "it failed by itself");
        child.kill().unwrap();
        child.wait().unwrap();
        for store in [fixture.reader(), fixture.writer()] {
            for (root, bytes) in &versions {
                assert!(store.read(root, u64::MAX).unwrap() == *bytes);
            }
        }
    }
    let store = fixture.writer();
    store.gc_begin().unwrap();
    store.gc_rewrite(&addresses, 0).unwrap();
    drop(store);
    // What was there twice is there once, in one pack.
    let packs = fs::read_dir(fixture.objects() + "/pack").unwrap();
    let packs = packs.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_str().unwrap().ends_with(".pack")
    });
    assert_eq!(packs.count(), 1);
    assert_eq!(rows(&fixture), addresses.len());
    for (root, bytes) in &versions {
        assert!(fixture.reader().read(root, u64::MAX).unwrap() == *bytes);
    }
}

#[test]
fn what_is_damaged_can_be_written_anew() {
    let fixture = Fixture::new();
    let (store, mut random) = (fixture.writer(), Random(3));
    let text = random.text(400_000);
    let content = fixture.put(&store, &text).root;
    let tree = store.put(Kind::Tree, &[7; 5000], "", None).unwrap().0;
    store.flush().unwrap();
    drop(store);
    let mut bytes = fs::read(fixture.pack(1)).unwrap();
    for at in (300..bytes.len()).step_by(20_000) {
        bytes[at] ^= 1;
    }
    let end = bytes.len() - 2;
    bytes[end] ^= 1;
    fs::write(fixture.pack(1), bytes).unwrap();
    let store = fixture.writer();
    assert!(store.read(&content, u64::MAX).is_err());
    let file = fixture.file(&text);
    let other = fixture.file(b"another");
    assert!(
        !store
            .replace_content(&content, &[segment(&other, 7)])
            .unwrap()
    );
    assert!(
        store
            .replace_content(&content, &[segment(&file, text.len())])
            .unwrap()
    );
    assert_eq!(
        store.replace(Kind::Tree, &[7; 5000], "").unwrap(),
        (tree, true)
    );
    assert_eq!(
        store.replace(Kind::Tree, &[7; 5000], "").unwrap(),
        (tree, false)
    );
    store.flush().unwrap();
    for store in [&store, &fixture.reader()] {
        assert!(store.read(&content, u64::MAX).unwrap() == text);
        assert_eq!(store.get(&tree).unwrap().bytes(), [7; 5000]);
    }
}
