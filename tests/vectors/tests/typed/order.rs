use crate::input::{Answer, Fault, Members, all, choice, decimal, period, shape, text};
use crate::inquiry::{months, term};
use crate::metering::history;
use crate::wallet::money_shown;
use counterfoil::{
    error::{Language, OrderError},
    money::Money,
    order::{
        AccountFunds, AfterTerm, AutoRenew, Conversion, DeliveryEvent, Dunning, DunningFacts, DunningReason,
        DunningStep, Expiring, Expiry, ExpiryDays, ExpiryPolicy, Extension, ItemStatus, Machine, MachineName, MayStart,
        Order, OrderEvent, OrderKind, OrderState, OrderStatus, Paid, PaymentWindow, PlanOrder, PlanState, Refunded,
        Renewal, Scaled, StartGate, TradingStatus, Transition, Vendor, VendorWords, Word, to_pre_paid,
    },
    time::Instant,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn words<T: Word>(words: &[T]) -> Vec<&'static str> {
    words.iter().map(|word| word.word()).collect()
}

fn table<S: Machine>() -> Value {
    let row = |row: &Transition<S, S::Event>| json!({ "from": row.from.word(), "event": row.event.word(), "to": row.to.word() });
    let last: Vec<S> = S::all().iter().copied().filter(|state| state.is_final()).collect();
    json!({
        "states": words(S::all()),
        "last": words(&last),
        "transitions": S::transitions().iter().map(row).collect::<Vec<_>>(),
    })
}

pub(crate) fn transitions(input: Members<'_>) -> Answer {
    Ok(match input.parse("table")? {
        MachineName::Order => table::<OrderStatus>(),
        MachineName::Trading => table::<TradingStatus>(),
        MachineName::Item => table::<ItemStatus>(),
        MachineName::Plan => table::<PlanState>(),
    })
}

