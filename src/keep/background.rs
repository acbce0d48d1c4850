//! Threads whose work can wait: a client holds its line open until its `250`, nobody holds one open for intake.

/// How much the calling thread gives way to the accept path when processors are scarce (a nice value; 0 is the
/// default, 19 the most). Between equals the accept path waited a scheduler's slice (some ms) for every wake-up.
const NICE: i32 = 10;

/// Lets the calling thread give way. Trouble is not worth a word: everything works, a busy hour is only slower.
pub fn give_way() {
    // On Linux a priority belongs to the thread, and None is the caller.
    let _ = rustix::process::setpriority_process(None, NICE);
}
