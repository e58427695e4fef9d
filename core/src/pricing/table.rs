use super::file::{Amount, EachOnce, Text, line_at};
use crate::{
    error::{Error, PricingError, excerpt},
    exact::Exact,
    money::{Currency, Derivation, Money, Ratio, Rounded, Rounding, Term},
    units::Name,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Prices by several keys, which match exactly: from, to, routes, bandwidth → a price and a label.
///
/// # Examples
/// ```
/// use counterfoil::money::{Ratio, Rounding};
/// use counterfoil::pricing::PriceTable;
///
/// let table = PriceTable::from_toml(r#"
///     currency = "CNY"
///     keys = ["from", "to", "bandwidth"]
///     rows = [
///         { of = { from = "Beijing", to = "Shanghai", bandwidth = "100M" }, price = "1200", label = "BJ-SH" },
///         { of = { from = "Beijing", to = "Guangzhou", bandwidth = "100M" }, price = "1850", label = "BJ-GZ" },
///     ]
/// "#)?;
/// let asked = [("from", "Beijing"), ("to", "Shanghai"), ("bandwidth", "100M")];
/// let price = table.price(&asked, Some(Ratio::parse("0.85")?), Rounding::PORTAL)?;
/// assert_eq!((price.label(), price.amount().to_string()), ("BJ-SH", "1020.00".to_owned()));
///
/// let asked = [("from", "Beijing"), ("to", "Lhasa"), ("bandwidth", "100M")];
/// let error = table.price(&asked, None, Rounding::PORTAL).unwrap_err();
/// assert_eq!(error.to_string(), "no price where `to` is `Lhasa`: here the table has Guangzhou, Shanghai");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P18
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    currency: Currency,
    keys: Vec<Name>,
    rows: Vec<TableRow>,
}

/// A row of a [`PriceTable`].
///
/// # Rule
/// R-P18
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// What it is for: a value for each key, in the order of the keys.
    pub of: Vec<Name>,
    /// What it costs; zero or more.
    pub price: Decimal,
    /// What it is called.
    pub label: String,
}

