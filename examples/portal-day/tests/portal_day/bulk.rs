//! A month in bulk: against the scalar engine, Parquet against CSV, one thread against four, and what goes wrong.

use crate::portal::{Portal, Record, cents, records};
use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{
        ArrowDictionaryKeyType, Date32Type, Decimal64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, Field, Schema};
use counterfoil::{
    metering::{ChargeMode, History, Kind, QuotaCharge, Span, Spec},
    money::{Money, Rounding},
    pricing::RateCard,
    statement::{ChargedReading, Month, StatementStatus, daily},
    time::{BillingDay, Instant, Period, Zone},
    units::{Quantity, Unit},
    wallet::{Owner, OwnerKind},
};
use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    thread,
    time::Duration,
};

const ROWS: &str = "5000";
/// Of a million: about a hundred of them.
const FAULTS: &str = "20000";
const RATES: &str = include_str!("../../sample/rates.toml");
/// Smaller than the rows, so that there are several groups and batches.
const ROW_GROUP: &str = "700";

/// The rows in a file of this format, in a folder of its own.
fn generated(portal: &Portal, name: &str) -> PathBuf {
    fs::create_dir_all(portal.out()).unwrap();
    let path = portal.out().join(name);
    let made = ["bulk", "--generate", path.to_str().unwrap(), "--rows", ROWS, "--faults", FAULTS];
    let ran = portal.run(&[&made[..], &["--row-group", ROW_GROUP]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    path
}

/// Rates a file, and gives the folder.
fn rated(file: &Path, more: &[&str]) -> Portal {
    let portal = Portal::new();
    let ran = portal.run(&[&["--bulk", file.to_str().unwrap(), "--row-group", ROW_GROUP], more].concat());
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
    portal
}

/// The rows of a Parquet file as text; a null is no cell.
fn rows(path: &Path) -> Vec<Record> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            let cells = schema.fields().iter().zip(batch.columns());
            let cells = cells.filter(|(_, column)| column.is_valid(row));
            rows.push(cells.map(|(field, column)| (field.name().clone(), text(column, row))).collect());
        }
    }
    rows
}

fn text(column: &dyn Array, row: usize) -> String {
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Dictionary(keys, _) => match **keys {
            DataType::Int8 => word::<Int8Type>(column, row),
            DataType::Int16 => word::<Int16Type>(column, row),
            _ => word::<Int32Type>(column, row),
        },
        DataType::Timestamp(..) => {
            Instant::from_micros(column.as_primitive::<TimestampMicrosecondType>().value(row)).unwrap().to_string()
        }
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).to_string(),
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Date32 => column.as_primitive::<Date32Type>().value(row).to_string(),
        DataType::Decimal64(..) => column.as_primitive::<Decimal64Type>().value_as_string(row),
        DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        other => panic!("{other}"),
    }
}

fn word<K: ArrowDictionaryKeyType>(column: &dyn Array, row: usize) -> String {
    let words = column.as_dictionary::<K>();
    words.values().as_string::<i32>().value(words.key(row).unwrap()).to_owned()
}

