//! The cluster trace: its figures against a model that is nothing but fractions.

use crate::portal::{Portal, Record, cents, records};
use std::{collections::BTreeMap, path::Path};

const TRACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/openb");
/// Some days near its end, on which the most happened; second 0 is 2023-01-01.
const DAYS: [(&str, i128); 3] = [("2023-05-27", 146), ("2023-05-28", 147), ("2023-05-29", 148)];

/// Prices of `trace-rates.toml`, in thousandths.
fn price(model: &str) -> i128 {
    match model {
        "" => 2_100,
        "A10" => 3_200,
        "G2" => 2_800,
        "G3" => 5_500,
        "P100" => 2_400,
        "T4" => 1_600,
        "V100M16" => 4_100,
        "V100M32" => 4_600,
        _ => panic!("no price for `{model}`"),
    }
}

/// What a pod costs for so many seconds, in cents, half to even.
fn cost(pod: &Record, model: &str, seconds: i128) -> i128 {
    let number = |column: &str| pod[column].parse::<i128>().unwrap();
    let milli_cards = if number("num_gpu") == 1 { number("gpu_milli") } else { number("num_gpu") * 1_000 };
    // In thousandths of a milli-unit-hour, over 1,024 for memory: per second and milli-unit.
    let per_second =
        number("cpu_milli") * 66 * 1_024 + number("memory_mib") * 12 * 1_000 + milli_cards * price(model) * 1_024;
    let (numerator, denominator) = (per_second * seconds * 100, 1_000 * 1_000 * 1_024 * 3_600);
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    whole + i128::from(2 * rest > denominator || (2 * rest == denominator && whole % 2 == 1))
}

#[test]
fn a_slice_of_the_trace_is_what_fractions_say() {
    let folder = Path::new(TRACE);
    if !folder.exists() {
        println!("skipped: there is no trace beside the project");
        return;
    }
    let portal = Portal::new();
    let (first, last) = (DAYS[0].0, DAYS[2].0);
    let ran = portal.done(&["--trace", TRACE, "--from", first, "--to", last, "--json"]).json();

    let models: BTreeMap<String, String> = records(&folder.join("pods_gpuspec33.csv"))
        .into_iter()
        .map(|row| (row["name"].clone(), row["gpu_spec"].split('|').next().unwrap().to_owned()))
        .collect();
    let pods = records(&folder.join("pods.csv"));
    let mut expected = BTreeMap::new();
    for pod in pods.iter().filter(|pod| !pod["scheduled_time"].is_empty()) {
        let second = |column: &str| pod[column].parse::<i128>().unwrap();
        for (_, day) in DAYS {
            let (start, end) =
                (second("scheduled_time").max(day * 86_400), second("deletion_time").min((day + 1) * 86_400));
            // One that was deleted the moment it was scheduled has a reading of nothing.
            if second("scheduled_time") < (day + 1) * 86_400 && second("deletion_time") > day * 86_400 {
                expected.insert((pod["name"].clone(), day), cost(pod, &models[&pod["name"]], end - start));
            }
        }
    }
    let readings = portal.table("readings.csv");
    let day_of = |row: &Record| DAYS.into_iter().find(|(date, _)| row["start"].starts_with(date)).unwrap().1;
    let found: BTreeMap<_, _> =
        readings.iter().map(|row| ((row["resource"].clone(), day_of(row)), cents(&row["payable"]))).collect();
    assert!(expected.len() > 500);
    assert_eq!(found.len(), readings.len());
    assert_eq!(found, expected);
    assert_eq!(cents(ran["total"]["payable"].as_str().unwrap()), expected.values().sum::<i128>());
    let never = pods.iter().filter(|pod| pod["scheduled_time"].is_empty()).count();
    assert!(ran["remarks"][0].as_str().unwrap().contains(&format!("{never} were never scheduled and are free")));

    let again = portal.done(&["--trace", TRACE, "--from", first, "--to", last, "--json"]).json();
    assert_eq!(again["unchanged"], true);
}

#[test]
fn a_folder_that_is_no_trace_is_unusable() {
    let portal = Portal::with_sample();
    let input = portal.input();
    let ran = Portal::new().run(&["--trace", input.to_str().unwrap()]);
    assert_eq!(ran.code, Some(4), "{}", ran.stdout);
    assert!(ran.stderr.contains("pods.csv"), "{}", ran.stderr);
}
