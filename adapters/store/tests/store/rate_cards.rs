//! Which card is in force when, and what was rated by one that no longer is.

use super::support::*;
use counterfoil::{
    metering::{Kind, Part, Spec},
    money::Rounding,
    pricing::{
        CardFormat, RateCard, Terms, Validity,
        inquiry::{Asked, Term, TermMonths},
    },
    time::Zone,
    units::{Quantity, Unit},
};
use counterfoil_store::{Days, Put, RateCards, ReadingFilter, Reports, SqlStore, Wallets};
use sha2::{Digest, Sha256};

/// The card of the tests under another revision and at another price, in force for a while.
fn card(revision: &str, price: &str, from: Option<&str>, to: Option<&str>) -> String {
    let bound =
        |name: &str, at: Option<&str>| at.map(|at| format!("{name} = \"{at}T00:00:00Z\"\n")).unwrap_or_default();
    let head = format!("revision = \"{revision}\"\n{}{}", bound("from", from), bound("to", to));
    CARD.replace("revision = \"2024-02\"\n", &head).replace("0.066", price)
}

async fn in_force(store: &SqlStore, at_text: &str) -> Result<Option<String>, &'static str> {
    let card = store.rate_card_in_force(at(at_text)).await.map_err(|error| error.code())?;
    Ok(card.map(|card| card.revision().to_string()))
}

#[tokio::test]
async fn the_card_of_an_instant_is_found() {
    let (_database, store) = empty_store().await;
    assert_eq!(in_force(&store, "2024-02-20T00:00:00Z").await, Ok(None));
    let put = |source: String| {
        let store = &store;
        async move { store.put_rate_card(&source).await.map_err(|error| error.code()) }
    };
    assert_eq!(put(card("feb", "1", Some("2024-02-01"), Some("2024-03-01"))).await, Ok(Put::Inserted));
    assert_eq!(put(card("apr", "2", Some("2024-04-01"), None)).await, Ok(Put::Inserted));
    assert_eq!(in_force(&store, "2024-03-15T00:00:00Z").await, Ok(None));
    // One that meets both is put in, one that overlaps by a day is not.
    assert_eq!(put(card("mar", "3", Some("2024-02-29"), Some("2024-04-01"))).await, Err("store.two_in_force"));
    assert_eq!(put(card("mar", "3", Some("2024-03-01"), Some("2024-04-02"))).await, Err("store.two_in_force"));
    assert_eq!(put(card("mar", "3", None, Some("2024-02-02"))).await, Err("store.two_in_force"));
    assert_eq!(put(card("mar", "3", Some("2024-03-01"), Some("2024-04-01"))).await, Ok(Put::Inserted));
    assert_eq!(put(card("mar", "3", Some("2024-03-01"), Some("2024-04-01"))).await, Ok(Put::Unchanged));
    for (instant, revision) in [
        ("2024-01-31T23:59:59.999999Z", None),
        ("2024-02-01T00:00:00Z", Some("feb")),
        ("2024-02-29T23:59:59.999999Z", Some("feb")),
        ("2024-03-01T00:00:00Z", Some("mar")),
        ("2024-04-01T00:00:00Z", Some("apr")),
        ("2099-01-01T00:00:00Z", Some("apr")),
    ] {
        assert_eq!(in_force(&store, instant).await, Ok(revision.map(str::to_owned)), "{instant}");
    }
    let listed: Vec<String> = store.rate_cards().await.unwrap().iter().map(|card| card.revision.to_string()).collect();
    assert_eq!(listed, ["feb", "mar", "apr"]);
    let message = store.put_rate_card(&card("x", "1", Some("2024-03-31"), None)).await.unwrap_err().to_string();
    assert!(message.contains("`mar` and `x` are both in force at 2024-03-31T00:00:00Z"), "{message}");
}