/// A price out of a table, after its discount.
///
/// # Rounding
/// Once, after the discount.
///
/// # Rule
/// R-P18
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePrice {
    label: String,
    price: Money,
    amount: Rounded,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("table_price", "table price", "表价");
const PRICE: Term = Term::new("price", "price", "价格");
const DISCOUNT: Term = Term::new("discount", "discount", "折扣");
const DISCOUNTED: Term = Term::new("discounted", "after the discount", "折后价");
const AMOUNT: Term = Term::new("amount", "amount", "金额");

impl PriceTable {
    /// A table of keys and rows.
    ///
    /// # Errors
    /// `pricing.bad_table` without keys, with a key that stands twice, or a row with more or fewer
    /// values than there are keys; `pricing.below_zero`; `pricing.table_row_twice`.
    pub fn new(
        currency: Currency,
        keys: impl IntoIterator<Item = Name>,
        rows: impl IntoIterator<Item = TableRow>,
    ) -> Result<Self, PricingError> {
        let keys: Vec<Name> = keys.into_iter().collect();
        let bad = |fault| Err(PricingError::BadTable { fault });
        if keys.is_empty() {
            return bad("it has no keys");
        }
        if keys.iter().collect::<BTreeSet<_>>().len() != keys.len() {
            return bad("a key stands twice");
        }
        let rows: Vec<TableRow> = rows.into_iter().collect();
        let mut seen = BTreeSet::new();
        for (index, row) in rows.iter().enumerate() {
            if row.of.len() != keys.len() {
                return bad("a row needs one value for each key");
            }
            super::check_not_below_zero("price", &Exact::from(row.price))?;
            if !seen.insert(&row.of) {
                return Err(PricingError::TableRowTwice { row: index, keys: listed(row.of.iter()) });
            }
        }
        Ok(Self { currency, keys, rows })
    }

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
        let file: TableFile<Spanned<RowFile<Text>>> = toml::from_str(text).map_err(|error| PricingError::BadCard {
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

    /// The currency of its prices.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Its keys, in order.
    pub fn keys(&self) -> &[Name] {
        &self.keys
    }

    /// Its rows, in order.
    pub fn rows(&self) -> &[TableRow] {
        &self.rows
    }

    /// The price of a row that matches all keys, after a discount.
    ///
    /// # Rounding
    /// Once, after the discount.
    ///
    /// # Errors
    /// `pricing.table_key_unknown`, `pricing.bad_table` for a key that is asked for twice,
    /// `pricing.table_key_missing`; `pricing.no_table_price` with the first key, in the order of the
    /// table, at which no row is left, and the values that it has there; `money.overflow`.
    ///
    /// # Rule
    /// R-P18
    pub fn price(
        &self,
        asked: &[(&str, &str)],
        discount: Option<Ratio>,
        rounding: Rounding,
    ) -> Result<TablePrice, PricingError> {
        let row = self.find(&self.in_order(asked)?)?;
        let mut derivation = Derivation::new("R-P18", ABOUT);
        let mut amount = derivation.given_of(PRICE, row.label.clone(), Exact::from(row.price));
        if let Some(discount) = discount {
            let discount = derivation.given(DISCOUNT, discount.exact());
            amount = derivation.product(DISCOUNTED, &[&amount, &discount])?;
        }
        let (_, amount) = derivation.round(AMOUNT, &amount, rounding)?;
        let price = Money::new(row.price, self.currency);
        Ok(TablePrice { label: row.label.clone(), price, amount, derivation })
    }

    /// The values that are asked for, in the order of the keys.
    fn in_order<'a>(&self, asked: &[(&str, &'a str)]) -> Result<Vec<&'a str>, PricingError> {
        let mut by_key = BTreeMap::new();
        for (key, value) in asked {
            if !self.keys.iter().any(|known| known.as_str() == *key) {
                let known = listed(self.keys.iter());
                return Err(PricingError::TableKeyUnknown { key: (*key).to_owned(), known });
            }
            if by_key.insert(*key, *value).is_some() {
                return Err(PricingError::BadTable { fault: "a key is asked for twice" });
            }
        }
        let value = |key: &Name| {
            let missing = || PricingError::TableKeyMissing { key: key.to_string() };
            by_key.get(key.as_str()).copied().ok_or_else(missing)
        };
        self.keys.iter().map(value).collect()
    }

    /// Narrows the rows key by key, so that the first key that fails is known.
    fn find(&self, asked: &[&str]) -> Result<&TableRow, PricingError> {
        let mut left: Vec<&TableRow> = self.rows.iter().collect();
        for (place, (key, value)) in self.keys.iter().zip(asked).enumerate() {
            let of_key = |row: &&TableRow| row.of.get(place).is_some_and(|own| own.as_str() == *value);
            let matching: Vec<&TableRow> = left.iter().copied().filter(of_key).collect();
            if matching.is_empty() {
                let exist: BTreeSet<&Name> = left.iter().filter_map(|row| row.of.get(place)).collect();
                return Err(PricingError::NoTablePrice {
                    key: key.to_string(),
                    value: (*value).to_owned(),
                    exist: listed(exist.into_iter()),
                });
            }
            left = matching;
        }
        // All keys match, rows differ, and there is a key: just one is left.
        left.first().copied().ok_or(PricingError::BadTable { fault: "it has no keys" })
    }
}

