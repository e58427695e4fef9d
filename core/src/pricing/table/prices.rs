use crate::{
    error::{PricingError, excerpt},
    exact::Exact,
    money::{Currency, Derivation, Money, Ratio, Rounded, Rounding, Term},
    pricing::check::check_not_below_zero,
    units::Name,
};
use rust_decimal::Decimal;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

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
    /// The places of the rows, by what they are for.
    sorted: Vec<usize>,
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
            check_not_below_zero("price", &Exact::from(row.price))?;
            if !seen.insert(&row.of) {
                return Err(PricingError::TableRowTwice { row: index, keys: listed(row.of.iter()) });
            }
        }
        let mut by_values: Vec<(usize, &TableRow)> = rows.iter().enumerate().collect();
        by_values.sort_by(|(_, a), (_, b)| a.of.cmp(&b.of));
        let sorted = by_values.into_iter().map(|(place, _)| place).collect();
        Ok(Self { currency, keys, rows, sorted })
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
        let values = self.in_order(asked)?;
        let row = match self.find(&values) {
            Some(row) => row,
            None => return Err(self.no_price(&values)),
        };
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
                return Err(PricingError::TableKeyUnknown { key: excerpt(key), known });
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

    /// The row that has all these values.
    fn find(&self, asked: &[&str]) -> Option<&TableRow> {
        let row_at = |place: &usize| self.rows.get(*place);
        let compared = |row: &TableRow| row.of.iter().map(Name::as_str).cmp(asked.iter().copied());
        let found = self.sorted.binary_search_by(|place| row_at(place).map_or(Ordering::Less, compared)).ok()?;
        self.sorted.get(found).and_then(row_at)
    }

    /// Narrows the rows key by key, so that the first key that fails is known.
    fn no_price(&self, asked: &[&str]) -> PricingError {
        let mut left: Vec<&TableRow> = self.rows.iter().collect();
        for (place, (key, value)) in self.keys.iter().zip(asked).enumerate() {
            let of_key = |row: &&TableRow| row.of.get(place).is_some_and(|own| own.as_str() == *value);
            let matching: Vec<&TableRow> = left.iter().copied().filter(of_key).collect();
            if matching.is_empty() {
                let exist: BTreeSet<&Name> = left.iter().filter_map(|row| row.of.get(place)).collect();
                return PricingError::NoTablePrice {
                    key: key.to_string(),
                    value: excerpt(value),
                    exist: listed(exist.into_iter()),
                };
            }
            left = matching;
        }
        PricingError::BadTable { fault: "it has no keys" } // a row that matches all keys would have been found
    }
}

/// The first names with a comma between them, and how many more there are.
pub(super) fn listed<'a>(mut names: impl ExactSizeIterator<Item = &'a Name>) -> String {
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

    fn asked(values: [&str; 4]) -> [(&'static str, &str); 4] {
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
}