/// A card that says nothing of when it is in force is so where no other is: as before there were validities.
#[tokio::test]
async fn cards_without_a_validity_stand_behind_the_others() {
    let (_database, store) = store().await;
    assert_eq!(in_force(&store, "2024-02-20T00:00:00Z").await, Ok(Some("2024-02".to_owned())));
    store.put_rate_card(&card("mar", "1", Some("2024-03-01"), None)).await.unwrap();
    assert_eq!(in_force(&store, "2024-02-20T00:00:00Z").await, Ok(Some("2024-02".to_owned())));
    assert_eq!(in_force(&store, "2024-03-20T00:00:00Z").await, Ok(Some("mar".to_owned())));
    store.put_rate_card(&card("2024-02b", "1", None, None)).await.unwrap();
    assert_eq!(in_force(&store, "2024-02-20T00:00:00Z").await, Err("store.two_in_force"));
    assert_eq!(in_force(&store, "2024-03-20T00:00:00Z").await, Ok(Some("mar".to_owned())));
}

#[tokio::test]
async fn the_text_and_its_format_are_kept() {
    let (_database, store) = empty_store().await;
    let written = RateCard::from_toml(CARD).unwrap();
    let json = written.to_json();
    assert_eq!(store.put_rate_card_in(CardFormat::Json, &json).await.unwrap(), Put::Inserted);
    assert_eq!(store.rate_card(&name("2024-02")).await.unwrap(), Some(written));
    assert_eq!(store.rate_card_source(&name("2024-02")).await.unwrap(), Some((CardFormat::Json, json.clone())));
    assert_eq!(store.rate_card_source(&name("2024-03")).await.unwrap(), None);
    let listed = store.rate_cards().await.unwrap();
    assert_eq!((listed[0].format, listed[0].validity), (CardFormat::Json, Validity::ALWAYS));
    // The same prices in the other format are another text.
    assert_eq!(store.put_rate_card(CARD).await.unwrap_err().code(), "store.conflict");
    assert_eq!(store.put_rate_card(&json).await.unwrap_err().code(), "pricing.bad_card");
}

/// R-P1, R-P15: what was rated under a revision comes out the same after another one took its place.
#[tokio::test]
async fn what_was_rated_by_an_old_revision_is_recomputed_to_the_same_digits() {
    let (database, store) = empty_store().await;
    store.put_rate_card(&card("2024-02", "0.066", None, Some("2024-03-01"))).await.unwrap();
    store.put_unit(UNIT, APPLICATION).await.unwrap();
    let date = day("2024-02-20");
    let reading = server("s-1", "ada", date, "7");
    store.record_day(&record(date, vec![reading.clone()])).await.unwrap();

    // Then prices go up, and the new revision is in force.
    store.put_rate_card(&card("2024-03", "0.099", Some("2024-03-01"), None)).await.unwrap();
    assert_eq!(in_force(&store, "2024-03-20T00:00:00Z").await, Ok(Some("2024-03".to_owned())));
    store.close().await;

    let store = database.open().await;
    let filter = ReadingFilter { starting_in: date.period(), owner: None, resource: None };
    let [stored] = &store.readings(&filter).await.unwrap()[..] else { panic!("one reading") };
    let usage = stored.reading.reading.usage();
    let rated = async |revision| {
        let card = store.rate_card(revision).await.unwrap().expect("a card");
        let tariff = card.tariff(&Kind::Server, usage.window().start()).map_err(|error| error.code())?;
        Ok(tariff.rate(usage, Rounding::PORTAL).unwrap().payable_money())
    };
    assert_eq!(rated(&stored.reading.revision).await, Ok(reading.payable));
    assert_eq!(stored.reading.payable, reading.payable);
    assert_eq!(reading.payable.to_string(), "11.09"); // 7 × 24 × 0.066 = 11.088
    // By the new revision that day has no price.
    assert_eq!(rated(&name("2024-03")).await, Err("pricing.not_in_force"));
    assert!(store.verify().await.unwrap().is_sound());
}

