//! Records that are not as they should be. Of each damage only the first few records are kept by name,
//! however many there are.

/// So many records are told of each damage.
pub const MOST_TOLD: usize = 20;

/// One thing that is wrong, and with which records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong, after “it”: `its sort key is not that of its names`.
    pub what: &'static str,
    /// The ids of the first records.
    pub ids: Vec<String>,
    /// How many there are, those included.
    pub count: u64,
}

/// What is wrong with the records of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damages {
    /// How many records were read.
    pub read: u64,
    pub found: Vec<Damage>,
}

impl Damages {
    /// Notes that a record is damaged.
    pub fn add(&mut self, what: &'static str, id: String) {
        let known = self.found.iter_mut().find(|damage| damage.what == what);
        let Some(damage) = known else {
            self.found.push(Damage { what, ids: vec![id], count: 1 });
            return;
        };
        damage.count += 1;
        if damage.ids.len() < MOST_TOLD {
            damage.ids.push(id);
        }
    }

    /// How many damages there are in all.
    pub fn count(&self) -> u64 {
        self.found.iter().map(|damage| damage.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Damages;

    #[test]
    fn the_first_twenty_of_each_damage_are_kept_and_the_rest_is_counted() {
        let mut damages = Damages::default();
        for number in 0..25 {
            damages.add("its name is wrong", number.to_string());
        }
        damages.add("its address is wrong", "7".to_owned());
        let kept: Vec<_> = damages.found.iter().map(|damage| (damage.what, damage.ids.len(), damage.count)).collect();
        assert_eq!(kept, [("its name is wrong", 20, 25), ("its address is wrong", 1, 1)]);
        assert_eq!((damages.found[0].ids[19].as_str(), damages.count()), ("19", 26));
    }
}
