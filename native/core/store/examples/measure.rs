//! Measures the store alone: cargo run --release -p ize-store --example measure -- <store> <folder>...
//! Imports the folders, puts edits of a 10 MB text, and 4 KiB into a large file (`IZE_LARGE` bytes, 2 GiB).

use ize_store::{Job, Options, Store};
use ize_sys::Segment;
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

const LOT: usize = 256;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let objects = PathBuf::from(arguments.next().expect("a folder for the store"));
    fs::create_dir_all(&objects).expect("the store's folder");
    let options = Options {
        write: true,
        ..Options::default()
    };
    let store = Store::open(objects.to_str().expect("UTF-8"), options).expect("the store");
    let mut files = Vec::new();
    for folder in arguments {
        walk(Path::new(&folder), &mut files);
    }
    import(&store, &objects, &files);
    import(&store, &objects, &files);
    edits(&store, &objects);
    large(&store, &objects);
}

fn walk(folder: &Path, files: &mut Vec<(PathBuf, u64)>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => walk(&entry.path(), files),
            Ok(meta) if meta.is_file() => files.push((entry.path(), meta.len())),
            _ => {}
        }
    }
}

fn import(store: &Store, objects: &Path, files: &[(PathBuf, u64)]) {
    let (start, mut plain, mut fresh) = (Instant::now(), 0, 0);
    let (mut lot, mut lot_bytes) = (Vec::new(), 0);
    for (index, (path, size)) in files.iter().enumerate() {
        if let Ok(file) = File::open(path) {
            lot.push((file, path, *size));
            lot_bytes += size;
        }
        if lot.len() < LOT && lot_bytes < 64 << 20 && index + 1 < files.len() {
            continue;
        }
        let jobs: Vec<_> = lot
            .iter()
            .map(|(file, path, size)| job(file, *size, path))
            .collect();
        let put = store.put_many(&jobs, 0, 0).expect("put");
        plain += put.iter().map(|content| content.size).sum::<u64>();
        fresh += put.iter().map(|content| content.fresh).sum::<u64>();
        lot.clear();
        lot_bytes = 0;
    }
    store.flush().expect("flush");
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} files, {} MB ({} MB new) in {seconds:.2} s: {:.0} MB/s; store {:.1} MB",
        files.len(),
        plain >> 20,
        fresh >> 20,
        plain as f64 / 1e6 / seconds,
        stored(objects) as f64 / 1e6,
    );
}

fn job(file: &File, size: u64, path: &Path) -> Job {
    Job {
        segments: vec![Segment {
            fd: file.as_raw_fd(),
            offset: 0,
            length: size as i64,
        }],
        hint: path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default()
            .to_owned(),
        ..Job::default()
    }
}

fn stored(objects: &Path) -> u64 {
    let packs = fs::read_dir(objects.join("pack"))
        .into_iter()
        .flatten()
        .flatten();
    packs
        .map(|entry| entry.metadata().map_or(0, |meta| meta.len()))
        .sum()
}

fn edits(store: &Store, objects: &Path) {
    let path = objects.join("text");
    let mut text = String::new();
    let mut seed = 1u64;
    while text.len() < 10 << 20 {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        text += &format!("word{} ", (seed >> 40) % 20_000);
        if seed >> 60 == 0 {
            text.push('\n');
        }
    }
    fs::write(&path, &text).expect("the text");
    let file = File::options()
        .read(true)
        .write(true)
        .open(&path)
        .expect("the text");
    let size = text.len() as u64;
    let mut previous = store
        .put_content(&job(&file, size, &path), 0)
        .expect("put")
        .root;
    store.flush().expect("flush");
    let (before, start, rounds) = (stored(objects), Instant::now(), 200);
    let mut put_seconds = 0.0;
    for round in 0..rounds {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let at = (seed >> 20) % size;
        file.write_at(format!("edit {round}").as_bytes(), at)
            .expect("edit");
        let put = Instant::now();
        let job = Job {
            previous: Some(previous),
            ..job(&file, size, &path)
        };
        previous = store.put_content(&job, 0).expect("put").root;
        put_seconds += put.elapsed().as_secs_f64();
        store.flush().expect("flush");
    }
    let bytes = stored(objects) - before;
    println!(
        "edit of a 10 MB text: {} bytes, put {:.2} ms, with flush {:.2} ms",
        bytes / rounds,
        put_seconds * 1000.0 / rounds as f64,
        start.elapsed().as_secs_f64() * 1000.0 / rounds as f64
    );
}

fn large(store: &Store, objects: &Path) {
    let size = std::env::var("IZE_LARGE")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2u64 << 30);
    let path = objects.join("large");
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)
        .expect("large");
    let mut piece = vec![0u8; 1 << 20];
    for at in (0..size).step_by(1 << 20) {
        blake3::Hasher::new()
            .update(&at.to_le_bytes())
            .finalize_xof()
            .fill(&mut piece);
        file.write_at(&piece, at).expect("large");
    }
    let start = Instant::now();
    let first = store
        .put_many(&[job(&file, size, &path)], 0, 0)
        .expect("put");
    store.flush().expect("flush");
    println!(
        "{} MB of noise in {:.2} s",
        size >> 20,
        start.elapsed().as_secs_f64()
    );
    let mut previous = first[0].root;
    for round in 0..5u64 {
        let at = size / 7 * (round + 1);
        file.write_at(&piece[..4096], at).expect("edit");
        let (before, start) = (stored(objects), Instant::now());
        let job = Job {
            previous: Some(previous),
            unchanged: vec![(0, at), (at + 4096, size - at - 4096)],
            ..job(&file, size, &path)
        };
        previous = store.put_content(&job, 0).expect("put").root;
        let put = start.elapsed().as_secs_f64() * 1000.0;
        store.flush().expect("flush");
        let all = start.elapsed().as_secs_f64() * 1000.0;
        println!(
            "4 KiB in it: put {put:.1} ms, flushed {all:.1} ms, {} bytes",
            stored(objects) - before
        );
    }
    fs::remove_file(&path).expect("large");
}
