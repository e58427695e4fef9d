//! What is put in comes out as it was, and putting it in again changes nothing.

use super::support::*;
use counterfoil::{
    metering::{ChargeMode, Kind, Part, Span, Spec},
    money::Money,
    pricing::RateCard,
    time::Instant,
    units::{Quantity, Unit},
    wallet::{Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, Owner, Scope},
};
use counterfoil_store::{
    Account, DayReading, Days, Payments, Put, Puts, RateCards, ReadingFilter, Reports, Resource, Resources, Wallets,
};

const LARGEST: &str = "79228162514264337593543950335";
const FINEST: &str = "0.0000000000000000000000000001";

fn puts(inserted: usize, unchanged: usize, replaced: usize) -> Puts {
    Puts { inserted, unchanged, replaced }
}

#[tokio::test]
async fn a_rate_card_is_never_edited() {
    let (_database, store) = store().await;
    assert_eq!(store.put_rate_card(CARD).await.unwrap(), Put::Unchanged);
    let edited = CARD.replace("0.066", "0.067");
    let conflict = store.put_rate_card(&edited).await.unwrap_err();
    assert_eq!(conflict.code(), "store.conflict");
    assert_eq!(
        conflict.to_string(),
        "rate card `2024-02` stands in the store already with another text: give the new text a new revision"
    );
    let next = edited.replace("2024-02", "2024-03");
    assert_eq!(store.put_rate_card(&next).await.unwrap(), Put::Inserted);
    assert_eq!(store.rate_card(&name("2024-02")).await.unwrap(), Some(RateCard::from_toml(CARD).unwrap()));
    assert_eq!(store.rate_card(&name("2024-04")).await.unwrap(), None);
    assert_eq!(store.put_rate_card("revision = 1").await.unwrap_err().code(), "pricing.bad_card");
}

