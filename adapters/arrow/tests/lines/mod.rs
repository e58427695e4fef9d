//! Charged lines as a slow reader would hold them, the batches they make, and what is right for each alone.

#![allow(clippy::unwrap_used, reason = "a test that can not go on should stop")]

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, StringArray, StringViewArray,
    TimestampMicrosecondArray, UInt32Array, types::Int16Type,
};
use counterfoil::{
    metering::{Kind, ReadingId},
    money::{CNY, Money},
    statement::{ChargedReading, bulk::DailyTerms},
    time::{BillingDay, Zone, parse_date},
    units::Name,
    wallet::{Owner, OwnerKind},
};
use counterfoil_arrow::{BatchStatements, DaySource, LineColumns, MoneyType, StateSource};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::sync::Arc;

pub(crate) const RESOURCES: u32 = 1_000;
const LARGEST: i128 = (1 << 96) - 1;

/// A row that is not a batch yet. None is a null.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) state: Option<&'static str>,
    pub(crate) day: Option<&'static str>,
    pub(crate) owner: Option<&'static str>,
    pub(crate) unit: Option<&'static str>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) resource: Option<u32>,
    pub(crate) original: Option<i128>,
    pub(crate) payable: Option<i128>,
}

/// How lines become a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    pub(crate) day: DaySource,
    pub(crate) has_state: bool,
    pub(crate) dictionaries: bool,
    /// Amounts as int64; otherwise as decimal128.
    pub(crate) scaled_amounts: bool,
    pub(crate) numbers_resources: bool,
    pub(crate) money: MoneyType,
}

pub(crate) fn day(date: &str) -> BillingDay {
    BillingDay::new(parse_date(date).unwrap(), Zone::UTC).unwrap()
}

pub(crate) fn terms() -> DailyTerms {
    let days = ["2024-02-20", "2024-02-21"].map(day).to_vec();
    DailyTerms { days, currency: CNY, scale: 2, resources: RESOURCES as usize }
}

/// A line of ada's, without fault, on the first day.
pub(crate) fn good(resource: u32) -> Line {
    Line {
        state: Some("rated"),
        day: Some("2024-02-20"),
        owner: Some("user:ada"),
        unit: Some("vm"),
        kind: Some("server"),
        resource: Some(resource),
        original: Some(300),
        payable: Some(101),
    }
}

impl Line {
    /// The reading that it is, none if it is passed over; or the code of its fault.
    pub(crate) fn expected(&self, form: &Form) -> Result<Option<ChargedReading>, &'static str> {
        const NULL: &str = "arrow.null_in_column";
        if form.has_state {
            match self.state.ok_or(NULL)? {
                "rated" => {}
                "absent" | "faulty" => return Ok(None),
                _ => return Err("arrow.unknown_state"),
            }
        }
        let date = match form.day {
            DaySource::All(_) => "2024-02-20",
            DaySource::Dates | DaySource::Windows => self.day.ok_or(NULL)?,
        };
        let day = terms().days.into_iter().find(|day| day.date().to_string() == date).ok_or("arrow.no_day")?;
        let owner = match self.owner.ok_or(NULL)?.split_once(':') {
            Some(("user", id)) if !id.is_empty() => Owner::new(OwnerKind::User, id),
            Some(("group", id)) if !id.is_empty() => Owner::new(OwnerKind::Group, id),
            _ => return Err("arrow.bad_owner"),
        };
        let unit: Name = self.unit.ok_or(NULL)?.parse().map_err(|_| "units.bad_name")?;
        let kind: Kind = self.kind.ok_or(NULL)?.parse().map_err(|_| "units.bad_name")?;
        let resource = if form.numbers_resources { self.resource.ok_or(NULL)? } else { 0 };
        let (original, payable) = (self.original.ok_or(NULL)?, self.payable.ok_or(NULL)?);
        // From here on it is the core's.
        if resource >= RESOURCES {
            return Err("bulk.unknown_id");
        }
        if [original, payable].iter().any(|amount| amount.abs() > LARGEST) {
            return Err("money.too_many_digits");
        }
        let money = |amount| Money::new(Decimal::from_i128_with_scale(amount, 2), CNY);
        let (original, payable) = (money(original), money(payable));
        let reading = ReadingId { resource: format!("r-{resource}").parse().unwrap(), window: day.period() };
        Ok(Some(ChargedReading { owner, unit, kind, original, payable, reading }))
    }
}

