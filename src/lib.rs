//! Relais: an e-mail gateway for people who host travellers.
//!
//! Four layers, arrows point down only (`tests/tidy.rs` keeps it so): [`ground`] is pure, [`keep`] is the
//! disk, [`flow`] decides what happens, [`doors`] are the only users of sockets. `ARCHITECTURE.md` is the map.

pub mod doors;
pub mod flow;
pub mod ground;
pub mod keep;
