//! The trace of a cluster, and the real one where it is there.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

use counterfoil::{
    placement::{Capacity, Level, Resource, Sharing, Snapshot, Supply},
    units::Name,
};
use counterfoil_inventory::trace::{self, CardDemand, Models};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

const HEADER: &str =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time";

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn pods(rows: &[&str]) -> counterfoil_inventory::Read<trace::TracePod> {
    trace::pods(format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap()
}

#[test]
fn nodes() {
    let read =
        trace::nodes("sn,cpu_milli,memory_mib,gpu,model\nn0,32000,262144,0,\nn1,64000,262144,2,P100\nn2,1,1,3,\n")
            .unwrap();
    assert_eq!(read.faults, []);
    let known = |amount| Supply::Known(Capacity::of(amount));
    assert_eq!(read.values[0].supply(&Resource::Cpu), known(32_000));
    assert_eq!(read.values[0].supply(&Resource::Memory), known(262_144 << 20));
    assert_eq!(read.values[0].supply(&Resource::Gpu(name("P100"))), known(0));
    assert_eq!(read.values[0].supply(&"disk[SYS]".parse().unwrap()), Supply::Unknown);
    assert_eq!(read.values[1].supply(&Resource::Gpu(name("P100"))), known(2000));
    assert_eq!(read.values[2].cards_of_unknown_model, 3);
}

#[test]
fn columns_in_any_order_with_quotes_and_a_mark() {
    let read = trace::nodes("\u{feff}model,extra,gpu,memory_mib,cpu_milli, sn \r\n\"A,1\",x,1,2,3,n0\r\n").unwrap();
    assert_eq!(read.values[0].name, "n0");
    assert_eq!(read.values[0].supply(&Resource::Gpu(name("A,1"))), Supply::Known(Capacity::of(1000)));
    let error = trace::nodes("sn,cpu_milli,memory_mib,gpu\n").unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        ("inventory.missing_column", "the table has no column `model`: add it to the first line".into())
    );
    assert_eq!(trace::nodes("").unwrap_err().code(), "inventory.missing_column");
}

#[test]
fn faults_have_their_line() {
    let rows = [
        "n0,1,1,1,T4",
        ",1,1,1,T4",
        "n2,,1,1,T4",
        "n3,1.5,1,1,T4",
        "n4,1,-1,1,T4",
        "n5,1,1,1",
        "n6,1,8796093022208,0,",
        "n7,1,8796093022207,0,",
        "n0,1,1,1,T4",
        "n8,1,1,9223372036854776,T4",
        "n9,1,1,1, T4",
        "n10,+1,1,1,T4",
        "n11,9223372036854775808,1,1,T4",
    ];
    let read = trace::nodes(format!("sn,cpu_milli,memory_mib,gpu,model\n{}\n", rows.join("\n"))).unwrap();
    let names: Vec<&str> = read.values.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["n0", "n7"]);
    let told: Vec<String> =
        read.faults.iter().map(|fault| format!("{:?} {} {}", fault.object, fault.field, fault.code())).collect();
    assert_eq!(
        told,
        [
            "Line(3) sn inventory.missing",
            "Line(4) cpu_milli inventory.missing",
            "Line(5) cpu_milli inventory.not_a_number",
            "Line(6) memory_mib inventory.not_a_number",
            "Line(7)  inventory.not_csv",
            "Line(8) memory_mib placement.amount_overflow",
            "Line(10) sn inventory.duplicate",
            "Line(11) gpu placement.amount_overflow",
            "Line(12) model units.bad_name",
            "Line(13) cpu_milli inventory.not_a_number",
            "Line(14) cpu_milli inventory.not_a_number",
        ]
    );
}

#[test]
fn tasks() {
    let read = pods(&[
        "p0,12000,16384,1,1000,,LS,Running,0,12537496,0",
        "p1,6000,12288,1,460,V100M16|V100M32,LS,Failed,427061,12902960,",
        "p2,1,1,8,1000,G2,BE,Running,5,,6",
        "p3,1,1,0,0,,LS,Pending,7,8,",
    ]);
    assert_eq!(read.faults, []);
    let [whole, share, eight, none] = <[trace::TracePod; 4]>::try_from(read.values).unwrap();
    assert_eq!(whole.cards, Some(CardDemand { milli: 1000, models: Models::Any }));
    assert_eq!((whole.memory_bytes, whole.scheduled_s, whole.deleted_s), (16_384 << 20, Some(0), Some(12_537_496)));
    assert_eq!(
        share.cards,
        Some(CardDemand { milli: 460, models: Models::OneOf(vec![name("V100M16"), name("V100M32")]) })
    );
    assert_eq!((share.created_s, share.scheduled_s), (427_061, None));
    assert_eq!((eight.cards.as_ref().unwrap().milli, eight.deleted_s), (8000, None));
    let models = [name("V100M32"), name("T4"), name("G2")];
    assert_eq!(share.products(&models).unwrap().len(), 1);
    assert_eq!(whole.products(&models).unwrap().len(), 3);
    let alone = none.products(&models).unwrap();
    assert_eq!((alone.len(), alone[0].id.as_str(), alone[0].request.iter().count()), (1, "p3", 2));
    assert_eq!(whole.request(None).unwrap_err().code(), "inventory.card_model_unknown");
}

