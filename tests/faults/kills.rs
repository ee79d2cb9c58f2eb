//! `kill -9` at a random moment of a command that changes something: it has done all of it or nothing, and
//! whatever it reported done is there.

use std::process::Output;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::changes::{Case, Change, full_desk};
use crate::desk::Desk;
use crate::how_often::{is_full, seed};
use crate::outside::Numbers;

const THREADS: u64 = 4;

/// A change, and how often it was killed.
struct Killed<'case> {
    change: Change<'case>,
    tried: AtomicU64,
    done: AtomicU64,
}

impl Killed<'_> {
    /// Kills the command at a random moment; gives whether it can be tried again at the same desk, after
    /// whatever the killed one has left.
    fn kill(&self, desk: &Desk, numbers: &mut Numbers) -> bool {
        // With as many at once as there are threads it takes longer.
        let longest = 2 * u64::try_from(self.change.life.as_micros()).unwrap();
        let mut child = self.change.command_behind(&[], desk).spawn().unwrap();
        thread::sleep(Duration::from_micros(numbers.below(longest)));
        // One that has ended already cannot be killed: what it did must be whole all the same.
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        desk.kept.wait_until_left();
        self.check(desk, &output)
    }

    fn check(&self, desk: &Desk, output: &Output) -> bool {
        let code = output.status.code();
        assert!(matches!(code, None | Some(0)), "{output:?}");
        let is_done = self.change.is_done(desk, "it was killed");
        let text = String::from_utf8_lossy(&output.stderr);
        let was_reported = code == Some(0) || !output.stdout.is_empty() || text.contains("Success: ");
        assert!(is_done || !was_reported, "{}: reported done and lost: {output:?}", self.change.case.line);
        self.tried.fetch_add(u64::from(code.is_none()), Ordering::Relaxed);
        self.done.fetch_add(u64::from(code.is_none() && is_done), Ordering::Relaxed);
        !is_done && desk.email_files().is_empty()
    }
}

/// Kills each of the commands about equally often, in all so many times, or as many as `full` where all of
/// the faults are asked for; prints how often.
pub fn kill_all(cases: &[&Case], quick: u64, full: u64) {
    let kills = if is_full() { full } else { quick };
    let seed = seed();
    let full_desk = full_desk();
    let killed = |case| Killed { change: Change::new(case, &full_desk), tried: AtomicU64::new(0), done: AtomicU64::new(0) };
    let all: Vec<Killed> = cases.iter().map(|case| killed(case)).collect();
    let tried = || all.iter().map(|killed| killed.tried.load(Ordering::Relaxed)).sum::<u64>();
    let (begun, turn) = (Instant::now(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (all, tried, turn) = (&all, &tried, &turn);
            scope.spawn(move || {
                let mut numbers = Numbers::from_seed(seed.wrapping_add(number));
                while tried() < kills {
                    let killed = &all[turn.fetch_add(1, Ordering::Relaxed) % all.len()];
                    let desk = killed.change.desk();
                    // Every other time the next one meets what this one has left.
                    while killed.kill(&desk, &mut numbers) && numbers.below(2) == 0 {}
                }
            });
        }
    });
    let (tried, done) = (tried(), all.iter().map(|killed| killed.done.load(Ordering::Relaxed)).sum::<u64>());
    println!(
        "kill -9, seed {seed}: {tried} times, {done} of them after the change was stored; {:.0} a second",
        tried as f64 / begun.elapsed().as_secs_f64()
    );
    for killed in &all {
        let [tried, done] = [&killed.tried, &killed.done].map(|number| number.load(Ordering::Relaxed));
        println!("  {}: {tried} times, {done} of them after the change was stored", killed.change.name);
        assert!(!is_full() || tried > 0);
    }
}
