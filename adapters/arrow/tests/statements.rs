//! Statements of batches are those of the single call, whatever the types of the columns and the pieces they come in.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on should stop")]

mod lines;

use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    cast::AsArray,
    types::{Date32Type, Decimal128Type, Int16Type, Int32Type, Int64Type, UInt64Type},
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use counterfoil::{
    metering::{ChargeMode, Kind, Part, QuotaCharge, ReadingId},
    money::Rounding,
    pricing::{
        RateCard,
        bulk::{Rater, RatingTerms, UsageDetail},
    },
    statement::{ChargedReading, Statement, bulk::DailyTerms, daily},
    time::{BillingDay, Zone, parse_date},
    units::Unit,
};
use counterfoil_arrow::{
    BatchError, BatchRater, BatchStatements, Cancel, DaySource, LineColumns, LineCounts, ModeSource, MoneyType,
    Progress, QuantityField, Run, SpanLayout, StateSource, TariffSource, UsageColumns, UsageSchema, WindowSource,
    faults, metadata,
};
use lines::{Form, Line, day, form, good, lines, terms};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    ops::ControlFlow,
};

fn number(value: usize) -> NonZeroUsize {
    NonZeroUsize::new(value).unwrap()
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> &'b ArrayRef {
    batch.column_by_name(name).unwrap()
}

/// The texts of a column of text or of a dictionary of it.
fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = column(batch, name);
    let Some(dictionary) = column.as_any_dictionary_opt() else {
        return column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect();
    };
    let values = dictionary.values().as_string::<i32>();
    let of_row = |row: usize| column.is_valid(row).then(|| values.value(dictionary.normalized_keys()[row]).to_owned());
    (0..column.len()).map(of_row).collect()
}

fn groups(placed: &RecordBatch) -> Vec<Option<u64>> {
    column(placed, "group").as_primitive::<UInt64Type>().iter().collect()
}

/// The sums of a column of either type of money.
fn sums(batch: &RecordBatch, name: &str) -> Vec<Option<i128>> {
    let column = column(batch, name);
    match column.data_type() {
        DataType::Int64 => column.as_primitive::<Int64Type>().iter().map(|sum| sum.map(i128::from)).collect(),
        _ => column.as_primitive::<Decimal128Type>().iter().collect(),
    }
}

/// What the single call states of lines that are taken one by one.
#[derive(Default)]
struct Model {
    seen: BTreeSet<(i64, u32)>,
    days: BTreeMap<i64, Vec<ChargedReading>>,
}

