//! Objects: stored, found again, damaged.

use ize_content::*;
use ize_sys::{Name, Segment, open_at};
use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

const LEVEL: i32 = 3;

struct Store {
    directory: TempDir,
    objects: OwnedFd,
}

impl Store {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let objects = open(directory.path().into(), libc::O_RDONLY | libc::O_DIRECTORY);
        Store { directory, objects }
    }

    fn fd(&self) -> i32 {
        self.objects.as_raw_fd()
    }

    fn file(&self, address: &Address) -> PathBuf {
        let hex = address.to_string();
        self.directory.path().join(&hex[..2]).join(&hex[2..])
    }

    /// Bytes as a file beside the objects.
    fn source(&self, bytes: &[u8]) -> OwnedFd {
        let path = self.directory.path().join("source");
        fs::write(&path, bytes).unwrap();
        open(path, libc::O_RDONLY)
    }

    fn copy(&self, address: &Address) -> Result<Vec<u8>> {
        let path = self.directory.path().join("copy");
        fs::write(&path, "").unwrap();
        let out = open(path.clone(), libc::O_WRONLY);
        let n = copy_object(self.fd(), address, out.as_raw_fd())?;
        let bytes = fs::read(path).unwrap();
        assert_eq!(n, bytes.len() as u64);
        Ok(bytes)
    }

    fn orphans(&self) -> usize {
        fs::read_dir(self.directory.path().join("tmp")).map_or(0, Iterator::count)
    }
}

fn open(path: PathBuf, flags: i32) -> OwnedFd {
    let fd = open_at(
        libc::AT_FDCWD,
        &Name::new(path.to_str().unwrap()).unwrap(),
        flags,
        0,
    )
    .unwrap();
    unsafe { OwnedFd::from_raw_fd(fd) }
}

fn whole(fd: &OwnedFd, bytes: &[u8]) -> Vec<Segment> {
    vec![Segment {
        fd: fd.as_raw_fd(),
        offset: 0,
        length: bytes.len() as i64,
    }]
}

/// Bytes that zstd cannot make smaller.
fn noise(length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    blake3::Hasher::new()
        .update(b"noise")
        .finalize_xof()
        .fill(&mut out);
    out
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::Missing(_) => "missing",
        Error::Damaged(..) => "damaged",
        Error::Large { .. } => "large",
        Error::NotAnAddress(_) => "address",
        Error::System(..) => "system",
    }
}

#[test]
fn an_address_is_that_of_the_format() {
    let store = Store::new();
    let stored = store_bytes(store.fd(), b"abc", LEVEL).unwrap();
    assert_eq!(
        stored.address.to_string(),
        hash_bytes(b"abc", "ize 2026-11 blob v1")
    );
    let file = fs::read(store.file(&stored.address)).unwrap();
    assert_eq!(file, b"IzeB\x01\0\0\0\x03\0\0\0\0\0\0\0abc");
    let mode = fs::metadata(store.file(&stored.address))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o444);
}

#[test]
fn what_is_stored_comes_back_whatever_its_size_and_kind() {
    let store = Store::new();
    let text = "a line of text\n".repeat(400_000);
    let mixed = [noise(1 << 19), vec![b'x'; 6 << 20]].concat();
    let cases: [(&str, &[u8], bool); 9] = [
        ("empty", b"", true),
        ("tiny", b"x", true),
        ("text", &text.as_bytes()[..1000], true),
        ("small noise", &noise(1000), false),
        ("one MiB", &text.as_bytes()[..1 << 20], true),
        ("one MiB and one", &text.as_bytes()[..(1 << 20) + 1], true),
        ("large text", text.as_bytes(), true),
        ("large noise", &noise(5 << 20), false),
        ("large, noise first", &mixed, false),
    ];
    for (name, bytes, is_text) in cases {
        let source = store.source(bytes);
        let stored = store_one(&store, &source, bytes, u64::MAX);
        assert_eq!(
            (stored.size, stored.text),
            (bytes.len() as u64, is_text),
            "{name}"
        );
        assert_eq!(
            stored.content.as_deref(),
            is_text.then_some(bytes),
            "{name}"
        );
        let on_disk = fs::metadata(store.file(&stored.address)).unwrap().len();
        assert_eq!(stored.stored_size, on_disk, "{name}");
        assert!(on_disk <= bytes.len() as u64 + 16, "{name}: {on_disk}");
        assert!(
            read_object(store.fd(), &stored.address, u64::MAX).unwrap() == bytes,
            "{name}"
        );
        assert!(store.copy(&stored.address).unwrap() == bytes, "{name}");
        let again = store_one(&store, &source, bytes, 0);
        assert_eq!(again.stored_size, 0, "{name}");
        assert_eq!(again.content.is_some(), bytes.is_empty(), "{name}");
        assert_eq!(again.address, stored.address, "{name}");
    }
    assert_eq!(store.orphans(), 0);
}

fn store_one(store: &Store, source: &OwnedFd, bytes: &[u8], keep: u64) -> Stored {
    ize_content::store(store.fd(), &whole(source, bytes), LEVEL, keep).unwrap()
}