#[tokio::test]
async fn accounts_keep_what_they_were_opened_with() {
    let (_database, store) = store().await;
    let account = |balance: &str| Account::new(user("ada"), cny(balance));
    assert_eq!(
        store.put_accounts(&[account("5.00"), Account::new(user("bob"), cny("-1"))]).await.unwrap(),
        puts(2, 0, 0)
    );
    let charge = Charge {
        application: APPLICATION.into(),
        order: "o1".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("2"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    store.charge(&charge, terms().now).await.unwrap();
    // What was charged is no conflict, nor is another way to write the same amount.
    assert_eq!(store.put_accounts(&[account("5")]).await.unwrap(), puts(0, 1, 0));
    assert_eq!(store.account(&user("ada")).await.unwrap(), Some(account("3.00")));

    let fact = async |account: Account| {
        let conflict = store.put_accounts(&[Account::new(user("new"), cny("1")), account]).await.unwrap_err();
        (conflict.code(), conflict.to_string())
    };
    let (code, message) = fact(account("3.00")).await;
    assert_eq!(code, "store.conflict");
    assert!(message.contains("another opening balance"), "{message}");
    let dollars = Money::parse("5", "USD".parse().unwrap()).unwrap();
    assert!(fact(Account::new(user("ada"), dollars)).await.1.contains("another currency"));
    assert!(fact(Account { debt: cny("1"), ..account("5") }).await.1.contains("another opening debt"));
    assert_eq!(fact(Account { debt: cny("-1"), ..account("5") }).await.0, "wallet.negative_debt");
    assert_eq!(fact(Account { debt: dollars, ..account("5") }).await.0, "money.currency_mismatch");
    assert_eq!(store.account(&user("new")).await.unwrap(), None, "all, or none");
    assert_eq!(store.accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn every_fact_of_a_coupon_counts() {
    let (_database, store) = store().await;
    let terms = coupon("C1", "ada", "5.00").terms().clone();
    let put = async |terms: CouponTerms| store.put_coupons(&[Coupon::new(terms).unwrap()]).await;
    assert_eq!(put(terms.clone()).await.unwrap(), puts(1, 0, 0));
    assert_eq!(put(CouponTerms { face_value: cny("5"), ..terms.clone() }).await.unwrap(), puts(0, 1, 0));
    let dollars = Money::parse("5", "USD".parse().unwrap()).unwrap();
    let moment = at("2024-02-02T00:00:00.000001Z");
    let others = [
        ("currency", CouponTerms { face_value: dollars, balance: dollars, ..terms.clone() }),
        ("face value", CouponTerms { face_value: cny("6"), ..terms.clone() }),
        ("opening balance", CouponTerms { balance: cny("4"), ..terms.clone() }),
        ("status", CouponTerms { status: CouponStatus::Wait, ..terms.clone() }),
        ("effective instant", CouponTerms { effective: moment, ..terms.clone() }),
        ("expiration instant", CouponTerms { expiration: moment, ..terms.clone() }),
        ("creation instant", CouponTerms { created: moment, ..terms.clone() }),
        ("owner", CouponTerms { owner: None, ..terms.clone() }),
        ("settlement unit", CouponTerms { unit: None, ..terms.clone() }),
        ("scope", CouponTerms { scope: Scope::Order(String::new()), ..terms.clone() }),
        ("category", CouponTerms { category: Category::Other, ..terms.clone() }),
    ];
    for (fact, other) in others {
        let conflict = put(other).await.unwrap_err();
        assert_eq!(conflict.code(), "store.conflict");
        assert!(conflict.to_string().contains(&format!("another {fact}:")), "{conflict}");
    }
}

#[tokio::test]
async fn a_unit_belongs_to_one_application() {
    // R-W7a
    let (_database, store) = store().await;
    assert_eq!(store.put_unit(UNIT, APPLICATION).await.unwrap(), Put::Unchanged);
    assert_eq!(store.put_unit(UNIT, "other").await.unwrap_err().code(), "store.conflict");
    assert_eq!(store.put_unit("", "other").await.unwrap_err().code(), "wallet.empty_id");
    assert_eq!(store.put_unit("disk", "").await.unwrap_err().code(), "wallet.empty_id");
}

#[tokio::test]
async fn a_resource_is_replaced_as_its_life_goes_on() {
    // R-U1
    let (_database, store) = store().await;
    let spec = |cores: &str| {
        let fraction = Quantity::parse("0.46", Unit::Card).unwrap();
        let cores = Quantity::parse(cores, Unit::Core).unwrap();
        Spec::new([(Part::CPU, cores), (Part::gpu("A100-80G".parse().unwrap()), fraction)]).unwrap()
    };
    let rebuilt = at("2024-02-20T08:00:00.000001Z");
    let first = Span::post_paid(Instant::MIN, None, spec(FINEST));
    let born = Resource {
        id: name("s-1"),
        kind: Kind::Server,
        owner: Owner::Group("physics".into()),
        unit: name(UNIT),
        spans: vec![first],
    };
    let grown = Resource {
        kind: "吊舱".parse().unwrap(),
        spans: vec![
            Span::post_paid(Instant::MIN, Some(rebuilt), spec(FINEST)),
            Span::new(rebuilt, Some(rebuilt), Spec::default(), ChargeMode::Quota),
            Span::pre_paid(rebuilt, Some(Instant::MAX), spec(LARGEST)),
        ],
        ..born.clone()
    };
    let scan = Resource { id: name("task"), kind: Kind::Scan, spans: vec![], ..born.clone() };
    assert_eq!(store.put_resources(&[born.clone(), scan.clone()]).await.unwrap(), puts(2, 0, 0));
    assert_eq!(store.resource(&name("s-1")).await.unwrap(), Some(born));
    assert_eq!(store.put_resources(&[grown.clone(), scan.clone()]).await.unwrap(), puts(0, 1, 1));
    assert_eq!(store.resource(&name("s-1")).await.unwrap(), Some(grown.clone()));
    assert_eq!(store.resource(&name("task")).await.unwrap(), Some(scan.clone()));

    let reversed = Resource { spans: grown.spans.iter().rev().cloned().collect(), ..grown.clone() };
    let refused = store.put_resources(&[Resource { id: name("new"), ..scan }, reversed]).await.unwrap_err();
    assert_eq!(refused.code(), "metering.overlapping_spans");
    assert_eq!(store.resource(&name("new")).await.unwrap(), None, "all, or none");
    assert!(store.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn amounts_at_their_extremes_keep_every_digit() {
    // R-M1
    let (_database, store) = store().await;
    let amounts = [LARGEST, "-79228162514264337593543950335", FINEST, "-0.0000000000000000000000000001", "0", "0.000"];
    for (n, amount) in (0..).zip(amounts) {
        let account = Account::new(user(&format!("u{n}")), cny(amount));
        store.put_accounts(std::slice::from_ref(&account)).await.unwrap();
        let kept = store.account(&account.owner).await.unwrap().unwrap();
        assert_eq!(kept.balance.to_string(), amount, "with its digits");
    }
    let day = day("2024-02-20");
    let of = |resource: &str, owner: &str, cores: &str, payable: &str| {
        let reading = server(resource, owner, day, "1");
        at_price(DayReading { reading: metered(resource, day, cores), ..reading }, payable)
    };
    let readings =
        vec![of("large", "ada", LARGEST, "7922816251426433759354395033.5"), of("fine", "bob", FINEST, FINEST)];
    store.record_day(&record(day, readings.clone())).await.unwrap();
    let mut kept = store.readings(&ReadingFilter::starting_in(day.period())).await.unwrap();
    kept.sort_by_key(|kept| kept.reading.owner.clone());
    assert_eq!(kept.into_iter().map(|kept| kept.reading).collect::<Vec<_>>(), readings);
    let audit = store.verify().await.unwrap();
    assert!(audit.is_sound(), "{:#?}", audit.findings);
    // Together they are more than a decimal holds.
    let together = readings[0].payable.exact().plus(&readings[1].payable.exact()).unwrap();
    assert_eq!(audit.sums[0].readings, together);
    assert_eq!(together.to_decimal(), None);
}
