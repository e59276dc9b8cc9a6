//! What one list of edits leaves behind.

mod common;

use common::*;
use ize_pijul::{Change, Code, Edit, Repository};
use tempfile::TempDir;

struct Bench {
    repository: Repository,
    tree: Tree,
    dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        Bench {
            repository: Repository::open(dir.path(), "main").expect("opened"),
            tree: Tree::new(),
            dir,
        }
    }
    fn record(&mut self, edits: Vec<Edit>) -> Option<String> {
        edits.iter().for_each(|edit| apply(&mut self.tree, edit));
        let hash = record(&mut self.repository, edits).hash;
        assert_same(&self.repository, &self.tree);
        hash
    }
}

#[test]
fn a_file_is_made_changed_and_deleted() {
    let mut bench = Bench::new();
    assert!(
        bench
            .record(vec![write("a/b/c.txt", "one\ntwo\n")])
            .is_some()
    );
    assert!(bench.record(vec![write("a/b/c.txt", "one\n2\n")]).is_some());
    assert!(bench.record(vec![write("a/b/c.txt", "one\n2\n")]).is_none());
    assert!(bench.record(vec![delete("a/b/c.txt")]).is_some());
    assert!(bench.record(vec![delete("a")]).is_some());
    assert!(bench.repository.tracked().unwrap().is_empty());
}

#[test]
fn the_log_gives_back_what_was_recorded() {
    let mut bench = Bench::new();
    assert_eq!(bench.repository.head().unwrap(), None);
    assert_eq!(bench.repository.log(0, 10).unwrap(), vec![]);
    let batch: Vec<_> = (0..5)
        .map(|i| change(&format!("change {i}"), vec![write("f", format!("{i}\n"))]))
        .collect();
    let recorded = bench.repository.record(&batch).unwrap();
    let log = bench.repository.log(1, 3).unwrap();
    assert_eq!(log.len(), 3);
    for (i, entry) in log.iter().enumerate() {
        assert_eq!(entry.n, 1 + i as u64);
        assert_eq!(
            Some(&entry.hash),
            recorded[i].hash.as_ref(),
            "the root change is position 0"
        );
        assert_eq!(entry.state, recorded[i].state);
        assert_eq!(entry.message, format!("change {i}"));
        assert_eq!(entry.metadata, format!("change {i}").into_bytes());
        assert_eq!(entry.time_ms, 1_700_000_000_123);
    }
    assert_eq!(
        bench.repository.head().unwrap().map(|head| head.hash),
        recorded[4].hash
    );
    assert_eq!(bench.repository.log(4, 100).unwrap().len(), 2);
    assert_eq!(bench.repository.log(6, 100).unwrap(), vec![]);
}

#[test]
fn a_change_of_nothing_is_made_only_for_its_metadata() {
    let mut bench = Bench::new();
    bench.record(vec![write("a", "a\n")]);
    let kept = change("only a mode changed", vec![write("a", "a\n")]);
    assert!(bench.repository.record(&[kept]).unwrap()[0].hash.is_some());
    let head = bench.repository.head().unwrap().unwrap();
    assert_eq!(head.metadata, b"only a mode changed");
    let nothing = Change {
        metadata: Vec::new(),
        ..change("nothing", vec![write("a", "a\n")])
    };
    let recorded = bench.repository.record(&[nothing]).unwrap();
    assert_eq!(
        (recorded[0].hash.as_ref(), &recorded[0].state),
        (None, &head.state)
    );
    assert_same(&bench.repository, &bench.tree);
}

#[test]
fn a_directory_moves_with_edits_below_in_the_same_change() {
    let mut bench = Bench::new();
    bench.record(
        (0..50)
            .map(|i| write(&format!("old/sub{}/f{i}", i % 5), format!("{i}\n")))
            .collect(),
    );
    bench.record(vec![
        write("old/sub1/f1", "before\n"),
        rename("old", "new/place"),
        write("new/place/sub1/f1", "after\n"),
        write("new/place/sub2/born", "born\n"),
        delete("new/place/sub3"),
        rename("new/place/sub4", "sub4"),
        write_executable("sub4/f4", "x\n"),
        mkdir("new/place/sub4"),
    ]);
    assert!(
        bench
            .record(vec![rename("new/place", "tmp"), rename("tmp", "new/place")])
            .is_none()
    );
}

#[test]
fn names_may_change_places() {
    let mut bench = Bench::new();
    bench.record(vec![
        write("a", "a\n"),
        write("b", "b\n"),
        write("d/x", "dx\n"),
        write("e/x", "ex\n"),
        mkdir("e/only-e"),
    ]);
    bench.record(vec![
        rename("a", "t"),
        rename("b", "a"),
        rename("t", "b"),
        rename("d", "t"),
        rename("e", "d"),
        rename("t", "e"),
    ]);
    assert_eq!(bench.tree["a"], Node::File(b"b\n".to_vec(), false));
    bench.record(vec![
        rename("d/x", "t"),
        rename("e/x", "s"),
        delete("d"),
        delete("e"),
        rename("t", "e"),
        rename("s", "d"),
    ]);
}

