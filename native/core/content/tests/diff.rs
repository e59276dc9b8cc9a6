//! Diffs, judged by `patch`-like application and by known examples.

use ize_content::diff_unified;
use std::time::Duration;

const PLENTY: Duration = Duration::from_secs(60);

fn diff(a: &str, b: &str, context: usize) -> String {
    String::from_utf8(diff_unified(
        a.as_bytes(),
        b.as_bytes(),
        context,
        PLENTY,
        false,
    ))
    .unwrap()
}

/// Applies a diff to `a` as patch(1) would, strictly.
fn patch(a: &[u8], diff: &[u8]) -> Vec<u8> {
    let old: Vec<&[u8]> = a.split_inclusive(|b| *b == b'\n').collect();
    let (mut out, mut at): (Vec<u8>, usize) = (Vec::new(), 0);
    let mut lines = diff.split_inclusive(|b| *b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let (mark, rest) = (line[0], &line[1..]);
        let unended = lines.next_if(|next| next.starts_with(b"\\ ")).is_some();
        let text = if unended {
            &rest[..rest.len() - 1]
        } else {
            rest
        };
        match mark {
            b'@' => {
                let place = std::str::from_utf8(line)
                    .unwrap()
                    .split([' ', ',', '-'])
                    .nth(2)
                    .unwrap();
                let empty = line.starts_with(format!("@@ -{place},0").as_bytes());
                let start = place.parse::<usize>().unwrap() - usize::from(!empty);
                out.extend(old[at..start].concat());
                at = start;
            }
            b'+' => out.extend_from_slice(text),
            _ => {
                assert_eq!(old[at], text);
                at += 1;
                if mark == b' ' {
                    out.extend_from_slice(text);
                }
            }
        }
    }
    out.extend(old[at..].concat());
    out
}

#[test]
fn hunks_are_those_of_diff_u() {
    let a = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    let b = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n";
    let wanted = "@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n@@ -9 +9,2 @@\n 9\n+10\n";
    assert_eq!(diff(a, b, 1), wanted);
    assert_eq!(diff(a, a, 3), "");
    assert_eq!(diff("", "new\n", 3), "@@ -0,0 +1 @@\n+new\n");
    assert_eq!(diff("old\n", "", 3), "@@ -1 +0,0 @@\n-old\n");
    assert_eq!(diff("a\nb\n", "a\nx\nb\n", 0), "@@ -1,0 +2 @@\n+x\n");
}

#[test]
fn a_missing_newline_at_the_end_is_marked() {
    let wanted = "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n";
    assert_eq!(diff("a", "a\n", 3), wanted);
    let both = "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n";
    assert_eq!(diff("a\nb", "x\nb", 3), both);
}

#[test]
fn carriage_returns_and_bytes_are_content() {
    let (a, b) = (
        b"a\r\nb\rc\n\xff\n".as_slice(),
        b"a\nb\rc\n\xfe\n".as_slice(),
    );
    let bytes = diff_unified(a, b, 3, PLENTY, false);
    assert_eq!(bytes, b"@@ -1,3 +1,3 @@\n-a\r\n+a\n b\rc\n-\xff\n+\xfe\n");
}

#[test]
fn a_diff_applied_is_the_new_text() {
    let mut seed = 7u64;
    let mut random = move |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..400 {
        let mut text = |lines: u64| -> Vec<u8> {
            let count = random(lines);
            let mut out: Vec<u8> = (0..count)
                .flat_map(|_| format!("{}\n", random(1 + round as u64 / 20)).into_bytes())
                .collect();
            if random(3) == 0 {
                out.pop();
            }
            out
        };
        let (a, b) = (text(60), text(60));
        let context = round % 5;
        assert_eq!(
            patch(&a, &diff_unified(&a, &b, context, PLENTY, false)),
            b,
            "round {round}"
        );
    }
}

#[test]
fn white_space_can_be_left_out_of_account() {
    let (a, b) = ("if x {\ny;\n}\n", "if x\n{\n  y;\n}\n");
    let bytes = diff_unified(a.as_bytes(), b.as_bytes(), 3, PLENTY, true);
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "@@ -1,3 +1,4 @@\n-if x {\n+if x\n+{\n   y;\n }\n"
    );
    let spaces = diff_unified(b"a b\n", b"\tab\r\n", 3, PLENTY, true);
    assert!(spaces.is_empty());
}

#[test]
fn texts_without_a_common_line_differ_as_a_whole_at_once() {
    let side = |mark: &str| -> Vec<u8> {
        (0..100_000)
            .flat_map(|i| format!("{mark}{i}\n").into_bytes())
            .collect()
    };
    let diff = diff_unified(&side("a"), &side("b"), 3, Duration::ZERO, false);
    assert!(diff.starts_with(b"@@ -1,100000 +1,100000 @@\n-a0\n"));
    assert!(patch(&side("a"), &diff) == side("b"));
}

#[test]
fn a_diff_without_time_is_coarser_and_still_right() {
    let side = |step: usize| -> Vec<u8> {
        (0..60_000usize)
            .flat_map(|i| format!("{}\n", (i * step) % 977).into_bytes())
            .collect()
    };
    let (a, b) = (side(31), side(67));
    let hurried = diff_unified(&a, &b, 3, Duration::ZERO, false);
    assert!(patch(&a, &hurried) == b);
}
