//! Checking everything that is stored, step by step, so that the caller can show progress and stop.

use crate::contents::moved_to;
use crate::get::Object;
use crate::kind::Kind;
use crate::open::{names, open_directory};
use crate::pack::{self, HEAD_BYTES, Pack, index_name, pack_name};
use crate::scan::Reader;
use crate::store::{Problem, Store};
use ize_content::{Address, Error, Result, blob_hasher};
use std::os::fd::AsRawFd;

/// Something that is not what was stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The file, below `objects/`.
    pub file: String,
    /// Where in it the damage was met.
    pub offset: u64,
    /// The object that cannot be read because of it, when that is known.
    pub address: Option<Address>,
    pub why: String,
}

/// Where a check goes on: within a pack, then among the loose objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Pack { id: u64, offset: u64 },
    Loose { directory: u16 },
}

pub struct Verified {
    pub findings: Vec<Finding>,
    /// None when everything was checked.
    pub next: Option<Place>,
    /// Bytes that this step checked.
    pub bytes: u64,
}

impl Place {
    pub const START: Place = Place::Pack { id: 0, offset: 0 };
}

impl Store {
    /// Checks about `budget` bytes from `place` on: every checksum, and every object against its address.
    pub fn verify(&self, place: Place, budget: u64) -> Result<Verified> {
        let mut step = Verified {
            findings: Vec::new(),
            next: None,
            bytes: 0,
        };
        self.refresh()?;
        match place {
            Place::Pack { id, offset } => {
                let mut packs = self.packs();
                packs.sort_by_key(|pack| pack.id);
                let pack = packs.into_iter().find(|pack| pack.id >= id);
                let Some(pack) = pack else {
                    step.next = Some(Place::Loose { directory: 0 });
                    return Ok(step);
                };
                let offset = if pack.id == id { offset } else { 0 };
                let end = self.verify_pack(&pack, offset, budget, &mut step)?;
                let next = match end {
                    Some(offset) => (pack.id, offset),
                    None => (pack.id + 1, 0),
                };
                step.next = Some(Place::Pack {
                    id: next.0,
                    offset: next.1,
                });
            }
            Place::Loose { mut directory } => {
                while directory < 256 && step.bytes < budget {
                    self.verify_loose(directory as u8, &mut step)?;
                    directory += 1;
                }
                step.next = (directory < 256).then_some(Place::Loose { directory });
            }
        }
        Ok(step)
    }

    /// Returns where to go on, or None at the end of the pack.
    fn verify_pack(
        &self,
        pack: &Pack,
        from: u64,
        budget: u64,
        step: &mut Verified,
    ) -> Result<Option<u64>> {
        let length = pack::length(&pack.file)?;
        let file = format!("pack/{}", pack_name(pack.id));
        let mut find = |offset, address, why: &str| {
            step.findings.push(Finding {
                file: file.clone(),
                offset,
                address,
                why: why.to_owned(),
            })
        };
        let mut at = from.max(HEAD_BYTES);
        if from == 0 {
            if !pack.has_head(length) {
                find(0, None, "the head of the pack is not sound");
            }
            if !pack.is_index_sound(self.pack_directory(), length)? {
                step.findings.push(Finding {
                    file: format!("pack/{}", index_name(pack.id)),
                    offset: 0,
                    address: None,
                    why: "the index is not that of its pack".to_owned(),
                });
                return self.verify_pack(pack, HEAD_BYTES, budget, step);
            }
        }
        let mut reader = Reader::new(&pack.file, length);
        while at < length {
            if step.bytes >= budget {
                return Ok(Some(at));
            }
            let Some(head) = reader.head(at)? else {
                find(at, None, "there is no sound block head");
                let next = reader.next_sound(at + 1)?.unwrap_or(length);
                step.bytes += next - at;
                at = next;
                continue;
            };
            step.bytes += head.total();
            if reader.fits(at, &head)? {
                for (address, why) in self.verify_block(pack, at)? {
                    find(at, address, &why);
                }
            } else {
                for row in &head.rows {
                    find(
                        at,
                        Some(row.address),
                        "the checksum of its block is not that of its bytes",
                    );
                }
            }
            at += head.total();
        }
        Ok(None)
    }

    /// The objects of a block that are not what they should be.
    fn verify_block(&self, pack: &Pack, offset: u64) -> Result<Vec<(Option<Address>, String)>> {
        let block = match self.read_block(pack, offset, None, crate::block::MAX_DEPTH) {
            Ok(block) => block,
            Err(error @ Error::System(..)) => return Err(error),
            Err(error) => return Ok(vec![(None, error.to_string())]),
        };
        let mut bad = Vec::new();
        let mut from = 0;
        for row in &block.head.rows {
            let bytes = &block.plain[from..from + row.length as usize];
            from += row.length as usize;
            let sound = match row.kind {
                Kind::Moved => self.verify_moved(&row.address)?,
                kind => kind.fits(bytes, &row.address),
            };
            if !sound {
                bad.push((
                    Some(row.address),
                    "its bytes are not those of its address".to_owned(),
                ));
            }
        }
        Ok(bad)
    }

    /// Whether the content that was moved still has the address that it had.
    fn verify_moved(&self, address: &Address) -> Result<bool> {
        let mut hasher = blob_hasher();
        let streamed = self.get(address).and_then(|object: Object| {
            self.stream(&moved_to(address, &object)?, 0, u64::MAX, &mut |bytes| {
                hasher.update(bytes);
                Ok(())
            })
        });
        match streamed {
            Err(error @ Error::System(..)) => Err(error),
            Err(_) => Ok(false),
            Ok(()) => Ok(Address::from(hasher.finalize()) == *address),
        }
    }

    fn verify_loose(&self, directory: u8, step: &mut Verified) -> Result<()> {
        for address in self.loose_objects(directory)? {
            step.bytes += ize_content::object_size(self.objects(), &address).unwrap_or(0);
            match ize_content::stream_object(self.objects(), &address, &mut |_| Ok(())) {
                Ok(_) => {}
                Err(error @ ize_content::Error::System(..)) => return Err(error),
                Err(error) => step.findings.push(Finding {
                    file: String::from_utf8_lossy(address.path().bytes()).into_owned(),
                    offset: 0,
                    address: Some(address),
                    why: error.to_string(),
                }),
            }
        }
        Ok(())
    }

    /// The addresses of the loose objects in one of their directories.
    pub(crate) fn loose_objects(&self, directory: u8) -> Result<Vec<Address>> {
        if !self.loose[usize::from(directory)] {
            return Ok(Vec::new());
        }
        let hex = format!("{directory:02x}");
        let folder = match open_directory(self.objects(), &pack::name(&hex)?) {
            Err(Error::System(ize_sys::Errno(libc::ENOENT), _)) => return Ok(Vec::new()),
            other => other?,
        };
        let names = names(folder.as_raw_fd())?;
        let texts = names.iter().filter_map(|name| str::from_utf8(name).ok());
        Ok(texts
            .filter_map(|rest| Address::parse(&format!("{hex}{rest}")).ok())
            .collect())
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Finding {
            file: format!("pack/{}", pack_name(problem.pack)),
            offset: problem.gap.offset,
            address: None,
            why: problem.gap.why.to_owned(),
        }
    }
}