impl Model {
    /// Whether a line is stated; none if it is passed over; or the code of its fault.
    fn add(&mut self, form: &Form, line: &Line) -> Result<Option<()>, &'static str> {
        let Some(reading) = line.expected(form)? else { return Ok(None) };
        let day = reading.reading.window.start().micros();
        if form.numbers_resources && !self.seen.insert((day, line.resource.unwrap())) {
            return Err("statement.repeated_reading");
        }
        // The single call tells readings apart by their names.
        let names = self.days.entry(day).or_default();
        let resource = format!("r-{}", names.len()).parse().unwrap();
        names.push(ChargedReading { reading: ReadingId { resource, ..reading.reading }, ..reading });
        Ok(Some(()))
    }

    fn statements(&self) -> Vec<Statement> {
        let of = |start: &i64| terms().days.into_iter().find(|day| day.period().start().micros() == *start).unwrap();
        self.days.iter().flat_map(|(start, readings)| daily(of(start), readings.iter().cloned()).unwrap()).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn statements_are_those_of_the_single_call(
        (form, lines) in form().prop_flat_map(|form| (Just(form), prop::collection::vec(lines(), 0..40))),
        chunk in 1..45_usize,
        cut in 0..40_usize,
    ) {
        let (mut model, mut statements) = (Model::default(), form.statements());
        let batch = form.batch(&lines);
        prop_assert_eq!(statements.check(&batch.schema()), Ok(()));
        let mut placed = Vec::new();
        let cut = cut.min(lines.len());
        let batches = [batch.slice(0, cut), batch.slice(cut, lines.len() - cut)].map(Ok);
        let run = Run::here().in_chunks_of(number(chunk));
        let counts = statements.add_batches::<BatchError>(batches, |piece| { placed.push(piece); Ok(()) }, run).unwrap();
        prop_assert!(placed.iter().all(|piece| (1..=chunk).contains(&piece.num_rows())));

        let stated = statements.statements(form.money).unwrap();
        let key_of: BTreeMap<u64, String> =
            groups(&stated).into_iter().flatten().zip(texts(&stated, "statement").into_iter().flatten()).collect();
        let went: Vec<Option<u64>> = placed.iter().flat_map(groups).collect();
        let codes: Vec<Option<String>> = placed.iter().flat_map(|piece| texts(piece, "code")).collect();
        prop_assert_eq!(went.len(), lines.len());
        let mut expected_counts = LineCounts::default();
        for (row, line) in lines.iter().enumerate() {
            let expected = model.add(&form, line);
            match &expected {
                Ok(Some(())) => expected_counts.stated += 1,
                Ok(None) => expected_counts.passed_over += 1,
                Err(_) => expected_counts.faulty += 1,
            }
            prop_assert_eq!(codes[row].as_deref(), expected.err(), "row {}: {:?}", row, line);
            prop_assert_eq!(went[row].is_some(), expected == Ok(Some(())));
            let alone = statements.line(&batch, row);
            match expected {
                Err("statement.repeated_reading") => prop_assert!(alone.is_ok()),
                Err(code) => prop_assert_eq!(alone.unwrap_err().code(), code),
                Ok(None) => prop_assert_eq!(alone, Ok(None)),
                Ok(Some(())) => {
                    let reading = alone.unwrap().unwrap();
                    prop_assert!(key_of[&went[row].unwrap()].contains(reading.owner.id()));
                    prop_assert_eq!(reading.payable, line.expected(&form).unwrap().unwrap().payable);
                }
            }
        }
        prop_assert_eq!(counts, expected_counts);
        prop_assert_eq!(counts.rows(), lines.len());

        // The same statements in the same order, to the last digit.
        let expected = model.statements();
        let ids: Vec<String> = expected.iter().map(Statement::id).collect();
        prop_assert_eq!(texts(&stated, "statement").into_iter().flatten().collect::<Vec<_>>(), ids);
        let amounts = |amount: fn(&Statement) -> i128| expected.iter().map(amount).map(Some).collect::<Vec<_>>();
        prop_assert_eq!(sums(&stated, "original"), amounts(|statement| statement.original().amount().mantissa()));
        prop_assert_eq!(sums(&stated, "payable"), amounts(|statement| statement.payable().amount().mantissa()));
        for (row, statement) in expected.iter().enumerate() {
            let key = statement.key();
            prop_assert_eq!(texts(&stated, "owner")[row].clone(), Some(key.owner.to_string()));
            prop_assert_eq!(texts(&stated, "unit")[row].clone(), Some(key.unit.to_string()));
            prop_assert_eq!(texts(&stated, "kind")[row].clone(), Some(key.kind.to_string()));
            prop_assert_eq!(texts(&stated, "currency")[row].clone(), Some("CNY".to_owned()));
            prop_assert_eq!(texts(&stated, "status")[row].clone(), Some(statement.status().name().to_owned()));
            let date = column(&stated, "day").as_primitive::<Date32Type>().value_as_date(row);
            prop_assert_eq!(date, Some(key.date()));
            let count = column(&stated, "lines").as_primitive::<UInt64Type>().value(row);
            prop_assert_eq!(count, statement.lines().len() as u64);
        }

        // In one piece it is the same to the last buffer.
        let mut whole = form.statements();
        let placed_whole = whole.add(&batch).unwrap();
        prop_assert_eq!(whole.statements(form.money).unwrap(), stated);
        prop_assert_eq!(groups(&placed_whole), went);
        prop_assert_eq!(texts(&placed_whole, "code"), codes);
    }
}

