//! One column on its way into a table.
use interplay_sys as sys;

/// The type of a column's values. The numbers are those of the C ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Type {
    /// `i64`: ids, categories.
    Int64 = sys::INTERPLAY_INT64,
    /// `i32`: categories.
    Int32 = sys::INTERPLAY_INT32,
    /// `f32`: numbers.
    Float32 = sys::INTERPLAY_FLOAT32,
    /// `f64`: numbers.
    Float64 = sys::INTERPLAY_FLOAT64,
    /// `bool`, a byte each.
    Bool8 = sys::INTERPLAY_BOOL8,
    /// UTF-8.
    String = sys::INTERPLAY_STRING,
}

impl Type {
    /// Every type, in the order of their numbers.
    pub const ALL: [Type; 6] = [Type::Int64, Type::Int32, Type::Float32, Type::Float64, Type::Bool8, Type::String];
}

#[derive(Debug, Clone)]
pub enum Values {
    Int64(Vec<i64>),
    Int32(Vec<i32>),
    Float32(Vec<f32>),
    Float64(Vec<f64>),
    Bool8(Vec<u8>),
    String { bytes: Vec<u8>, offsets: Vec<i64> },
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Values::Int64(values) => values.len(),
            Values::Int32(values) => values.len(),
            Values::Float32(values) => values.len(),
            Values::Float64(values) => values.len(),
            Values::Bool8(values) => values.len(),
            Values::String { offsets, .. } => offsets.len() - 1,
        }
    }
}

mod sealed {
    use super::Values;

    /// Of fixed width, every bit pattern a value.
    pub trait Plain {}

    pub trait Sealed: Sized {
        /// What stands in a null's place.
        fn absent() -> Self;
        fn gathered(values: impl Iterator<Item = Self>) -> Values;
    }
}
pub(crate) use sealed::{Plain, Sealed};

impl Plain for u8 {}

/// What a column can hold: `i64`, `i32`, `f32`, `f64`, `bool`, `&str` and `String`.
pub trait Value: Sealed {}

macro_rules! numbers {
    ($($type:ty => $kind:ident),*) => {$(
        impl Sealed for $type {
            fn absent() -> Self {
                Default::default()
            }
            fn gathered(values: impl Iterator<Item = Self>) -> Values {
                Values::$kind(values.collect())
            }
        }
        impl Value for $type {}
        impl Plain for $type {}
        impl crate::table::Number for $type {
            const TYPE: Type = Type::$kind;
        }
    )*};
}
numbers!(i64 => Int64, i32 => Int32, f32 => Float32, f64 => Float64);

impl Sealed for bool {
    fn absent() -> Self {
        false
    }
    fn gathered(values: impl Iterator<Item = Self>) -> Values {
        Values::Bool8(values.map(u8::from).collect())
    }
}
impl Value for bool {}

macro_rules! strings {
    ($($type:ty),*) => {$(
        impl Sealed for $type {
            fn absent() -> Self {
                Default::default()
            }
            fn gathered(values: impl Iterator<Item = Self>) -> Values {
                let (mut bytes, mut offsets) = (Vec::new(), vec![0]);
                for value in values {
                    bytes.extend_from_slice(value.as_bytes());
                    offsets.push(bytes.len() as i64);
                }
                Values::String { bytes, offsets }
            }
        }
        impl Value for $type {}
    )*};
}
strings!(&str, String);

/// A column: one value a row, or a list of them, with or without nulls.
#[derive(Debug, Clone)]
pub struct Column {
    pub(crate) values: Values,
    pub(crate) row_offsets: Option<Vec<i64>>,
    pub(crate) valid: Option<Vec<u8>>,
}

impl Column {
    /// One value a row.
    pub fn of<T: Value>(values: impl IntoIterator<Item = T>) -> Self {
        Column { values: T::gathered(values.into_iter()), row_offsets: None, valid: None }
    }

    /// One value a row, or null.
    pub fn nullable<T: Value>(values: impl IntoIterator<Item = Option<T>>) -> Self {
        let mut valid = Vec::new();
        let values = values.into_iter().map(|value| {
            valid.push(u8::from(value.is_some()));
            value.unwrap_or_else(T::absent)
        });
        Column { values: T::gathered(values), row_offsets: None, valid: Some(valid) }
    }

    /// A list a row, or null, which differs from an empty one.
    pub fn lists<T: Value, L: IntoIterator<Item = T>>(rows: impl IntoIterator<Item = Option<L>>) -> Self {
        let (mut all, mut row_offsets, mut valid) = (Vec::new(), vec![0], Vec::new());
        for row in rows {
            valid.push(u8::from(row.is_some()));
            all.extend(row.into_iter().flatten());
            row_offsets.push(all.len() as i64);
        }
        Column { values: T::gathered(all.into_iter()), row_offsets: Some(row_offsets), valid: Some(valid) }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.row_offsets.as_ref().map_or(self.values.len(), |offsets| offsets.len() - 1)
    }
}
