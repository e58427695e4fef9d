use super::cells::each_place;
use arrow_array::{Array, cast::AsArray};
use arrow_schema::DataType;
use std::ops::Range;

/// A column of names that stand for something: text, or a dictionary of it.
#[derive(Debug)]
pub(super) struct Words<'b, T> {
    array: &'b dyn Array,
    /// What each value of the dictionary stands for, if it is one.
    table: Option<Vec<Result<T, NoWord>>>,
}

/// A name that stands for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoWord {
    /// There is no name at all.
    Null,
    /// Nobody knows it.
    Unknown,
}

impl<'b, T: Copy> Words<'b, T> {
    /// Each value of a dictionary is looked up once for all its rows.
    pub(super) fn new(array: &'b dyn Array, look_up: impl Fn(&str) -> Option<T>) -> Self {
        let table = array.as_any_dictionary_opt().map(|dictionary| {
            let values = dictionary.values();
            let mut table = Vec::with_capacity(values.len());
            each_text(&**values, 0..values.len(), |text| table.push(known(text, &look_up)));
            table
        });
        Self { array, table }
    }

    /// What the names at some places stand for.
    pub(super) fn at(
        &self,
        places: Range<usize>,
        look_up: impl Fn(&str) -> Option<T>,
        mut each: impl FnMut(Result<T, NoWord>),
    ) {
        match (&self.table, self.array.as_any_dictionary_opt()) {
            (Some(table), Some(dictionary)) => {
                let mut unused = Vec::new();
                each_place(dictionary.keys(), places, &mut unused, |_, key| {
                    each(key.and_then(|key| table.get(key).copied()).unwrap_or(Err(NoWord::Null)));
                });
            }
            _ => each_text(self.array, places, |text| each(known(text, &look_up))),
        }
    }
}

/// The name in a row, if it has one.
pub(super) fn text_at(array: &dyn Array, row: usize) -> Option<String> {
    let mut found = None;
    match array.as_any_dictionary_opt() {
        None => each_text(array, row..row.saturating_add(1), |text| found = text.map(str::to_owned)),
        Some(dictionary) => {
            let mut key = Vec::new();
            each_place(dictionary.keys(), row..row.saturating_add(1), &mut key, |_, key| key);
            let key = key.first().copied().flatten()?;
            let values = dictionary.values();
            if key < values.len() {
                each_text(&**values, key..key.saturating_add(1), |text| found = text.map(str::to_owned));
            }
        }
    }
    found
}

fn known<T>(text: Option<&str>, look_up: impl Fn(&str) -> Option<T>) -> Result<T, NoWord> {
    look_up(text.ok_or(NoWord::Null)?).ok_or(NoWord::Unknown)
}

/// Calls with each text of some places.
pub(super) fn each_text(array: &dyn Array, places: Range<usize>, mut each: impl FnMut(Option<&str>)) {
    let array = array.slice(places.start, places.len());
    match array.data_type() {
        DataType::Utf8 => array.as_string_opt::<i32>().into_iter().flatten().for_each(&mut each),
        DataType::LargeUtf8 => array.as_string_opt::<i64>().into_iter().flatten().for_each(&mut each),
        DataType::Utf8View => array.as_string_view_opt().into_iter().flatten().for_each(&mut each),
        _ => {}
    }
}
