//! Plans: each cycle paid before it begins, renewed once, warned about, ended (R-O2, R-O3).

use super::support::*;
use counterfoil::{
    order::{AutoRenew, CycleLength, Dunning, DunningAction, PlanState},
    time::Zone,
    wallet::{Charge, Coupons, Funding},
};
use counterfoil_store::{
    Act, CycleOutcome, Locks, PaidCycle, Payments, PlanTerms, Plans, SqlStore, StoreError, TopUp, TopUps, Wallets,
};

fn act(now: &str) -> Act {
    Act { by: "cron".into(), reason: "nightly".into(), now: at(now) }
}

fn first() -> Act {
    act("2016-01-31T10:00:00Z")
}

fn terms(plan: &str, price: &str) -> PlanTerms {
    PlanTerms {
        application: APPLICATION.into(),
        plan: plan.into(),
        owner: user("ada"),
        unit: UNIT.into(),
        price: cny(price),
        cycle: CycleLength::Monthly,
        zone: Zone::UTC,
        start: at("2016-01-31T10:00:00Z"),
        auto_renew: AutoRenew::On,
    }
}

async fn start(store: &SqlStore, plan: &str) -> Result<PaidCycle, StoreError> {
    store.start_plan(APPLICATION, plan, Coupons::Automatic, Funding::EnoughFunds, &first()).await
}

async fn renew(store: &SqlStore, plan: &str, asked: u32, now: &str) -> Result<PaidCycle, StoreError> {
    store.renew_plan(APPLICATION, plan, asked, Coupons::Automatic, Funding::EnoughFunds, &act(now)).await
}

async fn started(balance: &str) -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", balance)]).await;
    store.create_plan(&terms("p1", "10.00"), &first()).await.unwrap();
    start(&store, "p1").await.unwrap();
    (database, store)
}

async fn balance(store: &SqlStore) -> String {
    store.account(&user("ada")).await.unwrap().unwrap().balance.to_string()
}

async fn deadline(store: &SqlStore) -> String {
    store.plan(APPLICATION, "p1").await.unwrap().unwrap().plan.deadline().unwrap().to_string()
}

#[tokio::test]
async fn a_plan_starts_with_its_first_payment_and_is_renewed_from_its_deadline() {
    // R-O2, R-T4
    let (database, store) = started("35.00").await;
    assert_eq!((balance(&store).await, deadline(&store).await), ("25.00".into(), "2016-02-29T10:00:00Z".into()));
    assert!(matches!(start(&store, "p1").await.unwrap().outcome, CycleOutcome::Replayed(_)));
    let first = renew(&store, "p1", 0, "2016-02-25T00:00:00Z").await.unwrap();
    let CycleOutcome::Paid(payment) = &first.outcome else { panic!("{first:?}") };
    assert_eq!(payment.payment.charge().order, "p1/1");
    assert_eq!((balance(&store).await, deadline(&store).await), ("15.00".into(), "2016-03-31T10:00:00Z".into()));
    // The same renewal again does nothing.
    let again = renew(&store, "p1", 0, "2016-02-26T00:00:00Z").await.unwrap();
    assert_eq!(again.outcome, CycleOutcome::Replayed(payment.clone()));
    assert_eq!(again.plan.plan.renewals(), 1);
    assert_eq!(renew(&store, "p1", 2, "2016-02-26T00:00:00Z").await.unwrap_err().code(), "order.future_renewal");
    store.close().await;

    let store = database.open().await;
    renew(&store, "p1", 1, "2016-03-31T10:00:00Z").await.unwrap();
    let short = renew(&store, "p1", 2, "2016-04-29T10:00:00Z").await.unwrap();
    let CycleOutcome::Refused(error) = &short.outcome else { panic!("{short:?}") };
    assert_eq!((error.code(), short.plan.retries, short.payment()), ("wallet.funds_not_enough", 1, None));
    assert_eq!(balance(&store).await, "5.00");
    sound(&store).await;
    store
        .top_up(&TopUp { id: "T1".into(), owner: user("ada"), amount: cny("5") }, at("2016-04-29T11:00:00Z"))
        .await
        .unwrap();
    let paid = renew(&store, "p1", 2, "2016-04-29T12:00:00Z").await.unwrap();
    assert_eq!((paid.plan.retries, paid.plan.plan.renewals()), (0, 3));

    let ended = store.end_plan(APPLICATION, "p1", 3, &act("2016-05-01T00:00:00Z")).await.unwrap();
    assert_eq!(ended.plan.plan.state(), PlanState::Ended);
    let twice = store.end_plan(APPLICATION, "p1", 3, &act("2016-05-01T00:00:00Z")).await.unwrap_err();
    assert_eq!(twice.code(), "order.illegal_transition");
    assert_eq!(renew(&store, "p1", 3, "2016-05-02T00:00:00Z").await.unwrap_err().code(), "order.not_consuming");
    let history = store.plan_history(APPLICATION, "p1").await.unwrap();
    let events: Vec<_> =
        history.iter().map(|step| (step.event.as_deref().unwrap_or("-"), &*step.to, step.renewals)).collect();
    assert_eq!(
        events,
        [
            ("-", "pending", 0),
            ("start", "consuming", 0),
            ("renew", "consuming", 1),
            ("renew", "consuming", 2),
            ("refuse", "consuming", 2),
            ("renew", "consuming", 3),
            ("end", "ended", 3)
        ]
    );
    assert_eq!(history[1].act, self::first());
    sound(&store).await;
}

