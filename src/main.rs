//! The program: the real world, one run, its exit code.

use std::process::ExitCode;

use frontdesk::world::World;

fn main() -> ExitCode {
    let mut world = World::real();
    frontdesk::run(World::arguments(), &mut world).into()
}
