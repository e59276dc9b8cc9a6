//! What a mount refuses, and the protocol of the helper: a script in its place sends a descriptor or words.

mod support;

use ize_sys::*;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Mutex, MutexGuard};
use support::{Place, name};

/// A script that is open for writing in another test's child cannot be run (ETXTBSY): one test after the other.
fn alone() -> MutexGuard<'static, ()> {
    static FORKING: Mutex<()> = Mutex::new(());
    FORKING
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn script(place: &Place, text: &str) -> Name {
    place.write("helper", text);
    set_permissions(place.path("helper"), Permissions::from_mode(0o755)).unwrap();
    name(place.path("helper").to_str().unwrap())
}

#[test]
fn a_helper_that_refuses_is_quoted() {
    let _alone = alone();
    let place = Place::new();
    let helper = script(&place, "#!/bin/sh\necho \"no: $*\" >&2\nexit 1\n");
    let refused = mount_via_helper(
        &name("/mnt point"),
        &name("allow_other"),
        &name("a,b"),
        &helper,
    );
    let words = "no: -o subtype=ize,nosuid,nodev,fsname=a\\,b,allow_other -- /mnt point";
    assert_eq!(refused.unwrap_err().to_string(), words);
}

#[test]
fn a_helper_that_says_nothing_is_an_error_too() {
    let _alone = alone();
    let place = Place::new();
    let helper = script(&place, "#!/bin/sh\nexit 3\n");
    let refused = mount_via_helper(&name("/x"), &name(""), &name("p"), &helper);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("without a descriptor")
    );
    let missing = mount_via_helper(
        &name("/x"),
        &name(""),
        &name("p"),
        &name("/nowhere/fusermount3"),
    );
    assert!(matches!(
        missing,
        Err(HelperError::System(Errno(libc::ENOENT)))
    ));
}

#[test]
fn a_descriptor_comes_through_the_socket() {
    let _alone = alone();
    let place = Place::new();
    place.write("device", "from the helper");
    let device = place.path("device");
    let python = format!(
        "#!/usr/bin/env python3\nimport array, os, socket\n\
         end = socket.socket(fileno=int(os.environ['_FUSE_COMMFD']))\n\
         fd = os.open('{}', os.O_RDWR)\n\
         end.sendmsg([b'\\0'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd]))])\n",
        device.display()
    );
    let helper = script(&place, &python);
    let fd = mount_via_helper(&name("/x"), &name(""), &name("p"), &helper).unwrap();
    let mut bytes = [0; 15];
    read_exact_at(fd, &mut bytes, 0).unwrap();
    assert_eq!(&bytes, b"from the helper");
    let flags = unsafe {
        (
            libc::fcntl(fd, libc::F_GETFL),
            libc::fcntl(fd, libc::F_GETFD),
        )
    };
    assert_ne!(flags.0 & libc::O_NONBLOCK, 0);
    assert_ne!(flags.1 & libc::FD_CLOEXEC, 0);
    close_fd(fd).unwrap();
}

#[test]
fn a_place_that_is_not_there_is_not_mounted() {
    let place = Place::new();
    let nowhere = name(place.path("nowhere").to_str().unwrap());
    assert_eq!(
        mount_direct(&nowhere, &name(""), &name("p")),
        Err(Errno(libc::ENOENT))
    );
    assert_eq!(unmount_direct(&nowhere, 0), Err(Errno(libc::ENOENT)));
}
