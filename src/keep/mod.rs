//! Keep: what is durable. The store (SQLite) and the Maildirs.
