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
    /// Every format, the one for people first.
    const ALL: [Self; 6] = [Self::Table, Self::Plain, Self::Json, Self::JsonLines, Self::Csv, Self::Ids];

    /// What `--format` takes, in the order in which help lists it.
    pub const KEYS: [&'static str; 6] = ["table", "plain", "json", "jsonl", "csv", "ids"];

    /// The format on a command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Plain => "plain",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Ids => "ids",
        }
    }

    /// The format with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// Whether scripts read it: complete unless a page is asked for, and without banners.
    pub fn is_machine(self) -> bool {
        self != Self::Table
    }

    /// Whether errors are one JSON object on standard error, with nothing beside it.
    pub fn has_json_errors(self) -> bool {
        matches!(self, Self::Json | Self::JsonLines)
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn every_key_names_a_format() {
        assert_eq!(Format::KEYS.map(|key| Format::from_key(key).map(Format::key)), Format::KEYS.map(Some));
        assert_eq!(Format::from_key("yaml"), None);
    }
}
