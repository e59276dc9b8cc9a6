//! Folding a channel: the same tree, in a repository with a short history.

mod common;

use common::*;
use ize_pijul::{Change, Repository};

fn like() -> Change {
    change("fold", vec![])
}

fn edited(root: &std::path::Path) -> (Repository, Tree) {
    let mut repository = Repository::open(root, "main").expect("opened");
    let mut tree = Tree::new();
    for n in 0..40 {
        let edits = match n {
            0 => vec![
                write("a/b/c.txt", "one\ntwo\nthree"),
                mkdir("empty/within"),
                write_executable("run", "#!/bin/sh\n"),
                write("nothing", ""),
                write("marks", ">>>>>>> 1 [A]\nx\n======= 1\ny\n<<<<<<< 1\n"),
            ],
            10 => vec![rename("a", "moved"), write_executable("nothing", "")],
            20 => vec![delete("marks"), mkdir("marks")],
            _ => vec![write("text", format!("{n}\n").repeat(n % 7 + 1))],
        };
        edits.iter().for_each(|edit| apply(&mut tree, edit));
        repository
            .record(&[change("edit", edits)])
            .expect("recorded");
    }
    (repository, tree)
}

#[test]
fn the_tree_is_the_same_in_one_change_and_goes_on() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (repository, mut tree) = edited(old.path());
    assert_eq!(repository.fold_into(new.path(), &like()).unwrap(), 1);
    let mut folded = Repository::open(new.path(), "main").unwrap();
    assert_same(&folded, &tree);
    assert_eq!(replay::replay(&folded, new.path()), tree);
    let log = folded.log(0, 10).unwrap();
    // Pijul's own root comes first.
    assert_eq!(log.len(), 2);
    assert_eq!(log[1].metadata, b"fold");
    let edits = vec![
        write("moved/b/c.txt", "one\n2\nthree"),
        delete("empty"),
        rename("run", "walk"),
    ];
    edits.iter().for_each(|edit| apply(&mut tree, edit));
    record(&mut folded, edits);
    assert_same(&folded, &tree);
    assert_eq!(replay::replay(&folded, new.path()), tree);
}

#[test]
fn an_empty_tree_is_folded_and_a_repository_is_never_folded_into() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut repository = Repository::open(old.path(), "main").unwrap();
    record(&mut repository, vec![write("gone", "x")]);
    record(&mut repository, vec![delete("gone")]);
    assert_eq!(repository.fold_into(new.path(), &like()).unwrap(), 1);
    assert!(repository.fold_into(new.path(), &like()).is_err());
    let folded = Repository::open(new.path(), "main").unwrap();
    assert!(folded.tracked().unwrap().is_empty());
    assert_eq!(folded.head().unwrap().unwrap().metadata, b"fold");
}
