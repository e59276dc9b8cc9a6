//! Requests, events, the slow lane and who holds what.

mod support;

use ize_sys::*;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::time::Duration;
use support::{Place, errno};

/// A datagram socket keeps messages apart as the FUSE device does.
fn device() -> (UnixDatagram, UnixDatagram) {
    let (ours, kernel) = UnixDatagram::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    (ours, kernel)
}

fn event() -> OwnedFd {
    unsafe { OwnedFd::from_raw_fd(event_fd().unwrap()) }
}

#[test]
fn a_request_is_read_whether_it_comes_at_once_while_spinning_or_asleep() {
    let (ours, kernel) = device();
    let (control, mut buffer) = (event(), [0; 64]);
    for (spin, delay) in [
        (0, 0),
        (0, 20),
        (50_000, 20),
        (200_000_000, 20),
        (50_000, 0),
    ] {
        std::thread::scope(|threads| {
            threads.spawn(|| {
                std::thread::sleep(Duration::from_millis(delay));
                kernel.send(b"request").unwrap();
            });
            let n = read_request(
                ours.as_raw_fd(),
                control.as_raw_fd(),
                &mut buffer,
                Duration::from_nanos(spin),
                false,
            );
            assert_eq!(&buffer[..n.unwrap()], b"request");
        });
    }
}

#[test]
fn a_signal_wakes_the_sleeper_and_is_taken_once() {
    let (ours, kernel) = device();
    let (control, mut buffer) = (event(), [0; 64]);
    let mut read = |check| {
        read_request(
            ours.as_raw_fd(),
            control.as_raw_fd(),
            &mut buffer,
            Duration::ZERO,
            check,
        )
    };
    std::thread::scope(|threads| {
        threads.spawn(|| {
            std::thread::sleep(Duration::from_millis(20));
            signal_event(control.as_raw_fd()).unwrap();
        });
        assert_eq!(read(false), Ok(0));
    });
    kernel.send(b"request").unwrap();
    signal_event(control.as_raw_fd()).unwrap();
    signal_event(control.as_raw_fd()).unwrap();
    assert_eq!(read(true), Ok(0));
    assert_eq!(read(true), Ok(7));
}

#[test]
fn a_closed_peer_is_an_unmounted_device() {
    let (ours, kernel) = std::os::unix::net::UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    drop(kernel);
    let control = event();
    let read = read_request(
        ours.as_raw_fd(),
        control.as_raw_fd(),
        &mut [0; 8],
        Duration::ZERO,
        false,
    );
    assert_eq!(errno(read), libc::ENODEV);
}

#[test]
fn the_lane_answers_in_order_and_after_the_sync() {
    let (ours, kernel) = device();
    let place = Place::new();
    let file = place.open("log", libc::O_CREAT | libc::O_RDWR);
    let lane = ReplyLane::new(ours.as_raw_fd()).unwrap();
    for ticket in 1..=20u64 {
        let answer = format!("ok {ticket}").into_bytes();
        lane.sync_then_reply(&[file.as_raw_fd()], answer, b"error".to_vec(), ticket)
            .unwrap();
    }
    lane.start_writeback(file.as_raw_fd(), 0, 4096).unwrap();
    lane.send(b"notification".to_vec()).unwrap();
    // Duplicated when the job was given: closing ours changes nothing.
    drop(file);
    let mut buffer = [0; 64];
    for ticket in 1..=20 {
        let n = kernel.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..n], format!("ok {ticket}").as_bytes());
    }
    assert_eq!(kernel.recv(&mut buffer).unwrap(), 12);
    lane.close();
    let state = LaneState {
        last_ticket: 20,
        failed_syncs: 0,
        first_errno: 0,
        pending: 0,
        failed_sends: 0,
    };
    assert_eq!(lane.state(), state);
    assert_eq!(errno(lane.send(Vec::new())), libc::ESHUTDOWN);
    lane.close();
}