#[test]
fn pieces_and_zeros_are_one_content() {
    let store = Store::new();
    let source = store.source(b"0123456789");
    let piece = |fd, offset, length| Segment { fd, offset, length };
    let fd = source.as_raw_fd();
    let list = [
        piece(fd, 8, 2),
        piece(-1, 0, 3),
        piece(fd, 0, 0),
        piece(fd, 0, 1),
    ];
    let stored = ize_content::store(store.fd(), &list, LEVEL, 100).unwrap();
    assert_eq!(stored.address, Address::of(b"89\0\0\x000"));
    assert!(!stored.text);
    let large = [piece(-1, 0, 20 << 20), piece(fd, 0, 10)];
    let stored = ize_content::store(store.fd(), &large, LEVEL, 100).unwrap();
    assert_eq!(stored.size, (20 << 20) + 10);
    assert!(stored.stored_size < 5000);
    assert!(
        store
            .copy(&stored.address)
            .unwrap()
            .ends_with(b"\x000123456789")
    );
}

#[test]
fn a_source_that_ends_early_stores_nothing() {
    let store = Store::new();
    let source = store.source(&vec![b'x'; 2 << 20]);
    for length in [3 << 20, 10 << 20] {
        let list = [Segment {
            fd: source.as_raw_fd(),
            offset: 0,
            length,
        }];
        let error = ize_content::store(store.fd(), &list, LEVEL, 0).unwrap_err();
        assert_eq!(code(&error), "system");
    }
    assert_eq!(store.orphans(), 0);
}

#[test]
fn a_flipped_byte_anywhere_is_found() {
    let store = Store::new();
    let text = "some text that is stored\n".repeat(40);
    let long = [noise(1 << 12).as_slice(), &[b'y'; 5 << 20]].concat();
    let plain = noise(5 << 20);
    for bytes in [text.as_bytes(), &noise(300), &long, &plain] {
        let stored = store_bytes(store.fd(), bytes, LEVEL).unwrap();
        let file = store.file(&stored.address);
        let good = fs::read(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let step = (good.len() / 40).max(1);
        for at in (0..16).chain((16..good.len()).step_by(step)) {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            fs::write(&file, &bad).unwrap();
            let read = read_object(store.fd(), &stored.address, u64::MAX).unwrap_err();
            assert_eq!(code(&read), "damaged", "byte {at}");
            assert_eq!(
                code(&store.copy(&stored.address).unwrap_err()),
                "damaged",
                "byte {at}"
            );
        }
        for bad in [
            &good[..good.len() - 1],
            &good[..16],
            &good[..3],
            b"",
            &[&good[..], b"x"].concat(),
        ] {
            fs::write(&file, bad).unwrap();
            let read = read_object(store.fd(), &stored.address, u64::MAX).unwrap_err();
            assert_eq!(code(&read), "damaged", "{} bytes", bad.len());
            assert_eq!(code(&store.copy(&stored.address).unwrap_err()), "damaged");
        }
    }
}

#[test]
fn a_file_that_lost_its_bytes_in_a_crash_is_written_again() {
    let store = Store::new();
    let stored = store_bytes(store.fd(), b"content", LEVEL).unwrap();
    let file = store.file(&stored.address);
    for lost in [b"".as_slice(), &[0; 23]] {
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&file, lost).unwrap();
        assert!(
            store_bytes(store.fd(), b"content", LEVEL)
                .unwrap()
                .stored_size
                > 0
        );
        assert_eq!(
            read_object(store.fd(), &stored.address, 100).unwrap(),
            b"content"
        );
    }
}

#[test]
fn what_is_not_there_or_too_large_is_told_apart() {
    let store = Store::new();
    let stored = store_bytes(store.fd(), b"0123456789", LEVEL).unwrap();
    assert_eq!(
        code(&read_object(store.fd(), &stored.address, 9).unwrap_err()),
        "large"
    );
    assert!(read_object(store.fd(), &stored.address, 10).is_ok());
    let absent = Address::of(b"never stored");
    assert_eq!(
        code(&read_object(store.fd(), &absent, 9).unwrap_err()),
        "missing"
    );
    assert_eq!(code(&store.copy(&absent).unwrap_err()), "missing");
    for text in [
        "",
        "ab",
        &"g".repeat(64),
        &"A".repeat(64),
        "../../../etc/passwd",
    ] {
        assert_eq!(code(&Address::parse(text).unwrap_err()), "address");
    }
    assert_eq!(Address::parse(&absent.to_string()).unwrap(), absent);
}

#[test]
fn many_at_once_keep_their_order_also_when_they_are_the_same() {
    let store = Store::new();
    let bytes: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
    let source = store.source(&bytes);
    let fd = source.as_raw_fd();
    let jobs: Vec<Vec<Segment>> = (0..2000)
        .map(|i| {
            vec![Segment {
                fd,
                offset: (i % 500) * 64,
                length: 200,
            }]
        })
        .collect();
    let stored = store_many(store.fd(), &jobs, LEVEL, 0, 0).unwrap();
    for (i, one) in stored.iter().enumerate() {
        let at = (i % 500) * 64;
        assert_eq!(one.address, Address::of(&bytes[at..at + 200]));
    }
    assert_eq!(store_many(store.fd(), &[], LEVEL, 0, 0).unwrap().len(), 0);
    let mut broken = jobs;
    broken[700][0].fd = 987_654;
    assert_eq!(
        code(&store_many(store.fd(), &broken, LEVEL, 0, 0).unwrap_err()),
        "system"
    );
    assert_eq!(store.orphans(), 0);
}