/// The first names with a comma between them, and how many more there are.
fn listed<'a>(mut names: impl ExactSizeIterator<Item = &'a Name>) -> String {
    const MOST: usize = 5;
    const LONGEST: usize = 60;
    let count = names.len();
    if count == 0 {
        return "nothing".to_owned();
    }
    let (mut text, mut shown) = (String::new(), 0_usize);
    for name in names.by_ref().take(MOST) {
        if shown > 0 && text.chars().count().saturating_add(name.as_str().chars().count()) > LONGEST {
            break;
        }
        if shown > 0 {
            text.push_str(", ");
        }
        text.push_str(&excerpt(name.as_str()));
        shown = shown.saturating_add(1);
    }
    match count.saturating_sub(shown) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

impl TablePrice {
    /// What the row is called.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The price of the row, before the discount.
    pub const fn price(&self) -> Money {
        self.price
    }

    /// What is to be paid.
    pub const fn amount(&self) -> Decimal {
        self.amount.amount()
    }

    /// What is to be paid, with its exact value and the remainder.
    pub const fn rounded(&self) -> &Rounded {
        &self.amount
    }

    /// How it came about.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

fn bad_line(line: usize, error: &Error) -> PricingError {
    PricingError::BadCard { line, fault: error.to_string(), cause: error.code() }
}

/// A table as it is written, of rows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableFile<R> {
    currency: String,
    keys: Vec<String>,
    rows: Vec<R>,
}

/// A row as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowFile<A> {
    of: EachOnce<String>,
    price: A,
    #[serde(default)]
    label: String,
}

impl<R> TableFile<R> {
    fn head(&self) -> Result<(Currency, Vec<Name>), Error> {
        let keys = self.keys.iter().map(|key| key.parse::<Name>()).collect::<Result<_, _>>()?;
        Ok((self.currency.parse()?, keys))
    }

    /// The table; `row` gives what is written of one.
    #[cfg(feature = "wire")]
    pub(crate) fn read<A: Amount>(&self, row: impl Fn(&R) -> &RowFile<A>) -> Result<PriceTable, Error> {
        let (currency, keys) = self.head()?;
        let rows = self.rows.iter().map(|written| row(written).read(&keys)).collect::<Result<Vec<_>, _>>()?;
        Ok(PriceTable::new(currency, keys, rows)?)
    }
}