/// What the scalar engine says of a row of the CSV file: none if it did not live that day.
fn scalar(row: &Record, card: &RateCard, days: &[BillingDay]) -> Result<Option<ChargedReading>, String> {
    let fault = |error: &dyn std::fmt::Display| error.to_string();
    let instant = |column: &str| row[column].parse::<Instant>().map_err(|error| fault(&error));
    let window = Period::new(instant("window_start")?, instant("window_end")?).map_err(|error| fault(&error))?;
    let day = days.iter().find(|day| day.period() == window).ok_or("no day of the month")?;
    let end = if row["end"].is_empty() { None } else { Some(instant("end")?) };
    let mut spec = Spec::new([]).unwrap();
    for (column, cell) in row.iter().filter(|(column, cell)| column.contains(':') && !cell.is_empty()) {
        let (part, unit) = column.split_once(':').unwrap();
        let unit: Unit = unit.parse().unwrap();
        let quantity = Quantity::parse(cell, unit).map_err(|error| fault(&error))?;
        spec = spec.with(part.parse().unwrap(), quantity).map_err(|error| fault(&error))?;
    }
    let kind: Kind = row["kind"].parse().unwrap();
    if !card.entries().iter().any(|entry| entry.kind == kind) {
        return Err("no such kind".to_owned());
    }
    let mode: ChargeMode = row["mode"].parse().unwrap();
    let span = Span::new(instant("start")?, end, spec, mode);
    let history = History::new([span]).map_err(|error| fault(&error))?;
    let Some(usage) = history.usage_under(window, QuotaCharge::Free).map_err(|error| fault(&error))? else {
        return Ok(None);
    };
    let tariff = card.tariff(&kind, day.period().start()).map_err(|error| fault(&error))?;
    let rated = tariff.rate(&usage, Rounding::PORTAL).map_err(|error| fault(&error))?;
    let (owner_kind, owner) = row["owner"].split_once(':').unwrap();
    Ok(Some(ChargedReading {
        owner: Owner::new(owner_kind.parse::<OwnerKind>().unwrap(), owner),
        unit: row["unit"].parse().unwrap(),
        kind,
        original: Money::new(rated.original(), card.currency()),
        payable: Money::new(rated.payable(), card.currency()),
        reading: counterfoil::metering::ReadingId {
            resource: format!("resource-{}", row["resource"]).parse().unwrap(),
            window,
        },
    }))
}

#[test]
fn it_is_what_the_scalar_engine_says_cent_for_cent() {
    let files = Portal::new();
    let csv = generated(&files, "usage.csv");
    let parquet = generated(&files, "usage.parquet");
    let portal = rated(&parquet, &[]);
    let rated = rows(&portal.out().join("rated.parquet"));
    let usage = records(&csv);
    assert_eq!((rated.len(), usage.len()), (5_000, 5_000));

    let card = RateCard::from_toml(RATES).unwrap();
    let month: Month = "2024-03".parse().unwrap();
    let days: Vec<_> = BillingDay::days(month.first()..=month.last(), Zone::UTC).unwrap().collect();
    let mut readings: BTreeMap<Period, Vec<ChargedReading>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, (row, rated)) in usage.iter().zip(&rated).enumerate() {
        let expected = scalar(row, &card, &days);
        let is_repeated = matches!(&expected, Ok(Some(reading)) if !seen.insert(reading.reading.clone()));
        let state = match &expected {
            Ok(Some(_)) if !is_repeated => "rated",
            Ok(None) => "absent",
            _ => "faulty",
        };
        *states.entry(state).or_default() += 1;
        assert_eq!(rated["state"], state, "row {number}: {row:?}, {expected:?}, {rated:?}");
        assert_eq!(rated.contains_key("code"), state == "faulty", "row {number}");
        match (state, expected) {
            ("rated", Ok(Some(reading))) => {
                assert_eq!(rated["original"], reading.original.amount().to_string(), "row {number}");
                assert_eq!(rated["payable"], reading.payable.amount().to_string(), "row {number}");
                readings.entry(reading.reading.window).or_default().push(reading);
            }
            _ => assert!(!rated.contains_key("payable") && !rated.contains_key("micros"), "row {number}: {rated:?}"),
        }
    }
    assert!(states["faulty"] > 50 && states["absent"] > 50 && states["rated"] > 4_000, "{states:?}");

    let mut expected = Vec::new();
    for day in &days {
        for statement in daily(*day, readings.remove(&day.period()).unwrap_or_default()).unwrap() {
            let status = if statement.status() == StatementStatus::Paid { "paid" } else { "unpaid" };
            expected.push([
                statement.key().to_string(),
                statement.lines().len().to_string(),
                statement.original().amount().to_string(),
                statement.payable().amount().to_string(),
                status.to_owned(),
            ]);
        }
    }
    let stated = rows(&portal.out().join("statements.parquet"));
    let columns = ["statement", "lines", "original", "payable", "status"];
    let stated: Vec<_> = stated.iter().map(|row| columns.map(|column| row[column].clone())).collect();
    assert_eq!(stated, expected);
    let days: BTreeSet<_> =
        rows(&portal.out().join("statements.parquet")).iter().map(|row| row["day"].clone()).collect();
    let first: i32 = 19_783; // 2024-03-01
    assert_eq!(days.len(), 31);
    assert!(days.contains(&first.to_string()) && days.contains(&(first + 30).to_string()));
}

