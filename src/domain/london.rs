//! Days as they are in London, whatever the machine’s own zone is.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Compiled in, so that neither `TZ` nor a missing zone database changes what a day is.
static LONDON: TimeZone = jiff::tz::get!("Europe/London");

/// A moment as the clocks of London show it.
pub fn in_london(at: Timestamp) -> Zoned {
    at.to_zoned(LONDON.clone())
}

/// The day that it is in London.
pub fn date_of(at: Timestamp) -> Date {
    in_london(at).date()
}

/// A day as people read it: `2 January 2026`.
pub fn day_in_full(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
