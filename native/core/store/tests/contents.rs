//! Chunks, trees, contents: the same bytes have one address, however they came to be.

mod common;
use common::*;
use ize_store::{Address, Error, Job, Kind, chunker, content_address, list};
use std::collections::HashSet;

fn chunks(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut all) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(chunker::cut(rest));
        all.push(chunk);
        rest = after;
    }
    all
}

#[test]
fn chunks_keep_within_their_bounds_and_near_their_average() {
    let bytes = Random(1).bytes(32 << 20);
    let all = chunks(&bytes);
    let (_, but_last) = all.split_last().unwrap();
    assert!(
        but_last
            .iter()
            .all(|chunk| chunk.len() >= chunker::MIN && chunk.len() <= chunker::MAX)
    );
    let average = bytes.len() / all.len();
    assert!((48 << 10..96 << 10).contains(&average), "{average}");
}

#[test]
fn only_the_chunks_near_an_edit_change() {
    let mut random = Random(2);
    for _ in 0..20 {
        let old = random.bytes(4 << 20);
        let mut new = old.clone();
        let at = random.below(new.len());
        let length = random.below(100) + 1;
        match random.below(3) {
            0 => new.splice(at..at, random.bytes(length)).for_each(drop),
            1 => new.drain(at..(at + length).min(old.len())).for_each(drop),
            _ => new[at] ^= 1,
        }
        let before: HashSet<_> = chunks(&old).into_iter().collect();
        let changed = chunks(&new)
            .into_iter()
            .filter(|chunk| !before.contains(chunk))
            .count();
        assert!(changed <= 6, "{changed} chunks");
    }
}

#[test]
fn contents_of_all_sizes_come_back_whole_and_in_part() {
    let (fixture, mut random) = (Fixture::new(), Random(3));
    let store = fixture.writer();
    for size in [0, 1, 31, 32, 16 << 10, (16 << 10) + 1, 300_000, 5_000_000] {
        let bytes = random.bytes(size);
        let put = fixture.put(&store, &bytes);
        assert_eq!(put.size, size as u64);
        for published in [false, true] {
            if published {
                store.publish().unwrap();
            }
            assert_eq!(store.size(&put.root).unwrap(), size as u64);
            assert!(store.read(&put.root, size as u64).unwrap() == bytes);
            for _ in 0..10 {
                let (from, length) = (random.below(size + 10), random.below(200_000));
                let expected = &bytes[from.min(size)..(from + length).min(size)];
                assert!(
                    store
                        .read_range(&put.root, from as u64, length as u64)
                        .unwrap()
                        == expected
                );
            }
        }
        assert_eq!(fixture.put(&store, &bytes).fresh, 0);
        let file = fixture.file(&bytes);
        assert_eq!(
            content_address(&[segment(&file, size)]).unwrap(),
            (put.root, size as u64)
        );
    }
    assert!(matches!(
        store.read(&fixture.put(&store, b"abc").root, 2),
        Err(Error::Large { size: 3, .. })
    ));
}

#[test]
fn the_empty_file_and_a_file_of_one_chunk_are_that_chunk() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    assert_eq!(
        Some(fixture.put(&store, b"").root),
        Kind::Chunk.address(b"")
    );
    assert_eq!(fixture.put(&store, b"text").root, Address::of(b"text"));
}

#[test]
fn text_comes_back_and_what_is_none_does_not() {
    let fixture = Fixture::new();
    let store = fixture.writer();
    let put = |bytes: &[u8]| {
        let file = fixture.file(bytes);
        let job = Job {
            segments: vec![segment(&file, bytes.len())],
            ..Job::default()
        };
        store.put_content(&job, 5).unwrap()
    };
    assert_eq!(put(b"text").content.as_deref(), Some(&b"text"[..]));
    assert!(put(b"more text").content.is_none() && put(b"more text").text);
    assert!(put(b"a\0b").content.is_none() && !put(b"a\0b").text);
}

