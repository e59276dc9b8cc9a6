//! What recording costs: cargo run --release -p ize-pijul --example edits [one of the names in main]
//! One change and one commit per call, flushed, as the recorder makes them; medians in milliseconds,
//! by the clock and, in brackets, of the processor: the first depends on the disk and on what else runs.

use ize_pijul::{Change, Edit, Repository};
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

fn main() {
    let only = std::env::args().nth(1);
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    for (files, per_dir) in [(10, 10), (50_000, 100), (10_000, 10_000)] {
        if wanted(&format!("{files}/{per_dir}")) {
            operations(files, per_dir);
        }
    }
    if wanted("one-file") {
        one_file();
    }
    if wanted("many-writes") {
        many_writes();
    }
    if wanted("directory-rename") {
        directory_rename();
    }
}

fn write(path: String, content: String) -> Edit {
    Edit::Write {
        path,
        content: content.into_bytes(),
        executable: false,
    }
}

fn change(edits: Vec<Edit>) -> Change {
    Change {
        message: "bench".into(),
        author: "bench".into(),
        time_ms: 0,
        metadata: vec![0; 64],
        edits,
        needs: Vec::new(),
    }
}

fn record(repository: &mut Repository, edits: Vec<Edit>) -> Cost {
    let changes = [change(edits)];
    let (start, busy) = (Instant::now(), processor());
    let recorded = repository.record(&changes).expect("recorded");
    let cost = Cost {
        clock: start.elapsed(),
        processor: processor() - busy,
    };
    assert!(recorded[0].hash.is_some());
    cost
}

struct Cost {
    clock: Duration,
    processor: Duration,
}

fn processor() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime)
        .try_into()
        .expect("not negative")
}

fn fresh() -> (tempfile::TempDir, Repository) {
    let dir = tempfile::tempdir().expect("a directory");
    let repository = Repository::open(dir.path(), "main").expect("opened");
    (dir, repository)
}

fn path(i: usize, per_dir: usize) -> String {
    format!("d{}/e{}/f{i}", i / per_dir % 20, i / per_dir)
}

fn text(i: usize) -> String {
    (0..40)
        .map(|line| format!("file {i}, line {line}\n"))
        .collect()
}

fn median(costs: Vec<Cost>) -> String {
    let middle = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e3
    };
    let clock = middle(costs.iter().map(|cost| cost.clock).collect());
    format!(
        "{clock:.1} ({:.1})",
        middle(costs.iter().map(|cost| cost.processor).collect())
    )
}

fn operations(files: usize, per_dir: usize) {
    let (_dir, mut repository) = fresh();
    let import = record(
        &mut repository,
        (0..files)
            .map(|i| write(path(i, per_dir), text(i)))
            .collect(),
    );
    let step = |i: usize| i * 7919 % files;
    let edit = (0..100)
        .map(|i| {
            record(
                &mut repository,
                vec![write(
                    path(step(i), per_dir),
                    text(step(i)) + &format!("{i}\n"),
                )],
            )
        })
        .collect();
    let create = (0..100)
        .map(|i| {
            record(
                &mut repository,
                vec![write(format!("{}.new{i}", path(step(i), per_dir)), text(i))],
            )
        })
        .collect();
    let rename = (0..100)
        .map(|i| {
            let from = format!("{}.new{i}", path(step(i), per_dir));
            record(
                &mut repository,
                vec![Edit::Rename {
                    to: format!("{from}.moved"),
                    from,
                }],
            )
        })
        .collect();
    let delete = (0..100)
        .map(|i| {
            record(
                &mut repository,
                vec![Edit::Delete {
                    path: format!("{}.new{i}.moved", path(step(i), per_dir)),
                }],
            )
        })
        .collect();
    println!(
        "{files} files, {per_dir} a directory: import {}, edit {}, create {}, rename {}, delete {}",
        median(vec![import]),
        median(edit),
        median(create),
        median(rename),
        median(delete)
    );
}

fn one_file() {
    type Shape = fn(&mut Vec<String>, usize);
    let shapes: [(&str, Shape); 3] = [
        ("spread over 200 lines", |lines, i| {
            lines[i * 37 % 200] = format!("edit {i}\n")
        }),
        ("the same line", |lines, i| {
            lines[100] = format!("edit {i}\n")
        }),
        ("appended", |lines, i| lines.push(format!("edit {i}\n"))),
    ];
    for (name, edit) in shapes {
        let (_dir, mut repository) = fresh();
        let mut lines: Vec<String> = (0..200).map(|i| format!("line {i}\n")).collect();
        record(&mut repository, vec![write("d/f".into(), lines.concat())]);
        let mut times = Vec::new();
        print!("one file, {name}:");
        for i in 1..=2000 {
            edit(&mut lines, i);
            times.push(record(
                &mut repository,
                vec![write("d/f".into(), lines.concat())],
            ));
            if [100, 500, 1000, 2000].contains(&i) {
                print!(" {} after {i}", median(times.split_off(times.len() - 50)));
            }
        }
        println!();
    }
}

fn many_writes() {
    for (name, place) in [
        ("500 directories", 500),
        ("one directory", 1),
        ("the root", 0),
    ] {
        let (_dir, mut repository) = fresh();
        let at = |i: usize| {
            if place == 0 {
                format!("f{i}")
            } else {
                format!("d{}/f{i}", i % place)
            }
        };
        let all = |salt: &str| {
            (0..10_000)
                .map(|i| write(at(i), text(i) + salt))
                .collect::<Vec<_>>()
        };
        let born = record(&mut repository, all(""));
        let edited = record(&mut repository, all("changed\n"));
        let gone = record(
            &mut repository,
            (0..10_000).map(|i| Edit::Delete { path: at(i) }).collect(),
        );
        println!(
            "10,000 files in {name}, one change: born {}, edited {}, deleted {}",
            median(vec![born]),
            median(vec![edited]),
            median(vec![gone])
        );
    }
}

fn directory_rename() {
    let (_dir, mut repository) = fresh();
    record(
        &mut repository,
        (0..10_000)
            .map(|i| write(format!("d0/{}", path(i, 100)), text(i)))
            .collect(),
    );
    let rename = (0..21)
        .map(|i| {
            record(
                &mut repository,
                vec![Edit::Rename {
                    from: format!("d{i}"),
                    to: format!("d{}", i + 1),
                }],
            )
        })
        .collect();
    println!("a directory of 10,000 files: rename {}", median(rename));
    let gone = record(&mut repository, vec![Edit::Delete { path: "d21".into() }]);
    println!("a directory of 10,000 files: delete {}", median(vec![gone]));
}
