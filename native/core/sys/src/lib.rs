//! The Linux system calls that Node lacks.
//!
//! Descriptors are plain numbers and names are bytes: both come from JavaScript, and the kernel is the judge of
//! either. Every function retries EINTR, opens with O_CLOEXEC and may be called from any thread.

mod append;
mod attributes;
mod copy;
mod directory;
mod errno;
mod event;
mod failpoint;
mod file_system;
mod files;
mod lane;
mod listing;
mod materialize;
mod mount;
mod mount_helper;
mod name;
mod poll;
mod process;
mod read_write;
mod segments;
mod stat;
mod sync;
mod xattr;

pub use append::{append_record, crc32c};
pub use attributes::{chmod_at, chown_at, utimes_at};
pub use copy::copy_range;
pub use directory::{link_at, mkdir_at, mknod_at, readlink_at, rename_at2, symlink_at, unlink_at};
pub use errno::{Errno, Result};
pub use event::{event_fd, signal_event};
pub use failpoint::reached;
pub use file_system::{allocate, seek_from, stat_fs, truncate_fd};
pub use files::{close_fd, close_on_exec, dup_fd, open_at, replace_with_null};
pub use lane::{LaneState, ReplyLane};
pub use listing::{Listing, list_directory};
pub use materialize::{Attributes, materialize};
pub use mount::{mount_direct, unmount_direct};
pub use mount_helper::{HelperError, mount_via_helper};
pub use name::Name;
pub use poll::read_request;
pub use process::{
    lock_exclusive, peer_credentials, raise_file_limit, set_thread_nice, set_umask, thread_nice,
};
pub use read_write::{read_at, read_exact_at, write_all_at, write_at, write_once};
pub use segments::{Segment, write_segments};
pub use stat::{IDENTITY_BYTES, STAT_WORDS, stat_identity};
pub use sync::{sync_all, sync_data, sync_file_system, sync_range};
pub use xattr::{get_xattr, list_xattr, remove_xattr, set_xattr};
