//! Names, modes, owners, times and extended attributes.

mod support;

use ize_sys::*;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, symlink};
use support::{Place, errno, name};

fn stat(dir: i32, of: &[u8]) -> ([f64; STAT_WORDS], Vec<u8>) {
    let (mut row, mut identity) = ([0.0; STAT_WORDS], [0; IDENTITY_BYTES]);
    let n = stat_identity(dir, &name(of), &mut row, &mut identity).unwrap();
    (row, identity[..n].to_vec())
}

#[test]
fn a_name_is_bytes_and_holds_no_nul() {
    let place = Place::new();
    let odd = b"a\n\xff\xfe \x80";
    place.open(odd, libc::O_CREAT | libc::O_WRONLY);
    let listing = list_directory(place.fd()).unwrap();
    assert_eq!(listing.names, vec![odd.to_vec()]);
    assert_eq!(errno(Name::new(b"a\0b".to_vec())), libc::EINVAL);
}

#[test]
fn attributes_of_an_o_path_descriptor_are_those_of_what_it_names() {
    let place = Place::new();
    place.write("file", "x");
    let only_place = place.open("file", libc::O_PATH);
    let (fd, own) = (only_place.as_raw_fd(), name(""));
    chmod_at(fd, &own, 0o4751).unwrap();
    utimes_at(fd, &own, 1, 2, 3, 999_999_999).unwrap();
    set_xattr(fd, &own, &name("user.ize"), b"identity", 0).unwrap();
    let (row, identity) = stat(place.fd(), b"file");
    assert_eq!(row[0] as u32, libc::S_IFREG | 0o4751);
    assert_eq!(row[8..12], [1.0, 2.0, 3.0, 999_999_999.0]);
    assert_eq!(identity, b"identity");
    assert_eq!(stat(fd, b"").0[1], row[1]);
    assert_eq!(get_xattr(fd, &own, &name("user.ize")).unwrap(), b"identity");
    assert_eq!(list_xattr(fd, &own).unwrap(), vec![b"user.ize".to_vec()]);
    remove_xattr(fd, &own, &name("user.ize")).unwrap();
    assert_eq!(errno(get_xattr(fd, &own, &name("user.ize"))), libc::ENODATA);
}

#[test]
fn a_symlink_is_never_followed() {
    let place = Place::new();
    place.write("target", "x");
    symlink("target", place.path("link")).unwrap();
    let link = name("link");
    let before = stat(place.fd(), b"target").0;
    assert_eq!(errno(chmod_at(place.fd(), &link, 0o777)), libc::EOPNOTSUPP);
    utimes_at(place.fd(), &link, 5, 6, 7, 8).unwrap();
    assert_eq!(stat(place.fd(), b"link").0[8..12], [5.0, 6.0, 7.0, 8.0]);
    assert_eq!(
        errno(set_xattr(place.fd(), &link, &name("user.a"), b"", 0)),
        libc::EPERM
    );
    assert_eq!(stat(place.fd(), b"link").1, b"");
    assert_eq!(readlink_at(place.fd(), &link).unwrap(), b"target");
    assert_eq!(stat(place.fd(), b"target").0, before);
}

#[test]
fn a_time_may_be_left_alone_or_set_to_now() {
    let place = Place::new();
    place.write("file", "x");
    let file = name("file");
    utimes_at(place.fd(), &file, 100, 1, 200, 2).unwrap();
    utimes_at(place.fd(), &file, 0, -1, 300, 3).unwrap();
    assert_eq!(stat(place.fd(), b"file").0[8..12], [100.0, 1.0, 300.0, 3.0]);
    utimes_at(place.fd(), &file, 0, -2, 0, -1).unwrap();
    assert!(stat(place.fd(), b"file").0[8] > 1.6e9);
}

#[test]
fn a_value_larger_than_the_first_guess_is_read_whole() {
    let place = Place::new();
    place.write("file", "x");
    let (file, attr, long) = (name("file"), name("user.long"), vec![7; 3000]);
    set_xattr(place.fd(), &file, &attr, &long, 0).unwrap();
    assert_eq!(get_xattr(place.fd(), &file, &attr).unwrap(), long);
    set_xattr(place.fd(), &file, &name("user.empty"), b"", 0).unwrap();
    assert_eq!(
        get_xattr(place.fd(), &file, &name("user.empty")).unwrap(),
        b""
    );
    assert_eq!(
        errno(set_xattr(place.fd(), &file, &attr, b"", libc::XATTR_CREATE)),
        libc::EEXIST
    );
}