impl<A: Amount> RowFile<A> {
    fn read(&self, keys: &[Name]) -> Result<TableRow, Error> {
        let known = |key: &&String| keys.iter().any(|known| known.as_str() == key.as_str());
        if let Some(key) = self.of.0.keys().find(|key| !known(key)) {
            let known = listed(keys.iter());
            return Err(PricingError::TableKeyUnknown { key: key.clone(), known }.into());
        }
        let mut of = Vec::with_capacity(keys.len());
        for key in keys {
            let missing = || PricingError::TableKeyMissing { key: key.to_string() };
            of.push(self.of.0.get(key.as_str()).ok_or_else(missing)?.parse::<Name>()?);
        }
        Ok(TableRow { of, price: self.price.read()?, label: self.label.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{exact::decimal, money::CNY};

    /// from, to, routes, bandwidth → price and label
    fn lines() -> PriceTable {
        let row = |of: [&str; 4], price: &str, label: &str| TableRow {
            of: of.map(|value| value.parse().unwrap()).to_vec(),
            price: decimal::parse(price).unwrap(),
            label: label.to_owned(),
        };
        let rows = [
            row(["Beijing", "Shanghai", "1", "100M"], "1200", "BJ-SH 100"),
            row(["Beijing", "Shanghai", "2", "100M"], "2100", "BJ-SH 2×100"),
            row(["Beijing", "Guangzhou", "1", "100M"], "1850", "BJ-GZ 100"),
            row(["Shanghai", "Beijing", "1", "1G"], "9000.005", "SH-BJ 1G"),
        ];
        PriceTable::new(CNY, ["from", "to", "routes", "bandwidth"].map(|key| key.parse().unwrap()), rows).unwrap()
    }

    fn asked<'a>(values: [&'a str; 4]) -> [(&'static str, &'a str); 4] {
        let [from, to, routes, bandwidth] = values;
        // not in the order of the table
        [("bandwidth", bandwidth), ("to", to), ("from", from), ("routes", routes)]
    }

    #[test]
    fn all_keys_match_exactly() {
        // R-P18
        let price = |values, discount: Option<&str>| {
            let discount = discount.map(|ratio| Ratio::parse(ratio).unwrap());
            let price = lines().price(&asked(values), discount, Rounding::PORTAL).unwrap();
            assert_eq!(price.derivation().recompute().unwrap().last(), Some(&Exact::from(price.amount())));
            (price.label().to_owned(), price.amount().to_string())
        };
        assert_eq!(price(["Beijing", "Shanghai", "2", "100M"], None), ("BJ-SH 2×100".into(), "2100.00".into()));
        assert_eq!(price(["Beijing", "Shanghai", "1", "100M"], Some("0.85")), ("BJ-SH 100".into(), "1020.00".into()));
        assert_eq!(price(["Shanghai", "Beijing", "1", "1G"], None).1, "9000.00"); // half-even, once
        assert_eq!(price(["Shanghai", "Beijing", "1", "1G"], Some("0.999")).1, "8991.00"); // 8991.004995
    }

    #[test]
    fn the_first_key_that_fails_is_named_with_what_is_there() {
        // R-P18
        for (values, key, value, exist) in [
            (["Xiamen", "Nowhere", "9", "9M"], "from", "Xiamen", "Beijing, Shanghai"),
            (["Beijing", "Xiamen", "9", "9M"], "to", "Xiamen", "Guangzhou, Shanghai"),
            (["Shanghai", "Shanghai", "1", "1G"], "to", "Shanghai", "Beijing"),
            (["Beijing", "Guangzhou", "2", "100M"], "routes", "2", "1"), // 2 exists, but not here
            (["Beijing", "Shanghai", "1", "100m"], "bandwidth", "100m", "100M"), // exactly
        ] {
            let error = lines().price(&asked(values), None, Rounding::PORTAL).unwrap_err();
            let facts = [("key", key.to_owned()), ("value", value.to_owned()), ("exist", exist.to_owned())];
            assert_eq!((error.code(), error.details()), ("pricing.no_table_price", facts.to_vec()));
        }
    }

    #[test]
    fn what_exists_is_told_in_bounds() {
        let row = |number: usize| TableRow {
            of: vec![format!("{number:04}").parse().unwrap()],
            price: Decimal::ONE,
            label: String::new(),
        };
        let table = PriceTable::new(CNY, ["key".parse().unwrap()], (0..500).map(row)).unwrap();
        let error = table.price(&[("key", "x")], None, Rounding::PORTAL).unwrap_err();
        assert_eq!(error.details()[2].1, "0000, 0001, 0002, 0003, 0004 and 495 more");
        let long = |number: usize| TableRow { of: vec!["x".repeat(100 + number).parse().unwrap()], ..row(0) };
        let table = PriceTable::new(CNY, ["key".parse().unwrap()], (0..5).map(long)).unwrap();
        let error = table.price(&[("key", "x")], None, Rounding::PORTAL).unwrap_err();
        assert!(error.to_string().len() < 250, "{error}");
        let nothing = PriceTable::new(CNY, ["key".parse().unwrap()], []).unwrap();
        let error = nothing.price(&[("key", "x")], None, Rounding::PORTAL).unwrap_err();
        assert_eq!(error.details()[2].1, "nothing");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let names = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<Name>>();
        let row = |of: &[&str], price: &str| TableRow {
            of: names(of),
            price: decimal::parse(price).unwrap(),
            label: String::new(),
        };
        for (keys, rows, code) in [
            (names(&[]), vec![], "pricing.bad_table"),
            (names(&["a", "a"]), vec![], "pricing.bad_table"),
            (names(&["a", "b"]), vec![row(&["1"], "1")], "pricing.bad_table"),
            (names(&["a"]), vec![row(&["1", "2"], "1")], "pricing.bad_table"),
            (names(&["a"]), vec![row(&["1"], "-1")], "pricing.below_zero"),
            (names(&["a"]), vec![row(&["1"], "1"), row(&["1"], "2")], "pricing.table_row_twice"),
        ] {
            assert_eq!(PriceTable::new(CNY, keys, rows).unwrap_err().code(), code);
        }
        let code = |asked: &[(&str, &str)]| lines().price(asked, None, Rounding::PORTAL).unwrap_err().code();
        assert_eq!(code(&[("from", "Beijing")]), "pricing.table_key_missing");
        assert_eq!(code(&[("color", "red")]), "pricing.table_key_unknown");
        assert_eq!(code(&[("from", "Beijing"), ("from", "Beijing")]), "pricing.bad_table");
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
