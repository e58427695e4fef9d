//! Price tables as text: what is written in a file, checked line by line.

use super::{PriceTable, TableRow, prices::listed};
use crate::{
    error::{Error, PricingError, excerpt},
    exact::decimal,
    money::Currency,
    pricing::file::{EachOnce, line_at},
    units::Name,
};
use serde::Deserialize;
use toml::Spanned;

impl PriceTable {
    /// Reads a table in TOML. Prices are text, a number is refused.
    ///
    /// ```toml
    /// currency = "CNY"
    /// keys = ["from", "to"]
    ///
    /// [[rows]]
    /// of = { from = "Beijing", to = "Shanghai" }
    /// price = "1200"
    /// label = "BJ-SH"
    /// ```
    ///
    /// # Errors
    /// `pricing.bad_card` with the line, and in its fact `cause` the code of what is wrong there; else
    /// as [`new`](Self::new).
    ///
    /// # Rule
    /// R-P18
    pub fn from_toml(text: &str) -> Result<Self, PricingError> {
        let file: TableFile = toml::from_str(text).map_err(|error| PricingError::BadCard {
            line: error.span().map_or(0, |span| line_at(text, span.start)),
            fault: excerpt(error.message()),
            cause: "toml",
        })?;
        let at_top = |error: Error| bad_line(1, &error);
        let (currency, keys) = file.head().map_err(at_top)?;
        let mut rows = Vec::with_capacity(file.rows.len());
        for row in &file.rows {
            let read = row.get_ref().read(&keys);
            rows.push(read.map_err(|error| bad_line(line_at(text, row.span().start), &error))?);
        }
        Self::new(currency, keys, rows)
    }
}

/// A table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    currency: String,
    keys: Vec<String>,
    rows: Vec<Spanned<RowFile>>,
}

/// A row as it is written; a price that is a number is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowFile {
    of: EachOnce<String>,
    price: String,
    #[serde(default)]
    label: String,
}

impl TableFile {
    fn head(&self) -> Result<(Currency, Vec<Name>), Error> {
        let keys = self.keys.iter().map(|key| key.parse::<Name>()).collect::<Result<_, _>>()?;
        Ok((self.currency.parse()?, keys))
    }
}

impl RowFile {
    fn read(&self, keys: &[Name]) -> Result<TableRow, Error> {
        let of = self.of.in_order(keys)?;
        Ok(TableRow { of, price: decimal::parse(&self.price)?, label: self.label.clone() })
    }
}

/// Keys with their values.
impl EachOnce<String> {
    /// The values in the order of the keys of a table.
    pub(crate) fn in_order(&self, keys: &[Name]) -> Result<Vec<Name>, Error> {
        let known = |key: &str| keys.iter().any(|known| known.as_str() == key);
        if let Some(key) = self.0.keys().find(|key| !known(key)) {
            let known = listed(keys.iter());
            return Err(PricingError::TableKeyUnknown { key: key.clone(), known }.into());
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let missing = || PricingError::TableKeyMissing { key: key.to_string() };
            values.push(self.0.get(key.as_str()).ok_or_else(missing)?.parse::<Name>()?);
        }
        Ok(values)
    }

    /// The keys with their values.
    #[cfg(feature = "wire")]
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }
}

fn bad_line(line: usize, error: &Error) -> PricingError {
    PricingError::BadCard { line, fault: error.to_string(), cause: error.code() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_the_line_of_a_fault() {
        let table = |rows: &str| PriceTable::from_toml(&format!("currency = \"CNY\"\nkeys = [\"a\"]\n{rows}"));
        let row = |of: &str, price: &str| format!("[[rows]]\nof = {{ {of} }}\nprice = {price}\n");
        let good = row("a = \"1\"", "\"1\"");
        assert!(table(&good).is_ok());
        for (rows, line, cause) in [
            (format!("{good}{}", row("b = \"1\"", "\"1\"")), 6, "pricing.table_key_unknown"),
            (row("", "\"1\""), 3, "pricing.table_key_missing"),
            (row("a = \"1\"", "\"1,0\""), 3, "money.not_a_decimal"),
            (row("a = \"1\"", "1.5"), 5, "toml"),
            (row("a = \" \"", "\"1\""), 3, "units.bad_name"),
        ] {
            match table(&rows).unwrap_err() {
                PricingError::BadCard { line: at, cause: why, fault } => {
                    assert_eq!((at, why), (line, cause), "{fault}")
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(table(&format!("{good}{good}")).unwrap_err().code(), "pricing.table_row_twice");
    }
}
