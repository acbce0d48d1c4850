//! Doors: the only users of sockets. A door translates between a wire and the flow; it never decides.

pub mod engines;
