//! Contents of files: their size, a part of them, all of them, always checked.

use crate::get::Object;
use crate::kind::Kind;
use crate::list::List;
use crate::store::Store;
use ize_content::{Address, Error, Result};
use ize_sys::{Errno, write_once};
use std::os::fd::RawFd;

/// Where the bytes of a content are.
pub(crate) enum Root {
    Chunk(Object),
    List(List),
    /// A file of its own, of the first format.
    Loose(u64),
}

/// Gets bytes, in order; what it was given before an error is to be thrown away.
pub(crate) type Sink<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

impl Store {
    /// Bytes of a content.
    pub fn size(&self, address: &Address) -> Result<u64> {
        Ok(match self.root(address)? {
            Root::Chunk(object) => object.bytes().len() as u64,
            Root::List(list) => list.length(),
            Root::Loose(size) => size,
        })
    }

    /// All of a content. `Large` when it has more than `limit` bytes.
    pub fn read(&self, address: &Address, limit: u64) -> Result<Vec<u8>> {
        let size = self.size(address)?;
        if size > limit {
            return Err(Error::Large {
                address: *address,
                size,
                limit,
            });
        }
        self.read_range(address, 0, size)
    }

    /// As much of `[offset, offset + length)` as there is. Reads no chunk but those that it lies in.
    pub fn read_range(&self, address: &Address, offset: u64, length: u64) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        self.stream(
            address,
            offset,
            offset.saturating_add(length),
            &mut |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            },
        )?;
        Ok(out)
    }

    /// Writes a content at the position of `out`; returns its bytes.
    pub fn copy_to(&self, address: &Address, out: RawFd) -> Result<u64> {
        let mut written = 0;
        self.stream(address, 0, u64::MAX, &mut |bytes| {
            written += bytes.len() as u64;
            write_all(out, bytes)
        })?;
        Ok(written)
    }

    /// The addresses below an object: those of a list's entries, or of where a content was moved; of a loose one none.
    pub fn children(&self, address: &Address) -> Result<Vec<Address>> {
        let object = match self.get(address) {
            Err(Error::Missing(_)) if self.loose_size(address).is_some() => return Ok(Vec::new()),
            other => other?,
        };
        Ok(match object.kind {
            Kind::List => decode(address, &object)?
                .entries
                .iter()
                .map(|entry| entry.address)
                .collect(),
            Kind::Moved => vec![moved_to(address, &object)?],
            _ => Vec::new(),
        })
    }

    pub(crate) fn root(&self, address: &Address) -> Result<Root> {
        let object = match self.get(address) {
            Err(Error::Missing(_)) => {
                return match self.loose_size(address) {
                    Some(size) => Ok(Root::Loose(size)),
                    None => Err(self.loose_error(address)),
                };
            }
            other => other?,
        };
        match object.kind {
            Kind::Chunk => Ok(Root::Chunk(object)),
            Kind::List => Ok(Root::List(decode(address, &object)?)),
            Kind::Moved => match self.root(&moved_to(address, &object)?)? {
                Root::Loose(_) => Err(bad(address, "it is said to be where it was moved from")),
                root => Ok(root),
            },
            _ => Err(Error::Refused("the object is not the content of a file")),
        }
    }

    /// The bytes of `[from, to)` of a content.
    pub(crate) fn stream(
        &self,
        address: &Address,
        from: u64,
        to: u64,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        match self.root(address)? {
            Root::Chunk(object) => sink(part(object.bytes(), 0, from, to)),
            Root::List(list) => self.stream_list(&list, 0, from, to, sink),
            Root::Loose(_) => {
                let mut at = 0;
                let mut failed = None;
                let streamed = ize_content::stream_object(self.objects(), address, &mut |bytes| {
                    if failed.is_none() {
                        failed = sink(part(bytes, at, from, to)).err();
                    }
                    at += bytes.len() as u64;
                    Ok(())
                });
                failed.map_or(Ok(()), Err)?;
                streamed.map(|_| ())
            }
        }
    }

    fn stream_list(
        &self,
        list: &List,
        start: u64,
        from: u64,
        to: u64,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        let mut at = start;
        for entry in &list.entries {
            let begin = at;
            at += entry.length;
            if at <= from {
                continue;
            }
            if begin >= to {
                break;
            }
            let object = self.get(&entry.address)?;
            let kind = if list.level == 1 {
                Kind::Chunk
            } else {
                Kind::List
            };
            if object.kind != kind {
                return Err(bad(
                    &entry.address,
                    "it is not of the kind that its list says",
                ));
            }
            if list.level == 1 {
                if object.bytes().len() as u64 != entry.length {
                    return Err(bad(
                        &entry.address,
                        "it has not the length that its list says",
                    ));
                }
                sink(part(object.bytes(), begin, from, to))?;
                continue;
            }
            let below = decode(&entry.address, &object)?;
            if below.level != list.level - 1 || below.length() != entry.length {
                return Err(bad(&entry.address, "it is not what the list above it says"));
            }
            self.stream_list(&below, begin, from, to, sink)?;
        }
        Ok(())
    }
}

/// The part of `bytes`, which begin at `at`, that lies within `[from, to)`.
fn part(bytes: &[u8], at: u64, from: u64, to: u64) -> &[u8] {
    let length = bytes.len() as u64;
    let begin = from.saturating_sub(at).min(length);
    let end = to.saturating_sub(at).min(length);
    &bytes[begin as usize..end.max(begin) as usize]
}

pub(crate) fn decode(address: &Address, object: &Object) -> Result<List> {
    List::decode(object.bytes()).ok_or(bad(
        address,
        "it is no list of a format that this release knows",
    ))
}

/// A moved object's bytes are the address of the content.
pub(crate) fn moved_to(address: &Address, object: &Object) -> Result<Address> {
    match <[u8; 32]>::try_from(object.bytes()) {
        Ok(bytes) => Ok(Address::from_bytes(bytes)),
        Err(_) => Err(bad(address, "it does not say where it was moved")),
    }
}

fn bad(address: &Address, why: &'static str) -> Error {
    Error::Damaged {
        address: Some(*address),
        place: "objects".to_owned(),
        why,
    }
}

fn write_all(fd: RawFd, bytes: &[u8]) -> Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match write_once(fd, rest).map_err(Error::system("writing out a content"))? {
            0 => return Err(Error::System(Errno(libc::EIO), "writing out a content")),
            n => rest = &rest[n..],
        }
    }
    Ok(())
}
