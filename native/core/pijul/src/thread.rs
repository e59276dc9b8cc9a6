//! The one thread that owns a repository: Pijul's transactions block, and panic where they doubt.

use crate::error::{Error, Result, guarded};
use crate::repository::Repository;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::Builder;

type Job = Box<dyn FnOnce(&mut Repository) + Send>;

enum Message {
    Run(Job),
    Close(Box<dyn FnOnce() + Send>),
}

/// Sends jobs to the thread, which runs them in order; closed or dropped, it closes the repository.
pub struct Handle {
    sender: Mutex<Option<mpsc::Sender<Message>>>,
}

/// Deep trees and long files recurse in Pijul; the pages of a stack cost nothing until they are used.
const STACK: usize = 64 << 20;

impl Handle {
    /// Opens the repository on a thread of its own. `done` is called there, or here when the system
    /// has no thread to give.
    pub fn open<D: FnOnce(Result<Handle>) + Send + 'static>(
        root: PathBuf,
        channel: String,
        done: D,
    ) {
        let done = Arc::new(Mutex::new(Some(done)));
        let theirs = done.clone();
        let run = move || {
            let (sender, queue) = mpsc::channel();
            match guarded(|| Repository::open(&root, &channel)) {
                Ok(repository) => {
                    answer(
                        &theirs,
                        Ok(Handle {
                            sender: Mutex::new(Some(sender)),
                        }),
                    );
                    serve(repository, &queue);
                }
                Err(error) => answer(&theirs, Err(error.while_opening())),
            }
        };
        if let Err(cause) = Builder::new()
            .name("ize-pijul".into())
            .stack_size(STACK)
            .spawn(run)
        {
            let error = Error::pijul(format!("no thread can be started for Pijul: {cause}"));
            answer(&done, Err(error.while_opening()));
        }
    }

    /// Runs `work` on the thread, then `done` with its result, there as well. A panic in `work` is an
    /// error; its transaction is gone, and the repository is as it was.
    pub fn run<T: 'static>(
        &self,
        work: impl FnOnce(&mut Repository) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<T>) + Send + 'static,
    ) {
        // Sent under the lock: nothing comes after the message that closes.
        match self.sender.lock().as_deref() {
            Ok(Some(sender)) => {
                let job: Job = Box::new(move |repository| done(guarded(|| work(repository))));
                let _ = sender.send(Message::Run(job));
            }
            _ => done(Err(Error::pijul("the repository is closed"))),
        }
    }

    /// Takes no more jobs; `done` is called when those before it have run and the repository is closed.
    pub fn close(&self, done: impl FnOnce() + Send + 'static) {
        match self.sender.lock().ok().and_then(|mut sender| sender.take()) {
            Some(sender) => drop(sender.send(Message::Close(Box::new(done)))),
            None => done(),
        }
    }
}

fn serve(mut repository: Repository, queue: &mpsc::Receiver<Message>) {
    for message in queue {
        match message {
            Message::Run(job) => job(&mut repository),
            Message::Close(done) => {
                drop(repository);
                return done();
            }
        }
    }
}

fn answer<D: FnOnce(Result<Handle>)>(done: &Mutex<Option<D>>, result: Result<Handle>) {
    if let Some(done) = done.lock().ok().and_then(|mut done| done.take()) {
        done(result);
    }
}