/// All rows of one day, with amounts as int64.
fn plain() -> Form {
    Form {
        day: DaySource::All(0),
        has_state: false,
        dictionaries: true,
        scaled_amounts: true,
        numbers_resources: true,
        money: MoneyType::Decimal,
    }
}

#[test]
fn what_a_rater_gives_goes_straight_in() {
    let card = RateCard::from_toml(
        r#"
        revision = "2024-02"
        currency = "CNY"
        rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
        "#,
    );
    let of = day("2024-02-20").period();
    let tariff = card.unwrap().tariff(&Kind::Server, of.start()).unwrap();
    let rating = RatingTerms { rounding: Rounding::PORTAL, quota: QuotaCharge::Free, usage: UsageDetail::None };
    for money in [MoneyType::Decimal, MoneyType::Scaled] {
        let schema = UsageSchema::new(UsageColumns {
            spans: SpanLayout::Flat,
            mode: ModeSource::All(ChargeMode::PostPaid),
            quantities: vec![QuantityField::column("cpu", Part::CPU, Unit::Core)],
            window: WindowSource::Columns,
            tariff: TariffSource::All(0),
            passed: ["window_start", "window_end", "owner", "unit", "kind"].map(str::to_owned).to_vec(),
        });
        let rater = Rater::new(vec![tariff.clone()], rating).unwrap();
        let rater = BatchRater::new(schema.unwrap(), rater, money).unwrap();
        let instants = |micros: Vec<Option<i64>>| -> ArrayRef {
            std::sync::Arc::new(TimestampMicrosecondArray::from(micros).with_timezone("UTC"))
        };
        let words =
            |text: &str| -> ArrayRef { std::sync::Arc::new(DictionaryArray::<Int32Type>::from_iter([text; 4])) };
        let (start, end) = (of.start().micros(), of.end().micros());
        let usage = RecordBatch::try_from_iter([
            // One that is rated, one that has a fault, one that was not there, and one more.
            ("start", instants(vec![Some(start), None, Some(end), Some(start)])),
            ("end", instants(vec![None; 4])),
            ("cpu", std::sync::Arc::new(Int64Array::from(vec![2, 2, 2, 4]))),
            ("window_start", instants(vec![Some(start); 4])),
            ("window_end", instants(vec![Some(end); 4])),
            ("owner", words("group:physics")),
            ("unit", words("vm")),
            ("kind", words("server")),
        ]);
        let rated = rater.rate_batch(&usage.unwrap(), Run::here()).unwrap();
        let columns = LineColumns { day: DaySource::Windows, state: StateSource::Column };
        let mut statements = BatchStatements::new(columns, DailyTerms { resources: 0, ..terms() }).unwrap();
        let placed = statements.add(&rated).unwrap();
        assert_eq!(groups(&placed), [Some(0), None, None, Some(0)]);
        assert_eq!(column(&placed, "code").null_count(), 4);
        let stated = statements.statements(money).unwrap();
        assert_eq!(sums(&stated, "payable"), [Some(317 + 634)]);
        let field = stated.schema().field_with_name("payable").unwrap().clone();
        assert_eq!(
            (&field.metadata()[metadata::UNIT], &field.metadata()[metadata::SCALE]),
            (&"CNY".into(), &"2".into())
        );
        assert_eq!(
            *field.data_type(),
            if money == MoneyType::Scaled { DataType::Int64 } else { DataType::Decimal128(38, 2) }
        );
    }
}