#[test]
fn the_lane_answers_paced_writes_in_order_also_of_a_file_without_a_name() {
    let (ours, kernel) = device();
    let place = Place::new();
    let file = place.open("log", libc::O_CREAT | libc::O_RDWR);
    let lane = ReplyLane::new(ours.as_raw_fd()).unwrap();
    let part = vec![7; 1 << 20];
    for turn in 0..5i64 {
        let offset = turn << 20;
        write_all_at(file.as_raw_fd(), &part, offset).unwrap();
        let answer = format!("written {turn}").into_bytes();
        lane.writeback_then_reply(file.as_raw_fd(), offset, 1 << 20, answer)
            .unwrap();
        if turn == 2 {
            std::fs::remove_file(place.path("log")).unwrap();
        }
    }
    let mut buffer = [0; 64];
    for turn in 0..5 {
        let n = kernel.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..n], format!("written {turn}").as_bytes());
    }
    lane.close();
    assert_eq!(lane.state().pending, 0);
}

#[test]
fn a_failed_sync_is_answered_with_the_error_and_counted() {
    let (ours, kernel) = device();
    // A socket cannot be synced: EINVAL.
    let (unsyncable, _other) = UnixDatagram::pair().unwrap();
    let lane = ReplyLane::new(ours.as_raw_fd()).unwrap();
    lane.sync_then_reply(
        &[unsyncable.as_raw_fd()],
        b"ok".to_vec(),
        b"error".to_vec(),
        7,
    )
    .unwrap();
    let mut buffer = [0; 64];
    let n = kernel.recv(&mut buffer).unwrap();
    assert_eq!(&buffer[..n], b"error");
    assert_eq!(errno(lane.sync_only(&[987_654], 8)), libc::EBADF);
    drop(kernel);
    lane.send(b"nobody".to_vec()).unwrap();
    lane.close();
    let state = lane.state();
    assert_eq!((state.last_ticket, state.pending), (7, 0));
    assert_eq!((state.failed_syncs, state.first_errno), (1, libc::EINVAL));
    assert_eq!(state.failed_sends, 1);
}

#[test]
fn a_replaced_descriptor_lets_go_of_what_it_was() {
    let (ours, kernel) = std::os::unix::net::UnixStream::pair().unwrap();
    replace_with_null(ours.as_raw_fd()).unwrap();
    let mut end = [0; 1];
    assert_eq!(std::io::Read::read(&mut &kernel, &mut end).unwrap(), 0);
    assert_eq!(write_once(ours.as_raw_fd(), b"lost"), Ok(4));
    assert_eq!(errno(replace_with_null(987_654)), libc::EBADF);
}

#[test]
fn a_lock_is_held_by_one() {
    let place = Place::new();
    let (one, two) = (
        place.open("lock", libc::O_CREAT | libc::O_RDWR),
        place.open("lock", libc::O_RDWR),
    );
    lock_exclusive(one.as_raw_fd()).unwrap();
    assert_eq!(errno(lock_exclusive(two.as_raw_fd())), libc::EWOULDBLOCK);
    drop(one);
    lock_exclusive(two.as_raw_fd()).unwrap();
}

#[test]
fn a_priority_is_that_of_one_thread() {
    let before = thread_nice();
    std::thread::spawn(|| {
        set_thread_nice(11).unwrap();
        assert_eq!(thread_nice(), 11);
    })
    .join()
    .unwrap();
    assert_eq!(thread_nice(), before);
}

#[test]
fn a_peer_is_known() {
    let (ours, _theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let (pid, uid, _) = peer_credentials(ours.as_raw_fd()).unwrap();
    assert_eq!(pid as u32, std::process::id());
    assert_eq!(uid, unsafe { libc::getuid() });
}

#[test]
fn the_file_limit_is_never_lowered() {
    let now = raise_file_limit(0).unwrap();
    assert!(now > 0);
    assert!(raise_file_limit(now + 1).unwrap() >= now);
    assert!(raise_file_limit(10).unwrap() >= now);
}
