//! The command `relais`.

use std::process::ExitCode;

fn main() -> ExitCode {
    relais::doors::cli::main()
}
