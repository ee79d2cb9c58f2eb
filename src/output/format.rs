//! The formats that output can take: one for people, the others for scripts.

/// How standard output is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// Tab separated, without a header.
    Plain,
    /// One document, indented.
    Json,
    /// One object a line.
    JsonLines,
    Csv,
    /// One id a line.
    Ids,
}

impl Format {
    /// Whether scripts read it: complete unless a page is asked for, and without banners.
    pub fn is_machine(self) -> bool {
        self != Self::Table
    }

    /// Whether errors are one JSON object on standard error, with nothing beside it.
    pub fn has_json_errors(self) -> bool {
        matches!(self, Self::Json | Self::JsonLines)
    }
}