#[test]
fn a_target_longer_than_the_first_guess_is_read_whole() {
    let place = Place::new();
    let target = "x".repeat(4000);
    symlink_at(&name(&target), place.fd(), &name("link")).unwrap();
    assert_eq!(
        readlink_at(place.fd(), &name("link")).unwrap(),
        target.as_bytes()
    );
}

#[test]
fn a_large_directory_is_listed_with_the_facts_of_every_entry() {
    let place = Place::new();
    for i in 0..3000 {
        place.write(&format!("file with a rather long name {i}"), "x");
    }
    std::fs::create_dir(place.path("directory")).unwrap();
    set_xattr(
        place.fd(),
        &name("directory"),
        &name("user.ize"),
        &[9; 64],
        0,
    )
    .unwrap();
    let listing = list_directory(place.open(".", libc::O_PATH).as_raw_fd()).unwrap();
    assert_eq!(listing.names.len(), 3001);
    assert_eq!(listing.stats.len(), 3001 * STAT_WORDS);
    let at = listing
        .names
        .iter()
        .position(|n| n == b"directory")
        .unwrap();
    assert_eq!(listing.identity_lengths[at], 64);
    assert_eq!(listing.identities[at * 64..][..64], [9; 64]);
    let inode = std::fs::metadata(place.path("directory")).unwrap().ino();
    assert_eq!(listing.stats[at * STAT_WORDS + 1], inode as f64);
    assert_eq!(
        listing.identity_lengths.iter().filter(|n| **n == 0).count(),
        3000
    );
}

#[test]
fn a_device_number_survives_the_encoding_of_fuse() {
    let place = Place::new();
    let encoded = 0xabcd_0000 | (0x123 << 8) | 0x45;
    mknod_at(place.fd(), &name("fifo"), libc::S_IFIFO | 0o600, 0).unwrap();
    assert_eq!(
        stat(place.fd(), b"fifo").0[0] as u32 & libc::S_IFMT,
        libc::S_IFIFO
    );
    match mknod_at(place.fd(), &name("device"), libc::S_IFCHR | 0o600, encoded) {
        Ok(()) => assert_eq!(stat(place.fd(), b"device").0[5] as u32, encoded),
        // An ordinary user makes no devices.
        Err(error) => assert_eq!(error.0, libc::EPERM),
    }
}

#[test]
fn links_renames_and_removals_tell_their_errors() {
    let place = Place::new();
    place.write("a", "a");
    place.write("b", "b");
    let (fd, a, b) = (place.fd(), name("a"), name("b"));
    assert_eq!(
        errno(rename_at2(fd, &a, fd, &b, libc::RENAME_NOREPLACE)),
        libc::EEXIST
    );
    rename_at2(fd, &a, fd, &b, libc::RENAME_EXCHANGE).unwrap();
    assert_eq!(
        (place.read("a"), place.read("b")),
        (b"b".to_vec(), b"a".to_vec())
    );
    link_at(fd, &a, fd, &name("c")).unwrap();
    assert_eq!(errno(link_at(fd, &a, fd, &name("c"))), libc::EEXIST);
    mkdir_at(fd, &name("d"), 0o700).unwrap();
    assert_eq!(errno(unlink_at(fd, &name("d"), 0)), libc::EISDIR);
    unlink_at(fd, &name("d"), libc::AT_REMOVEDIR).unwrap();
    assert_eq!(errno(unlink_at(fd, &name("d"), 0)), libc::ENOENT);
}

#[test]
fn a_descriptor_is_linked_by_an_empty_name() {
    let place = Place::new();
    let unnamed = place.open(".", libc::O_TMPFILE | libc::O_WRONLY);
    write_at(unnamed.as_raw_fd(), b"late", 0).unwrap();
    link_at(unnamed.as_raw_fd(), &name(""), place.fd(), &name("named")).unwrap();
    assert_eq!(place.read("named"), b"late");
}
