//! A batch with a wrong schema is refused with its column's name; a right one is read in every type.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on should stop")]

use arrow_schema::{DataType, Field, Schema, TimeUnit};
use counterfoil::{
    error::{Category, Language},
    metering::{ChargeMode, Part, QuotaCharge},
    money::Rounding,
    pricing::bulk::{Rater, RatingTerms, UsageDetail},
    units::Unit,
};
use counterfoil_arrow::{
    BatchError, BatchRater, ModeSource, MoneyType, QuantityField, QuantitySource, Scale, SpanLayout, TariffSource,
    UsageColumns, UsageSchema, WindowSource, metadata,
};
use std::sync::Arc;

fn columns() -> UsageColumns {
    UsageColumns {
        spans: SpanLayout::Flat,
        mode: ModeSource::Column,
        quantities: vec![
            QuantityField::column("cpu", Part::CPU, Unit::Core),
            QuantityField::scaled("ram", Part::RAM, Unit::GiB, 3),
            QuantityField::all(Part::BASE, Unit::Count, 1),
        ],
        window: WindowSource::Columns,
        tariff: TariffSource::Column,
        passed: vec!["resource".into(), "owner".into()],
    }
}

fn in_lists() -> UsageColumns {
    UsageColumns { spans: SpanLayout::Lists, ..columns() }
}

fn schema(columns: UsageColumns) -> UsageSchema {
    UsageSchema::new(columns).unwrap()
}

fn instant(unit: TimeUnit, zone: Option<&str>) -> DataType {
    DataType::Timestamp(unit, zone.map(Into::into))
}

fn words(key: DataType, value: DataType) -> DataType {
    DataType::Dictionary(Box::new(key), Box::new(value))
}

/// The fields of a schema, or of the spans in its lists, changed.
fn changed(schema: &Schema, in_list: bool, change: impl Fn(&mut Vec<Field>)) -> Schema {
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| (**field).clone()).collect();
    if !in_list {
        change(&mut fields);
        return Schema::new(fields);
    }
    for field in fields.iter_mut().filter(|field| field.name() == "history") {
        let DataType::List(item) = field.data_type() else { continue };
        let DataType::Struct(spans) = item.data_type() else { continue };
        let mut spans: Vec<Field> = spans.iter().map(|field| (**field).clone()).collect();
        change(&mut spans);
        let item = Field::new("item", DataType::Struct(spans.into()), true);
        *field = Field::new("history", DataType::List(Arc::new(item)), true);
    }
    Schema::new(fields)
}

#[test]
fn the_plainest_form_is_fine() {
    for columns in [columns(), in_lists()] {
        let schema = schema(columns);
        assert_eq!(schema.check(&schema.schema()), Ok(()));
    }
    let flat = schema(columns()).schema();
    let names: Vec<&str> = flat.fields().iter().map(|field| field.name().as_str()).collect();
    let expected = ["resource", "owner", "start", "end", "mode", "cpu", "ram", "window_start", "window_end", "tariff"];
    assert_eq!(names, expected);
    assert_eq!(flat.field_with_name("ram").unwrap().data_type(), &DataType::Decimal128(38, 3));
    assert_eq!(flat.field_with_name("ram").unwrap().metadata()[metadata::UNIT], "GiB");
}

#[test]
fn each_column_that_is_missing_is_named() {
    for (columns, in_list, expected) in [
        (
            columns(),
            false,
            &["resource", "owner", "start", "end", "mode", "cpu", "ram", "window_start", "window_end", "tariff"][..],
        ),
        (in_lists(), true, &["start", "end", "mode", "cpu", "ram"][..]),
        (in_lists(), false, &["history", "window_start", "window_end", "tariff", "resource"][..]),
    ] {
        let schema = schema(columns);
        for name in expected {
            let without = changed(&schema.schema(), in_list, |fields| fields.retain(|field| field.name() != name));
            let error = schema.check(&without).unwrap_err();
            let path = if in_list { format!("history.{name}") } else { (*name).to_owned() };
            assert_eq!(error.code(), "arrow.missing_column", "{name}");
            assert_eq!(error.details()[0], ("column", path.clone()));
            assert!(error.to_string().contains(&format!("`{path}`")), "{error}");
            assert!(error.message(Language::Chinese).contains(&format!("`{path}`")), "{error}");
            // It stands there twice.
            let twice = changed(&schema.schema(), in_list, |fields| {
                let again = fields.iter().find(|field| field.name() == name).cloned();
                fields.extend(again);
            });
            assert_eq!(schema.check(&twice), Err(BatchError::RepeatedColumn { column: path }));
        }
    }
}

