//! Copies, holes, segments and whole files.

mod support;

use ize_sys::*;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use support::{Place, errno, name};

const MIB: i64 = 1 << 20;

fn attributes() -> Attributes {
    Attributes {
        mode: 0o644,
        uid: -1,
        gid: -1,
        xattrs: Vec::new(),
        identity: Vec::new(),
        times: [1, 2, 3, 4],
    }
}

#[test]
fn a_sparse_copy_keeps_holes_and_moves_no_offset() {
    let place = Place::new();
    let from = place.open("from", libc::O_CREAT | libc::O_RDWR);
    let fd = from.as_raw_fd();
    write_at(fd, &[1; 4096], 0).unwrap();
    write_at(fd, &[2; 4096], 64 * MIB).unwrap();
    truncate_fd(fd, 128 * MIB).unwrap();
    seek_from(fd, 77, libc::SEEK_SET).unwrap();

    let to = place.open("to", libc::O_CREAT | libc::O_RDWR);
    let copied = copy_range(fd, 0, to.as_raw_fd(), 0, 1 << 40, true).unwrap();
    assert_eq!(copied, 128 * MIB);
    assert_eq!(seek_from(fd, 0, libc::SEEK_CUR).unwrap(), 77);
    assert_eq!(seek_from(to.as_raw_fd(), 0, libc::SEEK_CUR).unwrap(), 0);
    let metadata = std::fs::metadata(place.path("to")).unwrap();
    assert_eq!(metadata.len() as i64, 128 * MIB);
    assert!(
        metadata.blocks() * 512 < MIB as u64,
        "{} blocks",
        metadata.blocks()
    );
    assert!(place.read("from") == place.read("to"));
}

#[test]
fn a_hole_of_the_source_replaces_what_the_target_had() {
    let place = Place::new();
    let from = place.open("from", libc::O_CREAT | libc::O_RDWR);
    truncate_fd(from.as_raw_fd(), 8 * MIB).unwrap();
    place.write("to", vec![9; 3 * MIB as usize]);
    let to = place.open("to", libc::O_RDWR);
    assert_eq!(
        copy_range(from.as_raw_fd(), 0, to.as_raw_fd(), MIB, 4 * MIB, true),
        Ok(4 * MIB)
    );
    let bytes = place.read("to");
    assert_eq!(bytes.len() as i64, 5 * MIB);
    assert!(bytes[..MIB as usize].iter().all(|b| *b == 9));
    assert!(bytes[MIB as usize..].iter().all(|b| *b == 0));
}

#[test]
fn a_copy_stops_where_the_source_ends() {
    let place = Place::new();
    for size in [0, 10, 3 * MIB] {
        place.write("from", vec![5; size as usize]);
        let (from, to) = (
            place.open("from", libc::O_RDONLY),
            place.open("to", libc::O_CREAT | libc::O_TRUNC | libc::O_RDWR),
        );
        for sparse in [false, true] {
            let n = copy_range(from.as_raw_fd(), 0, to.as_raw_fd(), 0, 4 * MIB, sparse);
            assert_eq!(n, Ok(size));
        }
        assert_eq!(place.read("to").len() as i64, size);
    }
}

#[test]
fn segments_become_one_file_with_its_zeros() {
    let place = Place::new();
    let bytes: Vec<u8> = (0..2 * MIB).map(|i| (i % 251) as u8).collect();
    place.write("log", &bytes);
    let log = place.open("log", libc::O_RDONLY);
    let fd = log.as_raw_fd();
    let numbers = [
        [fd as f64, 5.0, 3.0],
        [-1.0, 0.0, 10.0],
        [fd as f64, 0.0, 1_500_000.0],
        [-1.0, 0.0, 1_000_000.0],
        [fd as f64, 100.0, 60_000.0],
        [fd as f64, 200.0, 60_000.0],
    ];
    let mut wanted = bytes[5..8].to_vec();
    wanted.extend([0; 10]);
    wanted.extend(&bytes[..1_500_000]);
    wanted.extend(vec![0; 1_000_000]);
    wanted.extend(&bytes[100..60_100]);
    wanted.extend(&bytes[200..60_200]);
    let to = place.open("to", libc::O_CREAT | libc::O_RDWR);
    let list = Segment::list(numbers.as_flattened()).unwrap();
    assert_eq!(
        write_segments(to.as_raw_fd(), 0, &list),
        Ok(wanted.len() as i64)
    );
    assert!(place.read("to") == wanted);
}

