//! Names that stand for things of their own, as owners do: parsed once for all rows that have one.

use super::{
    cells::each_place,
    words::{each_text, text_at},
};
use arrow_array::{Array, cast::AsArray};
use std::collections::BTreeMap;

/// The names that some rows have, each once, and the place of the name of each row; memory that is used
/// again for other rows.
#[derive(Debug)]
pub(super) struct Names<T> {
    pub(super) list: Vec<T>,
    /// By row; 0 where there is no name.
    pub(super) places: Vec<u32>,
    keys: Vec<Option<usize>>,
    by_key: Vec<Option<Found>>,
    by_text: BTreeMap<String, Found>,
}

/// The place of a name, or the code of what is wrong with it.
type Found = Result<u32, Option<&'static str>>;

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { list: vec![], places: vec![], keys: vec![], by_key: vec![], by_text: BTreeMap::new() }
    }
}

impl<T> Names<T> {
    /// Reads the names of some rows of an array, and tells which rows have none: with the code of what is
    /// wrong with theirs, or without where it is null.
    ///
    /// What no row needs is not parsed: a dictionary may have values that are no names.
    pub(super) fn read(
        &mut self,
        array: &dyn Array,
        is_needed: impl Fn(usize) -> bool,
        parse: impl Fn(&str) -> Result<T, &'static str>,
        mut is_none: impl FnMut(usize, Option<&'static str>),
    ) {
        let Self { list, places, keys, by_key, by_text } = self;
        list.clear();
        places.clear();
        let mut look_up = |text: &str| {
            let name = parse(text).map_err(Some)?;
            list.push(name);
            Ok(u32::try_from(list.len().saturating_sub(1)).unwrap_or(u32::MAX))
        };
        let mut put = |row: usize, found: Found| {
            places.push(found.unwrap_or_default());
            if let Err(code) = found {
                is_none(row, code);
            }
        };
        let Some(dictionary) = array.as_any_dictionary_opt() else {
            by_text.clear();
            let mut row = 0_usize;
            each_text(array, 0..array.len(), |text| {
                let found = match text {
                    _ if !is_needed(row) => Ok(0),
                    None => Err(None),
                    Some(text) => match by_text.get(text) {
                        Some(known) => *known,
                        None => *by_text.entry(text.to_owned()).or_insert_with(|| look_up(text)),
                    },
                };
                put(row, found);
                row = row.saturating_add(1);
            });
            return;
        };
        let values = dictionary.values();
        keys.clear();
        each_place(dictionary.keys(), 0..array.len(), keys, |_, key| key);
        by_key.clear();
        by_key.resize(values.len(), None);
        for (row, key) in keys.iter().copied().enumerate() {
            let cell = key.and_then(|key| Some((key, by_key.get_mut(key)?)));
            put(
                row,
                match cell {
                    _ if !is_needed(row) => Ok(0),
                    None => Err(None),
                    Some((key, cell)) => *cell.get_or_insert_with(|| match text_at(&**values, key) {
                        Some(text) => look_up(&text),
                        None => Err(None),
                    }),
                },
            );
        }
    }
}