/// R-P1, R-P5: a quote names the revision and the instant that it was made with, and that is all that it takes to make
/// it again, after a restart and after prices went up: the same digits, the same lines, the same words.
#[tokio::test]
async fn a_quote_of_an_old_revision_is_recomputed_to_the_same_digits() {
    let (database, store) = empty_store().await;
    store.put_rate_card(&card("2024-02", "0.066", None, Some("2024-03-01"))).await.unwrap();
    let now = at("2024-02-20T08:30:00Z");
    let spec = Spec::new([(Part::CPU, Quantity::whole(7, Unit::Core))]).unwrap();
    let window = Term::months(2).period(now, TermMonths::Calendar(Zone::UTC)).unwrap(); // beyond the end of the card
    let asked = Asked::new(spec, window).times(3).unwrap();
    let terms = Terms::list(Rounding::PORTAL);
    let in_force = async |store: &SqlStore, at| store.rate_card_in_force(at).await.unwrap().expect("a card");
    let quote = in_force(&store, now).await.inquire(&Kind::Server, &asked, terms).unwrap();
    assert_eq!(quote.payable_money(), cny("1995.84")); // 60 days × 24 × 7 × 3 × 0.066

    store.put_rate_card(&card("2024-03", "0.099", Some("2024-03-01"), None)).await.unwrap();
    store.close().await;

    let store = database.open().await;
    let kept = store.rate_card(quote.revision()).await.unwrap().expect("no revision goes away");
    let again = kept.tariff(quote.kind(), quote.at()).unwrap().inquire(&asked, terms).unwrap();
    assert_eq!(again, quote);
    assert_eq!(again.to_string(), quote.to_string());
    assert_eq!(again.payable_rounded().exact(), quote.payable_rounded().exact());
    // Who asks for the same today is told today's price, by its name.
    let march = Term::months(2).period(at("2024-03-20T08:30:00Z"), TermMonths::Fixed30).unwrap();
    let later = Asked::new(asked.spec().clone(), march).times(3).unwrap();
    let dearer = in_force(&store, march.start()).await.inquire(&Kind::Server, &later, terms).unwrap();
    assert_eq!((dearer.revision().as_str(), dearer.payable_money()), ("2024-03", cny("2993.76")));
    // The old prices are not for a new quote.
    let late = kept.inquire(&Kind::Server, &later, terms).unwrap_err();
    assert_eq!(late.code(), "pricing.not_in_force");
    assert!(store.verify().await.unwrap().is_sound());
}

/// Processes that each have a store of the database open: of cards that overlap one is kept, whoever is first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_cards_that_overlap_and_are_put_at_once_one_is_kept() {
    let (database, store) = empty_store().await;
    let results = at_one_time(&database, async |task, store| {
        let source = card(&format!("r{task}"), "1", Some("2024-02-01"), (task % 3 > 0).then_some("2024-03-01"));
        store.put_rate_card(&source).await.map_err(|error| error.code())
    })
    .await;
    assert_eq!(results.iter().filter(|result| **result == Ok(Put::Inserted)).count(), 1, "{results:?}");
    assert!(
        results.iter().all(|result| matches!(result, Ok(Put::Inserted) | Err("store.two_in_force"))),
        "{results:?}"
    );
    assert_eq!(store.rate_cards().await.unwrap().len(), 1);
    sound(&store).await;
}

#[tokio::test]
async fn verify_finds_two_in_force() {
    let (database, store) = empty_store().await;
    store.put_rate_card(&card("a", "1", Some("2024-01-01"), Some("2024-12-01"))).await.unwrap();
    store.put_rate_card(&card("z", "1", Some("2025-01-01"), None)).await.unwrap();
    assert!(store.verify().await.unwrap().is_sound());
    let mut beside = database.beside().await;
    for (revision, from, to) in [("b", "2024-02-01", "2024-03-01"), ("c", "2024-11-01", "2024-12-31")] {
        let source = card(revision, "1", Some(from), Some(to));
        let validity = RateCard::from_toml(&source).unwrap().validity();
        let digest: String = Sha256::digest(&source).iter().map(|byte| format!("{byte:02x}")).collect();
        let [from, to] = [validity.from, validity.to].map(|at| at.unwrap().micros());
        let insert = "insert into rate_cards (revision, currency, source, digest, format, from_us, to_us) values";
        let values = format!("('{revision}', 'CNY', '{source}', x'{digest}', 'toml', {from}, {to})");
        beside.execute(&format!("{insert} {values}")).await.unwrap();
    }
    let findings = store.verify().await.unwrap().findings;
    let named: Vec<&str> = findings.iter().map(|finding| finding.row.as_str()).collect();
    assert_eq!(named, ["b", "c"]);
    assert!(findings[1].fault.contains("it is in force at 2024-11-01T00:00:00Z, and so is `a`"), "{findings:?}");
    assert_eq!(in_force(&store, "2024-02-15T00:00:00Z").await, Err("store.two_in_force"));
}
