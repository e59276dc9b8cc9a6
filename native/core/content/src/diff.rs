//! Unified diffs of bytes, by lines that end with LF.

use similar::{Algorithm, DiffOp, DiffTag, group_diff_ops};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};

/// The hunks (`@@ -a,b +c,d @@` and their lines, no file header) that turn `a` into `b`, with `context` lines around.
/// After `deadline` the rest is no longer refined: the diff is coarser, and still right. With `ignore_white_space`
/// lines are the same that differ in nothing else; `b`'s are told then.
pub fn diff_unified(
    a: &[u8],
    b: &[u8],
    context: usize,
    deadline: Duration,
    ignore_white_space: bool,
) -> Vec<u8> {
    let until = Instant::now() + deadline;
    let (old, new) = (lines(a), lines(b));
    let mut out = Vec::new();
    for group in group_diff_ops(compare(&old, &new, until, ignore_white_space), context) {
        write_hunk(&mut out, &group, &old, &new);
    }
    out
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Compares by numbers: each distinct line is hashed once. A line that the other side has nowhere can be no part of what
/// is common, so it is not compared: two texts without a common line cost nothing.
fn compare<'t>(
    old: &[&'t [u8]],
    new: &[&'t [u8]],
    until: Instant,
    ignore_white_space: bool,
) -> Vec<DiffOp> {
    let mut numbers = HashMap::new();
    let mut number = |line| {
        let next = numbers.len() as u32;
        *numbers.entry(line).or_insert(next)
    };
    let mut numbered = |lines: &[&'t [u8]]| -> Vec<u32> {
        lines
            .iter()
            .map(|line| number(key(line, ignore_white_space)))
            .collect()
    };
    let (old, new) = (numbered(old), numbered(new));
    let (mut in_old, mut in_new) = (vec![false; numbers.len()], vec![false; numbers.len()]);
    old.iter().for_each(|line| in_old[*line as usize] = true);
    new.iter().for_each(|line| in_new[*line as usize] = true);
    let (old_kept, new_kept) = (places(&old, &in_new), places(&new, &in_old));
    if old_kept.len() == old.len() && new_kept.len() == new.len() {
        return similar::capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(until));
    }
    let (a, b) = (at(&old, &old_kept), at(&new, &new_kept));
    let common = similar::capture_diff_slices_deadline(Algorithm::Myers, &a, &b, Some(until))
        .into_iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .flat_map(|op| op.old_range().zip(op.new_range()))
        .map(|(i, j)| (old_kept[i], new_kept[j]));
    operations(common, old.len(), new.len())
}

fn key(line: &[u8], ignore_white_space: bool) -> Cow<'_, [u8]> {
    if !ignore_white_space {
        return Cow::Borrowed(line);
    }
    let visible = line.iter().filter(|byte| !byte.is_ascii_whitespace());
    Cow::Owned(visible.copied().collect())
}

/// Where the lines stand that the other side has too.
fn places(lines: &[u32], in_other: &[bool]) -> Vec<usize> {
    (0..lines.len())
        .filter(|at| in_other[lines[*at] as usize])
        .collect()
}

fn at(lines: &[u32], places: &[usize]) -> Vec<u32> {
    places.iter().map(|at| lines[*at]).collect()
}

/// From the pairs of common lines, in order.
fn operations(
    common: impl Iterator<Item = (usize, usize)>,
    old_end: usize,
    new_end: usize,
) -> Vec<DiffOp> {
    let mut ops: Vec<DiffOp> = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (old_index, new_index) in common.chain([(old_end, new_end)]) {
        let (gone, come) = (old_index - i, new_index - j);
        match (gone, come) {
            (0, 0) => {}
            (old_len, 0) => ops.push(DiffOp::Delete {
                old_index: i,
                old_len,
                new_index: j,
            }),
            (0, new_len) => ops.push(DiffOp::Insert {
                old_index: i,
                new_index: j,
                new_len,
            }),
            (old_len, new_len) => ops.push(DiffOp::Replace {
                old_index: i,
                old_len,
                new_index: j,
                new_len,
            }),
        }
        (i, j) = (old_index + 1, new_index + 1);
        if old_index == old_end && new_index == new_end {
            break;
        }
        match ops.last_mut() {
            Some(DiffOp::Equal { len, .. }) => *len += 1,
            _ => ops.push(DiffOp::Equal {
                old_index,
                new_index,
                len: 1,
            }),
        }
    }
    ops
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
            DiffTag::Equal => write_lines(out, b' ', &new[op.new_range()]),
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
