//! Runs the section of `examples/score` for bounces alone, until the whole scorer takes it in.

#[path = "../score/bounces.rs"]
mod bounces;

fn main() {
    let corpora = std::env::args().nth(1).unwrap_or_else(|| "/work/shared/corpora".to_owned());
    bounces::run(std::path::Path::new(&corpora));
}
