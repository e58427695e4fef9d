use super::{columns::QuantitySource, metadata, usage::UsageSchema};
use crate::BatchError;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use counterfoil::pricing::bulk::{Rater, UsageDetail};
use std::sync::Arc;

/// The words of the column `state`, by their keys.
pub(crate) const STATES: [&str; 3] = ["rated", "absent", "faulty"];

/// The type of the keys of the column `code`.
pub(crate) const CODES: DataType = DataType::Int16;

/// As what amounts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyType {
    /// `decimal128(38, scale)`, with the scale of the rounding's step.
    Decimal,
    /// Whole numbers of the rounding's step of a power of ten, as cents: int64, with the scale in the
    /// metadata. An amount that does not fit is `money.overflow`, a fault of its row.
    Scaled,
}

/// What comes out.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) money: MoneyType,
    /// The digits after the point of amounts.
    pub(crate) scale: u32,
    /// Whether the usage of each part is written.
    pub(crate) usage: UsageDetail,
    currency: String,
}

impl Output {
    pub(crate) fn new(rater: &Rater, money: MoneyType) -> Self {
        let terms = rater.terms();
        let currency = rater.tariffs().first().map(|tariff| tariff.currency().to_string()).unwrap_or_default();
        Self { money, scale: terms.rounding.step().scale(), usage: terms.usage, currency }
    }

    /// The schema of what comes out for a schema of what comes in.
    pub(crate) fn schema(&self, usage: &UsageSchema, input: &Schema) -> Result<SchemaRef, BatchError> {
        let places = usage.places(input)?;
        let mut fields: Vec<Arc<Field>> =
            places.passed.iter().filter_map(|place| input.fields().get(*place).cloned()).collect();
        let words = |keys| DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8));
        let money = match self.money {
            MoneyType::Decimal => DataType::Decimal128(38, digits(self.scale)),
            MoneyType::Scaled => DataType::Int64,
        };
        let amount = |name| about(Field::new(name, money.clone(), true), &self.currency, self.scale);
        let time = |name| about(Field::new(name, DataType::Int64, true), "us", 0);
        let mut added = vec![
            Field::new("state", words(DataType::Int8), false),
            time("micros"),
            time("payable_micros"),
            amount("original"),
            amount("payable"),
        ];
        if self.usage == UsageDetail::Parts {
            for (quantity, (_, scale)) in usage.columns().quantities.iter().zip(&places.quantities) {
                let unit = format!("{}*us", quantity.unit.name());
                let scale = if matches!(quantity.source, QuantitySource::All(_)) { 0 } else { *scale };
                for name in [format!("{}_used", quantity.name), format!("{}_payable", quantity.name)] {
                    added.push(about(Field::new(name, DataType::Decimal128(38, digits(scale)), true), &unit, scale));
                }
            }
        }
        added.push(Field::new("code", words(CODES), true));
        for field in added {
            if fields.iter().any(|before| before.name() == field.name()) {
                return Err(BatchError::RepeatedColumn { column: field.name().clone() });
            }
            fields.push(Arc::new(field));
        }
        Ok(Arc::new(Schema::new_with_metadata(fields, input.metadata().clone())))
    }
}

pub(crate) fn about(field: Field, unit: &str, scale: u32) -> Field {
    let unit = (metadata::UNIT.to_owned(), unit.to_owned());
    field.with_metadata([unit, (metadata::SCALE.to_owned(), scale.to_string())].into())
}

/// A scale as Arrow has it; it is 28 at most.
pub(crate) fn digits(scale: u32) -> i8 {
    i8::try_from(scale).unwrap_or(i8::MAX)
}