#[tokio::test]
async fn a_plan_that_can_not_be_paid_does_not_start() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "9.99")]).await;
    let terms_of = |price| terms("p1", price);
    assert!(!store.create_plan(&terms_of("10.00"), &first()).await.unwrap().is_replay);
    assert!(store.create_plan(&terms_of("10"), &first()).await.unwrap().is_replay);
    assert_eq!(store.create_plan(&terms_of("11"), &first()).await.unwrap_err().code(), "store.conflict");
    let off = PlanTerms { auto_renew: AutoRenew::Off, ..terms_of("10") };
    assert_eq!(store.create_plan(&off, &first()).await.unwrap_err().code(), "store.conflict");
    assert_eq!(store.create_plan(&terms("", "1"), &first()).await.unwrap_err().code(), "wallet.empty_id");
    assert_eq!(store.create_plan(&terms("p2", "-1"), &first()).await.unwrap_err().code(), "wallet.negative_amount");
    assert_eq!(start(&store, "p1").await.unwrap_err().code(), "wallet.funds_not_enough");
    assert_eq!(store.plan(APPLICATION, "p1").await.unwrap().unwrap().plan.state(), PlanState::Pending);
    assert_eq!(renew(&store, "p1", 0, "2016-02-25T00:00:00Z").await.unwrap_err().code(), "order.not_consuming");
    assert_eq!(store.warn_plan(APPLICATION, "p1", &first()).await.unwrap_err().code(), "order.not_consuming");
    assert_eq!(start(&store, "p9").await.unwrap_err().code(), "store.not_found");
    assert_eq!(balance(&store).await, "9.99");
    sound(&store).await;
}