#[test]
fn a_wrong_schema_names_its_column_and_adds_nothing() {
    let mut statements =
        BatchStatements::new(LineColumns { day: DaySource::Windows, state: StateSource::Column }, terms()).unwrap();
    let schema = statements.schema();
    assert_eq!(statements.check(&schema), Ok(()));
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let expected = ["state", "window_start", "window_end", "owner", "unit", "kind", "resource", "original", "payable"];
    assert_eq!(names, expected);
    let changed = |change: &dyn Fn(&mut Vec<Field>)| {
        let mut fields: Vec<Field> = schema.fields().iter().map(|field| (**field).clone()).collect();
        change(&mut fields);
        Schema::new(fields)
    };
    let retyped = |name: &str, found: &DataType, about: &[(&str, &str)]| {
        let about: Vec<(String, String)> = about.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        changed(&|fields| {
            for field in fields.iter_mut().filter(|field| field.name() == name) {
                *field = Field::new(name, found.clone(), true).with_metadata(about.iter().cloned().collect());
            }
        })
    };
    let refused = |schema: &Schema| {
        let error = statements.check(schema).unwrap_err();
        (error.code(), error.details()[0].1.clone())
    };
    for name in expected {
        let without = changed(&|fields| fields.retain(|field| field.name() != name));
        assert_eq!(refused(&without), ("arrow.missing_column", name.into()));
        let twice = changed(&|fields| fields.extend(fields.iter().find(|field| field.name() == name).cloned()));
        assert_eq!(refused(&twice), ("arrow.repeated_column", name.into()));
        let other = retyped(name, &DataType::Boolean, &[]);
        assert_eq!(refused(&other), ("arrow.column_type", name.into()));
    }
    for name in ["original", "payable"] {
        for float in [DataType::Float16, DataType::Float32, DataType::Float64] {
            assert_eq!(refused(&retyped(name, &float, &[])), ("arrow.float_column", name.into()));
        }
        let of_scale = |scale| retyped(name, &DataType::Decimal128(38, scale), &[]);
        assert_eq!(statements.check(&of_scale(2)), Ok(()));
        for scale in [-2, 0, 3] {
            assert_eq!(refused(&of_scale(scale)), ("arrow.column_scale", name.into()));
        }
        for number in
            [DataType::Int64, DataType::UInt64, DataType::Int8, DataType::Decimal64(18, 2), DataType::Decimal32(9, 2)]
        {
            let about = [(metadata::UNIT, "CNY"), (metadata::SCALE, "2")];
            assert_eq!(statements.check(&retyped(name, &number, &about)), Ok(()));
            assert_eq!(statements.check(&retyped(name, &number, &[])), Ok(()));
        }
        let scaled = |key, value| retyped(name, &DataType::Int64, &[(key, value)]);
        for (key, value) in [(metadata::UNIT, "EUR"), (metadata::SCALE, "4"), (metadata::SCALE, "x")] {
            assert_eq!(refused(&scaled(key, value)), ("arrow.column_metadata", name.into()));
        }
    }
    for naive in
        [DataType::Timestamp(TimeUnit::Microsecond, None), DataType::Timestamp(TimeUnit::Second, Some("UTC".into()))]
    {
        assert_eq!(refused(&retyped("window_end", &naive, &[])), ("arrow.column_type", "window_end".into()));
    }
    // Nothing of the batch is added, and of the one before it all.
    let form = Form { day: DaySource::Windows, has_state: true, ..plain() };
    let (one, wrong) = (form.batch(&[good(1)]), form.batch(&[good(2)]).project(&[0, 1, 2]).unwrap());
    let error = statements.add_batches::<BatchError>([Ok(one), Ok(wrong)], |_| Ok(()), Run::here()).unwrap_err();
    assert_eq!(error.code(), "arrow.missing_column");
    assert_eq!(sums(&statements.statements(MoneyType::Decimal).unwrap(), "payable"), [Some(101)]);
}

