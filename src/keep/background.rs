//! Threads whose work can wait: a client holds its line open until its `250`, nobody holds one open for the rest.

/// How much intake gives way to the accept path when processors are scarce (a nice value; 0 is the default, 19 the
/// most). Between equals the accept path waited a scheduler's slice (some ms) for every wake-up.
pub const INTAKE: i32 = 10;

/// How much translating gives way: less, for a member waits for a preview. With two processors kept busy by others a
/// reply of 2,000 characters took five seconds at 10.
pub const TRANSLATING: i32 = 4;

/// Lets the calling thread give way. Trouble is not worth a word: everything works, a busy hour is only slower.
pub fn give_way(nice: i32) {
    // On Linux a priority belongs to the thread, and None is the caller.
    let _ = rustix::process::setpriority_process(None, nice);
}
