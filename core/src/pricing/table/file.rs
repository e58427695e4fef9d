//! Price tables as text: what is written in a file, checked line by line.

use super::{PriceTable, TableRow, prices::listed};
use crate::{
    error::{Error, PricingError, excerpt},
    exact::{Exact, decimal},
    money::Currency,
    pricing::{
        check::check_not_below_zero,
        file::{EachOnce, line_at},
    },
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
    /// `pricing.bad_table_file` with the line, and in its fact `cause` the code of what is wrong there, or `toml`;
    /// else as [`new`](Self::new).
    ///
    /// # Rule
    /// R-P18
    pub fn from_toml(text: &str) -> Result<Self, PricingError> {
        let file: TableFile = toml::from_str(text).map_err(|error| PricingError::BadTableFile {
            line: error.span().map_or(1, |span| line_at(text, span.start)),
            fault: excerpt(error.message()),
            cause: "toml",
        })?;
        let currency = at_line(text, &file.currency, |currency| Ok(currency.parse::<Currency>()?))?;
        let keys = at_line(text, &file.keys, |keys| {
            Ok(keys.iter().map(|key| key.parse::<Name>()).collect::<Result<Vec<_>, _>>()?)
        })?;
        let rows =
            file.rows.iter().map(|row| at_line(text, row, |row| row.read(&keys))).collect::<Result<Vec<_>, _>>()?;
        Self::new(currency, keys, rows)
    }
}

/// A table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    currency: Spanned<String>,
    keys: Spanned<Vec<String>>,
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

impl RowFile {
    fn read(&self, keys: &[Name]) -> Result<TableRow, Error> {
        let of = self.of.in_order(keys)?;
        let price = decimal::parse(&self.price)?;
        check_not_below_zero("price", &Exact::from(price))?;
        Ok(TableRow { of, price, label: self.label.clone() })
    }
}

/// Keys with their values.
impl EachOnce<String> {
    /// The values in the order of the keys of a table.
    pub(crate) fn in_order(&self, keys: &[Name]) -> Result<Vec<Name>, Error> {
        let known = |key: &str| keys.iter().any(|known| known.as_str() == key);
        if let Some(key) = self.0.keys().find(|key| !known(key)) {
            let known = listed(keys.iter());
            return Err(PricingError::TableKeyUnknown { key: excerpt(key), known }.into());
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

/// What is made of a value; a fault names its line.
fn at_line<T, O>(text: &str, value: &Spanned<T>, make: impl FnOnce(&T) -> Result<O, Error>) -> Result<O, PricingError> {
    make(value.get_ref()).map_err(|error| PricingError::BadTableFile {
        line: line_at(text, value.span().start),
        fault: error.to_string(),
        cause: error.code(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(read: Result<PriceTable, PricingError>) -> (usize, &'static str) {
        match read.unwrap_err() {
            PricingError::BadTableFile { line, cause, .. } => (line, cause),
            other => panic!("{other:?}"),
        }
    }

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
            (format!("{good}{}", row("a = \"2\"", "\"-1\"")), 6, "pricing.below_zero"),
        ] {
            assert_eq!(fault(table(&rows)), (line, cause), "{rows}");
        }
        for (head, line, cause) in [
            ("\ncurrency = \"yuan\"\nkeys = [\"a\"]", 2, "money.unknown_currency"),
            ("currency = \"CNY\"\n\nkeys = [\"a\", \" \"]", 3, "units.bad_name"),
            ("currency = \"CNY\"", 1, "toml"),
        ] {
            assert_eq!(fault(PriceTable::from_toml(&format!("{head}\nrows = []"))), (line, cause), "{head}");
        }
        let says = PriceTable::from_toml("").unwrap_err().to_string();
        assert!(says.starts_with("line 1 of the price table: "), "{says}");
        assert_eq!(table(&format!("{good}{good}")).unwrap_err().code(), "pricing.table_row_twice");
    }
}