#[test]
fn days_that_rows_can_not_tell_apart_are_refused() {
    let in_zone =
        |zone: &str| BillingDay::new(parse_date("2024-02-20").unwrap(), zone.parse::<Zone>().unwrap()).unwrap();
    let new = |day: DaySource, days: Vec<BillingDay>| {
        let columns = LineColumns { day, state: StateSource::All };
        BatchStatements::new(columns, DailyTerms { days, ..terms() }).map(|_| ())
    };
    let (london, utc, shanghai) = (in_zone("Europe/London"), in_zone("UTC"), in_zone("Asia/Shanghai"));
    for (source, days) in [(DaySource::Dates, vec![utc, shanghai]), (DaySource::Windows, vec![utc, shanghai, london])] {
        let error = new(source, days).unwrap_err();
        assert_eq!(error.code(), "arrow.ambiguous_day");
        assert!(error.to_string().starts_with("the days `2024-02-20 UTC` and `2024-02-20 "), "{error}");
    }
    assert_eq!(new(DaySource::Windows, vec![utc, shanghai, utc]), Ok(()));
    assert_eq!(new(DaySource::All(1), vec![utc, shanghai]), Ok(()));
    assert_eq!(new(DaySource::All(2), vec![utc, shanghai]).unwrap_err().code(), "bulk.unknown_id");
    let columns = LineColumns { day: DaySource::Dates, state: StateSource::All };
    let error = BatchStatements::new(columns, DailyTerms { scale: 29, ..terms() }).unwrap_err();
    assert_eq!(error.code(), "bulk.bad_scale");
}

#[test]
fn what_no_row_has_is_not_read() {
    // Values of dictionaries that are no names, and nulls beside rows that are not rated.
    let keys = |keys: [Option<i32>; 3]| Int32Array::from(keys.to_vec());
    let words = |places: [Option<i32>; 3], values: [&str; 2]| -> ArrayRef {
        let values = std::sync::Arc::new(StringArray::from(values.to_vec()));
        std::sync::Arc::new(DictionaryArray::try_new(keys(places), values).unwrap())
    };
    let amounts = || -> ArrayRef { std::sync::Arc::new(Int64Array::from(vec![Some(5), None, None])) };
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("state", words([Some(0), Some(1), Some(1)], ["rated", "absent"]), false),
        ("owner", words([Some(1), Some(0), None], ["nobody", "user:ada"]), true),
        ("unit", words([Some(1), Some(0), None], ["", "vm"]), true),
        ("kind", words([Some(1), Some(0), None], [" ", "server"]), true),
        ("original", amounts(), true),
        ("payable", amounts(), true),
    ]);
    let batch = batch.unwrap();
    let columns = LineColumns { day: DaySource::All(0), state: StateSource::Column };
    let mut statements = BatchStatements::new(columns, DailyTerms { resources: 0, ..terms() }).unwrap();
    let placed = statements.add(&batch).unwrap();
    assert_eq!((groups(&placed), column(&placed, "code").null_count()), (vec![Some(0), None, None], 3));
    assert_eq!(statements.sums().owners().len(), 1);
    assert_eq!(statements.line(&batch, 1), Ok(None));
    assert_eq!(statements.line(&batch, 3).unwrap_err().code(), "bulk.unknown_id");
}

#[test]
fn a_fault_is_told_in_full_and_makes_a_row_of_the_file_of_faults() {
    let form = Form { day: DaySource::Dates, has_state: true, ..plain() };
    let lines = [
        good(0),
        Line { owner: Some("ada"), ..good(1) },
        Line { day: Some("2024-05-01"), ..good(2) },
        Line { state: Some("raetd"), ..good(3) },
        Line { unit: Some(" vm"), ..good(4) },
        Line { resource: Some(9_999), ..good(5) },
        Line { payable: None, ..good(6) },
    ];
    let batch = form.batch(&lines);
    let mut statements = form.statements();
    let placed = statements.add(&batch).unwrap();
    let found = faults(&placed, 100).unwrap();
    let rows = found.column(0).as_primitive::<UInt64Type>();
    assert_eq!(rows.values(), &[101, 102, 103, 104, 105, 106]);
    assert!(found.column(1).as_dictionary_opt::<Int16Type>().is_some());
    let told = |row| statements.line(&batch, row).unwrap_err().to_string();
    assert_eq!(told(1), "`ada` is no owner: write it as `user:ada` or `group:physics`");
    assert_eq!(
        told(2),
        "`2024-05-01` is none of the days that are stated: add the day to the terms, or correct the row"
    );
    assert_eq!(told(3), "`raetd` is no state of a row: write rated, absent or faulty");
    assert!(told(4).contains("` vm`"), "{}", told(4));
    assert_eq!(told(5), "`resource` is 9999, and there are 1000, counted from 0");
    assert_eq!(told(6), "column `payable` is null in this row: fill it in");
    let windows = Form { day: DaySource::Windows, ..form };
    let told = windows.statements().line(&windows.batch(&lines), 2).unwrap_err();
    let BatchError::NoDay { day } = &told else { panic!("{told:?}") };
    assert_eq!(day, "2024-05-01T00:00:00Z..2024-05-02T00:00:00Z");
}