fn after<S>(input: Members<'_>) -> Answer
where
    S: Machine + std::str::FromStr<Err = OrderError>,
    S::Event: std::str::FromStr<Err = OrderError>,
{
    Ok(json!({ "to": input.parse::<S>("from")?.after(input.parse("event")?)?.word() }))
}

pub(crate) fn moved(input: Members<'_>) -> Answer {
    match input.parse("table")? {
        MachineName::Order => after::<OrderStatus>(input),
        MachineName::Trading => after::<TradingStatus>(input),
        MachineName::Item => after::<ItemStatus>(input),
        MachineName::Plan => after::<PlanState>(input),
    }
}

pub(crate) fn refund_ended(input: Members<'_>) -> Answer {
    let refunded = Refunded { paid: input.money("paid")?, given_back: input.money("given_back")? };
    let event = OrderEvent::refund_ended(refunded)?;
    Ok(json!({ "event": event.name(), "status": OrderStatus::Refunding.after(event)?.name() }))
}

pub(crate) fn deliver(input: Members<'_>) -> Answer {
    let items = all(input.list("items")?, |item| Ok(text(item)?.parse::<ItemStatus>()?))?;
    let mut order = Order::stored(input.parse("type")?, input.parse("status")?, items)?;
    for value in input.list("deliveries")? {
        let delivery = Members::of(value, &["item", "event"])?;
        let item = usize::try_from(delivery.number::<u32>("item")?).expect("it fits");
        order = order.deliver(item, delivery.parse::<DeliveryEvent>("event")?)?;
    }
    let mut shown = json!({
        "items": words(order.items()),
        "trading": order.trading().name(),
        "undelivered": order.undelivered(),
    });
    if let Some(payment) = input.optional("payment") {
        let payment = Members::of(payment, &["paid", "weights", "step"])?;
        let weights = all(payment.list("weights")?, decimal)?;
        let shares = order.shares(payment.money("paid")?, &weights, payment.decimal("step")?)?;
        shown["comes_back"] = money_shown(shares.undelivered()).into();
    }
    Ok(shown)
}

pub(crate) fn timeout(input: Members<'_>) -> Answer {
    let status = input.parse("status")?;
    let window = PaymentWindow::new(input.parse("created")?, input.number("length_s")?)?;
    Ok(json!({ "status": window.status(status, input.parse("now")?).name(), "until": window.until().to_string() }))
}

pub(crate) fn plan_deadlines(input: Members<'_>) -> Answer {
    let mut order = PlanOrder::new(input.parse("start")?, input.parse("cycle")?, input.parse("zone")?)?.start()?;
    let count = input.number("count")?;
    let listed = order.deadlines(count)?;
    // The chain is also what one renewal after the other comes to.
    for (renewals, deadline) in (0..count).zip(&listed) {
        assert_eq!(order.deadline()?, *deadline);
        if let Ok(Renewal::Renewed(next)) = order.renew(renewals) {
            order = next;
        }
    }
    Ok(json!({ "deadlines": listed.iter().map(Instant::to_string).collect::<Vec<_>>() }))
}

fn plan(value: &Value) -> Result<PlanOrder, Fault> {
    let plan = Members::of(value, &["start", "cycle", "zone", "state", "renewals"])?;
    let order = PlanOrder::new(plan.parse("start")?, plan.parse("cycle")?, plan.parse("zone")?)?;
    Ok(order.stored(plan.parse("state")?, plan.number("renewals")?))
}

pub(crate) fn renew(input: Members<'_>) -> Answer {
    let order = plan(input.value("order")?)?;
    let (renewed, order) = match order.renew(input.number("asked")?)? {
        Renewal::Renewed(order) => (true, order),
        Renewal::Stale { .. } => (false, order),
    };
    Ok(json!({ "renewed": renewed, "renewals": order.renewals(), "deadline": order.deadline()?.to_string() }))
}

fn policy(value: &Value) -> Result<Dunning, Fault> {
    if value.as_str() == Some("usage") {
        return Ok(Dunning::USAGE);
    }
    let ("own", own) = choice(value)? else { return shape("no such policy") };
    let own = Members::of(own, &["opens_days", "grace_days", "warn_every_hours", "most_retries"])?;
    Ok(Dunning {
        opens_days: own.number("opens_days")?,
        grace_days: own.number("grace_days")?,
        warn_every_hours: own.number("warn_every_hours")?,
        most_retries: own.number("most_retries")?,
    })
}

fn facts(value: &Value) -> Result<DunningFacts, Fault> {
    let known = ["id", "order", "auto_renew", "price", "account", "last_warned", "retries"];
    let facts = Members::of(value, &known)?;
    Ok(DunningFacts {
        id: facts.text("id")?.into(),
        order: plan(facts.value("order")?)?,
        auto_renew: if facts.flag("auto_renew")? { AutoRenew::On } else { AutoRenew::Off },
        price: facts.money("price")?,
        account: facts.text("account")?.into(),
        last_warned: facts.parse_optional("last_warned")?,
        retries: facts.optional_count("retries")?.unwrap_or(0),
    })
}

fn step(step: &DunningStep) -> Value {
    let mut shown = json!({
        "id": step.id(),
        "action": step.action().name(),
        "reason": step.reason().name(),
        "renewals": step.renewals(),
        "opens": step.opens().to_string(),
        "deadline": step.deadline().to_string(),
        "ends": step.ends().to_string(),
        "look_again": step.look_again().map(|at| at.to_string()),
        "text": step.to_string(),
        "text_zh": step.text(Language::Chinese),
    });
    if let DunningReason::FundsShort { missing, .. } = step.reason() {
        shown["missing"] = money_shown(missing).into();
    }
    shown
}

pub(crate) fn dunning(input: Members<'_>) -> Answer {
    let accounts = all(input.list("accounts")?, |value| {
        let of = Members::of(value, &["account", "usable"])?;
        Ok(AccountFunds { account: of.text("account")?.into(), usable: of.money("usable")? })
    })?;
    let orders = all(input.list("orders")?, facts)?;
    let steps = policy(input.value("policy")?)?.steps(&orders, &accounts, input.parse("now")?)?;
    Ok(json!({ "steps": steps.iter().map(step).collect::<Vec<_>>() }))
}

fn stands(of: &Expiry) -> Value {
    json!({
        "id": of.id,
        "state": of.state.name(),
        "days_left": of.days_left,
        "warned": of.warned.to_string(),
        "expires": of.expires.to_string(),
        "frozen": of.frozen.to_string(),
        "released": of.released.to_string(),
        "next": of.next.map(|next| next.to_string()),
    })
}

pub(crate) fn expiry(input: Members<'_>) -> Answer {
    let days = input.members("policy", &["warn_before", "freeze_after", "release_after"])?;
    let policy = ExpiryPolicy::new(ExpiryDays {
        warn_before: days.number("warn_before")?,
        freeze_after: days.number("freeze_after")?,
        release_after: days.number("release_after")?,
    })?;
    let things = all(input.list("things")?, |value| {
        let thing = Members::of(value, &["id", "expiry"])?;
        Ok(Expiring { id: thing.text("id")?.into(), expiry: thing.parse("expiry")? })
    })?;
    let list = policy.list(&things, input.parse("now")?, input.parse("zone")?)?;
    Ok(json!({ "list": list.iter().map(stands).collect::<Vec<_>>() }))
}

pub(crate) fn may_start(input: Members<'_>) -> Answer {
    let standing = match choice(input.value("standing")?)? {
        ("pre_paid", of) => StartGate::PrePaid { expiry: Members::of(of, &["expiry"])?.parse("expiry")? },
        ("post_paid", of) => {
            let of = Members::of(of, &["balance", "coupons"])?;
            StartGate::PostPaid { balance: of.money("balance")?, coupons: of.money("coupons")? }
        }
        (other, _) => return shape(format!("no standing {other}")),
    };
    Ok(match standing.may_start(input.parse("now")?)? {
        MayStart::Yes => json!({ "may_start": true }),
        MayStart::Expired { since } => json!({ "may_start": false, "expired_since": since.to_string() }),
        MayStart::InDebt { debt } => json!({ "may_start": false, "debt": money_shown(debt) }),
    })
}

pub(crate) fn convert(input: Members<'_>) -> Answer {
    let history = history(input.value("spans")?)?;
    let arrears: Option<Money> = input.optional("arrears").map(|_| input.money("arrears")).transpose()?;
    let conversion = Conversion {
        at: input.parse("at")?,
        term: term(input.value("term")?)?,
        months: months(input)?,
        arrears,
        then: match input.text("then")? {
            "pre_paid" => AfterTerm::PrePaid,
            "post_paid" => AfterTerm::PostPaid,
            other => return shape(format!("not paid {other}")),
        },
    };
    let converted = to_pre_paid(&history, &conversion)?;
    let spans = converted.history().spans().iter().map(|span| {
        let mut spec = json!({});
        for (part, quantity) in span.spec().parts() {
            spec[part.to_string()] = quantity.to_string().into();
        }
        let end = span.end().map(|end| end.to_string());
        json!({ "start": span.start().to_string(), "end": end, "mode": span.mode().name(), "spec": spec })
    });
    Ok(json!({ "spans": spans.collect::<Vec<_>>(), "paid_ahead": period(converted.paid_ahead()) }))
}

pub(crate) fn extend(input: Members<'_>) -> Answer {
    let paid = Paid { until: input.parse("until")?, now: input.parse("now")? };
    let extension = Extension::by(paid, term(input.value("term")?)?, months(input)?)?;
    Ok(json!({ "period": period(extension.period()), "lapsed": extension.lapsed() }))
}

pub(crate) fn scaled(input: Members<'_>) -> Answer {
    Ok(json!({ "stored": Scaled::of(input.decimal("amount")?)?.stored().to_string() }))
}

pub(crate) fn unscaled(input: Members<'_>) -> Answer {
    let amount = counterfoil::exact::decimal::multiply(input.decimal("stored")?, Decimal::new(1, 4))?;
    Ok(json!({ "amount": Scaled::of(amount)?.to_string() }))
}

fn vendor(value: &Value) -> Result<VendorWords, Fault> {
    match choice(value)? {
        ("known", name) => Ok(VendorWords::of(text(name)?.parse::<Vendor>()?)),
        ("own", own) => {
            let own = Members::of(own, &["name", "kinds", "states"])?;
            let kinds = all(own.list("kinds")?, |row| {
                let row = Members::of(row, &["word", "means"])?;
                Ok((row.text("word")?.to_owned(), row.parse::<OrderKind>("means")?))
            })?;
            let states = all(own.list("states")?, |row| {
                let row = Members::of(row, &["word", "means"])?;
                Ok((row.text("word")?.to_owned(), row.parse::<OrderState>("means")?))
            })?;
            Ok(VendorWords::new(own.text("name")?, kinds, states)?)
        }
        (other, _) => shape(format!("no vendor {other}")),
    }
}

pub(crate) fn vendor_word(input: Members<'_>) -> Answer {
    let words = vendor(input.value("vendor")?)?;
    let mut meant = json!({});
    if let Some(word) = input.optional("kind") {
        meant["kind"] = words.kind(text(word)?)?.name().into();
    }
    if let Some(word) = input.optional("state") {
        meant["state"] = words.state(text(word)?)?.name().into();
    }
    Ok(meant)
}