#[test]
fn a_path_becomes_another_kind_and_back() {
    let mut bench = Bench::new();
    bench.record(vec![write("p", "file\n"), write("q/below", "q\n")]);
    bench.record(vec![
        delete("p"),
        write("p/below", "dir\n"),
        delete("q"),
        write("q", "file\n"),
    ]);
    bench.record(vec![
        delete("p"),
        write("p", "again\n"),
        delete("q"),
        mkdir("q"),
    ]);
    bench.record(vec![
        delete("p"),
        mkdir("p"),
        delete("p"),
        write("p", "third\n"),
        delete("p"),
        mkdir("p"),
    ]);
    bench.record(vec![delete("p"), delete("q")]);
    assert!(bench.tree.is_empty());
}

#[test]
fn a_deleted_directory_that_comes_back_holds_only_what_is_new() {
    let mut bench = Bench::new();
    bench.record(vec![
        write("d/keep", "keep\n"),
        write("d/lose", "lose\n"),
        write("d/sub/deep", "deep\n"),
        write("d/out", "out\n"),
    ]);
    bench.record(vec![
        rename("d/out", "out"),
        delete("d"),
        write("d/keep", "kept\n"),
        write("d/sub", "now a file\n"),
    ]);
}

#[test]
fn a_rename_over_a_file_replaces_it() {
    let mut bench = Bench::new();
    bench.record(vec![write("a", "a\n"), write("b", "b\n")]);
    bench.record(vec![delete("b"), rename("a", "b")]);
    // The save of an editor: the file stays the same one.
    let before = bench.repository.log(0, 100).unwrap().len();
    bench.record(vec![
        write("b.tmp", "saved\n"),
        delete("b"),
        rename("b.tmp", "b"),
    ]);
    assert_eq!(bench.repository.log(0, 100).unwrap().len(), before + 1);
}

#[test]
fn many_names_at_the_root_are_recorded_in_one_change() {
    let mut bench = Bench::new();
    bench.record(
        (0..300)
            .map(|i| write(&format!("f{i}"), format!("{i}\n")))
            .collect(),
    );
    bench.record(
        (0..300)
            .step_by(3)
            .map(|i| write(&format!("f{i}"), "changed\n"))
            .collect(),
    );
    bench.record(
        (0..300)
            .step_by(2)
            .map(|i| delete(&format!("f{i}")))
            .collect(),
    );
}

#[test]
fn a_bad_edit_leaves_everything_as_it_was() {
    let mut bench = Bench::new();
    bench.record(vec![write("a", "a\n"), mkdir("d")]);
    let bad = [
        vec![delete("missing")],
        vec![rename("missing", "b")],
        vec![rename("a", "d")],
        vec![rename("d", "d/e")],
        vec![write("a/b", "below a file")],
        vec![write("d", "over a directory")],
        vec![mkdir("a")],
        vec![write("", "")],
        vec![write("/a", "")],
        vec![write("a//b", "")],
        vec![write("../a", "")],
        vec![write(".pijul/config", "")],
        vec![write("nul\0", "")],
        vec![write(&"n".repeat(256), "")],
    ];
    let head = bench.repository.head().unwrap();
    for edits in bad {
        let batch = [
            change("good", vec![write("a", "lost\n")]),
            change("bad", edits.clone()),
        ];
        let error = bench.repository.record(&batch).expect_err("refused");
        assert_eq!(error.code, Code::Pijul, "{edits:?}");
        assert_eq!(bench.repository.head().unwrap(), head, "{edits:?}");
        assert_same(&bench.repository, &bench.tree);
    }
    let changes = bench.dir.path().join(".pijul/changes");
    let files: usize = std::fs::read_dir(changes)
        .unwrap()
        .map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap().count())
        .sum();
    assert_eq!(files, 2, "refused changes leave no file");
    bench.record(vec![write("a", "still works\n")]);
}

#[test]
fn a_repository_opens_again_as_it_was_left() {
    let mut bench = Bench::new();
    bench.record(vec![write("a", "a\n"), mkdir("d")]);
    let head = bench.repository.head().unwrap();
    let orphan = bench.dir.path().join(".pijul/changes/.tmpOrphan");
    std::fs::write(&orphan, "half").unwrap();
    drop(bench.repository);
    bench.repository = Repository::open(bench.dir.path(), "main").expect("opened again");
    assert!(!orphan.exists());
    assert_eq!(bench.repository.head().unwrap(), head);
    bench.record(vec![write("d/b", "b\n")]);
}

#[test]
fn a_repository_on_another_channel_is_refused() {
    let mut bench = Bench::new();
    bench.record(vec![write("a", "a\n")]);
    let Bench {
        repository, dir, ..
    } = bench;
    drop(repository);
    let error = Repository::open(dir.path(), "other")
        .err()
        .expect("refused");
    assert_eq!(error.code, Code::Open);
    assert!(error.message.contains("\"main\""), "{error}");
    assert!(Repository::open(dir.path(), "main").is_ok());
}

#[test]
fn a_repository_whose_maker_was_killed_at_once_opens() {
    let dir = tempfile::tempdir().expect("a directory");
    let pristine = dir.path().join(".pijul/pristine");
    std::fs::create_dir_all(&pristine).unwrap();
    std::fs::write(pristine.join("db"), vec![0; 1 << 20]).unwrap();
    let mut repository = Repository::open(dir.path(), "main").expect("opened");
    record(&mut repository, vec![write("a", "a\n")]);
    assert_eq!(repository.tracked().unwrap(), ["a"]);
}
