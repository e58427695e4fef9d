//! Parquet files that are put in.

use crate::{ACCOUNTS, Place, call, done};
use arrow_array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray, StringViewArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
};
use parquet::arrow::ArrowWriter;
use std::{fs, sync::Arc};

/// Midnight of 2024-01-01, in seconds.
const NEW_YEAR: i64 = 1_704_067_200;

fn written(place: &Place, columns: &[(&str, ArrayRef)]) -> String {
    let batch = RecordBatch::try_from_iter(columns.iter().cloned()).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    place.file("rows.parquet", bytes)
}

fn texts(cells: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(cells.to_vec()))
}

fn decimals(units: &[i128], scale: i8) -> ArrayRef {
    Arc::new(Decimal128Array::from(units.to_vec()).with_precision_and_scale(38, scale).unwrap())
}

fn store(place: &Place, name: &str) -> String {
    let store = place.path(name);
    done(&["migrate", &store]);
    store
}

#[test]
fn what_was_exported_is_put_in_elsewhere() {
    let place = Place::new();
    let (here, there) = (store(&place, "here.sqlite"), store(&place, "there.sqlite"));
    let many: String = (0..2500).map(|number| format!("user:u{number:04},CNY,-{number}.25,\n")).collect();
    done(&["import", &here, "accounts", &place.file("accounts.csv", format!("{ACCOUNTS}{many}"))]);
    let file = place.path("accounts.parquet");
    done(&["export", &here, "accounts", &file]);
    assert!(done(&["import", &there, "accounts", &file]).contains("2502 put in, 0 were there"));
    assert!(done(&["import", &there, "accounts", &file]).contains("0 put in, 2502 were there"));
    let exported = [here, there].map(|store| {
        let again = place.path("again.parquet");
        done(&["verify", &store]);
        done(&["export", &store, "accounts", &again]);
        fs::read(again).unwrap()
    });
    assert!(exported[0] == exported[1], "as many digits, too");
}

#[test]
fn what_is_exact_is_read_as_it_is() {
    let place = Place::new();
    let store = store(&place, "store.sqlite");
    let instants: [ArrayRef; 3] = [
        Arc::new(TimestampMillisecondArray::from(vec![NEW_YEAR * 1000 + 1]).with_timezone("+08:00")),
        Arc::new(TimestampMicrosecondArray::from(vec![NEW_YEAR * 1_000_000 + 1]).with_timezone("UTC")),
        Arc::new(TimestampNanosecondArray::from(vec![NEW_YEAR * 1_000_000_000 + 1000]).with_timezone("UTC")),
    ];
    let said = ["2024-01-01T00:00:00.001Z", "2024-01-01T00:00:00.000001Z", "2024-01-01T00:00:00.000001Z"];
    for (index, (instant, said)) in instants.into_iter().zip(said).enumerate() {
        let id = format!("C{index}");
        let file = written(
            &place,
            &[
                ("coupon", texts(&[&id])),
                ("currency", Arc::new(StringViewArray::from(vec!["CNY"]))),
                ("face_value", decimals(&[500], 2)),
                ("balance", Arc::new(Int64Array::from(vec![5]))),
                ("status", texts(&["available"])),
                ("effective", instant),
                ("expiration", texts(&["2025-01-01T00:00:00Z"])),
                ("created", texts(&["2024-01-01T00:00:00Z"])),
                ("category", texts(&["server"])),
                ("owner", Arc::new(StringArray::from(vec![None::<&str>]))),
            ],
        );
        assert!(done(&["import", &store, "coupons", &file]).contains("1 put in"));
        let same = format!(
            "coupon,currency,face_value,balance,status,effective,expiration,created,category\n\
             {id},CNY,5,5,available,{said},2025-01-01T00:00:00Z,2024-01-01T00:00:00Z,server\n"
        );
        assert!(done(&["import", &store, "coupons", &place.file("same.csv", same)]).contains("1 were there"), "{said}");
    }
}

#[test]
fn what_is_not_exact_or_not_known_is_refused_by_its_place() {
    let place = Place::new();
    let store = store(&place, "store.sqlite");
    let owners = || ("owner", texts(&["user:ada", "user:bob"]));
    let currency = || ("currency", texts(&["CNY", "CNY"]));
    let (right, low) = (|| ("balance", decimals(&[100, 200], 2)), || ("balance", texts(&["1.00", "1e3"])));
    let cases: [(Vec<(&str, ArrayRef)>, &str); 6] = [
        (
            vec![owners(), currency(), ("balance", Arc::new(Float64Array::from(vec![1.0, 2.0])))],
            "row 1: column `balance`: `Float64` is not read: write texts, decimals",
        ),
        (vec![owners(), currency(), low()], "row 2: column `balance`: "),
        (vec![owners(), right()], "row 1: column `currency`: nothing is there"),
        (vec![owners(), currency(), right(), ("dept", texts(&["", ""]))], "no column is called `dept`: there are"),
        (
            vec![
                owners(),
                currency(),
                right(),
                ("debt", Arc::new(TimestampMicrosecondArray::from(vec![NEW_YEAR, NEW_YEAR]))),
            ],
            "row 1: column `debt`: `Timestamp(µs)` is not read",
        ),
        (
            vec![
                owners(),
                currency(),
                right(),
                ("debt", Arc::new(TimestampNanosecondArray::from(vec![NEW_YEAR, 1]).with_timezone("UTC"))),
            ],
            "row 1: column `debt`: `1704067200` is no whole number of microseconds",
        ),
    ];
    for (columns, said_of_it) in cases {
        let file = written(&place, &columns);
        let (code, said) = call(&["import", &store, "accounts", &file]);
        assert!(code == 2 && said.contains(&format!("store: {said_of_it}")), "{said_of_it}: {code} {said}");
    }
    let whole = fs::read(written(&place, &[owners(), currency(), right()])).unwrap();
    for torn in [&b""[..], b"PAR1", &whole[..whole.len() / 2], &whole[whole.len() / 2..]] {
        let (code, said) = call(&["import", &store, "accounts", &place.file("torn.parquet", torn)]);
        assert!(code == 2 && said.contains("store: not a Parquet file: "), "{code} {said}");
    }
    assert!(done(&["export", &store, "accounts", &place.path("out.csv")]).contains("0 rows"));
}

#[test]
fn a_damaged_file_is_told_wherever_it_is_damaged() {
    let place = Place::new();
    let store = store(&place, "store.sqlite");
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    let file = place.path("accounts.parquet");
    done(&["export", &store, "accounts", &file]);
    let whole = fs::read(&file).unwrap();
    let mut refused = 0;
    for at in (0..whole.len()).step_by(13) {
        for bits in [0x40, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] ^= bits;
            let (code, said) = call(&["import", &store, "accounts", &place.file("damaged.parquet", damaged)]);
            assert!((code == 0 || code == 2) && !said.contains("panicked"), "byte {at} ^ {bits:#x}: {code} {said}");
            refused += i32::from(code == 2);
        }
    }
    assert!(refused > 20, "{refused} were refused");
}