#[tokio::test]
async fn what_is_due_is_renewed_warned_about_or_ended() {
    // R-O3: the deadline is 29 February; it opens 7 days before and ends 7 days after
    let (_database, store) = started("10.00").await;
    let due = async |now: &str| {
        let steps = store.due_plans(APPLICATION, &Dunning::USAGE, at(now)).await.unwrap();
        steps.iter().map(|step| (step.id().to_owned(), step.action(), step.renewals())).collect::<Vec<_>>()
    };
    let warn = || vec![("p1".to_owned(), DunningAction::Warn, 0)];
    assert_eq!(due("2016-02-22T10:00:00Z").await, []);
    assert_eq!(due("2016-02-22T10:00:01Z").await, warn());
    assert!(!store.warn_plan(APPLICATION, "p1", &act("2016-02-22T11:00:00Z")).await.unwrap().is_replay);
    assert!(store.warn_plan(APPLICATION, "p1", &act("2016-02-22T11:00:00Z")).await.unwrap().is_replay);
    assert_eq!(due("2016-02-23T10:59:59Z").await, []);
    assert_eq!(due("2016-02-23T11:00:00Z").await, warn());
    assert_eq!(due("2016-03-07T10:00:00Z").await, [("p1".to_owned(), DunningAction::End, 0)]);
    // With a top-up it is renewed; with the top-up locked by another order it is not.
    store
        .top_up(&TopUp { id: "T1".into(), owner: user("ada"), amount: cny("10") }, at("2016-02-23T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!(due("2016-02-23T11:00:00Z").await, [("p1".to_owned(), DunningAction::Renew, 0)]);
    let other = Charge {
        application: APPLICATION.into(),
        order: "o1".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("0.01"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    store.authorise(&other, at("2016-02-24T00:00:00Z"), at("2016-02-23T00:00:00Z")).await.unwrap();
    assert_eq!(due("2016-02-23T11:00:00Z").await, warn());
    assert_eq!(due("2016-02-24T00:00:01Z").await, [("p1".to_owned(), DunningAction::Renew, 0)]);
    // Two plans of one owner share the funds.
    store.create_plan(&PlanTerms { start: at("2016-01-31T09:00:00Z"), ..terms("p2", "0") }, &first()).await.unwrap();
    start(&store, "p2").await.unwrap();
    let shared = due("2016-02-24T11:00:00Z").await;
    assert_eq!(shared.iter().map(|(id, ..)| &**id).collect::<Vec<_>>(), ["p2", "p1"]);
    assert_eq!(store.due_plans("other", &Dunning::USAGE, at("2016-03-07T10:00:00Z")).await.unwrap(), []);
    sound(&store).await;
}

#[tokio::test]
async fn a_renewal_that_fails_half_way_leaves_nothing() {
    let (database, store) = started("35.00").await;
    let mut beside = database.beside().await;
    beside.break_inserts("plan_steps", "1 = 1").await;
    assert_eq!(renew(&store, "p1", 0, "2016-02-25T00:00:00Z").await.unwrap_err().code(), "store.io");
    assert_eq!((balance(&store).await, deadline(&store).await), ("25.00".into(), "2016-02-29T10:00:00Z".into()));
    assert_eq!(store.payment(APPLICATION, "p1/1").await.unwrap(), None);
    beside.mend_inserts("plan_steps").await;
    renew(&store, "p1", 0, "2016-02-25T00:00:00Z").await.unwrap();
    sound(&store).await;
}

#[tokio::test]
async fn a_plan_that_was_renewed_since_does_not_end_by_what_was_decided_before() {
    // R-O3: the list of what is due is read by one, while another pays.
    let (_database, store) = started("10.00").await;
    let late = at("2016-03-07T10:00:00Z");
    let due = store.due_plans(APPLICATION, &Dunning::USAGE, late).await.unwrap();
    let end = due.iter().find(|step| step.action() == DunningAction::End).unwrap();
    store.top_up(&TopUp { id: "T1".into(), owner: user("ada"), amount: cny("10") }, late).await.unwrap();
    renew(&store, "p1", 0, "2016-03-07T10:00:01Z").await.unwrap();
    let act = act("2016-03-07T10:00:02Z");
    let error = store.end_plan(APPLICATION, "p1", end.renewals(), &act).await.unwrap_err();
    assert_eq!(error.code(), "store.conflict");
    let plan = store.plan(APPLICATION, "p1").await.unwrap().unwrap().plan;
    assert_eq!((plan.state(), plan.renewals()), (PlanState::Consuming, 1));
    assert_eq!(store.end_plan(APPLICATION, "p1", 1, &act).await.unwrap().plan.plan.state(), PlanState::Ended);
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_renew_a_plan_at_one_time_renew_it_once() {
    // R-O2: idempotent by the count
    let (database, store) = started("100.00").await;
    let paid = at_one_time(&database, async |_, store| {
        matches!(renew(&store, "p1", 0, "2016-02-25T00:00:00Z").await.unwrap().outcome, CycleOutcome::Paid(_))
    })
    .await;
    assert_eq!(paid.iter().filter(|paid| **paid).count(), 1);
    assert_eq!(balance(&store).await, "80.00");
    sound(&store).await;
}
