//! How far a long run has come: a bar that is drawn over itself, or lines now and then for whoever
//! has every line read out.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::domain::count::thousands;

/// How a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressLook {
    /// Nobody looks, or wants to know.
    None,
    /// On a terminal of so many columns.
    Bar {
        columns: u16,
    },
    Lines,
}

/// How often in a run a line says how far it has come.
const LINES: u64 = 10;
/// How often a second the bar is drawn: each time costs as much as an email.
const DRAWN: u8 = 10;

/// A long run, as it is followed.
pub enum Progress {
    None,
    Bar(ProgressBar),
    Lines { done: u64, of: u64 },
}

impl Progress {
    /// A run of so many of something, called by its plural, each of which takes this time at least.
    pub fn begin(look: ProgressLook, of: u64, things: &str, pace: Duration) -> Self {
        match look {
            ProgressLook::None => Self::None,
            ProgressLook::Lines => Self::Lines { done: 0, of },
            ProgressLook::Bar { columns } => {
                let counted = format!("[{{bar:{}}}] {{human_pos}} of {{human_len}} {things}{{left}}", bar_columns(columns));
                Self::Bar(bar(of, &counted, pace))
            }
        }
    }

    /// The reading of a file of so many bytes.
    pub fn begin_file(look: ProgressLook, bytes: u64) -> Self {
        Self::begin_share(look, bytes, "read")
    }

    /// A run whose share that is done is told alone. Whoever has every line read out is spared it: what
    /// came of the run follows soon.
    pub fn begin_share(look: ProgressLook, of: u64, done: &str) -> Self {
        match look {
            ProgressLook::None | ProgressLook::Lines => Self::None,
            ProgressLook::Bar { columns } => {
                let counted = format!("[{{bar:{}}}] {{percent}} % {done}{{left}}", bar_columns(columns));
                Self::Bar(bar(of, &counted, Duration::ZERO))
            }
        }
    }

    /// So much is done: a file has been read up to this byte.
    pub fn advance_to(&self, done: u64) {
        if let Self::Bar(bar) = self {
            bar.set_position(done);
        }
    }

    /// One more is done. Sometimes there is a line to say so.
    pub fn advance(&mut self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Bar(bar) => {
                bar.inc(1);
                None
            }
            Self::Lines { done, of } => {
                let tenths = |done: u64| done.saturating_mul(LINES).checked_div(*of).unwrap_or_default();
                let before = tenths(*done);
                *done = done.saturating_add(1);
                // The end has a line of its own.
                (tenths(*done) > before && *done < *of).then(|| format!("{} of {}", thousands(*done), thousands(*of)))
            }
        }
    }

    /// It is read from its beginning again.
    pub fn begin_again(&self) {
        if let Self::Bar(bar) = self {
            bar.reset();
        }
    }

    /// Says something else while the bar makes room.
    pub fn around<T>(&self, say: impl FnOnce() -> T) -> T {
        match self {
            Self::Bar(bar) => bar.suspend(say),
            Self::None | Self::Lines { .. } => say(),
        }
    }

    /// Takes the bar away; what came of the run follows in lines.
    pub fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// The bar is what becomes shorter where the terminal is narrow, so that it has one line with its count
/// and its time.
fn bar_columns(columns: u16) -> u16 {
    const WORDS: u16 = 36;
    columns.saturating_sub(WORDS).clamp(4, 30)
}

fn bar(of: u64, template: &str, pace: Duration) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(of), ProgressDrawTarget::stderr_with_hz(DRAWN));
    bar.set_style(bar_style(template, pace));
    // So that it is there before the first is done.
    bar.tick();
    bar
}

fn bar_style(template: &str, pace: Duration) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let left = move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
        let still = state.len().unwrap_or_default().saturating_sub(state.pos());
        let seconds = state.eta().max(pace.mul_f64(still as f64)).as_secs();
        // What cannot be told is left out: a bar is no place to fail in.
        let _ = match seconds {
            0 => Ok(()),
            1..=90 => write!(text, ", {seconds} s left"),
            _ => write!(text, ", {} min left", seconds.div_ceil(60)),
        };
    };
    style.with_key("left", left).progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Progress, ProgressLook};

    #[test]
    fn ten_lines_at_most_say_how_far_a_run_has_come() {
        let lines = |of: u64| {
            let mut progress = Progress::begin(ProgressLook::Lines, of, "emails", Duration::ZERO);
            (0..of).filter_map(|_| progress.advance()).collect::<Vec<_>>()
        };
        assert_eq!(lines(2000).len(), 9);
        assert_eq!(lines(2000)[0], "200 of 2,000");
        assert_eq!(lines(3), ["1 of 3", "2 of 3"]);
        assert_eq!(lines(0), [""; 0]);
    }
}
