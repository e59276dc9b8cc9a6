//! Contents of the first format: a file each (native/core/content).

use crate::store::Store;
use ize_content::{Address, Error};

impl Store {
    /// The size that a loose object's header names, when there is one that fits its file.
    pub(crate) fn loose_size(&self, address: &Address) -> Option<u64> {
        if !self.loose[usize::from(address.bytes()[0])] {
            return None;
        }
        ize_content::object_size(self.objects(), address).ok()
    }

    /// Why there is no loose object of this address.
    pub(crate) fn loose_error(&self, address: &Address) -> Error {
        match ize_content::object_size(self.objects(), address) {
            Ok(_) => Error::Missing(*address),
            Err(error) => error,
        }
    }
}
