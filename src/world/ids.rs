//! The ids of what is new.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Environment, test_hook};

/// Where new ids come from.
#[derive(Debug, Clone, Copy)]
pub enum Ids {
    /// Random, but growing: the ids of one moment follow one another, so that thousands that are stored
    /// together go side by side in every index.
    Random {
        /// The moment of the last id, and its random part.
        last: Option<(u64, u128)>,
    },
    /// Ids that count up from a number.
    Counted(u64),
}

impl Ids {
    /// A new id: a UUIDv7, whose first part is the time.
    pub fn next(&mut self, now: Timestamp) -> String {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let uuid = match self {
            Self::Random { last } => {
                let random = match *last {
                    Some((moment, random)) if moment == milliseconds => (random + 1) & RANDOM_PART,
                    _ => {
                        let nanoseconds = u32::try_from(milliseconds % 1000).unwrap_or_default() * 1_000_000;
                        random_part(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, milliseconds / 1000, nanoseconds)))
                    }
                };
                *last = Some((milliseconds, random));
                with_random_part(milliseconds, random)
            }
            Self::Counted(next) => {
                let mut random = [0; 10];
                random[2..].copy_from_slice(&next.to_be_bytes());
                *next += 1;
                uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
            }
        };
        uuid.to_string()
    }

    /// Ids that differ from those that are given out here from now on; ids that count go on counting.
    pub fn apart(&self) -> Self {
        match self {
            Self::Random { .. } => Self::Random { last: None },
            Self::Counted(next) => Self::Counted(*next),
        }
    }

    pub(super) fn from_environment(environment: &Environment) -> Self {
        test_hook(environment, "FRONTDESK_TEST_IDS").and_then(|first| first.parse().ok()).map_or(Self::Random { last: None }, Self::Counted)
    }
}

/// The 74 random bits of a UUIDv7, of which 62 stand behind its variant.
const RANDOM_PART: u128 = (1 << 74) - 1;
const BEHIND_VARIANT: u128 = (1 << 62) - 1;

fn random_part(uuid: Uuid) -> u128 {
    let bits = uuid.as_u128();
    ((bits >> 64) & 0xFFF) << 62 | bits & BEHIND_VARIANT
}

fn with_random_part(milliseconds: u64, random: u128) -> Uuid {
    let before = u16::try_from(random >> 62 & 0xFFF).unwrap_or_default().to_be_bytes();
    let behind = u64::try_from(random & BEHIND_VARIANT).unwrap_or_default().to_be_bytes();
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&before);
    bytes[2..].copy_from_slice(&behind);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::Timestamp;
    use uuid::Uuid;

    use super::Ids;

    #[test]
    fn ids_of_one_moment_grow_and_are_version_7() {
        let at: Timestamp = "2025-12-11T14:13:00.5Z".parse().unwrap();
        let mut ids = Ids::Random { last: None };
        let made: Vec<String> = (0..1000).map(|_| ids.next(at)).collect();
        assert!(made.is_sorted() && made.iter().collect::<HashSet<_>>().len() == 1000);
        let uuid: Uuid = made[0].parse().unwrap();
        assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, uuid::Variant::RFC4122));
        let (seconds, nanoseconds) = uuid.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds, nanoseconds), (1_765_462_380, 500_000_000));
    }

    #[test]
    fn ids_of_two_runs_at_one_moment_differ() {
        let at: Timestamp = "2025-12-11T14:13:00Z".parse().unwrap();
        let mut runs = [Ids::Random { last: None }, Ids::Random { last: None }];
        let [one, other] = &mut runs;
        assert_ne!(one.next(at), other.next(at));
    }
}
