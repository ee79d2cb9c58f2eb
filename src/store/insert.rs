//! Statements that add rows, many at a time: each database has its own quickest way for it.

/// Which rows are added to where. The first column is `id`, by which a row is known that was added.
pub struct Insert {
    pub table: &'static str,
    /// With commas between them.
    pub columns: &'static str,
    /// What becomes of a row that another one is in the way of; empty where that is an error.
    pub on_conflict: &'static str,
}

impl Insert {
    /// The statement for one row, whose values, as many as there are columns, are its parameters.
    pub fn one_row(&self, values: usize) -> String {
        let Self { table, columns, on_conflict } = self;
        let parameters: Vec<String> = (1..=values).map(|number| format!("${number}")).collect();
        format!("INSERT INTO {table} ({columns}) VALUES ({}) {on_conflict}", parameters.join(", "))
    }
}
