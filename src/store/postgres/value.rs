//! Values on their way to PostgreSQL.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::store::value::Value;

/// The type that a parameter is sent as. A bare null has none: the query says which by a cast.
pub fn type_of(value: &Value<'_>) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Integer(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(wanted, out),
            // PostgreSQL keeps no text with a NUL in it; nothing that was stored has one, so that a text
            // with this one in its place is found in as many rows: none.
            Self::Text(text) if text.contains('\0') => text.replace('\0', "\u{FFFD}").to_sql(wanted, out),
            Self::Text(text) => text.as_ref().to_sql(wanted, out),
            Self::Bytes(bytes) => bytes.as_ref().to_sql(wanted, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
