//! Days: readings, statements and corrections (R-S1, R-S2, R-U6).

use super::support::*;
use counterfoil::{
    money::{CNY, Money},
    statement::{Statement, StatementStatus},
    time::{BillingDay, Period, Zone},
    units::Name,
};
use counterfoil_store::{
    DayReading, DayRecord, Days, ReadingFilter, Recorded, Reports, Settled, StatementFilter, Statements,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn shown(statements: &[Statement]) -> Vec<(String, String)> {
    statements.iter().map(|statement| (statement.id(), statement.payable().to_string())).collect()
}

fn counts(recorded: &Recorded) -> [usize; 4] {
    [recorded.inserted, recorded.unchanged, recorded.corrected, recorded.withdrawn]
}

#[tokio::test]
async fn a_day_is_recorded_stated_and_charged() {
    // R-S1
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00"), ("bob", "0")]).await;
    let day = day("2024-02-20");
    let readings = vec![server("s-1", "ada", day, "1"), server("s-2", "ada", day, "2"), server("s-3", "bob", day, "0")];
    let recorded = store.record_day(&record(day, readings.clone())).await.unwrap();
    assert_eq!(counts(&recorded), [3, 0, 0, 0]);
    let [ada, bob] = ["2024-02-20/UTC/user/ada/vm/server/0", "2024-02-20/UTC/user/bob/vm/server/0"];
    assert_eq!(shown(&recorded.statements), [(ada.into(), "4.75".into()), (bob.into(), "0.00".into())]);

    let charged = store.settle_statement(ada, &terms()).await.unwrap();
    let plan = charged.payment().unwrap().payment.plan().to_string();
    assert_eq!(plan, "4.75 CNY = 4.75 of the balance (10.00 → 5.25)");
    assert_eq!(store.settle_statement(bob, &terms()).await.unwrap().settled, Settled::Nothing);

    let stored = store.statement(ada).await.unwrap().unwrap();
    assert_eq!(stored.statement, recorded.statements[0].clone().pay().unwrap());
    assert_eq!(stored.payment.as_ref(), charged.payment());
    assert_eq!(store.statement("nowhere").await.unwrap(), None);
    let kept = store.readings(&ReadingFilter::starting_in(day.period())).await.unwrap();
    let kept: Vec<DayReading> = kept.into_iter().map(|kept| kept.reading).collect();
    assert_eq!(kept, readings);
    sound(&store).await;
}

#[tokio::test]
async fn a_day_recorded_again_changes_nothing() {
    // R-S2, also when it is paid by then
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00")]).await;
    let day = day("2024-02-20");
    let readings: Vec<_> = (0..250).map(|n| server(&format!("s-{n}"), "ada", day, "1")).collect();
    let first = store.record_day(&record(day, readings.clone())).await.unwrap();
    store.settle_statement(&first.statements[0].id(), &terms()).await.unwrap();
    let before = store.statement(&first.statements[0].id()).await.unwrap();

    let again = store.record_day(&record(day, readings)).await.unwrap();
    assert_eq!((counts(&again), again.statements.len()), ([0, 250, 0, 0], 0));
    assert_eq!(store.statement(&first.statements[0].id()).await.unwrap(), before);
    sound(&store).await;
}

#[tokio::test]
async fn corrections_are_differences_and_nothing_is_edited() {
    // R-S2, R-U6
    let (_database, store) = store().await;
    let day = day("2024-02-20");
    let id = |owner: &str, sequence: u32| format!("2024-02-20/UTC/user/{owner}/vm/server/{sequence}");
    let one = || server("s-1", "ada", day, "1");
    store.record_day(&record(day, vec![one(), server("s-2", "ada", day, "2")])).await.unwrap();

    // It came out otherwise, and another came late.
    let readings = vec![at_price(one(), "1.00"), server("s-2", "ada", day, "2"), server("s-3", "ada", day, "1")];
    let corrected = store.record_day(&record(day, readings)).await.unwrap();
    assert_eq!(counts(&corrected), [1, 1, 1, 0]);
    assert_eq!(shown(&corrected.statements), [(id("ada", 1), "1.00".into())]); // 1.00 − 1.58 + 1.58
    let lines: Vec<_> = corrected.statements[0].lines().iter().map(|line| line.payable.to_string()).collect();
    assert_eq!(lines, ["-0.58", "1.58"]);

    // One is gone: it is taken back.
    let gone =
        store.record_day(&record(day, vec![at_price(one(), "1.00"), server("s-3", "ada", day, "1")])).await.unwrap();
    assert_eq!((counts(&gone), shown(&gone.statements)), ([0, 2, 0, 1], vec![(id("ada", 2), "-3.17".into())]));
    let again =
        store.record_day(&record(day, vec![at_price(one(), "1.00"), server("s-3", "ada", day, "1")])).await.unwrap();
    assert_eq!((counts(&again), again.statements.len()), ([0, 2, 0, 0], 0));

    // All moved to somebody else, who is recorded first: ada's are taken back with it.
    let moved = vec![at_price(server("s-1", "bob", day, "1"), "1.00"), server("s-3", "bob", day, "1")];
    let to_bob = store.record_day(&record(day, moved)).await.unwrap();
    assert_eq!(counts(&to_bob), [0, 0, 2, 0]);
    assert_eq!(shown(&to_bob.statements), [(id("ada", 3), "-2.58".into()), (id("bob", 0), "2.58".into())]);
    sound(&store).await;

    // ada has nothing now, and a new one of hers goes on counting.
    let nobody = DayRecord { day, owners: [user("ada")].into(), readings: vec![] };
    assert_eq!(store.record_day(&nobody).await.unwrap(), Recorded::default());
    let back = store
        .record_day(&record(day, vec![server("s-9", "ada", day, "1"), server("s-2", "ada", day, "2")]))
        .await
        .unwrap();
    assert_eq!((counts(&back), shown(&back.statements)), ([1, 0, 1, 0], vec![(id("ada", 4), "4.75".into())]));

    let filter = ReadingFilter { resource: Some(name("s-2")), ..ReadingFilter::starting_in(day.period()) };
    let versions = store.readings(&filter).await.unwrap();
    let versions: Vec<_> = versions.into_iter().map(|kept| (kept.version, kept.withdrawn)).collect();
    assert_eq!(versions, [(1, false)]);
    sound(&store).await;
}

#[tokio::test]
async fn usage_that_costs_the_same_is_corrected_without_a_statement() {
    // R-U6: 0.0001 cores more are under a cent
    let (_database, store) = store().await;
    let day = day("2024-02-20");
    store.record_day(&record(day, vec![server("s-1", "ada", day, "1")])).await.unwrap();
    let finer = store.record_day(&record(day, vec![server("s-1", "ada", day, "1.0001")])).await.unwrap();
    assert_eq!((counts(&finer), finer.statements.len()), ([0, 0, 1, 0], 0));
    let kept = store.readings(&ReadingFilter::starting_in(day.period())).await.unwrap();
    assert_eq!(kept[0].reading, server("s-1", "ada", day, "1.0001"));
    assert_eq!(kept[0].version, 1);
    // 1000 milli-cores are one core: the same usage, though not the same text.
    let coarse = store.record_day(&record(day, vec![server("s-1", "ada", day, "1.000100")])).await.unwrap();
    assert_eq!(counts(&coarse), [0, 1, 0, 0]);
    sound(&store).await;
}

#[tokio::test]
async fn a_reading_that_cost_nothing_and_vanishes_is_withdrawn() {
    // R-S2: no statement takes it back, and it is no more all the same
    let (_database, store) = store().await;
    let day = day("2024-02-20");
    let free = || at_price(server("s-1", "ada", day, "1"), "0.00");
    let work = |readings| DayRecord { day, owners: [user("ada")].into(), readings };
    let kept = async || store.readings(&ReadingFilter::starting_in(day.period())).await.unwrap();
    store.record_day(&work(vec![free()])).await.unwrap();
    let gone = store.record_day(&work(vec![])).await.unwrap();
    assert_eq!((counts(&gone), gone.statements.len()), ([0, 0, 0, 1], 0));
    assert!(kept().await[0].withdrawn);
    assert_eq!(counts(&store.record_day(&work(vec![])).await.unwrap()), [0, 0, 0, 0]);
    // It comes back: a further version, stated again.
    let back = store.record_day(&work(vec![free()])).await.unwrap();
    assert_eq!((counts(&back), back.statements.len()), ([0, 0, 1, 0], 1));
    assert_eq!(kept().await.iter().map(|kept| (kept.version, kept.withdrawn)).collect::<Vec<_>>(), [(1, false)]);
    sound(&store).await;
}

#[tokio::test]
async fn a_day_that_is_refused_leaves_nothing() {
    let (_database, store) = store().await;
    let [day, other] = [day("2024-02-20"), day("2024-02-21")];
    let good = || server("s-1", "ada", day, "1");
    let code = async |record: DayRecord| store.record_day(&record).await.unwrap_err().code();
    let with = |reading: DayReading| record(day, vec![good(), reading]);
    let unknown: Name = name("2030-01");
    assert_eq!(code(with(good())).await, "statement.repeated_reading");
    assert_eq!(code(with(server("s-2", "ada", other, "1"))).await, "statement.other_day");
    assert_eq!(code(with(DayReading { revision: unknown, ..server("s-2", "ada", day, "1") })).await, "store.not_found");
    let dollars = Money::parse("1", "USD".parse().unwrap()).unwrap();
    let foreign = DayReading { payable: dollars, ..server("s-2", "ada", day, "1") };
    assert_eq!(code(with(foreign)).await, "money.currency_mismatch");
    let nobody = DayRecord { owners: BTreeSet::new(), ..record(day, vec![good()]) };
    assert_eq!(code(nobody).await, "store.other_owner");

    assert_eq!(store.readings(&ReadingFilter::starting_in(day.period())).await.unwrap(), []);
    let dates = StatementFilter::dated(date("2000-01-01")..=date("2100-01-01"));
    assert_eq!(store.statements(&dates).await.unwrap(), []);
    assert_eq!(counts(&store.record_day(&record(day, vec![good()])).await.unwrap()), [1, 0, 0, 0]);
}

#[tokio::test]
async fn statements_are_found_by_day_owner_and_status() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "0"), ("bob", "0")]).await;
    let zone: Zone = "America/New_York".parse().unwrap();
    let short = BillingDay::new(date("2024-03-10"), zone).unwrap(); // 23 hours
    let days = [day("2024-03-10"), short, day("2024-03-11")];
    for (n, day) in (0..).zip(days) {
        let readings = vec![server(&format!("a-{n}"), "ada", day, "1"), server(&format!("b-{n}"), "bob", day, "1")];
        store.record_day(&record(day, readings)).await.unwrap();
    }
    store.settle_statement("2024-03-10/UTC/user/ada/vm/server/0", &terms()).await.unwrap();
    let all = || StatementFilter::dated(date("2024-03-10")..=date("2024-03-11"));
    let ids = async |filter: StatementFilter| {
        let found = store.statements(&filter).await.unwrap();
        found.into_iter().map(|found| format!("{} {}", found.id, found.payable)).collect::<Vec<_>>()
    };
    assert_eq!(ids(all()).await.len(), 6);
    assert_eq!(
        ids(StatementFilter { zone: Some(zone), ..all() }.with_owner(user("ada"))).await,
        ["2024-03-10/America/New_York/user/ada/vm/server/0 1.52"]
    );
    assert_eq!(ids(all().with_status(StatementStatus::Paid)).await, ["2024-03-10/UTC/user/ada/vm/server/0 1.58"]);
    assert_eq!(ids(StatementFilter::dated(date("2024-03-11")..=date("2024-03-11"))).await.len(), 2);

    let totals = store.totals(&all()).await.unwrap();
    let ada = &totals[0];
    assert_eq!((&ada.owner, ada.statements, ada.lines), (&user("ada"), 3, 3));
    assert_eq!([ada.payable, ada.by_balance, ada.unpaid].map(|sum| sum.to_string()), ["4.68", "1.58", "3.10"]);
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_record_one_day_state_it_once() {
    // R-S2: processes, at one time
    let (database, store) = store().await;
    let day = day("2024-02-20");
    let work = record(day, (0..40).map(|n| server(&format!("s-{n}"), "ada", day, "1")).collect());
    let recorded = at_one_time(&database, |_, store| {
        let work = work.clone();
        async move { store.record_day(&work).await.unwrap() }
    })
    .await;
    assert_eq!(recorded.iter().map(|recorded| recorded.inserted).sum::<usize>(), 40);
    assert_eq!(recorded.iter().map(|recorded| recorded.statements.len()).sum::<usize>(), 1);
    sound(&store).await;
}

