//! A collection that is killed between any two of its steps has lost nothing.

mod common;
use common::*;
use ize_store::{Address, Options, Store};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Each is come by when what `collect` is given is collected.
const PLACES: [&str; 12] = [
    "gc-begun",
    "pack-made",
    "gc-block-written",
    "pack-flushed",
    "pack-index-written",
    "pack-closed",
    "gc-packed",
    "gc-loose-moved",
    "gc-flushed",
    "gc-file-removed",
    "gc-loose-removed",
    "gc-dropping",
];
/// How often a place is come by at most, before the collection ends by itself.
const MOST: u32 = 40;

fn options() -> Options {
    Options {
        pack_bytes: 60_000,
        block_bytes: 20_000,
        ..writing()
    }
}

/// With a last address that nothing has, it fails when all is written, and what it wrote goes again.
fn collect(objects: &str) {
    let list = fs::read(objects.to_owned() + "/reachable").unwrap();
    let (addresses, _) = list.as_chunks::<32>();
    let addresses: Vec<_> = addresses.iter().copied().map(Address::from_bytes).collect();
    let store = Store::open(objects, options()).unwrap();
    store.gc_begin().unwrap();
    let _ = store.gc_rewrite(&addresses, 0);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

#[test]
fn killed_at_any_place_it_has_lost_nothing() {
    // The process that is killed is this test again.
    if let Ok(objects) = std::env::var("IZE_STORE") {
        return collect(&objects);
    }
    let (origin, mut random) = (Fixture::new(), Random(11));
    let store = origin.open(options()).unwrap();
    let mut contents: Vec<_> = (0..8)
        .map(|_| {
            let bytes = random.bytes(15_000);
            let root = origin.put_after(&store, &bytes, None, &[]).root;
            store.flush().unwrap();
            (root, bytes)
        })
        .collect();
    origin.put(&store, &random.bytes(15_000));
    store.flush().unwrap();
    for text in ["one of the first format", "another one"] {
        contents.push((origin.put_loose(text.as_bytes()), text.as_bytes().to_vec()));
    }
    drop(store);
    let store = origin.open(options()).unwrap();
    let roots: Vec<_> = contents.iter().map(|(root, _)| *root).collect();
    let list: Vec<u8> = reachable(&store, &roots)
        .iter()
        .flat_map(|one| *one.bytes())
        .collect();
    drop(store);
    fs::write(origin.objects() + "/reachable", list).unwrap();
    // One block of it is not what was written, and nothing may go.
    let broken = Fixture::new();
    copy(Path::new(&origin.objects()), Path::new(&broken.objects()));
    let last = contents.len() - 3;
    let damaged = (1..)
        .take_while(|id| broken.pack(*id).exists())
        .last()
        .unwrap();
    for id in 1..=damaged {
        let mut bytes = fs::read(broken.pack(id)).unwrap();
        let found = bytes
            .windows(64)
            .position(|part| part == &contents[last].1[..64]);
        if let Some(at) = found {
            bytes[at] ^= 1;
            fs::write(broken.pack(id), bytes).unwrap();
        }
    }

    for place in PLACES {
        let from = if place == "gc-dropping" {
            &broken
        } else {
            &origin
        };
        let mut killed = 0;
        for count in 1..=MOST {
            let fixture = Fixture::new();
            copy(Path::new(&from.objects()), Path::new(&fixture.objects()));
            let status = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "killed_at_any_place_it_has_lost_nothing"])
                .env("IZE_STORE", fixture.objects())
                .env("IZE_FAILPOINT", format!("{place}:{count}"))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            if status.signal() != Some(libc::SIGKILL) {
                assert!(status.success(), "{place}:{count}: {status}");
                break;
            }
            killed = count;
            for store in [fixture.reader(), fixture.open(options()).unwrap()] {
                for (at, (root, bytes)) in contents.iter().enumerate() {
                    if place == "gc-dropping" && at == last {
                        continue;
                    }
                    assert!(
                        store.read(root, u64::MAX).is_ok_and(|read| read == *bytes),
                        "{place}:{count}: content {at}"
                    );
                }
            }
            // The next one finishes it.
            collect(&fixture.objects());
            let left = fixture.reader();
            for (at, (root, bytes)) in contents.iter().enumerate() {
                if place != "gc-dropping" || at != last {
                    assert!(left.read(root, u64::MAX).unwrap() == *bytes);
                }
            }
            if place != "gc-dropping" {
                assert!(roots[8..].iter().all(|one| !fixture.loose(one).exists()));
            }
        }
        assert!(
            (1..MOST).contains(&killed),
            "{place} was reached {killed} times"
        );
    }
}
