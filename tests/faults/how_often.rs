//! How often each fault is tried: some times with every run of the tests, or as often as is asked for.

/// Whether everything is to be tried, and not only as much as every run of the tests has time for.
pub fn is_full() -> bool {
    std::env::var_os("FRONTDESK_FAULTS").is_some_and(|how| how == "full")
}

/// Where random numbers begin: `FRONTDESK_FAULTS_SEED`, or the same in every run. It is printed with whatever was tried.
pub fn seed() -> u64 {
    std::env::var("FRONTDESK_FAULTS_SEED").map_or(1, |seed| seed.parse().expect("FRONTDESK_FAULTS_SEED is a whole number"))
}