#[test]
fn parquet_csv_and_generated_rows_and_any_threads_are_the_same_to_the_byte() {
    let files = Portal::new();
    let (parquet, csv) = (generated(&files, "usage.parquet"), generated(&files, "usage.csv"));
    let reference = rated(&parquet, &["--threads", "1"]);
    let four = rated(&parquet, &["--threads", "4"]);
    for name in ["rated.parquet", "statements.parquet", "faults.csv"] {
        let bytes = |portal: &Portal| fs::read(portal.out().join(name)).unwrap();
        assert!(bytes(&reference) == bytes(&four), "{name}");
    }
    let generated = rated(Path::new("generated"), &["--rows", ROWS, "--faults", FAULTS, "--json"]);
    let of_csv = rated(&csv, &["--threads", "2"]);
    for other in [&generated, &of_csv] {
        for name in ["rated.parquet", "statements.parquet"] {
            assert!(rows(&reference.out().join(name)) == rows(&other.out().join(name)), "{name}");
        }
    }
    // A column of CSV has six digits after the point, and so has a quantity that a message names: `-2.000000`.
    let faults = |portal: &Portal| -> Vec<Record> {
        let mut faults = portal.table("faults.csv");
        for fault in faults.iter_mut().filter(|fault| fault["code"] == "units.negative") {
            let message = &fault["message"];
            let message = message.strip_suffix(".000000`").or(message.strip_suffix("0000`")).unwrap_or(message);
            let message = message.trim_end_matches('`').to_owned();
            fault.insert("message".to_owned(), message);
        }
        faults
    };
    assert_eq!(reference.table("faults.csv"), generated.table("faults.csv"));
    assert_eq!(faults(&reference), faults(&of_csv));
}