#[test]
fn a_sum_that_its_column_can_not_hold_is_a_fault_of_its_statement_alone() {
    let most = i128::from(i64::MAX);
    let line = |resource, owner, payable| Line { owner: Some(owner), payable: Some(payable), ..good(resource) };
    let form = Form { scaled_amounts: false, ..plain() };
    let batch = form.batch(&[
        line(0, "user:ada", most),
        line(1, "user:ada", 1),
        line(2, "user:bob", most),
        // Beyond what a decimal holds.
        line(3, "user:zoe", (1 << 96) - 1),
        line(4, "user:zoe", (1 << 96) - 1),
        line(5, "user:zoe", 1),
    ]);
    let mut statements = form.statements();
    statements.add(&batch).unwrap();
    let overflow = || Some("money.overflow".to_owned());
    let decimal = statements.statements(MoneyType::Decimal).unwrap();
    assert_eq!(sums(&decimal, "payable"), [Some(most + 1), Some(most), None]);
    assert_eq!(sums(&decimal, "original")[2], None);
    assert_eq!(texts(&decimal, "code"), [None, None, overflow()]);
    assert_eq!(texts(&decimal, "status")[1..], [Some("unpaid".to_owned()), None]);
    let scaled = statements.statements(MoneyType::Scaled).unwrap();
    assert_eq!(sums(&scaled, "payable"), [None, Some(most), None]);
    assert_eq!(texts(&scaled, "code"), [overflow(), None, overflow()]);
}

#[test]
fn progress_is_told_and_a_cancelled_run_has_added_what_it_handed_over() {
    let form = plain();
    let batch = form.batch(&(0..1_000).map(good).collect::<Vec<_>>());
    let mut seen = Vec::new();
    let mut watch = |progress: Progress| {
        seen.push(progress);
        if progress.rows >= 300 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let (mut statements, mut handed) = (form.statements(), 0);
    let run = Run::here().in_chunks_of(number(100)).watched_by(&mut watch);
    let sink = |piece: RecordBatch| {
        handed += piece.num_rows();
        Ok(())
    };
    let error = statements.add_batches::<BatchError>([Ok(batch.clone())], sink, run).unwrap_err();
    assert_eq!((error, handed), (BatchError::Cancelled { rows: 300 }, 300));
    assert_eq!(seen, [100, 200, 300].map(|rows| Progress { rows, of: None }));
    let stated = statements.statements(MoneyType::Decimal).unwrap();
    assert_eq!(column(&stated, "lines").as_primitive::<UInt64Type>().values(), &[300]);

    let (cancel, mut statements) = (Cancel::new(), form.statements());
    cancel.cancel();
    let run = Run::here().cancelled_by(&cancel);
    let error = statements.add_batches::<BatchError>([Ok(batch)], |_| Ok(()), run);
    assert_eq!(error, Err(BatchError::Cancelled { rows: 0 }));
    // Nothing is a batch without rows.
    let empty = statements.statements(MoneyType::Scaled).unwrap();
    assert_eq!((empty.num_rows(), empty.num_columns()), (0, 12));
}
