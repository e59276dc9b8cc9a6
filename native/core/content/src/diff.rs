//! Unified diffs of bytes, by lines that end with LF.

use similar::{Algorithm, DiffOp, DiffTag, group_diff_ops};
use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};

/// The hunks (`@@ -a,b +c,d @@` and their lines, no file header) that turn `a` into `b`, with `context` lines around.
/// After `deadline` the rest is no longer refined: the diff is coarser, and still right.
pub fn diff_unified(a: &[u8], b: &[u8], context: usize, deadline: Duration) -> Vec<u8> {
    let until = Instant::now() + deadline;
    let (old, new) = (lines(a), lines(b));
    let mut out = Vec::new();
    for group in group_diff_ops(compare(&old, &new, until), context) {
        write_hunk(&mut out, &group, &old, &new);
    }
    out
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Compares by numbers: each distinct line is hashed once.
fn compare(old: &[&[u8]], new: &[&[u8]], until: Instant) -> Vec<DiffOp> {
    let mut numbers: HashMap<&[u8], u32> = HashMap::new();
    let mut number = |line| {
        let next = numbers.len() as u32;
        *numbers.entry(line).or_insert(next)
    };
    let old: Vec<u32> = old.iter().map(|line| number(line)).collect();
    let new: Vec<u32> = new.iter().map(|line| number(line)).collect();
    similar::capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(until))
}

fn write_hunk(out: &mut Vec<u8>, ops: &[DiffOp], old: &[&[u8]], new: &[&[u8]]) {
    let (Some(first), Some(last)) = (ops.first(), ops.last()) else {
        return;
    };
    let old_range = first.old_range().start..last.old_range().end;
    let new_range = first.new_range().start..last.new_range().end;
    out.extend_from_slice(
        format!("@@ -{} +{} @@\n", place(&old_range), place(&new_range)).as_bytes(),
    );
    for op in ops {
        match op.tag() {
            DiffTag::Equal => write_lines(out, b' ', &old[op.old_range()]),
            _ => {
                write_lines(out, b'-', &old[op.old_range()]);
                write_lines(out, b'+', &new[op.new_range()]);
            }
        }
    }
}

/// Lines count from 1; an empty range names the line before it; a length of 1 is left out (POSIX diff -U).
fn place(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        n => format!("{},{n}", range.start + 1),
    }
}

fn write_lines(out: &mut Vec<u8>, mark: u8, lines: &[&[u8]]) {
    for line in lines {
        out.push(mark);
        out.extend_from_slice(line);
        if line.last() != Some(&b'\n') {
            out.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
}