#[test]
fn the_summary_reconciles_and_names_every_fault() {
    let portal = Portal::new();
    let ran = portal.run(&["--bulk", "--rows", ROWS, "--faults", FAULTS, "--json", "--listed", "10"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let summary = ran.json();
    let number = |value: &serde_json::Value| value.as_u64().unwrap();
    let of = |state: &str| number(&summary["rows"][state]);
    assert_eq!(of("rows"), 5_000);
    assert_eq!(of("rated") + of("absent") + of("faulty"), 5_000);
    assert_eq!(summary["reconciled"], true);
    let rated = rows(&portal.out().join("rated.parquet"));
    let sum = |column: &str| -> i128 { rated.iter().filter_map(|row| row.get(column)).map(|text| cents(text)).sum() };
    assert_eq!(cents(summary["original"].as_str().unwrap()), sum("original"));
    assert_eq!(cents(summary["payable"].as_str().unwrap()), sum("payable"));
    let faults = summary["faults"].as_object().unwrap();
    let codes: Vec<&str> = faults.keys().map(String::as_str).collect();
    let expected = [
        "arrow.no_tariff",
        "arrow.null_in_column",
        "input.not_a_day",
        "metering.reversed_span",
        "pricing.no_rate",
        "statement.repeated_reading",
        "units.negative",
    ];
    assert_eq!(codes, expected);
    assert_eq!(faults.values().map(|fault| number(&fault["rows"])).sum::<u64>(), of("faulty"));
    for (code, fault) in faults {
        let first = rated.iter().position(|row| row.get("code") == Some(code)).unwrap();
        assert_eq!(number(&fault["first_row"]), u64::try_from(first).unwrap(), "{code}");
        assert!(!fault["message"].as_str().unwrap().is_empty(), "{code}");
    }
    let listed = portal.table("faults.csv");
    assert_eq!(listed.len(), 10);
    assert!(listed.iter().all(|row| !row["message"].is_empty() && rated[row["row"].parse::<usize>().unwrap()]["code"] == row["code"]));
    if cfg!(target_os = "linux") {
        assert!(number(&summary["peak_memory_bytes"]) > 1 << 20);
    }

    let sound = Portal::new().done(&["bulk", "--rows", "500", "--faults", "0"]);
    assert!(sound.stdout.contains("0 faulty"), "{}", sound.stdout);
    let none = Portal::new().done(&["bulk", "--rows", "0", "--json"]).json();
    assert_eq!((number(&none["rows"]["rows"]), number(&none["statements"])), (0, 0));
}

#[test]
fn a_wrong_schema_is_refused_with_the_name_of_the_column() {
    let files = Portal::new();
    let good = generated(&files, "usage.parquet");
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&good).unwrap()).unwrap();
    let schema = reader.schema().clone();
    let change = |column: &str, to: Option<Field>| {
        let fields = schema.fields().iter().filter_map(|field| match field.name() == column {
            true => to.clone().map(Arc::new),
            false => Some(field.clone()),
        });
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    };
    let float = Field::new("cpu:core", DataType::Float64, true);
    let cases = [
        (change("owner", None), "arrow.missing_column", "owner"),
        (change("window_end", None), "arrow.missing_column", "window_end"),
        (change("cpu:core", Some(float)), "arrow.float_column", "cpu:core"),
        (change("mode", Some(Field::new("mode", DataType::Float64, true))), "arrow.column_type", "mode"),
        (change("resource", Some(Field::new("resource", DataType::Utf8, true))), "arrow.column_type", "resource"),
        (change("cpu:core", Some(Field::new("cpu", DataType::Int64, true))), "input.unknown_column", "cpu"),
    ];
    for (schema, code, column) in cases {
        let path = files.out().join("wrong.parquet");
        let writer = ArrowWriter::try_new(File::create(&path).unwrap(), schema.clone(), None).unwrap();
        let mut writer = writer;
        writer.write(&RecordBatch::new_empty(schema)).unwrap();
        writer.close().unwrap();
        let portal = Portal::new();
        let ran = portal.run(&["--bulk", path.to_str().unwrap()]);
        assert_eq!(ran.code, Some(4), "{code}: {}", ran.stderr);
        assert!(ran.stderr.contains(code) && ran.stderr.contains(&format!("`{column}`")), "{}", ran.stderr);
        assert!(!portal.out().exists(), "{code}");
    }
    let csv = files.out().join("wrong.csv");
    fs::write(&csv, "resource,owner\n1,user:ada\n").unwrap();
    let ran = Portal::new().run(&["--bulk", csv.to_str().unwrap()]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.stderr.contains("`start`"), "{}", ran.stderr);
    for broken in ["wrong.parquet", "usage.txt", "none.csv"] {
        fs::write(files.out().join("wrong.parquet"), "PAR1 it is not").unwrap();
        let ran = Portal::new().run(&["--bulk", files.out().join(broken).to_str().unwrap()]);
        assert_eq!(ran.code, Some(4), "{broken}: {}", ran.stderr);
    }
}

