//! Named places between two steps of a write order, where a test can end the process: `IZE_FAILPOINT=place:n` kills it, as
//! kill -9 does, when it comes by the place for the n-th time, in whichever thread. The engine has others of its own
//! (src-main/engine/sys/failpoint.ts), and does more than kill there.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

struct Wanted {
    place: String,
    left: AtomicI64,
}

static WANTED: LazyLock<Option<Wanted>> = LazyLock::new(|| {
    let text = std::env::var("IZE_FAILPOINT").ok()?;
    let (place, count) = text.split_once(':').unwrap_or((&text, "1"));
    // What else than to be killed is wanted has a third part.
    Some(Wanted {
        place: place.to_owned(),
        left: AtomicI64::new(count.parse().ok()?),
    })
});

pub fn reached(place: &str) {
    let Some(wanted) = &*WANTED else { return };
    if wanted.place == place && wanted.left.fetch_sub(1, Ordering::Relaxed) == 1 {
        unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
    }
}
