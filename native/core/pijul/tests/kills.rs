//! A process killed in the middle of recording loses nothing that was acknowledged.

mod common;

use common::replay::replay;
use common::*;
use ize_pijul::Repository;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where the child works; without it in the environment, the test below is the parent.
const CHILD: &str = "IZE_TEST_KILLED_CHILD";

fn edits(n: u64) -> Vec<ize_pijul::Edit> {
    let path = |i: u64| format!("d{}/f{}", i % 7, i % 23);
    let text: String = (0..200)
        .map(|line| {
            format!(
                "change {} line {line}\n",
                if line % 50 == 0 { n } else { 0 }
            )
        })
        .collect();
    vec![
        write(&path(n), &text),
        write(&format!("log/{}", n % 50), format!("{n}\n")),
    ]
}

/// Records for ever, in batches of three, and tells each number once it is durable.
fn record_for_ever(root: &Path) -> ! {
    let mut repository = Repository::open(root, "main").expect("opened");
    let mut next = repository
        .head()
        .expect("the head")
        .map_or(0, |head| number(&head.metadata) + 1);
    loop {
        let batch: Vec<_> = (next..next + 3)
            .map(|n| change(&n.to_string(), edits(n)))
            .collect();
        repository.record(&batch).expect("recorded");
        next += 3;
        println!("{}", next - 1);
        std::io::stdout().flush().expect("told");
    }
}

fn number(metadata: &[u8]) -> u64 {
    std::str::from_utf8(metadata)
        .ok()
        .and_then(|text| text.parse().ok())
        .expect("a number")
}

fn start(root: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "a_killed_recording_loses_nothing", "--nocapture"])
        .env(CHILD, root)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child")
}

#[test]
fn a_killed_recording_loses_nothing() {
    if let Some(root) = std::env::var_os(CHILD) {
        record_for_ever(Path::new(&root));
    }
    let dir = tempfile::tempdir().expect("a directory");
    let mut random = Random(5);
    for round in 0..12 {
        let mut child = start(dir.path());
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.parse::<u64>().ok());
        std::thread::sleep(Duration::from_micros(random.below(60_000) as u64));
        child.kill().expect("killed");
        child.wait().expect("ended");
        let acknowledged = lines
            .map_while(Result::ok)
            .filter_map(|line| line.parse().ok())
            .last()
            .or(first)
            .expect("some progress");
        let repository = Repository::open(dir.path(), "main").expect("opens again");
        let recorded = number(
            &repository
                .head()
                .expect("the head")
                .expect("a change")
                .metadata,
        );
        assert!(
            recorded >= acknowledged,
            "round {round}: {recorded} < {acknowledged}"
        );
        assert_eq!(
            (recorded + 1) % 3,
            0,
            "round {round}: a batch is recorded as a whole"
        );
        if round % 4 == 3 {
            let mut tree = Tree::new();
            (0..=recorded)
                .flat_map(edits)
                .for_each(|edit| apply(&mut tree, &edit));
            assert_same(&repository, &tree);
            assert!(
                replay(&repository, dir.path()) == tree,
                "round {round}: the replay differs"
            );
        }
        let left = std::fs::read_dir(dir.path().join(".pijul/changes"))
            .expect("the store")
            .filter(|entry| {
                entry
                    .as_ref()
                    .is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(".tmp"))
            });
        assert_eq!(
            left.count(),
            0,
            "round {round}: half-written files are swept"
        );
    }
}