/// What a day comes to in one of its versions: for each resource its owner and its price, if it lived.
fn versions() -> impl Strategy<Value = Vec<Vec<Option<(bool, i64)>>>> {
    let resource = prop::option::weighted(0.8, (any::<bool>(), 0..4_i64));
    prop::collection::vec(prop::collection::vec(resource, 3), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(40)))]

    /// R-S2: however a day is corrected, its statements add up to its last version, the books are right after
    /// each, and nothing that was paid is touched.
    #[test]
    fn statements_add_up_to_the_last_version(versions in versions()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_database, store) = store().await;
            open_accounts(&store, &[("ada", "1.00"), ("bob", "0")]).await;
            let day = day("2024-02-20");
            for version in versions {
                let lived = (0..).zip(&version).filter_map(|(n, life)| life.map(|life| (n, life)));
                let readings: Vec<DayReading> = lived
                    .map(|(n, (to_ada, cents))| {
                        let owner = if to_ada { "ada" } else { "bob" };
                        at_price(server(&format!("s-{n}"), owner, day, "1"), &format!("0.0{cents}"))
                    })
                    .collect();
                let expected = Money::sum(readings.iter().map(|reading| reading.payable), CNY).unwrap();
                let work = DayRecord { day, owners: [user("ada"), user("bob")].into(), readings };
                let recorded = store.record_day(&work).await.unwrap();
                // Corrections of what is not paid yet are settled with it; the next version finds some open.
                for statement in recorded.statements.iter().step_by(2) {
                    store.settle_statement(&statement.id(), &terms()).await.unwrap();
                }
                let audit = store.verify().await.unwrap();
                prop_assert!(audit.is_sound(), "{:#?}", audit.findings);
                let stated = store.statements(&StatementFilter::dated(day.date()..=day.date())).await.unwrap();
                let stated = Money::sum(stated.iter().map(|statement| statement.payable), CNY).unwrap();
                prop_assert_eq!(stated, expected);
                let again = store.record_day(&work).await.unwrap();
                prop_assert_eq!((counts(&again)[0], counts(&again)[2], again.statements.len()), (0, 0, 0));
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn readings_are_found_by_owner_and_window() {
    let (_database, store) = store().await;
    for text in ["2024-02-20", "2024-02-21"] {
        let day = day(text);
        let readings = vec![server("s-1", "ada", day, "1"), server("s-2", "bob", day, "1")];
        store.record_day(&record(day, readings)).await.unwrap();
    }
    let both = Period::new(day("2024-02-20").period().start(), day("2024-02-21").period().end()).unwrap();
    let found = async |filter: ReadingFilter| store.readings(&filter).await.unwrap().len();
    assert_eq!(found(ReadingFilter::starting_in(both)).await, 4);
    assert_eq!(found(ReadingFilter { owner: Some(user("bob")), ..ReadingFilter::starting_in(both) }).await, 2);
    assert_eq!(found(ReadingFilter::starting_in(day("2024-02-21").period())).await, 2);
}