#[test]
fn contradictions_of_tasks() {
    let read = pods(&[
        "a,1,1,0,500,,LS,R,0,0,0",
        "b,1,1,1,0,,LS,R,0,0,0",
        "c,1,1,1,1001,,LS,R,0,0,0",
        "d,1,1,2,500,,LS,R,0,0,0",
        "e,1,1,2,1001,,LS,R,0,0,0",
        "f,1,1,1,1,T4||G2,LS,R,0,0,0",
        "g,1,1,1,1,,LS,R,,0,0",
    ]);
    assert_eq!(read.values, []);
    let codes: Vec<&str> = read.faults.iter().map(|fault| fault.code()).collect();
    let contradiction = "inventory.contradiction";
    assert_eq!(
        codes,
        [
            contradiction,
            contradiction,
            contradiction,
            contradiction,
            contradiction,
            "units.bad_name",
            "inventory.missing"
        ]
    );
}

/// The real trace: every row is read, and its sums are those of the columns.
#[test]
fn the_real_trace() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/openb");
    if !folder.exists() {
        println!("skipped: no folder `../shared/data/openb` beside the project");
        return;
    }
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).expect(file);
    let cells = |text: &str, column: usize| -> Vec<String> {
        text.lines().skip(1).map(|line| line.split(',').nth(column).unwrap().to_owned()).collect()
    };
    let sum =
        |text: &str, column: usize| cells(text, column).iter().map(|cell| cell.parse::<u64>().unwrap()).sum::<u64>();

    let nodes = text("nodes.csv");
    let read = trace::nodes(&nodes).unwrap();
    assert_eq!((read.values.len(), read.faults.len()), (1523, 0));
    let total = |resource: &Resource| {
        let amounts = read.values.iter().map(|node| match node.supply(resource) {
            Supply::Known(capacity) => capacity.total,
            Supply::Unknown => 0,
        });
        amounts.sum::<u64>()
    };
    assert_eq!(total(&Resource::Cpu), sum(&nodes, 1));
    assert_eq!(total(&Resource::Memory), sum(&nodes, 2) << 20);
    let models: BTreeSet<Name> =
        cells(&nodes, 4).iter().filter(|model| !model.is_empty()).map(|model| name(model)).collect();
    let cards: u64 = models.iter().map(|model| total(&Resource::Gpu(model.clone()))).sum();
    assert_eq!((models.len(), cards), (7, sum(&nodes, 3) * 1000));

    for file in ["pods.csv", "pods_gpuspec33.csv"] {
        let pods = text(file);
        let read = trace::pods(&pods).unwrap();
        assert_eq!((read.values.len(), read.faults.len()), (8152, 0), "{file}");
        assert_eq!(read.values.iter().map(|pod| pod.cpu_milli).sum::<u64>(), sum(&pods, 1));
        let asked: u64 = read.values.iter().filter_map(|pod| pod.cards.as_ref()).map(|cards| cards.milli).sum();
        let by_hand: u64 = cells(&pods, 3)
            .iter()
            .zip(cells(&pods, 4))
            .map(|(count, milli)| count.parse::<u64>().unwrap() * milli.parse::<u64>().unwrap())
            .sum();
        assert_eq!(asked, by_hand);
        let mut phases = BTreeMap::new();
        for (pod, line) in read.values.iter().zip(pods.lines().skip(1)) {
            *phases.entry(pod.phase.as_str()).or_insert(0) += 1;
            assert_eq!(pod.scheduled_s.is_none(), line.ends_with(','), "{line}");
        }
        assert_eq!(phases, [("Failed", 1870), ("Pending", 897), ("Running", 5193), ("Succeeded", 192)].into());
        let named =
            read.values.iter().filter(|pod| matches!(&pod.cards, Some(cards) if cards.models != Models::Any)).count();
        assert_eq!(named > 0, file == "pods_gpuspec33.csv");
        let all: Vec<&Name> = models.iter().collect();
        for pod in &read.values {
            assert!(!pod.products(all.iter().copied()).unwrap().is_empty(), "{}", pod.name);
        }
    }

    let snapshot = Snapshot::new(read.values.clone(), [], Sharing::Named).unwrap();
    assert_eq!(snapshot.free("openb-node-0000", &Resource::Cpu), Some(Level::Known(32_000)));
}
