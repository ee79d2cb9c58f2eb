//! Dates and times: in London for people, whatever the machine's own zone is, and RFC 3339 in UTC
//! for scripts.

use jiff::{Timestamp, Zoned};

use crate::domain::london::{day_in_full, in_london};

/// A time for scripts: RFC 3339 in UTC, with milliseconds only where they are not zero.
pub fn for_machines(at: Timestamp) -> String {
    if at.subsec_millisecond() == 0 { format!("{at:.0}") } else { format!("{at:.3}") }
}

/// A time for people: `11 December 2025 at 2:13pm`.
pub fn for_people(at: Timestamp) -> String {
    let london = in_london(at);
    format!("{} at {}", day_in_full(london.date()), time_of_day(&london))
}

/// The heading over what happened on one day: `Today`, `Yesterday` or `20 May 2025`.
pub fn day_heading(at: Timestamp, now: Timestamp) -> String {
    let day = in_london(at);
    let today = in_london(now).date();
    if day.date() == today {
        "Today".to_owned()
    } else if today.yesterday().is_ok_and(|yesterday| day.date() == yesterday) {
        "Yesterday".to_owned()
    } else {
        day_in_full(day.date())
    }
}

/// The 12-hour clock, where noon and midnight are spelt out: nobody agrees on what 12am is.
fn time_of_day(time: &Zoned) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match (hour, minute) {
        (12, 0) => return "12pm (midday)".to_owned(),
        (0, 0) => return "12am (midnight)".to_owned(),
        _ => {}
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    if minute == 0 { format!("{hour}{half}") } else { format!("{hour}:{minute:02}{half}") }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{day_heading, for_machines, for_people};

    fn at(time: &str) -> Timestamp {
        time.parse().expect("a time")
    }

    #[test]
    fn people_read_london_time_on_a_12_hour_clock() {
        for (time, read) in [
            ("2025-12-11T14:13:00Z", "11 December 2025 at 2:13pm"),
            ("2025-12-11T14:00:59Z", "11 December 2025 at 2pm"),
            ("2025-12-11T09:05:00Z", "11 December 2025 at 9:05am"),
            ("2025-12-11T12:00:00Z", "11 December 2025 at 12pm (midday)"),
            ("2025-12-11T12:05:00Z", "11 December 2025 at 12:05pm"),
            ("2025-12-11T00:00:00Z", "11 December 2025 at 12am (midnight)"),
            ("2025-12-11T00:07:00Z", "11 December 2025 at 12:07am"),
        ] {
            assert_eq!(for_people(at(time)), read);
        }
    }

    #[test]
    fn summer_time_is_an_hour_ahead_and_the_clock_changes_at_one() {
        assert_eq!(for_people(at("2025-06-30T23:30:00Z")), "1 July 2025 at 12:30am");
        assert_eq!(for_people(at("2025-07-01T11:00:00Z")), "1 July 2025 at 12pm (midday)");
        assert_eq!(for_people(at("2025-03-30T00:59:00Z")), "30 March 2025 at 12:59am");
        assert_eq!(for_people(at("2025-03-30T01:00:00Z")), "30 March 2025 at 2am");
        assert_eq!(for_people(at("2025-10-26T00:30:00Z")), "26 October 2025 at 1:30am");
        assert_eq!(for_people(at("2025-10-26T01:30:00Z")), "26 October 2025 at 1:30am");
    }

    #[test]
    fn days_are_headed_as_london_sees_them() {
        let now = at("2025-05-21T22:59:00Z");
        assert_eq!(day_heading(at("2025-05-20T23:00:00Z"), now), "Today");
        assert_eq!(day_heading(at("2025-05-20T22:59:00Z"), now), "Yesterday");
        assert_eq!(day_heading(at("2025-05-19T22:59:00Z"), now), "19 May 2025");
        // One minute on it is tomorrow in London, though not yet in UTC.
        assert_eq!(day_heading(at("2025-05-21T22:59:00Z"), at("2025-05-21T23:00:00Z")), "Yesterday");
        assert_eq!(day_heading(at("2025-05-23T12:00:00Z"), now), "23 May 2025");
    }

    #[test]
    fn machines_read_utc_with_milliseconds_only_where_there_are_some() {
        assert_eq!(for_machines(at("2025-07-01T12:00:00+01:00")), "2025-07-01T11:00:00Z");
        assert_eq!(for_machines(at("2025-07-01T11:00:00.040Z")), "2025-07-01T11:00:00.040Z");
    }
}