#[test]
fn each_column_of_a_wrong_type_is_named() {
    let micros = TimeUnit::Microsecond;
    let times = [
        instant(micros, None),
        instant(TimeUnit::Nanosecond, Some("UTC")),
        instant(TimeUnit::Millisecond, Some("UTC")),
        instant(TimeUnit::Second, Some("UTC")),
        DataType::Int64,
        DataType::Utf8,
        DataType::Date32,
    ];
    let numbers = [
        DataType::Utf8,
        DataType::Boolean,
        DataType::Decimal256(38, 0),
        DataType::Decimal128(38, -2),
        DataType::Null,
        words(DataType::Int32, DataType::Int64),
    ];
    let names =
        [DataType::Int32, DataType::Binary, DataType::Boolean, words(DataType::Int32, DataType::Int64), DataType::Int8];
    let places = [DataType::Utf8, DataType::Decimal128(9, 0), DataType::Float32];
    let wrong: Vec<(&str, &[DataType])> = vec![
        ("start", &times),
        ("end", &times),
        ("mode", &names),
        ("cpu", &numbers),
        ("ram", &numbers),
        ("window_start", &times),
        ("window_end", &times),
        ("tariff", &places),
    ];
    for (in_list, columns) in [(false, columns()), (true, in_lists())] {
        let schema = schema(columns);
        for (name, types) in &wrong {
            let of_rows = name.starts_with("window") || *name == "tariff";
            if in_list && of_rows {
                continue;
            }
            for wrong in *types {
                let other = changed(&schema.schema(), in_list, |fields| {
                    for field in fields.iter_mut().filter(|field| field.name() == name) {
                        *field = Field::new(*name, wrong.clone(), true);
                    }
                });
                let error = schema.check(&other).unwrap_err();
                let path = if in_list { format!("history.{name}") } else { (*name).to_owned() };
                let BatchError::ColumnType { column, found, .. } = &error else { panic!("{name} {wrong}: {error:?}") };
                assert_eq!((column, found), (&path, &wrong.to_string()));
                assert_eq!(error.category(), Category::InvalidInput);
            }
        }
    }
    for wrong in [DataType::Utf8, DataType::List(Arc::new(Field::new("item", DataType::Int64, true)))] {
        let schema = schema(in_lists());
        let other = changed(&schema.schema(), false, |fields| {
            for field in fields.iter_mut().filter(|field| field.name() == "history") {
                *field = Field::new("history", wrong.clone(), true);
            }
        });
        assert_eq!(schema.check(&other).unwrap_err().details()[0].1, "history");
    }
    let by_kind = schema(UsageColumns { tariff: TariffSource::ByKind([].into()), ..columns() });
    for wrong in &names {
        let other = changed(&by_kind.schema(), false, |fields| {
            for field in fields.iter_mut().filter(|field| field.name() == "kind") {
                *field = Field::new("kind", wrong.clone(), true);
            }
        });
        assert_eq!(by_kind.check(&other).unwrap_err().details()[0].1, "kind");
    }
}

#[test]
fn a_float_says_what_to_pass_instead() {
    for (in_list, columns, path) in [(false, columns(), "ram"), (true, in_lists(), "history.ram")] {
        let schema = schema(columns);
        for float in [DataType::Float16, DataType::Float32, DataType::Float64] {
            let floats = changed(&schema.schema(), in_list, |fields| {
                for field in fields.iter_mut().filter(|field| field.name() == "ram") {
                    *field = Field::new("ram", float.clone(), true);
                }
            });
            let error = schema.check(&floats).unwrap_err();
            assert_eq!(error, BatchError::FloatColumn { column: path.into(), found: float.to_string() });
            assert!(error.to_string().contains("pass decimal128, or whole numbers and their scale"));
        }
    }
}

#[test]
fn scales_and_metadata_have_to_agree() {
    let schema = schema(columns());
    let with = |name: &str, data_type: DataType, about: &[(&str, &str)]| {
        let about: Vec<(String, String)> = about.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let other = changed(&schema.schema(), false, |fields| {
            for field in fields.iter_mut().filter(|field| field.name() == name) {
                *field = Field::new(name, data_type.clone(), true).with_metadata(about.iter().cloned().collect());
            }
        });
        schema.check(&other).map_err(|error| (error.code(), error.details()[0].1.clone()))
    };
    assert_eq!(with("ram", DataType::Decimal128(38, 3), &[]), Ok(()));
    assert_eq!(with("ram", DataType::Decimal64(18, 3), &[]), Ok(()));
    assert_eq!(with("ram", DataType::UInt16, &[]), Ok(()));
    assert_eq!(with("cpu", DataType::Decimal128(38, 28), &[]), Ok(()));
    assert_eq!(with("ram", DataType::Decimal128(38, 2), &[]), Err(("arrow.column_scale", "ram".into())));
    assert_eq!(with("cpu", DataType::Decimal128(38, 29), &[]), Err(("bulk.bad_scale", "cpu".into())));

    assert_eq!(with("ram", DataType::Int64, &[(metadata::UNIT, "GiB"), (metadata::SCALE, "3")]), Ok(()));
    let refused = Err(("arrow.column_metadata", "ram".to_owned()));
    for (key, value) in [
        (metadata::UNIT, "MiB"),
        (metadata::UNIT, "furlong"),
        (metadata::PART, "cpu"),
        (metadata::PART, ""),
        (metadata::SCALE, "2"),
        (metadata::SCALE, "-1"),
    ] {
        assert_eq!(with("ram", DataType::Int64, &[(key, value)]), refused, "{key} {value}");
    }
}

