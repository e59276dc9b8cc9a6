#![allow(dead_code)]
use ize_store::{Address, Content, Job, Options, Store};
use ize_sys::Segment;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use tempfile::TempDir;

/// xorshift64*: the same numbers in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(length + 8);
        while out.len() < length {
            out.extend(self.next().to_le_bytes());
        }
        out.truncate(length);
        out
    }

    /// Lines of words: compresses as text does.
    pub fn text(&mut self, length: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(length + 20);
        while out.len() < length {
            let word = self.below(5000);
            let end = if self.below(12) == 0 { '\n' } else { ' ' };
            write!(out, "word{word}{end}").unwrap();
        }
        out.truncate(length);
        out
    }
}

pub struct Fixture {
    pub folder: TempDir,
}

impl Fixture {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("objects")).unwrap();
        Fixture { folder }
    }

    pub fn objects(&self) -> String {
        self.folder
            .path()
            .join("objects")
            .to_str()
            .unwrap()
            .to_owned()
    }

    pub fn open(&self, options: Options) -> ize_store::Result<Store> {
        Store::open(self.objects(), options)
    }

    pub fn writer(&self) -> Store {
        self.open(writing()).unwrap()
    }

    pub fn reader(&self) -> Store {
        self.open(Options::default()).unwrap()
    }

    pub fn pack(&self, id: u64) -> PathBuf {
        PathBuf::from(self.objects()).join(format!("pack/{id:016x}.pack"))
    }

    pub fn index(&self, id: u64) -> PathBuf {
        PathBuf::from(self.objects()).join(format!("pack/{id:016x}.idx"))
    }

    /// Where a content of the first format lies.
    pub fn loose(&self, address: &Address) -> PathBuf {
        let hex = address.to_string();
        PathBuf::from(self.objects())
            .join(&hex[..2])
            .join(&hex[2..])
    }

    /// Writes a content of the first format, as releases of that format did.
    pub fn put_loose(&self, bytes: &[u8]) -> Address {
        let address = Address::of(bytes);
        let packed = zstd::bulk::compress(bytes, 3).unwrap();
        let (encoding, payload) = match packed.len() < bytes.len() {
            true => (1, packed.as_slice()),
            false => (0, bytes),
        };
        let size = (bytes.len() as u64).to_le_bytes();
        let file = [b"IzeB\x01", &[encoding, 0, 0][..], &size, payload].concat();
        let path = self.loose(&address);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file).unwrap();
        address
    }

    pub fn file(&self, bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile_in(self.folder.path()).unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    pub fn put(&self, store: &Store, bytes: &[u8]) -> Content {
        self.put_after(store, bytes, None, &[])
    }

    pub fn put_after(
        &self,
        store: &Store,
        bytes: &[u8],
        previous: Option<Address>,
        unchanged: &[(u64, u64)],
    ) -> Content {
        let file = self.file(bytes);
        let job = Job {
            segments: vec![segment(&file, bytes.len())],
            hint: "txt".to_owned(),
            previous,
            unchanged: unchanged.to_vec(),
            ..Job::default()
        };
        store.put_content(&job, 0).unwrap()
    }
}

pub fn segment(file: &File, length: usize) -> Segment {
    Segment {
        fd: file.as_raw_fd(),
        offset: 0,
        length: length as i64,
    }
}

pub fn writing() -> Options {
    Options {
        write: true,
        ..Options::default()
    }
}

/// All that is below these addresses, sorted.
pub fn reachable(store: &Store, roots: &[Address]) -> Vec<Address> {
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
