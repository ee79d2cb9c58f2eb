//! JSON as it leaves the program: the data is exact, and characters that could upset a terminal
//! are written as escapes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::record::Object;
use crate::domain::characters::is_unsafe_to_show;
use crate::error::Result;

/// Writes a document: on one line, or indented by two spaces; a line break follows.
///
/// # Errors
/// The stream cannot be written.
pub fn write(out: &mut dyn Write, document: &impl Serialize, indented: bool) -> Result<()> {
    let written = if indented {
        document.serialize(&mut Serializer::with_formatter(&mut *out, Escaping(PrettyFormatter::new())))
    } else {
        document.serialize(&mut Serializer::with_formatter(&mut *out, Escaping(CompactFormatter)))
    };
    written.map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// A value as one cell of a row: text as it is, absent as nothing, what is nested as compact JSON.
pub fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Puts a value under a key; a dotted key goes into an object under its first part.
pub fn insert(object: &mut Object, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            object.insert(key.to_owned(), value);
        }
        Some((outer, inner)) => {
            if let Value::Object(nested) = object.entry(outer).or_insert_with(|| Value::Object(Object::new())) {
                insert(nested, inner, value);
            }
        }
    }
}

/// Leaves the layout to another formatter, and escapes what must not reach a terminal.
struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, unsafe_character)) = rest.char_indices().find(|(_, character)| is_unsafe_to_show(*character)) {
            let (safe, from_unsafe) = rest.split_at(at);
            writer.write_all(safe.as_bytes())?;
            // Beyond U+FFFF an escape is a pair of surrogates.
            for unit in unsafe_character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = from_unsafe.split_at(unsafe_character.len_utf8()).1;
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::write;

    fn written(document: &Value, indented: bool) -> String {
        let mut out = Vec::new();
        write(&mut out, document, indented).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn unsafe_characters_are_escapes_and_the_data_is_the_same() {
        let document = json!({ "k\u{9B}": "é\u{1B}\n\u{7F}\u{85}\u{202E}\u{2028}\u{FFFE}\u{E0001}x" });
        let text = written(&document, false);
        assert_eq!(text, "{\"k\\u009b\":\"é\\u001b\\n\\u007f\\u0085\\u202e\\u2028\\ufffe\\udb40\\udc01x\"}\n");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), document);
    }

    #[test]
    fn indentation_is_two_spaces() {
        assert_eq!(written(&json!({ "a": [1], "b": [] }), true), "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}\n");
    }
}