/// Edits of all kinds, each put with what is known to be unchanged, with the version before it, and from nothing.
#[test]
fn a_version_put_from_its_edits_has_the_address_that_it_has_from_nothing() {
    let (fixture, mut random) = (Fixture::new(), Random(4));
    let store = fixture.writer();
    let mut old = random.bytes(12 << 20);
    let mut root = fixture.put(&store, &old).root;
    for round in 0..60 {
        let mut new = old.clone();
        let mut dirty = Vec::new();
        for _ in 0..=random.below(3) {
            let at = random.below(new.len());
            let length = random.below(10_000).min(new.len() - at);
            new[at..at + length].copy_from_slice(&random.bytes(length));
            dirty.push((at, at + length));
        }
        match round % 5 {
            0 => new.truncate(new.len() - random.below(300_000)),
            1 => new.extend(random.bytes(300_000)),
            // A tail that is all zeros is cut by its end alone.
            2 => new.resize(new.len() + 400_000, 0),
            _ => {}
        }
        let unchanged = clean(&dirty, old.len().min(new.len()));
        let put = fixture.put_after(&store, &new, Some(root), &unchanged);
        let file = fixture.file(&new);
        assert_eq!(
            content_address(&[segment(&file, new.len())]).unwrap().0,
            put.root,
            "round {round}"
        );
        assert_eq!(
            fixture.put_after(&store, &new, Some(root), &[]).root,
            put.root
        );
        assert!(store.read(&put.root, u64::MAX).unwrap() == new);
        (old, root) = (new, put.root);
    }
}

/// What lies between the dirty ranges of `length` bytes.
fn clean(dirty: &[(usize, usize)], length: usize) -> Vec<(u64, u64)> {
    let mut dirty = dirty.to_vec();
    dirty.sort_unstable();
    let (mut at, mut ranges) = (0, Vec::new());
    for (from, to) in dirty {
        if from.min(length) > at {
            ranges.push((at as u64, (from.min(length) - at) as u64));
        }
        at = at.max(to);
    }
    if length > at {
        ranges.push((at as u64, (length - at) as u64));
    }
    ranges
}

/// Small trees over made-up chunks, so that all levels are met: several hundred thousand zero-filled chunks.
#[test]
fn deep_trees_built_from_edits_are_those_built_from_nothing() {
    let (fixture, mut random) = (Fixture::new(), Random(5));
    let store = fixture.writer();
    let size: u64 = 768 << 20;
    let file = fixture.file(b"");
    file.set_len(size).unwrap();
    use std::os::unix::fs::FileExt;
    // Some 16 KiB of noise in each MiB, so that chunks differ.
    for at in (0..size).step_by(1 << 20) {
        file.write_at(&random.bytes(16 << 10), at).unwrap();
    }
    let job = |previous, unchanged| Job {
        segments: vec![segment(&file, size as usize)],
        hint: String::new(),
        previous,
        unchanged,
        ..Job::default()
    };
    let first = store.put_content(&job(None, vec![]), 0).unwrap();
    let edit = (size / 3, 4096);
    file.write_at(&random.bytes(edit.1), edit.0).unwrap();
    let unchanged = clean(
        &[(edit.0 as usize, edit.0 as usize + edit.1)],
        size as usize,
    );
    let second = store
        .put_content(&job(Some(first.root), unchanged), 0)
        .unwrap();
    assert!(second.fresh < 1 << 20, "{}", second.fresh);
    assert_eq!(
        content_address(&job(None, vec![]).segments).unwrap().0,
        second.root
    );
}

#[test]
fn lists_survive_the_round_trip_and_nothing_else_is_one() {
    let entry = |n: u8| list::Entry {
        address: Address::from_bytes([n; 32]),
        length: 1 << (n * 7),
    };
    let one = list::List {
        level: 3,
        entries: (0..8).map(entry).collect(),
    };
    let bytes = one.encode();
    assert_eq!(list::List::decode(&bytes), Some(one));
    assert!((0..bytes.len()).all(|cut| cut % 33 == 2
        || list::List::decode(&bytes[..cut]).is_none_or(|l| l.entries.len() < 8)));
    assert_eq!(list::List::decode(&[2, 1]), None);
    assert_eq!(list::List::decode(&[1, 1]), None);
}

#[test]
fn many_contents_come_back_in_order() {
    let (fixture, mut random) = (Fixture::new(), Random(6));
    let store = fixture.writer();
    let mut contents: Vec<_> = (0..500).map(|n| random.text(n * 37)).collect();
    contents.push(random.bytes(6 << 20));
    let files: Vec<_> = contents.iter().map(|bytes| fixture.file(bytes)).collect();
    let jobs: Vec<_> = files
        .iter()
        .zip(&contents)
        .enumerate()
        .map(|(n, (file, bytes))| Job {
            segments: vec![segment(file, bytes.len())],
            hint: format!("kind{}", n % 40),
            ..Job::default()
        })
        .collect();
    let put = store.put_many(&jobs, 0, 0).unwrap();
    for (content, bytes) in put.iter().zip(&contents) {
        assert!(store.read(&content.root, u64::MAX).unwrap() == *bytes);
    }
    store.flush().unwrap();
    let reader = fixture.reader();
    for (content, bytes) in put.iter().zip(&contents) {
        assert!(reader.read(&content.root, u64::MAX).unwrap() == *bytes);
    }
}