#[test]
fn quantities_are_read_of_metadata() {
    let about = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect::<std::collections::HashMap<_, _>>()
    };
    let fields = vec![
        Field::new("owner", DataType::Utf8, true),
        Field::new("cpu", DataType::Int64, true).with_metadata(about(&[(metadata::UNIT, "core")])),
        Field::new("cards", DataType::Int32, true).with_metadata(about(&[
            (metadata::UNIT, "card"),
            (metadata::PART, "gpu[A100]"),
            (metadata::SCALE, "3"),
        ])),
    ];
    let cards = QuantityField {
        name: "cards".into(),
        part: "gpu[A100]".parse().unwrap(),
        unit: Unit::Card,
        source: QuantitySource::Column(Scale::Digits(3)),
    };
    let expected = [QuantityField::column("cpu", Part::CPU, Unit::Core), cards];
    assert_eq!(QuantityField::of_schema(&Schema::new(fields.clone())).unwrap(), expected);
    let item = Field::new("item", DataType::Struct(fields.into()), true);
    let lists = Schema::new(vec![Field::new("history", DataType::LargeList(Arc::new(item)), true)]);
    assert_eq!(QuantityField::of_schema(&lists).unwrap(), expected);
}

#[test]
fn columns_of_one_name_are_refused() {
    let refused = |change: &dyn Fn(&mut UsageColumns)| {
        let mut columns = columns();
        change(&mut columns);
        let error = UsageSchema::new(columns).unwrap_err();
        (error.code(), error.details()[0].1.clone())
    };
    assert_eq!(refused(&|columns| columns.quantities[1].name = "cpu".into()), ("arrow.repeated_column", "cpu".into()));
    assert_eq!(refused(&|columns| columns.quantities[1].name = "end".into()), ("arrow.repeated_column", "end".into()));
    assert_eq!(refused(&|columns| columns.quantities[1].part = Part::CPU), ("bulk.repeated_column", "cpu".into()));
    assert_eq!(refused(&|columns| columns.passed.push("owner".into())), ("arrow.repeated_column", "owner".into()));
    let fine = Scale::Digits(29);
    assert_eq!(
        refused(&|columns| columns.quantities[0].source = QuantitySource::Column(fine)),
        ("bulk.bad_scale", "cpu".into())
    );

    // A column that is handed through under the name of a result.
    let terms = RatingTerms { rounding: Rounding::PORTAL, quota: QuotaCharge::Free, usage: UsageDetail::Parts };
    for name in ["state", "payable", "code", "cpu_used", "base_payable"] {
        let schema = schema(UsageColumns { passed: vec![name.into()], ..columns() });
        let rater = BatchRater::new(schema.clone(), Rater::new(vec![], terms).unwrap(), MoneyType::Scaled).unwrap();
        let error = rater.output_schema(&schema.schema()).unwrap_err();
        assert_eq!(error, BatchError::RepeatedColumn { column: name.into() });
    }
    for tariff in [TariffSource::All(0), TariffSource::ByKind([("server".to_owned(), 3)].into())] {
        let schema = schema(UsageColumns { mode: ModeSource::All(ChargeMode::Quota), tariff, ..columns() });
        let error = BatchRater::new(schema, Rater::new(vec![], terms).unwrap(), MoneyType::Scaled).unwrap_err();
        assert_eq!(error.code(), "bulk.unknown_id");
    }
}

#[test]
fn every_error_has_its_code_its_facts_and_two_languages() {
    let text = || "x".to_owned();
    let all = [
        BatchError::MissingColumn { column: text(), expected: "y" },
        BatchError::ColumnType { column: text(), expected: "y", found: text() },
        BatchError::FloatColumn { column: text(), found: text() },
        BatchError::ColumnScale { column: text(), expected: 1, found: 2 },
        BatchError::RepeatedColumn { column: text() },
        BatchError::ColumnMetadata { column: text(), key: "k", found: text(), expected: text() },
        BatchError::NullInColumn { column: text() },
        BatchError::NoTariff { kind: text() },
        BatchError::NoDay { day: text() },
        BatchError::BadOwner { text: text() },
        BatchError::UnknownState { text: text() },
        BatchError::AmbiguousDay { by: "date", first: text(), second: "y".to_owned() },
        BatchError::Cancelled { rows: 3 },
        BatchError::SourceFailed { fault: text() },
        BatchError::WorkerFailed,
        BatchError::NotABatch { fault: text() },
    ];
    assert_eq!(all.clone().map(|error| error.code()), BatchError::CODES);
    for error in all {
        let (english, chinese) = (error.to_string(), error.message(Language::Chinese));
        assert!(!english.ends_with('.') && !chinese.ends_with('。') && english != chinese);
        // The word by which days are named is translated.
        for (fact, value) in error.details().into_iter().filter(|(fact, _)| *fact != "by") {
            assert!(english.contains(&value) && chinese.contains(&value), "{fact} of {}", error.code());
        }
    }
}
