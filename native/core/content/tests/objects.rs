//! Objects of the first format: read, copied, damaged.

use ize_content::*;
use ize_sys::{Name, open_at};
use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use tempfile::TempDir;

struct Objects {
    directory: TempDir,
    fd: OwnedFd,
}

impl Objects {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let fd = open(directory.path().into(), libc::O_RDONLY | libc::O_DIRECTORY);
        Objects { directory, fd }
    }

    fn file(&self, address: &Address) -> PathBuf {
        let hex = address.to_string();
        self.directory.path().join(&hex[..2]).join(&hex[2..])
    }

    /// As releases of the first format wrote it.
    fn put(&self, bytes: &[u8], compressed: bool) -> Address {
        let address = Address::of(bytes);
        let packed = zstd::bulk::compress(bytes, 3).unwrap();
        let payload = if compressed { packed.as_slice() } else { bytes };
        let size = (bytes.len() as u64).to_le_bytes();
        let file = [
            b"IzeB\x01",
            &[u8::from(compressed), 0, 0][..],
            &size,
            payload,
        ]
        .concat();
        let path = self.file(&address);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
        address
    }

    fn read(&self, address: &Address) -> Result<Vec<u8>> {
        let path = self.directory.path().join("copy");
        fs::write(&path, "").unwrap();
        let out = open(path.clone(), libc::O_WRONLY);
        let n = copy_object(self.fd.as_raw_fd(), address, out.as_raw_fd())?;
        let bytes = fs::read(path).unwrap();
        assert_eq!(n, bytes.len() as u64);
        assert_eq!(object_size(self.fd.as_raw_fd(), address)?, n);
        Ok(bytes)
    }
}

fn open(path: PathBuf, flags: i32) -> OwnedFd {
    let name = Name::new(path.to_str().unwrap()).unwrap();
    let fd = open_at(libc::AT_FDCWD, &name, flags, 0).unwrap();
    unsafe { OwnedFd::from_raw_fd(fd) }
}

/// Bytes that zstd cannot make smaller.
fn noise(length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    let mut reader = blake3::Hasher::new().update(b"noise").finalize_xof();
    reader.fill(&mut out);
    out
}

#[test]
fn what_lies_there_comes_back_whatever_its_size_and_kind() {
    let objects = Objects::new();
    let text = "a line of text\n".repeat(400_000);
    let cases: [(&[u8], bool); 6] = [
        (b"", false),
        (b"x", false),
        (&text.as_bytes()[..1000], true),
        (text.as_bytes(), true),
        (&noise(1000), false),
        (&noise(5 << 20), false),
    ];
    for (bytes, compressed) in cases {
        let address = objects.put(bytes, compressed);
        assert!(objects.read(&address).unwrap() == bytes);
    }
}

#[test]
fn a_flipped_byte_anywhere_is_found() {
    let objects = Objects::new();
    let text = "some text that is stored\n".repeat(40);
    let long = [noise(1 << 12).as_slice(), &[b'y'; 5 << 20]].concat();
    let plain = noise(5 << 20);
    let cases: [(&[u8], bool); 4] = [
        (text.as_bytes(), true),
        (&noise(300), false),
        (&long, true),
        (&plain, false),
    ];
    for (bytes, compressed) in cases {
        let address = objects.put(bytes, compressed);
        let file = objects.file(&address);
        let good = fs::read(&file).unwrap();
        let is_found = || matches!(objects.read(&address), Err(Error::Damaged { .. }));
        let step = (good.len() / 40).max(1);
        for at in (0..16).chain((16..good.len()).step_by(step)) {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            fs::write(&file, &bad).unwrap();
            assert!(is_found(), "byte {at}");
        }
        let longer = [&good[..], b"x"].concat();
        for bad in [
            &good[..good.len() - 1],
            &good[..16],
            &good[..3],
            b"",
            &longer,
        ] {
            fs::write(&file, bad).unwrap();
            assert!(is_found(), "{} bytes", bad.len());
        }
    }
}

#[test]
fn what_is_not_there_and_what_is_no_address_is_told_apart() {
    let objects = Objects::new();
    let absent = Address::of(b"never stored");
    assert!(matches!(objects.read(&absent), Err(Error::Missing(_))));
    for text in [
        "",
        "ab",
        &"g".repeat(64),
        &"A".repeat(64),
        "../../../etc/passwd",
    ] {
        assert!(matches!(Address::parse(text), Err(Error::NotAnAddress(_))));
    }
    assert_eq!(Address::parse(&absent.to_string()).unwrap(), absent);
    assert_eq!(
        Address::of(b"abc").to_string(),
        hash_bytes(b"abc", "ize 2026-11 blob v1")
    );
}