#[test]
fn a_segment_beyond_its_file_is_an_error() {
    let place = Place::new();
    place.write("log", [1; 100]);
    let log = place.open("log", libc::O_RDONLY);
    let to = place.open("to", libc::O_CREAT | libc::O_RDWR);
    for length in [101, MIB] {
        let segments = [Segment {
            fd: log.as_raw_fd(),
            offset: 0,
            length,
        }];
        assert_eq!(
            errno(write_segments(to.as_raw_fd(), 0, &segments)),
            libc::EIO
        );
    }
    assert_eq!(errno(Segment::list(&[1.0, 2.0])), libc::EINVAL);
    assert_eq!(errno(Segment::list(&[1.0, 2.0, -3.0])), libc::EINVAL);
    assert_eq!(errno(Segment::list(&[1.0, 2.5, 3.0])), libc::EINVAL);
}

#[test]
fn a_materialized_file_has_all_it_was_given() {
    let place = Place::new();
    place.write("log", b"0123456789");
    let log = place.open("log", libc::O_RDONLY);
    let segments = [Segment {
        fd: log.as_raw_fd(),
        offset: 2,
        length: 5,
    }];
    let given = Attributes {
        mode: 0o4555,
        xattrs: vec![(name("user.colour"), b"red".to_vec())],
        identity: b"inode 7".to_vec(),
        ..attributes()
    };
    // Twice: after a crash the same step runs again.
    for _ in 0..2 {
        materialize(place.fd(), &name("file"), &segments, 9, &given).unwrap();
        assert_eq!(place.read("file"), b"23456\0\0\0\0");
        let (mut row, mut identity) = ([0.0; STAT_WORDS], [0; IDENTITY_BYTES]);
        let n = stat_identity(place.fd(), &name("file"), &mut row, &mut identity).unwrap();
        assert_eq!(&identity[..n], b"inode 7");
        assert_eq!(row[0] as u32, libc::S_IFREG | 0o4555);
        assert_eq!(row[10..12], [3.0, 4.0]);
        assert_eq!(
            get_xattr(place.fd(), &name("file"), &name("user.colour")).unwrap(),
            b"red"
        );
    }
}

#[test]
fn what_a_crash_left_is_stripped_before_it_is_filled_again() {
    let place = Place::new();
    place.write("file", "old and longer");
    set_xattr(place.fd(), &name("file"), &name("user.stale"), b"x", 0).unwrap();
    materialize(place.fd(), &name("file"), &[], 0, &attributes()).unwrap();
    assert_eq!(place.read("file"), b"");
    assert_eq!(
        list_xattr(place.fd(), &name("file")).unwrap(),
        Vec::<Vec<u8>>::new()
    );
}

#[test]
fn a_file_that_cannot_be_filled_is_removed_again() {
    let place = Place::new();
    let segments = [Segment {
        fd: 987_654,
        offset: 0,
        length: 5,
    }];
    assert_eq!(
        errno(materialize(
            place.fd(),
            &name("file"),
            &segments,
            5,
            &attributes()
        )),
        libc::EBADF
    );
    assert!(!place.path("file").exists());
    std::fs::create_dir(place.path("directory")).unwrap();
    std::os::unix::fs::symlink("elsewhere", place.path("link")).unwrap();
    for taken in ["directory", "link"] {
        let refused = materialize(place.fd(), &name(taken), &[], 0, &attributes());
        assert_eq!(errno(refused), libc::EEXIST);
    }
    assert!(!place.path("elsewhere").exists());
}

#[test]
fn a_record_carries_its_checksum() {
    let place = Place::new();
    let log = place.open("log", libc::O_CREAT | libc::O_RDWR);
    // The check value of CRC-32C (iSCSI, RFC 3720 B.4).
    assert_eq!(crc32c(b"123456789", 0), 0xe306_9283);
    assert_eq!(crc32c(b"56789", crc32c(b"1234", 0)), 0xe306_9283);
    let mut record = *b"....123456789";
    append_record(log.as_raw_fd(), &mut record, 100, 0).unwrap();
    let written = place.read("log");
    assert_eq!(written[100..104], 0xe306_9283u32.to_le_bytes());
    assert_eq!(&written[104..], b"123456789");
    assert_eq!(
        errno(append_record(log.as_raw_fd(), &mut [0; 3], 0, 0)),
        libc::EINVAL
    );
}