impl Form {
    pub(crate) fn statements(&self) -> BatchStatements {
        let state = if self.has_state { StateSource::Column } else { StateSource::All };
        let resources = if self.numbers_resources { RESOURCES as usize } else { 0 };
        BatchStatements::new(LineColumns { day: self.day, state }, DailyTerms { resources, ..terms() }).unwrap()
    }

    pub(crate) fn batch(&self, lines: &[Line]) -> RecordBatch {
        let texts = |text: fn(&Line) -> Option<&'static str>, view: bool| -> ArrayRef {
            let texts = lines.iter().map(text);
            match (self.dictionaries, view) {
                (true, _) => Arc::new(texts.collect::<DictionaryArray<Int16Type>>()),
                (false, true) => Arc::new(texts.collect::<StringViewArray>()),
                (false, false) => Arc::new(texts.collect::<StringArray>()),
            }
        };
        let amounts = |amount: fn(&Line) -> Option<i128>| -> ArrayRef {
            let amounts = lines.iter().map(amount);
            match self.scaled_amounts {
                // What does not fit is not asked for with int64.
                true => Arc::new(amounts.map(|amount| Some(i64::try_from(amount?).unwrap())).collect::<Int64Array>()),
                false => Arc::new(amounts.collect::<Decimal128Array>().with_precision_and_scale(38, 2).unwrap()),
            }
        };
        let instants = |end: bool| -> ArrayRef {
            let at = |line: &Line| {
                let period = day(line.day?).period();
                Some(if end { period.end() } else { period.start() }.micros())
            };
            Arc::new(lines.iter().map(at).collect::<TimestampMicrosecondArray>().with_timezone("Asia/Shanghai"))
        };
        let mut columns: Vec<(&str, ArrayRef)> = vec![];
        if self.has_state {
            columns.push(("state", texts(|line| line.state, true)));
        }
        match self.day {
            DaySource::Windows => columns.extend([("window_start", instants(false)), ("window_end", instants(true))]),
            DaySource::Dates => {
                let dates = lines.iter().map(|line| Some(day(line.day?).date().to_epoch_days()));
                columns.push(("day", Arc::new(dates.collect::<Date32Array>())));
            }
            DaySource::All(_) => {}
        }
        columns.push(("payable", amounts(|line| line.payable)));
        columns.push(("original", amounts(|line| line.original)));
        if self.numbers_resources {
            columns.push(("resource", Arc::new(lines.iter().map(|line| line.resource).collect::<UInt32Array>())));
        }
        columns.push(("kind", texts(|line| line.kind, false)));
        columns.push(("unit", texts(|line| line.unit, true)));
        columns.push(("owner", texts(|line| line.owner, false)));
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
            .unwrap()
    }
}

pub(crate) fn form() -> impl Strategy<Value = Form> {
    let day = prop_oneof![Just(DaySource::Dates), Just(DaySource::Windows), Just(DaySource::All(0))];
    let money = prop_oneof![Just(MoneyType::Decimal), Just(MoneyType::Scaled)];
    (day, any::<[bool; 4]>(), money).prop_map(
        |(day, [has_state, dictionaries, scaled_amounts, numbers_resources], money)| Form {
            day,
            has_state,
            dictionaries,
            scaled_amounts,
            numbers_resources,
            money,
        },
    )
}

/// Lines: good ones mostly, and amounts that fit in either type.
pub(crate) fn lines() -> impl Strategy<Value = Line> {
    fn of(good: &'static [&'static str], bad: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
        prop_oneof![
            30 => prop::sample::select(good).prop_map(Some),
            1 => prop::sample::select(bad).prop_map(Some),
            1 => Just(None),
        ]
    }
    let amount = || prop_oneof![20 => (-999..9_999_i128).prop_map(Some), 4 => Just(Some(0)), 1 => Just(None)];
    let resource = prop_oneof![30 => (0..60_u32).prop_map(Some), 1 => Just(Some(RESOURCES)), 1 => Just(None)];
    (
        of(&["rated", "rated", "rated", "absent", "faulty"], &["Rated", ""]),
        of(&["2024-02-20", "2024-02-21"], &["2024-02-22", "1969-01-01"]),
        of(&["user:ada", "group:ada", "user:bob", "user:a:b"], &["ada", "user:", "vo:ada", ""]),
        of(&["vm", "web/eu"], &["", " vm", "v\u{7}m"]),
        of(&["server", "disk", "licence"], &["", "server "]),
        (resource, amount(), amount()),
    )
        .prop_map(|(state, day, owner, unit, kind, (resource, original, payable))| Line {
            state,
            day,
            owner,
            unit,
            kind,
            resource,
            original,
            payable,
        })
}
