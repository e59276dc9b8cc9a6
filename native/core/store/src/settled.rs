//! Packs that a collection leaves as they are: what an earlier one wrote, when nearly all of it is needed still.

use crate::block::Encoding;
use crate::pack::{HEAD_BYTES, Origin, Pack, length};
use crate::scan::scan;
use ize_content::{Address, Result};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

struct Candidate {
    pack: Arc<Pack>,
    bytes: u64,
    /// What its differences need.
    bases: HashSet<Address>,
}

/// Of `packs` those that need not be written again, given what is `reachable`: at most `lost` thousandths of their plain
/// bytes are not, or are in another such pack. None of them, when what is beside them has come to a quarter of them:
/// then versions of one object are to be brought together again.
pub(crate) fn settled(
    packs: &[Arc<Pack>],
    reachable: &HashMap<Address, usize>,
    lost: u64,
) -> Result<HashSet<u64>> {
    let (mut candidates, mut known) = (Vec::new(), HashSet::new());
    let mut beside = 0;
    for pack in packs {
        let bytes = length(&pack.file)?;
        let found = if pack.origin == Origin::Collection && !pack.is_open() {
            candidate(pack, bytes, reachable, lost, &mut known)?
        } else {
            None
        };
        match found {
            Some(candidate) => candidates.push(candidate),
            None => beside += bytes,
        }
    }
    loop {
        let before = candidates.len();
        let there: Vec<_> = candidates.iter().map(|one| one.pack.clone()).collect();
        // A base elsewhere may be written as a difference to what needs it.
        candidates.retain(|one| {
            let whole = one
                .bases
                .iter()
                .all(|base| there.iter().any(|pack| pack.find(base).is_some()));
            if !whole {
                beside += one.bytes;
            }
            whole
        });
        if candidates.len() == before {
            break;
        }
    }
    let bytes: u64 = candidates.iter().map(|one| one.bytes).sum();
    if beside > bytes / 4 {
        return Ok(HashSet::new());
    }
    Ok(candidates.iter().map(|one| one.pack.id).collect())
}

fn candidate(
    pack: &Arc<Pack>,
    bytes: u64,
    reachable: &HashMap<Address, usize>,
    lost: u64,
    known: &mut HashSet<Address>,
) -> Result<Option<Candidate>> {
    let scan = scan(&pack.file, HEAD_BYTES, bytes, false)?;
    if !scan.gaps.is_empty() {
        return Ok(None);
    }
    let (mut plain, mut gone, mut bases) = (0, 0, HashSet::new());
    let mut own = HashSet::new();
    for (_, head) in &scan.blocks {
        if let Encoding::Delta(base, _) = head.encoding {
            bases.insert(base);
        }
        for row in &head.rows {
            plain += u64::from(row.length);
            if !reachable.contains_key(&row.address) || known.contains(&row.address) {
                gone += u64::from(row.length).max(1);
            }
            own.insert(row.address);
        }
    }
    if gone * 1000 > plain * lost {
        return Ok(None);
    }
    known.extend(own);
    Ok(Some(Candidate {
        pack: pack.clone(),
        bytes,
        bases,
    }))
}