#[test]
fn a_cell_that_can_not_be_read_is_a_fault_of_its_row() {
    let files = Portal::new();
    fs::create_dir_all(files.out()).unwrap();
    let path = files.out().join("usage.csv");
    let day = "2024-03-05T00:00:00Z,2024-03-06T00:00:00Z";
    let row = |resource: &str, owner: &str, start: &str, cores: &str| {
        format!("{resource},{owner},vm,server,post_paid,{day},{start},,{cores}\n")
    };
    let old = "2024-01-01T00:00:00Z";
    let text =
        ["resource,owner,unit,kind,mode,window_start,window_end,start,end,cpu:core\n".to_owned()].into_iter().chain([
            row("1", "user:ada", old, "2"),
            row("x", "user:ada", old, "2"),
            row("2", "ada", old, "2"),
            row("3", "user:ada", "yesterday", "2"),
            row("4", "user:ada", old, "2e3"),
            row("5", "user:ada", old, "0.5"),
            row("", "user:ada", old, "2"),
        ]);
    fs::write(&path, text.collect::<String>()).unwrap();
    let portal = rated(&path, &[]);
    let rated = rows(&portal.out().join("rated.parquet"));
    let found: Vec<&str> = rated.iter().map(|row| row.get("code").or(row.get("original")).unwrap().as_str()).collect();
    // 24 h × 2 × 0.066, and a quarter of that.
    let bad = "input.bad_cell";
    assert_eq!(found, ["3.17", bad, "input.bad_owner", bad, bad, "0.79", "arrow.null_in_column"]);
    let faults = portal.table("faults.csv");
    assert_eq!(
        faults[0]["message"],
        "line 3, column `resource`: `x` is no number of a resource: write a whole number below 2^32"
    );
    assert!(faults[3]["message"].contains("line 6, column `cpu:core`: `2e3`"), "{faults:?}");
}

#[test]
fn a_row_is_explained_as_it_was_rated() {
    let files = Portal::new();
    let (parquet, csv) = (generated(&files, "usage.parquet"), generated(&files, "usage.csv"));
    let portal = rated(&parquet, &[]);
    let rated = rows(&portal.out().join("rated.parquet"));
    let number = rated.iter().rposition(|row| row.get("payable").is_some_and(|payable| cents(payable) > 100)).unwrap();
    let (row, payable) = (number.to_string(), &rated[number]["payable"]);
    let explained = [
        Portal::new().done(&["--bulk", parquet.to_str().unwrap(), "--explain", &row]).stdout,
        Portal::new().done(&["--bulk", csv.to_str().unwrap(), "--explain", &row]).stdout,
        Portal::new().done(&["--bulk", "--rows", ROWS, "--faults", FAULTS, "--explain", &row]).stdout,
    ];
    for text in &explained {
        assert!(text.contains(payable) && text.contains("computed again from these lines: the same"), "{text}");
    }
    let faulty = rated.iter().position(|row| row.get("code").is_some_and(|code| code == "units.negative")).unwrap();
    let ran = Portal::new().run(&["--bulk", parquet.to_str().unwrap(), "--explain", &faulty.to_string()]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("a quantity may not be negative"), "{}", ran.stdout);
    let beyond = Portal::new().run(&["--bulk", csv.to_str().unwrap(), "--explain", "5000"]);
    assert_eq!(beyond.code, Some(2), "{}", beyond.stdout);
}

#[test]
#[cfg(unix)]
fn stopped_or_killed_it_leaves_no_half_file() {
    let many = ["--bulk", "--rows", "4000000000", "--threads", "2"];
    for (signal, code) in [("-INT", Some(130)), ("-KILL", None)] {
        let portal = Portal::new();
        // A run before it, whose files stay what they are.
        let before = portal.run(&["--bulk", "--rows", "100", "--faults", "0"]);
        assert_eq!(before.code, Some(0), "{}", before.stderr);
        let names = ["rated.parquet", "statements.parquet", "faults.csv"];
        let bytes = |portal: &Portal| names.map(|name| fs::read(portal.out().join(name)).unwrap());
        let kept = bytes(&portal);
        let mut child = portal.command(&many).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let partial = portal.out().join("rated.parquet.partial");
        for _ in 0..600 {
            if partial.exists() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        thread::sleep(Duration::from_millis(500));
        assert!(child.try_wait().unwrap().is_none());
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), code, "{signal}");
        assert!(bytes(&portal) == kept, "{signal}");
        assert_eq!(partial.exists(), signal == "-KILL", "{signal}");
        // And the next run does not mind what was left.
        assert_eq!(portal.run(&["--bulk", "--rows", "100", "--faults", "0"]).code, Some(0));
        assert!(!partial.exists() && bytes(&portal) == kept, "{signal}");
    }
}
