//! A full disk is an error, at every point where it can fill up, and never a signal.

mod common;

use common::replay::replay;
use common::*;
use ize_pijul::{Code, Repository};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where the small file system is mounted, for the child that runs on it.
const CHILD: &str = "IZE_TEST_FULL_DISK";
const SIZE: &str = "24m";

/// Runs itself again with a small tmpfs in a mount namespace of its own.
#[test]
fn a_full_disk_is_an_error_and_nothing_is_recorded() {
    if let Some(root) = std::env::var_os(CHILD) {
        return fill_up(Path::new(&root));
    }
    let dir = tempfile::tempdir().expect("a directory");
    let status = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c"])
        .arg(format!("mount -t tmpfs -o size={SIZE} tmpfs \"${CHILD}\" && exec \"$0\" --exact \"$1\" --nocapture"))
        .arg(std::env::current_exe().expect("this test"))
        .arg("a_full_disk_is_an_error_and_nothing_is_recorded")
        .env(CHILD, dir.path())
        .status()
        .expect("unshare runs");
    assert!(status.success(), "the child ended with {status}");
}

fn free(root: &Path) -> u64 {
    let fs = rustix::fs::statvfs(root).expect("statvfs");
    fs.f_bavail * fs.f_frsize
}

fn fill_up(root: &Path) {
    let mut repository = Repository::open(root, "main").expect("opened");
    let (mut random, mut tree) = (Random(3), Tree::new());
    let (mut refused, mut recorded) = (0, 0);
    for round in 0..150u64 {
        // The disk is left with a little, each time another little.
        let ballast = root.join("ballast");
        let leave = random.below(8 << 20) as u64;
        let _ = fs::remove_file(&ballast);
        fs::write(
            &ballast,
            vec![1u8; free(root).saturating_sub(leave) as usize],
        )
        .expect("ballast");
        let head = repository.head().expect("the head");
        // Few lines that do not compress: what they cost is space, not comparing.
        let line = |random: &mut Random| {
            (0..1000)
                .map(|_| format!("{:08x}", random.below(1 << 32)))
                .collect::<String>()
                + "\n"
        };
        let text: String = (0..random.below(80)).map(|_| line(&mut random)).collect();
        let count = random.below(400);
        let mut edits: Vec<_> = (0..count)
            .map(|i| write(&format!("d{}/f{i}", round % 10), format!("{round} {i}\n")))
            .collect();
        edits.push(write(&format!("big{}", round % 5), &text));
        match repository.record(&[change("round", edits.clone())]) {
            Ok(_) => {
                recorded += 1;
                edits.iter().for_each(|edit| apply(&mut tree, edit));
            }
            Err(error) => {
                refused += 1;
                assert_eq!(error.code, Code::NoSpace, "{error}");
                assert_eq!(repository.head().expect("the head"), head);
                if refused % 8 == 0 {
                    drop(repository);
                    // Full as it is, it opens to be read.
                    repository = Repository::open(root, "main").expect("opens on a full disk");
                    assert_eq!(repository.head().expect("the head"), head);
                    drop(repository);
                    fs::remove_file(&ballast).expect("ballast");
                    repository = Repository::open(root, "main").expect("opens again");
                }
            }
        }
        if refused >= 25 && recorded >= 15 {
            break;
        }
    }
    assert!(
        refused >= 10 && recorded >= 10,
        "{refused} refused, {recorded} recorded"
    );
    fs::remove_file(root.join("ballast")).expect("ballast");
    assert_same(&repository, &tree);
    assert!(replay(&repository, root) == tree);
}
